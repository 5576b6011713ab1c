//! The publishing side of a connection.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Instant;

use bytes::Bytes;

use super::Context;
use crate::bench::fault::Fault;
use crate::bench::payload::Writer;
use crate::bench::stats::{Progress, Stats};
use crate::bench::{Load, Stamp};
use crate::codec::{Output, PacketId, Publish, QoS, ReasonCode, Version};
use crate::session::{Delivery, Message, Outcome, Session};

/// With so many bytes waiting for the socket a connection is given nothing more: what is due stays
/// due, and costs no memory.
const OUTPUT_FULL: usize = 64 * 1024;

/// The publishing side of a connection.
pub(super) struct Publisher {
    /// Its number among all publishers.
    number: u64,
    /// The Topic Name, if all messages have the same.
    topic: Option<Rc<str>>,
    /// Messages published, warm-up included.
    turn: u64,
    /// Measured messages published.
    sequence: u64,
    /// QoS 1 and 2, in the order sent.
    unacknowledged: VecDeque<Unacknowledged>,
    finished: bool,
}

struct Unacknowledged {
    packet_id: PacketId,
    measured: bool,
    intended: u64,
    sent: u64,
}

/// What a publisher needs of its connection.
pub(super) struct Line<'a> {
    pub(super) session: &'a mut Session,
    pub(super) output: &'a mut Output,
}

impl Publisher {
    pub(super) fn new(number: u64, context: &Context) -> Publisher {
        let topic = &context.plan.topic;
        let same = !topic.varies();
        Publisher {
            number,
            topic: same.then(|| topic.render(number, 0).into()),
            turn: 0,
            sequence: 0,
            unacknowledged: VecDeque::new(),
            finished: false,
        }
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Measured messages published.
    pub(super) fn measured(&self) -> u64 {
        self.sequence
    }

    /// No message will follow.
    pub(super) fn is_finished(&self) -> bool {
        self.finished
    }

    /// No message will follow. `true` the first time.
    pub(super) fn finish(&mut self) -> bool {
        !std::mem::replace(&mut self.finished, true)
    }

    /// Publishes what is due, as far as the connection takes it. `true`: it would have taken more
    /// if its output were sent.
    pub(super) fn pump(
        &mut self,
        context: &Context,
        line: &mut Line<'_>,
        stats: &mut Stats,
        payload: &mut Writer,
    ) -> bool {
        let Some(start) = context.start.get() else {
            return false;
        };
        if self.finished || !line.session.is_connected() {
            return false;
        }
        let clock = Instant::now();
        let now = context.nanos(clock);
        let mut sent = 0;
        let is_full = loop {
            let Some(intended) = self.due(context, start, now) else {
                break false;
            };
            if intended > now {
                break false;
            }
            if context.plan.qos != QoS::AtMostOnce && !self.has_window(context, line.session) {
                break false;
            }
            if line.output.len() >= OUTPUT_FULL {
                break true;
            }
            let measured = intended >= context.measured_from();
            let outcome = self.publish(context, line, payload, (clock, intended, now, measured));
            self.turn += 1;
            match outcome {
                Outcome::Sent(packet_id) => {
                    sent += 1;
                    self.sequence += u64::from(measured);
                    stats.sent += u64::from(measured);
                    if let Some(packet_id) = packet_id {
                        self.unacknowledged.push_back(Unacknowledged {
                            packet_id,
                            measured,
                            intended,
                            sent: now,
                        });
                    }
                }
                Outcome::Dropped(why) => {
                    stats.error(Fault::new("not_published", format!("not published: {why}")));
                }
                Outcome::Queued => {}
            }
        };
        Progress::add(&context.progress.sent, sent);
        is_full
    }

    /// When the next message is due; `None`: there is none, and the publisher has finished.
    fn due(&mut self, context: &Context, start: u64, now: u64) -> Option<u64> {
        let due = match &context.schedule {
            Some(schedule) => {
                let n = schedule.message(self.number, self.turn);
                n.map(|n| start + schedule.due(n))
            }
            None => context
                .has_closed_turn(self.number, self.sequence, now)
                .then_some(now),
        };
        if due.is_none() && self.finish() {
            Progress::take(&context.progress.publishing);
        }
        due
    }

    fn has_window(&self, context: &Context, session: &Session) -> bool {
        let bound = match context.plan.load {
            Load::Closed { inflight } => usize::from(inflight),
            Load::Open { .. } => usize::MAX,
        };
        self.unacknowledged.len() < bound && session.can_publish()
    }

    fn publish(
        &self,
        context: &Context,
        line: &mut Line<'_>,
        payload: &mut Writer,
        (clock, intended, now, measured): (Instant, u64, u64, bool),
    ) -> Outcome {
        let plan = &context.plan;
        let payload = payload.next(self.number, self.turn, || Stamp {
            run: context.run,
            publisher: self.number as u32,
            sequence: measured.then_some(self.sequence),
            intended,
            lag: u32::try_from((now - intended) / 1000).unwrap_or(u32::MAX),
        });
        let varying;
        let topic = match &self.topic {
            Some(topic) => topic,
            None => {
                varying = Rc::from(plan.topic.render(self.number, self.turn));
                &varying
            }
        };
        if plan.qos == QoS::AtMostOnce {
            let publish = Publish {
                dup: false,
                qos: QoS::AtMostOnce,
                retain: plan.retain,
                topic,
                packet_id: None,
                properties: plan.properties.as_properties(),
                payload,
            };
            return line
                .session
                .publish_at_most_once(clock, &publish, line.output);
        }
        let message = Message::new(
            clock,
            Rc::clone(topic),
            Bytes::copy_from_slice(payload),
            plan.qos,
            plan.retain,
            plan.properties.as_properties(),
        );
        let delivery = Delivery::new(plan.qos, plan.retain);
        line.session
            .publish(clock, &Rc::new(message), delivery, line.output)
    }

    /// A message is done: PUBACK, PUBCOMP, or a PUBREC that refuses it. Gives when it was handed to
    /// the socket.
    pub(super) fn published(
        &mut self,
        context: &Context,
        stats: &mut Stats,
        now: u64,
        packet_id: PacketId,
        reason: ReasonCode,
    ) -> Option<u64> {
        let waiting = &mut self.unacknowledged;
        let place = match waiting.front() {
            Some(first) if first.packet_id == packet_id => Some(0),
            _ => waiting
                .iter()
                .position(|entry| entry.packet_id == packet_id),
        };
        let entry = place.and_then(|place| waiting.remove(place))?;
        if reason.is_error() {
            let kind = match context.plan.qos {
                QoS::ExactlyOnce => crate::codec::PacketType::Pubrec,
                _ => crate::codec::PacketType::Puback,
            };
            let name = reason.name(kind, Version::V5);
            stats.refused += u64::from(entry.measured);
            let text = format!("{kind} {reason} ({name})");
            stats.error(Fault::refused(kind, reason, text));
            return Some(entry.sent);
        }
        if entry.measured {
            stats.acked += 1;
            if context.plan.copies() == 0 {
                stats.latency.record(entry.intended, entry.sent, now);
            }
        }
        Some(entry.sent)
    }
}
