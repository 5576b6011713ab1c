//! The publishing side of a connection.

use std::collections::VecDeque;
use std::time::Instant;

use super::context::{Context, Part, Shared};
use super::turns::Turns;
use crate::bench::fault::Fault;
use crate::bench::progress::Progress;
use crate::bench::stats::Stats;
use crate::bench::{Series, Stamp};
use crate::codec::{Output, PacketId, PacketType, Publish, QoS, ReasonCode, Version};
use crate::session::{Outcome, Session};

/// With so many bytes waiting for the socket a connection is given nothing more: what is due stays
/// due, and costs no memory.
pub(super) const OUTPUT_FULL: usize = 64 * 1024;

/// The publishing side of a connection.
pub(super) struct Publisher {
    pub(super) turns: Turns,
    /// The Topic Name, if all messages have the same.
    topic: Option<Box<str>>,
    /// Measured messages published at each QoS.
    sequences: [u64; 3],
    /// QoS 1 and 2, in the order sent.
    unacknowledged: VecDeque<Unacknowledged>,
}

struct Unacknowledged {
    packet_id: PacketId,
    qos: QoS,
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
            turns: Turns::new(number, Part::Publisher),
            topic: same.then(|| topic.render(number, 0).into()),
            sequences: [0; 3],
            unacknowledged: VecDeque::new(),
        }
    }

    /// Measured messages published, of each series.
    pub(super) fn published(&self) -> impl Iterator<Item = (Series, u64)> + use<> {
        let (number, sequences) = (self.turns.number(), self.sequences);
        [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce]
            .into_iter()
            .zip(sequences)
            .filter(|(_, count)| *count > 0)
            .map(move |(qos, count)| (Series::new(number, qos), count))
    }

    /// Whether the closed loop could go on at once.
    pub(super) fn wants_turn(&self) -> bool {
        self.unacknowledged.is_empty() && !self.turns.is_finished()
    }

    /// Publishes what is due, as far as the connection takes it. `true`: it would have taken more
    /// if its output were sent.
    pub(super) fn pump(
        &mut self,
        context: &Context,
        line: &mut Line<'_>,
        shared: &mut Shared,
    ) -> bool {
        if !line.session.is_connected() {
            return false;
        }
        let clock = Instant::now();
        let now = context.nanos(clock);
        let (mut sent, mut asked) = (0, 0);
        let is_full = loop {
            let Some((intended, measured)) = self.turns.due(context, now) else {
                break false;
            };
            let qos = context.qos_of(self.turns.number(), self.turns.taken());
            if qos != QoS::AtMostOnce && !self.has_window(context, line.session) {
                break false;
            }
            if line.output.len() >= OUTPUT_FULL {
                break true;
            }
            let times = (clock, intended, now, measured);
            let outcome = self.publish(context, line, shared, qos, times);
            self.turns.take();
            match outcome {
                Outcome::Sent(packet_id) => {
                    sent += 1;
                    if measured {
                        self.count(context, &mut shared.stats, qos);
                    }
                    if let Some(packet_id) = packet_id {
                        asked += 1;
                        self.unacknowledged.push_back(Unacknowledged {
                            packet_id,
                            qos,
                            measured,
                            intended,
                            sent: now,
                        });
                    }
                }
                Outcome::Dropped(why) => {
                    let text = format!("not published: {why}");
                    (shared.stats).error_if(measured, Fault::new("not_published", text));
                    if context.schedule_of(Part::Publisher).is_none() {
                        self.pass(context, measured);
                        break false;
                    }
                }
                Outcome::Queued => {}
            }
        };
        Progress::add(&context.progress.sent, sent);
        Progress::add(&context.progress.asked, asked);
        is_full
    }

    /// The broker's limits forbid a message of the closed loop, which would offer it without end:
    /// the turn is over, and if all messages are alike there will be no other.
    fn pass(&mut self, context: &Context, measured: bool) {
        if measured {
            self.turns.measure();
        }
        if context.plan.publishes_alike() {
            self.turns.finish(context);
        }
    }

    /// A measured message was sent.
    fn count(&mut self, context: &Context, stats: &mut Stats, qos: QoS) {
        self.turns.measure();
        *self.sequence_mut(qos) += 1;
        stats.sent += 1;
        if context.plan.mix.is_some() {
            stats.of_qos(qos).sent += 1;
        }
    }

    fn sequence_mut(&mut self, qos: QoS) -> &mut u64 {
        let [zero, one, two] = &mut self.sequences;
        match qos {
            QoS::AtMostOnce => zero,
            QoS::AtLeastOnce => one,
            QoS::ExactlyOnce => two,
        }
    }

    fn has_window(&self, context: &Context, session: &Session) -> bool {
        self.unacknowledged.len() < context.window() && session.can_publish()
    }

    fn publish(
        &mut self,
        context: &Context,
        line: &mut Line<'_>,
        shared: &mut Shared,
        qos: QoS,
        (clock, intended, now, measured): (Instant, u64, u64, bool),
    ) -> Outcome {
        let plan = &context.plan;
        let number = self.turns.number();
        let sequence = measured.then_some(*self.sequence_mut(qos));
        let payload = shared.payload.next(number, self.turns.taken(), || Stamp {
            run: context.run,
            series: Series::new(number, qos),
            sequence,
            intended,
            lag: u32::try_from((now - intended) / 1000).unwrap_or(u32::MAX),
        });
        let topic = match &self.topic {
            Some(topic) => topic,
            None => {
                shared.topic.clear();
                (plan.topic).write(&mut shared.topic, number, self.turns.taken());
                &*shared.topic
            }
        };
        let publish = Publish {
            dup: false,
            qos,
            retain: plan.retain,
            topic,
            packet_id: None,
            properties: plan.properties.as_properties(),
            payload,
        };
        // A connection that is lost is not opened again: nothing has to be sent twice.
        line.session.publish_unkept(clock, &publish, line.output)
    }

    /// Where a message is among those that are not acknowledged. Packet Identifiers are given out in
    /// sequence.
    fn place(&self, packet_id: PacketId) -> Option<usize> {
        let waiting = &self.unacknowledged;
        let distance = packet_id
            .get()
            .wrapping_sub(waiting.front()?.packet_id.get());
        let is_it = |entry: &Unacknowledged| entry.packet_id == packet_id;
        match waiting.get(usize::from(distance)) {
            Some(entry) if is_it(entry) => Some(usize::from(distance)),
            _ => waiting.iter().position(is_it),
        }
    }

    /// When a message was handed to the socket that is not acknowledged.
    pub(super) fn sent(&self, packet_id: PacketId) -> Option<u64> {
        let place = self.place(packet_id)?;
        self.unacknowledged.get(place).map(|entry| entry.sent)
    }

    /// A message is done: PUBACK, PUBCOMP, or a PUBREC that refuses it. Gives how long a round trip
    /// took since it was handed to the socket; those at QoS 2 have two.
    pub(super) fn acknowledged(
        &mut self,
        context: &Context,
        stats: &mut Stats,
        now: u64,
        packet_id: PacketId,
        reason: ReasonCode,
    ) -> Option<u64> {
        let place = self.place(packet_id)?;
        let entry = self.unacknowledged.remove(place)?;
        let round_trip = match entry.qos {
            QoS::ExactlyOnce => now.saturating_sub(entry.sent) / 2,
            _ => now.saturating_sub(entry.sent),
        };
        if reason.is_error() {
            let kind = match entry.qos {
                QoS::ExactlyOnce => PacketType::Pubrec,
                _ => PacketType::Puback,
            };
            let name = reason.name(kind, Version::V5);
            stats.refused += u64::from(entry.measured);
            if context.plan.mix.is_some() {
                stats.of_qos(entry.qos).refused += u64::from(entry.measured);
            }
            let text = format!("{kind} {reason} ({name})");
            stats.error_if(entry.measured, Fault::refused(kind, reason, text));
            return Some(round_trip);
        }
        if entry.measured {
            stats.acked += 1;
            if context.plan.mix.is_some() {
                stats.of_qos(entry.qos).acked += 1;
            }
            if context.plan.copies() == 0 {
                stats.done.add(now);
                stats.latency.record(entry.intended, entry.sent, now);
            }
        }
        Some(round_trip)
    }
}
