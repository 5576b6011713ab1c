//! Counting what became of the messages.

use std::collections::HashMap;
use std::fmt::Display;
use std::time::{Duration, Instant};

use crate::client::{Direction, Error, Handler, PublishError};
use crate::codec::{Connack, Frame, PacketId, PacketType, QoS, ReasonCode, Version};
use crate::exit::ExitStatus;
use crate::render::Progress;
use crate::session::Session;

use super::super::failure::Failure;
use super::super::talk::Talk;

/// Counts what was sent, acknowledged and refused; the publisher's [`Handler`].
pub(super) struct Tally<'a> {
    talk: &'a Talk,
    qos: QoS,
    /// Where they go.
    topics: &'a [String],
    /// The index of the topic of each message in flight, if there are several topics.
    in_flight: HashMap<PacketId, usize>,
    /// Messages handed to the client core.
    sent: u64,
    /// Of those at QoS 1 and 2: acknowledged.
    acknowledged: u64,
    /// Of those at QoS 1 and 2: refused by the broker.
    refused: u64,
    /// Acknowledged, and nobody had subscribed (5.0).
    unmatched: u64,
    /// Where to, and why.
    first_refusal: Option<String>,
    /// How often the connection was lost while messages at QoS 0 may have been on their way.
    losses: u64,
    away: bool,
    /// The longest payload so far.
    longest: usize,
    /// The broker has accepted this connection.
    is_accepted: bool,
    /// How many messages were acknowledged when the connection was lost.
    done_at_loss: Option<u64>,
    /// How many connections in a row the broker has accepted and ended without acknowledging
    /// anything more.
    in_vain: u32,
    progress: Option<Progress>,
}

/// A broker that hangs up on a payload longer than this may find it too long.
const LONG_PAYLOAD: usize = 64 * 1024;

/// So many connections that end with nothing acknowledged are no accident: it is what is published
/// that the broker does not take. No version before 5.0 lets it say so.
const ENOUGH_IN_VAIN: u32 = 3;

