//! What is done with each message.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::time::Duration;

use jiff::Timestamp;

use crate::cli::{Form, SubOptions};
use crate::client::{Direction, Error, Handler, PublishError};
use crate::codec::{Connack, Frame, PacketId, PacketType, ReasonCode, Suback, Unsuback};
use crate::exit::ExitStatus;
use crate::render::{MessageView, Printer, Watch};
use crate::session::{Received, Session};
use crate::topic;

use super::super::failure::Failure;
use super::super::talk::Talk;
use super::barrier::Barrier;

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
    /// Messages since the last beat of `--message-rate`.
    in_this_second: u64,
    must_subscribe: bool,
    is_subscribed: bool,
    is_unsubscribed: bool,
    /// Subscriptions the broker refused.
    refused: Vec<String>,
    /// Topic Filters it did not unsubscribe from.
    not_unsubscribed: Vec<String>,
    /// Retained messages that could not be cleared.
    not_removed: Vec<String>,
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
            refused: Vec::new(),
            not_unsubscribed: Vec::new(),
            not_removed: Vec::new(),
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
        self.not_removed
            .push(format!("to clear {topic:?}: {error}"));
    }

    /// Whether it has what it was asked for.
    pub(super) fn is_done(&self) -> bool {
        let subscribed_only = self.options.exit.after_subscribe || self.options.filters.is_empty();
        self.to_remove.is_empty()
            && (self.wanted == Some(0)
                || self.barrier.is_passed()
                || subscribed_only && self.is_subscribed && self.is_unsubscribed)
    }

    /// Ends a run in which no subscription stands.
    ///
    /// # Errors
    ///
    /// All were refused.
    pub(super) fn verdict_if_hopeless(&self) -> Result<(), Failure> {
        let filters = self.options.filters.len();
        if filters > 0 && self.refused.len() == filters {
            self.verdict()
        } else {
            Ok(())
        }
    }

    /// # Errors
    ///
    /// The broker refused something.
    pub(super) fn verdict(&self) -> Result<(), Failure> {
        let refusals = [
            &self.refused[..],
            &self.not_unsubscribed[..],
            &self.not_removed[..],
        ]
        .concat();
        if refusals.is_empty() {
            return Ok(());
        }
        Err(Failure::new(
            ExitStatus::Refused,
            format!("the broker refused {}", refusals.join(", ")),
        ))
    }

    /// A beat of the clock: draws, or counts.
    pub(super) fn tick(&mut self) {
        if let Some(watch) = &mut self.watch
            && watch.is_stale()
        {
            watch.draw(super::screen_size(), &mut self.printed);
        }
        if self.options.output.form == Form::Rate {
            let count = std::mem::take(&mut self.in_this_second);
            self.printed
                .extend_from_slice(format!("{count}\n").as_bytes());
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
        // A session that was resumed has its subscriptions, and asking again would bring the
        // retained messages again.
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
            self.not_removed.push(format!(
                "to clear a retained message: {name} (0x{:02x})",
                reason.0
            ));
        }
    }

    fn suback(&mut self, suback: &Suback<'_>) {
        self.is_subscribed = true;
        self.refused.clear();
        let version = self.options.client.version;
        for (filter, reason) in self.options.filters.iter().zip(suback.reasons.iter()) {
            if reason.is_error() {
                let name = reason.name(PacketType::Suback, version);
                let refusal = format!(
                    "the subscription to {filter:?}: {name} (0x{:02x})",
                    reason.0
                );
                if self.options.filters.len() > 1 {
                    self.talk.warn(format_args!("the broker refused {refusal}"));
                }
                self.refused.push(refusal);
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
        self.not_unsubscribed = self
            .options
            .unsubscribe
            .iter()
            .zip(unsuback.reasons.iter())
            .filter(|(_, reason)| reason.is_error())
            .map(|(filter, reason)| {
                let name = reason.name(PacketType::Unsuback, self.options.client.version);
                format!(
                    "to unsubscribe from {filter:?}: {name} (0x{:02x})",
                    reason.0
                )
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
        self.talk.packet(direction, frame, session.version());
    }
}
