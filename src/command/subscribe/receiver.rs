//! What `mqtk sub` does with each message and answer.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::time::Duration;

use jiff::Timestamp;

use crate::cli::{Form, SubOptions};
use crate::client::{Direction, Error, Handler, PublishError};
use crate::codec::{Connack, Frame, PacketId, PacketType, ReasonCode, Suback, Unsuback};
use crate::render::{MessageView, Printer, Watch};
use crate::session::{Received, Session};
use crate::topic;

use super::super::failure::Failure;
use super::super::talk::Talk;
use super::barrier::Barrier;
use super::refusals::Refusals;
use super::screen;

/// Prints messages and keeps count; the subscriber's [`Handler`].
pub(super) struct Receiver<'a> {
    options: &'a SubOptions,
    talk: &'a Talk,
    printer: Printer,
    watch: Option<Watch>,
    printed: Vec<u8>,
    /// When the messages of this turn arrived.
    time: Option<Timestamp>,
    /// Messages still wanted; `None`: no end.
    wanted: Option<u64>,
    /// Messages since the last tick of `--message-rate`.
    in_this_second: u64,
    must_subscribe: bool,
    is_subscribed: bool,
    is_unsubscribed: bool,
    refusals: Refusals,
    away: bool,
    barrier: Barrier,
    to_remove: VecDeque<Rc<str>>,
}

impl<'a> Receiver<'a> {
    /// # Errors
    ///
    /// The format of `-F` cannot be read.
    pub(super) fn new(options: &'a SubOptions, talk: &'a Talk) -> Result<Receiver<'a>, Failure> {
        let printer = super::printer(&options.output)?;
        Ok(Receiver {
            options,
            talk,
            printer,
            watch: options.output.watch.then(|| {
                Watch::new(&format!(
                    "{} on {}",
                    options.filters.join(" "),
                    options.client.target.address
                ))
            }),
            printed: Vec::new(),
            time: None,
            wanted: options.exit.count.map(|count| count.get()),
            in_this_second: 0,
            must_subscribe: false,
            is_subscribed: options.filters.is_empty(),
            is_unsubscribed: options.unsubscribe.is_empty(),
            refusals: Refusals::default(),
            away: false,
            barrier: Barrier::new(options.exit.retained_only, options.subscription.qos),
            to_remove: VecDeque::new(),
        })
    }

    /// Moves what was printed to `out`, which is empty.
    pub(super) fn take_printed(&mut self, out: &mut Vec<u8>) {
        std::mem::swap(&mut self.printed, out);
        self.time = None;
    }

    /// Whether SUBSCRIBE is due; it is then considered sent.
    pub(super) fn take_must_subscribe(&mut self) -> bool {
        std::mem::take(&mut self.must_subscribe)
    }

    /// Whether the barrier is to be asked for now.
    pub(super) fn must_ask_for_barrier(&self) -> bool {
        self.is_subscribed && self.barrier.is_due()
    }

    pub(super) fn barrier_asked(&mut self, packet_id: PacketId) {
        self.barrier.asked(packet_id);
    }

    /// The next topic whose retained message is to be cleared.
    pub(super) fn next_to_remove(&mut self) -> Option<Rc<str>> {
        self.to_remove.pop_front()
    }

    pub(super) fn cannot_remove(&mut self, topic: &str, error: &PublishError) {
        self.refusals
            .add_retained(|| format!("to clear {topic:?}: {error}"));
    }

    /// Whether it has what it was asked for.
    pub(super) fn is_done(&self) -> bool {
        let subscribed_only = self.options.exit.after_subscribe || self.options.filters.is_empty();
        self.to_remove.is_empty()
            && (self.wanted == Some(0)
                || self.barrier.is_passed()
                || subscribed_only && self.is_subscribed && self.is_unsubscribed)
    }

    /// Ends a run in which there is nothing to wait for.
    ///
    /// # Errors
    ///
    /// All subscriptions were refused.
    pub(super) fn verdict_if_hopeless(&self) -> Result<(), Failure> {
        let filters = self.options.filters.len();
        if filters > 0 && self.refusals.subscriptions.len() == filters {
            self.verdict()
        } else {
            Ok(())
        }
    }

    /// # Errors
    ///
    /// The broker refused something.
    pub(super) fn verdict(&self) -> Result<(), Failure> {
        self.refusals.verdict()
    }

    /// Called at each tick of the clock: draws the screen, or prints the rate.
    pub(super) fn tick(&mut self) {
        if let Some(watch) = &mut self.watch {
            let screen = screen::size();
            if watch.is_stale(screen) {
                watch.draw(screen, &mut self.printed);
            }
        }
        if self.options.output.form == Form::Rate {
            let count = std::mem::take(&mut self.in_this_second);
            self.printed
                .extend_from_slice(format!("{count}\n").as_bytes());
        }
    }

    /// Has the next beat draw everything anew.
    pub(super) fn forget_screen(&mut self) {
        if let Some(watch) = &mut self.watch {
            watch.forget_screen();
        }
    }

    /// Whether a message is one the user wants to see.
    fn is_wanted(&self, topic: &str, retain: bool) -> bool {
        let filtered_out = |filter: &String| topic::matches(filter, topic);
        !(self.options.no_retained && retain
            || self.options.exit.retained_only && !retain
            || self.options.filter_out.iter().any(filtered_out))
    }

    fn print(&mut self, view: &MessageView<'_>) {
        if self.options.output.form == Form::Rate {
            self.in_this_second += 1;
        } else if let Some(watch) = &mut self.watch {
            let mut line = Vec::new();
            self.printer.print(view, &mut line);
            watch.update(view.topic, &line);
        } else if let Some(mismatch) = self.printer.print(view, &mut self.printed) {
            self.talk.warn(mismatch);
        }
    }
}