impl<'a> Tally<'a> {
    pub(super) fn new(
        talk: &'a Talk,
        qos: QoS,
        topics: &'a [String],
        progress: Option<Progress>,
    ) -> Tally<'a> {
        Tally {
            talk,
            qos,
            topics,
            in_flight: HashMap::new(),
            losses: 0,
            sent: 0,
            acknowledged: 0,
            refused: 0,
            unmatched: 0,
            first_refusal: None,
            away: false,
            longest: 0,
            is_accepted: false,
            done_at_loss: None,
            in_vain: 0,
            progress,
        }
    }

    /// Counts a message that has been handed to the client core: the length of its payload, its Packet
    /// Identifier (at QoS 1 and 2), and the index of its topic.
    pub(super) fn sent(&mut self, payload: usize, packet_id: Option<PacketId>, topic: usize) {
        self.sent += 1;
        self.longest = self.longest.max(payload);
        if let Some(packet_id) = packet_id
            && self.topics.len() > 1
        {
            self.in_flight.insert(packet_id, topic);
        }
    }

    /// Brings the progress line up to date, if there is one.
    pub(super) fn show(&mut self, now: Instant) {
        let acknowledged = (self.qos > QoS::AtMostOnce).then_some(self.acknowledged);
        if let Some(progress) = &mut self.progress {
            progress.update(now, self.sent, acknowledged);
        }
    }

    /// Says something, for which the progress line gives way.
    fn say(&self, write: impl FnOnce(&Talk)) {
        match &self.progress {
            Some(progress) => progress.suspend(|| write(self.talk)),
            None => write(self.talk),
        }
    }

    /// Whether to go on after the connection was lost.
    ///
    /// # Errors
    ///
    /// The broker ends every connection on which it is sent what is left.
    pub(super) fn verdict_if_hopeless(&self) -> Result<(), Failure> {
        if self.in_vain < ENOUGH_IN_VAIN || self.missing() == 0 {
            return Ok(());
        }
        let topics = self.all_topics();
        let perhaps = match self.longest {
            long if long > LONG_PAYLOAD => {
                format!("it does not take a payload of {long} bytes, or none to {topics}")
            }
            _ => format!("it takes nothing to {topics}"),
        };
        Err(Failure::new(
            ExitStatus::ConnectionLost,
            format!(
                "the broker has closed the connection {} times, whenever this was sent, and \
                 acknowledged nothing: perhaps {perhaps} from this client",
                self.in_vain
            ),
        ))
    }

    /// The end of a run that was not cut short.
    ///
    /// # Errors
    ///
    /// The broker refused messages, or did not acknowledge them.
    pub(super) fn finish(&self, in_doubt: u64) -> Result<(), Failure> {
        self.warn_of_doubt(in_doubt);
        if self.unmatched > 0 {
            self.talk.info(format_args!(
                "nobody has subscribed to the topic of {}",
                messages(self.unmatched)
            ));
        }
        let sent = messages(self.sent);
        if let Some(first) = &self.first_refusal {
            let refused = self.refused;
            let message = match (refused, self.sent) {
                (_, 1) => format!("the broker refused the message to {first}"),
                (1, _) => format!("the broker refused 1 of {sent}, to {first}"),
                _ => format!("the broker refused {refused} of {sent}, the first to {first}"),
            };
            return Err(Failure::new(ExitStatus::Refused, message));
        }
        match self.missing() {
            0 => Ok(()),
            missing => Err(Failure::new(
                ExitStatus::ConnectionLost,
                self.not_acknowledged(missing),
            )),
        }
    }

    /// Adds what became of the messages to the failure that ended the run.
    pub(super) fn cut_short(
        &self,
        failure: Failure,
        unacknowledged: u64,
        in_doubt: u64,
    ) -> Failure {
        self.warn_of_doubt(in_doubt);
        let missing = self.missing().max(unacknowledged);
        if missing == 0 {
            return failure;
        }
        let status = match failure.status {
            ExitStatus::CannotConnect => ExitStatus::ConnectionLost,
            status => status,
        };
        let (message, missing) = (failure.message(), self.not_acknowledged(missing));
        Failure::new(status, format!("{message}; {missing}"))
    }

    fn not_acknowledged(&self, missing: u64) -> String {
        let sent = messages(self.sent);
        match (missing, self.sent) {
            (_, 1) => "the message was not acknowledged".to_owned(),
            (1, _) => format!("1 of {sent} was not acknowledged"),
            _ => format!("{missing} of {sent} were not acknowledged"),
        }
    }

    /// Messages that want an acknowledgement and have none.
    fn missing(&self) -> u64 {
        match self.qos {
            QoS::AtMostOnce => 0,
            _ => self.sent.saturating_sub(self.acknowledged + self.refused),
        }
    }

    fn warn_of_doubt(&self, in_doubt: u64) {
        if in_doubt > 0 {
            let what = match self.sent {
                1 => "the message was".to_owned(),
                _ => messages(in_doubt),
            };
            self.talk.warn(format_args!(
                "the broker forgot the session while the connection was lost: {what} sent again, \
                 and may have arrived twice (-V 5, or -c with -i, asks the broker to keep it)"
            ));
        }
        if self.losses > 0 {
            self.talk.warn(format_args!(
                "the connection was lost {} in between: messages at QoS 0 may have been lost \
                 with it (-q 1 or 2 sends them again)",
                match self.losses {
                    1 => "once".to_owned(),
                    times => format!("{times} times"),
                }
            ));
        }
    }

    fn refuse(&mut self, place: &str, why: impl Display) {
        self.refused += 1;
        self.first_refusal
            .get_or_insert_with(|| format!("{place}: {why}"));
    }

    /// The topic of a message that is done; all of them, if it is unknown since the message was sent again.
    fn place_of(&mut self, packet_id: PacketId) -> String {
        let known = self.in_flight.remove(&packet_id);
        match known.and_then(|at| self.topics.get(at)) {
            Some(topic) => format!("{topic:?}"),
            None => self.all_topics(),
        }
    }

    fn all_topics(&self) -> String {
        let topics: Vec<_> = self.topics.iter().map(|it| format!("{it:?}")).collect();
        topics.join(" or ")
    }
}

