//! What a router holds now, in numbers.

use super::Router;
use super::subscription::Subscriber;
use crate::broker::counters::{Counters, Gauges, Limit};
use crate::codec::{Violation, rules};

impl Router {
    /// What was counted since the start.
    pub(in crate::broker) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// What is counted outside of the router.
    pub(in crate::broker) fn counters_mut(&mut self) -> &mut Counters {
        &mut self.counters
    }

    /// What there is now. It looks at every Session.
    pub(in crate::broker) fn gauges(&self) -> Gauges {
        let mut gauges = Gauges {
            connections: self.connections.len(),
            connected_clients: self.connected,
            sessions: self.clients.len(),
            retained_messages: self.retained.len(),
            retained_bytes: self.retained.bytes(),
            ..Gauges::default()
        };
        for client in self.clients.keys().filter_map(|key| self.clients.get(key)) {
            let is_shared = |subscriber: &&Subscriber| matches!(subscriber, Subscriber::Group(_));
            gauges.subscriptions += client.filters.len();
            gauges.shared_subscriptions += client.filters.values().filter(is_shared).count();
            gauges.queued_messages += client.session.queued();
            gauges.in_flight_messages += client.session.in_flight();
            gauges.kept_bytes += client.session.kept_bytes();
        }
        gauges
    }

    /// The packet in hand has met a limit.
    pub(super) fn meet(&mut self, limit: Limit) {
        self.counters.limits.count(limit);
        self.met = Some(limit);
    }

    pub(super) fn count_violation(&mut self, violation: &Violation) {
        *self.counters.violations.entry(violation.id()).or_default() += 1;
        if violation.is(&rules::PACKET_TOO_LARGE) {
            self.counters.limits.count(Limit::PacketSize);
        }
    }
}
