//! What became of the messages.

use std::time::Instant;

use crate::client::{Direction, Error, Handler};
use crate::codec::{Connack, Frame, PacketId, PacketType, QoS, ReasonCode};
use crate::exit::ExitStatus;
use crate::render::Progress;
use crate::session::Session;

use super::super::failure::Failure;
use super::super::talk::Talk;

/// Counts what was sent, acknowledged and refused; the publisher's [`Handler`].
pub(super) struct Tally<'a> {
    talk: &'a Talk,
    /// Messages handed to the client core.
    pub(super) sent: u64,
    /// Of those at QoS 1 and 2: acknowledged.
    acknowledged: u64,
    /// Of those at QoS 1 and 2: refused by the broker.
    refused: u64,
    /// Acknowledged, and nobody had subscribed (5.0).
    unmatched: u64,
    first_refusal: Option<String>,
    away: bool,
    progress: Option<Progress>,
}

impl<'a> Tally<'a> {
    pub(super) fn new(talk: &'a Talk, progress: Option<Progress>) -> Tally<'a> {
        Tally {
            talk,
            sent: 0,
            acknowledged: 0,
            refused: 0,
            unmatched: 0,
            first_refusal: None,
            away: false,
            progress,
        }
    }

    /// Brings the progress line up to date, if there is one.
    pub(super) fn show(&mut self, now: Instant, qos: QoS) {
        let acknowledged = (qos > QoS::AtMostOnce).then_some(self.acknowledged);
        if let Some(progress) = &mut self.progress {
            progress.update(now, self.sent, acknowledged);
        }
    }

    /// Says something between two states of the progress line.
    fn say(&self, write: impl FnOnce(&Talk)) {
        match &self.progress {
            Some(progress) => progress.suspend(|| write(self.talk)),
            None => write(self.talk),
        }
    }

    /// The end of a run that was not cut short.
    ///
    /// # Errors
    ///
    /// The broker refused messages.
    pub(super) fn finish(&self, in_doubt: u64) -> Result<(), Failure> {
        if in_doubt > 0 {
            self.talk.warn(format_args!(
                "the broker forgot the session while the connection was lost: {} sent again and \
                 may have arrived twice (-c with -i keeps the session, and so does -V 5)",
                messages(in_doubt, "was", "were")
            ));
        }
        if self.unmatched > 0 {
            self.talk.info(format_args!(
                "nobody has subscribed to the topic of {}",
                messages(self.unmatched, "", "").trim_end()
            ));
        }
        match &self.first_refusal {
            None => Ok(()),
            Some(first) => Err(Failure::new(
                ExitStatus::Refused,
                format!(
                    "the broker refused {} of {}: {first}",
                    self.refused,
                    messages(self.sent, "", "").trim_end()
                ),
            )),
        }
    }

    /// Adds to the failure that ended the run what became of the messages.
    pub(super) fn cut_short(&self, failure: Failure, unacknowledged: u64) -> Failure {
        let done = self.acknowledged + self.refused;
        let missing = self.sent.saturating_sub(done).max(unacknowledged);
        if self.sent == 0 || missing == 0 {
            return failure;
        }
        let status = match failure.status {
            ExitStatus::CannotConnect => ExitStatus::ConnectionLost,
            status => status,
        };
        Failure::new(
            status,
            format!(
                "{}; {missing} of {} not acknowledged",
                failure.message,
                messages(self.sent, "was", "were")
            ),
        )
    }
}

/// `1 message was`, `7 messages were`.
fn messages(count: u64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 message {one}"),
        _ => format!("{count} messages {many}"),
    }
}

impl Handler for Tally<'_> {
    fn connected(&mut self, _: &Connack<'_>, _: &Session, resumed: bool) {
        if std::mem::take(&mut self.away) {
            self.say(|talk| talk.reconnected(resumed));
        }
    }

    fn published(&mut self, _: PacketId, reason: ReasonCode) {
        if reason.is_error() {
            self.refused += 1;
            self.first_refusal.get_or_insert_with(|| {
                let name = reason.name(PacketType::Puback, crate::codec::Version::V5);
                format!("{name} (0x{:02x})", reason.0)
            });
        } else {
            self.acknowledged += 1;
            if reason == ReasonCode::NO_MATCHING_SUBSCRIBERS {
                self.unmatched += 1;
            }
        }
    }

    fn disconnected(&mut self, why: &Error, retry_in: std::time::Duration) {
        self.away = true;
        self.say(|talk| talk.disconnected(why, retry_in));
    }

    fn wants_packets(&self) -> bool {
        self.talk.is_debug()
    }

    fn packet(&mut self, direction: Direction, frame: Frame<'_>, session: &Session) {
        self.talk.packet(direction, frame, session.version());
    }
}