impl Handler for Receiver<'_> {
    fn connected(&mut self, _: &Connack<'_>, _: &Session, resumed: bool) {
        if std::mem::take(&mut self.away) {
            self.talk.reconnected(resumed);
        }
        // A resumed session has its subscriptions, and to ask for them again would bring the retained
        // messages again.
        self.must_subscribe = !(resumed && self.is_subscribed && self.is_unsubscribed);
        self.barrier.reconnected();
    }

    fn message(&mut self, received: &Received<'_>) -> ControlFlow<()> {
        if self.wanted == Some(0) || self.barrier.is_passed() {
            return ControlFlow::Break(());
        }
        let topic = received.topic();
        let retain = received.publish.retain;
        if retain {
            self.barrier.message();
        }
        let share = self.options.output.share;
        if !self.is_wanted(topic, retain) || share < 1.0 && fastrand::f64() >= share {
            return ControlFlow::Continue(());
        }
        if self.options.exit.remove_retained && retain {
            self.to_remove.push_back(Rc::from(topic));
        }
        let time = *self.time.get_or_insert_with(Timestamp::now);
        let mut view = MessageView::new(time, &received.publish);
        view.topic = topic;
        self.print(&view);
        if let Some(wanted) = &mut self.wanted {
            *wanted -= 1;
        }
        ControlFlow::Continue(())
    }

    fn published(&mut self, _: PacketId, reason: ReasonCode) {
        if reason.is_error() {
            let name = reason.name(PacketType::Puback, self.options.client.version);
            self.refusals
                .add_retained(|| format!("to clear a retained message: {name} ({reason})"));
        }
    }

    fn suback(&mut self, suback: &Suback<'_>) {
        self.is_subscribed = true;
        self.refusals.subscriptions.clear();
        let version = self.options.client.version;
        for (filter, reason) in self.options.filters.iter().zip(suback.reasons.iter()) {
            if reason.is_error() {
                let name = reason.name(PacketType::Suback, version);
                let refusal = format!("the subscription to {filter:?}: {name} ({reason})");
                if self.options.filters.len() > 1 {
                    self.talk.warn(format_args!("the broker refused {refusal}"));
                }
                self.refusals.subscriptions.push(refusal);
            } else if reason.0 < self.options.subscription.qos as u8 {
                self.talk
                    .info(format_args!("{filter:?} is granted QoS {} only", reason.0));
            }
        }
    }

    fn unsuback(&mut self, unsuback: &Unsuback<'_>) {
        if self.barrier.answered(unsuback.packet_id) {
            return;
        }
        self.is_unsubscribed = true;
        self.refusals.unsubscriptions = self
            .options
            .unsubscribe
            .iter()
            .zip(unsuback.reasons.iter())
            .filter(|(_, reason)| reason.is_error())
            .map(|(filter, reason)| {
                let name = reason.name(PacketType::Unsuback, self.options.client.version);
                format!("to unsubscribe from {filter:?}: {name} ({reason})")
            })
            .collect();
    }

    fn dropped(&mut self, topic: &str, why: &PublishError) {
        self.cannot_remove(topic, why);
    }

    fn disconnected(&mut self, why: &Error, retry_in: Duration) {
        self.away = true;
        self.talk.disconnected(why, retry_in);
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
    use std::ffi::OsString;
    use std::time::Instant;

    use super::*;
    use crate::cli::{self, Command, Environment, Verbosity};
    use crate::codec::{Connect, Output, Packet, Properties, Publish, QoS, ReasonCodes, Version};
    use crate::exit::ExitStatus;
    use crate::session::{Config, Event, Role};

    const TALK: Talk = Talk::new(Verbosity::Quiet);

    fn options(args: &[&str]) -> SubOptions {
        let args = ["mqtk", "sub"].iter().chain(args).map(OsString::from);
        let environment = Environment::new(std::iter::empty::<(OsString, OsString)>());
        match cli::parse(args, &environment) {
            Ok(Command::Sub(options)) => *options,
            other => panic!("{other:?}"),
        }
    }

    /// Gives a message to the receiver, as it comes out of a session.
    fn give(receiver: &mut Receiver<'_>, topic: &str, payload: &[u8], retain: bool) -> bool {
        let mut session = Session::new(Role::Client, Config::default());
        let connect = Connect {
            version: Version::V3_1_1,
            clean_start: true,
            keep_alive: 0,
            properties: Properties::EMPTY,
            client_id: "",
            will: None,
            username: None,
            password: None,
        };
        let (now, mut out) = (Instant::now(), Output::default());
        session.connect(now, &connect, &mut out);
        let mut bytes = vec![0x20, 2, 0, 0];
        let publish = Publish {
            dup: false,
            qos: QoS::AtMostOnce,
            retain,
            topic,
            packet_id: None,
            properties: Properties::EMPTY,
            payload,
        };
        Packet::Publish(publish).encode(Version::V3_1_1, &mut bytes);
        for range in [0..4, 4..bytes.len()] {
            let frame = Frame::parse(&bytes[range], usize::MAX).unwrap().unwrap();
            if let Event::Message(message) = session.receive(now, frame, &mut out).unwrap() {
                return receiver.message(&message) == ControlFlow::Continue(());
            }
        }
        panic!("a message came");
    }

    fn printed(receiver: &mut Receiver<'_>) -> String {
        let mut out = Vec::new();
        receiver.take_printed(&mut out);
        String::from_utf8(out).unwrap()
    }

    fn suback(receiver: &mut Receiver<'_>, codes: &[u8]) {
        receiver.suback(&Suback {
            packet_id: PacketId::MIN,
            properties: Properties::EMPTY,
            reasons: ReasonCodes(codes),
        });
    }

    fn unsuback(receiver: &mut Receiver<'_>, codes: &[u8]) {
        receiver.unsuback(&Unsuback {
            packet_id: PacketId::MIN,
            properties: Properties::EMPTY,
            reasons: ReasonCodes(codes),
        });
    }

    #[test]
    fn the_message_after_the_last_one_wanted_is_not_taken() {
        let options = options(&["-t", "a", "-C", "2"]);
        let mut receiver = Receiver::new(&options, &TALK).unwrap();
        assert!(give(&mut receiver, "a", b"1", false) && !receiver.is_done());
        assert!(give(&mut receiver, "a", b"2", false) && receiver.is_done());
        assert!(
            !give(&mut receiver, "a", b"3", false),
            "not to be acknowledged"
        );
        assert_eq!(printed(&mut receiver), "1\n2\n");
    }

    #[test]
    fn what_is_filtered_out_is_taken_and_does_not_count() {
        let options = options(&["-t", "#", "-T", "noise/#", "-R", "-C", "1"]);
        let mut receiver = Receiver::new(&options, &TALK).unwrap();
        assert!(give(&mut receiver, "noise/1", b"x", false));
        assert!(give(&mut receiver, "a", b"stale", true));
        assert!(!receiver.is_done());
        assert!(give(&mut receiver, "a", b"fresh", false) && receiver.is_done());
        assert_eq!(printed(&mut receiver), "fresh\n");
    }

    #[test]
    fn retained_messages_are_cleared_before_it_is_done() {
        let options = options(&["-t", "a", "-C", "1", "--remove-retained"]);
        let mut receiver = Receiver::new(&options, &TALK).unwrap();
        assert!(give(&mut receiver, "a", b"x", true) && !receiver.is_done());
        assert_eq!(receiver.next_to_remove().as_deref(), Some("a"));
        assert!(receiver.next_to_remove().is_none() && receiver.is_done());
    }

    #[test]
    fn of_many_messages_that_cannot_be_cleared_the_first_is_told() {
        let options = options(&["-t", "#", "--remove-retained"]);
        let mut receiver = Receiver::new(&options, &TALK).unwrap();
        for topic in ["a", "b", "c"] {
            receiver.cannot_remove(topic, &PublishError::RetainNotSupported);
        }
        let message = receiver.verdict().unwrap_err().message();
        assert!(message.contains("clear \"a\""), "{message}");
        assert!(message.ends_with(", and 2 more"), "{message}");
        assert!(!message.contains("\"b\""), "{message}");
    }

    #[test]
    fn only_when_every_subscription_is_refused_is_it_hopeless() {
        let options = options(&["-t", "a", "-t", "b", "-E"]);
        let mut receiver = Receiver::new(&options, &TALK).unwrap();
        assert!(!receiver.is_done());
        suback(&mut receiver, &[0, 0x80]);
        assert!(receiver.verdict_if_hopeless().is_ok() && receiver.is_done());
        let failure = receiver.verdict().unwrap_err();
        assert_eq!(failure.status, ExitStatus::Refused);
        let message = failure.message();
        assert!(message.contains("\"b\"") && !message.contains("\"a\""));
        suback(&mut receiver, &[0x80, 0x80]);
        assert!(receiver.verdict_if_hopeless().is_err());
        suback(&mut receiver, &[0, 1]);
        assert!(receiver.verdict().is_ok(), "subscribed again, with success");
    }

    #[test]
    fn unsubscribing_alone_waits_for_its_answer_and_heeds_it() {
        let options = options(&["-V", "5", "-U", "a", "-U", "b"]);
        let mut receiver = Receiver::new(&options, &TALK).unwrap();
        assert!(!receiver.is_done());
        unsuback(&mut receiver, &[0x11, 0x87]);
        assert!(receiver.is_done());
        let failure = receiver.verdict().unwrap_err();
        let message = failure.message();
        assert!(
            message.contains("unsubscribe from \"b\": Not authorized (0x87)"),
            "{message}"
        );
        unsuback(&mut receiver, &[0, 0]);
        assert!(receiver.verdict().is_ok());
    }

    #[test]
    fn subscribing_and_unsubscribing_wait_for_both_answers() {
        let options = options(&["-t", "a", "-U", "b", "-E"]);
        let mut receiver = Receiver::new(&options, &TALK).unwrap();
        suback(&mut receiver, &[0]);
        assert!(!receiver.is_done());
        unsuback(&mut receiver, &[]);
        assert!(receiver.is_done());
    }
}