/// `1 message`, `7 messages`.
fn messages(count: u64) -> String {
    match count {
        1 => "1 message".to_owned(),
        _ => format!("{count} messages"),
    }
}

impl Handler for Tally<'_> {
    fn connected(&mut self, _: &Connack<'_>, _: &Session, resumed: bool) {
        if !resumed {
            // What is sent again has other Packet Identifiers.
            self.in_flight.clear();
        }
        self.is_accepted = true;
        if std::mem::take(&mut self.away) {
            self.say(|talk| talk.reconnected(resumed));
        }
    }

    fn published(&mut self, packet_id: PacketId, reason: ReasonCode) {
        if reason.is_error() {
            // No version before 5.0 refuses messages.
            let name = reason.name(PacketType::Puback, Version::V5);
            let place = self.place_of(packet_id);
            self.refuse(&place, format_args!("{name} ({reason})"));
        } else {
            self.in_flight.remove(&packet_id);
            self.acknowledged += 1;
            if reason == ReasonCode::NO_MATCHING_SUBSCRIBERS {
                self.unmatched += 1;
            }
        }
    }

    fn dropped(&mut self, topic: &str, why: &PublishError) {
        self.refuse(&format!("{topic:?}"), why);
    }

    fn disconnected(&mut self, why: &Error, retry_in: Duration) {
        if !std::mem::replace(&mut self.away, true) && self.qos == QoS::AtMostOnce && self.sent > 0
        {
            self.losses += 1;
        }
        self.say(|talk| talk.disconnected(why, retry_in));
        if std::mem::take(&mut self.is_accepted) {
            let done = self.acknowledged + self.refused;
            self.in_vain = match self.done_at_loss.replace(done) == Some(done) {
                true => self.in_vain + 1,
                false => 1,
            };
            if self.in_vain == 2 && self.longest > LONG_PAYLOAD {
                let bytes = self.longest;
                self.say(|talk| {
                    talk.warn(format_args!(
                        "nothing was acknowledged in between: perhaps the broker does not take a \
                         payload of {bytes} bytes"
                    ));
                });
            }
        }
    }

    fn wants_packets(&self) -> bool {
        self.talk.is_debug()
    }

    fn packet(&mut self, direction: Direction, frame: Frame<'_>, session: &Session) {
        self.talk.packet(direction, frame, session);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::cli::Verbosity;
    use crate::codec::Properties;
    use crate::session::{Config, Role};

    const TALK: Talk = Talk::new(Verbosity::Quiet);

    static TOPICS: LazyLock<[String; 2]> = LazyLock::new(|| ["a".into(), "b".into()]);

    /// So many messages, alternately to `a` and `b`, with Packet Identifiers from 1 on.
    fn tally(qos: QoS, sent: u16) -> Tally<'static> {
        let mut tally = Tally::new(&TALK, qos, &*TOPICS, None);
        for number in 1..=sent {
            let packet_id = PacketId::new(number).filter(|_| qos > QoS::AtMostOnce);
            tally.sent(1, packet_id, usize::from(number - 1) % 2);
        }
        tally
    }

    fn id(number: u16) -> PacketId {
        PacketId::new(number).expect("not 0")
    }

    fn lost() -> Failure {
        Failure::new(ExitStatus::CannotConnect, "gone")
    }

    #[test]
    fn all_acknowledged_is_success() {
        let mut tally = tally(QoS::AtLeastOnce, 2);
        tally.published(PacketId::MIN, ReasonCode::SUCCESS);
        tally.published(PacketId::MIN, ReasonCode::NO_MATCHING_SUBSCRIBERS);
        assert!(tally.finish(0).is_ok());
        assert_eq!(tally.unmatched, 1);
    }

    #[test]
    fn a_message_without_an_answer_is_a_failure_whatever_ended_the_run() {
        let mut tally = tally(QoS::ExactlyOnce, 2);
        tally.published(PacketId::MIN, ReasonCode::SUCCESS);
        let failure = tally.finish(0).unwrap_err();
        assert_eq!(failure.status, ExitStatus::ConnectionLost);
        assert_eq!(failure.message(), "1 of 2 messages was not acknowledged");
        let failure = tally.cut_short(lost(), 0, 0);
        assert_eq!(failure.status, ExitStatus::ConnectionLost);
        assert_eq!(
            failure.message(),
            "gone; 1 of 2 messages was not acknowledged"
        );
    }

    #[test]
    fn a_failure_before_the_first_message_is_left_as_it_is() {
        let failure = tally(QoS::AtLeastOnce, 0).cut_short(lost(), 0, 0);
        assert_eq!(failure.status, ExitStatus::CannotConnect);
        assert_eq!(failure.message(), "gone");
    }

    #[test]
    fn the_first_refusal_is_told_with_its_topic() {
        let mut one = tally(QoS::AtLeastOnce, 2);
        one.published(id(1), ReasonCode::SUCCESS);
        one.published(id(2), ReasonCode::NOT_AUTHORIZED);
        let failure = one.finish(0).unwrap_err();
        assert_eq!(failure.status, ExitStatus::Refused);
        assert_eq!(
            failure.message(),
            "the broker refused 1 of 2 messages, to \"b\": Not authorized (0x87)"
        );
        let mut two = tally(QoS::AtLeastOnce, 3);
        two.dropped("a", &PublishError::RetainNotSupported);
        two.published(id(2), ReasonCode::NOT_AUTHORIZED);
        two.published(id(3), ReasonCode::SUCCESS);
        let message = two.finish(0).unwrap_err().message();
        let begin = "the broker refused 2 of 3 messages, the first to \"a\": the broker does not";
        assert!(message.starts_with(begin), "{message}");
    }

    #[test]
    fn where_a_message_goes_that_was_sent_again_is_not_known() {
        let mut tally = tally(QoS::AtLeastOnce, 2);
        tally.in_flight.clear();
        tally.published(id(1), ReasonCode::NOT_AUTHORIZED);
        let message = tally.finish(0).unwrap_err().message();
        assert!(message.contains("to \"a\" or \"b\": Not"), "{message}");
    }

    #[test]
    fn a_loss_counts_at_qos_0_only_and_once_until_the_broker_is_back() {
        let why = Error::Lost("it is gone".into());
        let mut at_most_once = tally(QoS::AtMostOnce, 1);
        at_most_once.disconnected(&why, Duration::ZERO);
        at_most_once.disconnected(&why, Duration::ZERO);
        assert_eq!(at_most_once.losses, 1);
        let mut acknowledged = tally(QoS::AtLeastOnce, 1);
        acknowledged.disconnected(&why, Duration::ZERO);
        assert_eq!(acknowledged.losses, 0);
    }

    #[test]
    fn a_broker_that_ends_every_connection_is_not_tried_for_ever() {
        let why = Error::Lost("it is gone".into());
        let mut tally = tally(QoS::AtLeastOnce, 2);
        let session = Session::new(Role::Client, Config::default());
        let connack = Connack {
            session_present: false,
            reason: ReasonCode::SUCCESS,
            properties: Properties::default(),
        };
        let lose = |tally: &mut Tally<'_>| {
            tally.connected(&connack, &session, false);
            tally.disconnected(&why, Duration::ZERO);
            // Nobody was there: that says nothing about the messages.
            tally.disconnected(&why, Duration::ZERO);
            tally.verdict_if_hopeless()
        };
        assert!(lose(&mut tally).is_ok());
        assert!(lose(&mut tally).is_ok());
        tally.published(id(1), ReasonCode::SUCCESS);
        assert!(lose(&mut tally).is_ok());
        assert!(lose(&mut tally).is_ok());
        let failure = lose(&mut tally).unwrap_err();
        assert_eq!(failure.status, ExitStatus::ConnectionLost);
        let message = failure.message();
        assert!(
            message.contains("3 times") && message.contains("takes nothing to"),
            "{message}"
        );
        tally.longest = LONG_PAYLOAD + 1;
        let failure = tally.verdict_if_hopeless().unwrap_err();
        assert!(failure.message().contains("a payload of 65537 bytes"));
    }
}
