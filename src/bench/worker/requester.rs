//! A client that subscribes and unsubscribes, again and again.

use std::collections::VecDeque;
use std::time::Instant;

use super::context::{Context, Part};
use super::publisher::{Line, OUTPUT_FULL};
use super::turns::Turns;
use crate::bench::fault::Fault;
use crate::bench::latency;
use crate::bench::progress::Progress;
use crate::bench::stats::Stats;
use crate::codec::{PacketId, PacketType, Properties, ReasonCode, SubscriptionOptions, Version};

/// The requests of one connection. Every other turn takes back what the one before it asked for.
pub(super) struct Requester {
    pub(super) turns: Turns,
    /// In the order sent.
    unanswered: VecDeque<Request>,
}

struct Request {
    packet_id: PacketId,
    packet: PacketType,
    measured: bool,
    intended: u64,
    sent: u64,
}

impl Requester {
    pub(super) fn new(number: u64) -> Requester {
        Requester {
            turns: Turns::new(number, Part::Idler),
            unanswered: VecDeque::new(),
        }
    }

    /// Whether the closed loop could go on at once.
    pub(super) fn wants_turn(&self) -> bool {
        self.unanswered.is_empty() && !self.turns.is_finished()
    }

    /// Sends the requests that are due, as far as the connection takes them. `true`: it would have
    /// taken more if its output were sent.
    pub(super) fn pump(
        &mut self,
        context: &Context,
        line: &mut Line<'_>,
        stats: &mut Stats,
    ) -> bool {
        if !line.session.is_connected() {
            return false;
        }
        let clock = Instant::now();
        let now = context.nanos(clock);
        let mut sent = 0;
        let is_full = loop {
            if self.unanswered.len() >= context.window() {
                break false;
            }
            let Some((intended, measured)) = self.turns.due(context, now) else {
                break false;
            };
            if line.output.len() >= OUTPUT_FULL {
                break true;
            }
            let Some((packet_id, packet)) = self.request(context, line, clock) else {
                // No Packet Identifier is free until the broker answers.
                break false;
            };
            self.turns.take();
            sent += 1;
            if measured {
                self.turns.measure();
                stats.sent += 1;
            }
            self.unanswered.push_back(Request {
                packet_id,
                packet,
                measured,
                intended,
                sent: now,
            });
        };
        Progress::add(&context.progress.turns, sent);
        Progress::add(&context.progress.asked, sent);
        is_full
    }

    fn request(
        &self,
        context: &Context,
        line: &mut Line<'_>,
        clock: Instant,
    ) -> Option<(PacketId, PacketType)> {
        let plan = &context.plan;
        let turn = self.turns.taken();
        let filter = plan.topic.render(self.turns.number(), turn / 2);
        let none = Properties::EMPTY;
        if turn.is_multiple_of(2) {
            let options = SubscriptionOptions {
                qos: plan.qos,
                ..SubscriptionOptions::default()
            };
            let filters = [(&*filter, options)];
            let packet_id = (line.session).subscribe(clock, &filters, none, line.output)?;
            Some((packet_id, PacketType::Subscribe))
        } else {
            let filters = [&*filter];
            let packet_id = (line.session).unsubscribe(clock, &filters, none, line.output)?;
            Some((packet_id, PacketType::Unsubscribe))
        }
    }

    /// SUBACK or UNSUBACK has come; before 5.0 the latter has no Reason Code.
    pub(super) fn answered(
        &mut self,
        stats: &mut Stats,
        now: u64,
        packet_id: PacketId,
        reason: Option<ReasonCode>,
    ) {
        let place = (self.unanswered.iter()).position(|request| request.packet_id == packet_id);
        let Some(request) = place.and_then(|place| self.unanswered.remove(place)) else {
            return;
        };
        let (answer, step) = match request.packet {
            PacketType::Subscribe => (PacketType::Suback, &mut stats.steps.suback),
            _ => (PacketType::Unsuback, &mut stats.steps.unsuback),
        };
        let is_gone =
            reason == Some(ReasonCode::NO_SUBSCRIPTION_EXISTED) && answer == PacketType::Unsuback;
        if let Some(reason) = reason.filter(|reason| reason.is_error() || is_gone) {
            let name = reason.name(answer, Version::V5);
            let text = format!("{answer} {reason} ({name})");
            stats.refused += u64::from(request.measured);
            return stats.error_if(request.measured, Fault::refused(answer, reason, text));
        }
        if request.measured {
            latency::record(step, now.saturating_sub(request.intended));
            stats.acked += 1;
            stats.done.add(now);
            stats.latency.record(request.intended, request.sent, now);
        }
    }
}
