//! What a router has counted, and what it holds now.

use std::time::Instant;

use super::Router;
use crate::broker::counters::{Counters, DropCause, Gauges, Limit};
use crate::codec::{Violation, rules};

impl Router {
    /// Counts what the Sessions have dropped by themselves. To be called before somebody looks at
    /// the counters.
    pub(in crate::broker) fn gather(&mut self) {
        let expired = self.in_all.pools.queued.take_expired();
        self.counters.dropped.add(DropCause::Expired, expired);
    }

    /// What was counted since the start.
    pub(in crate::broker) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// What is counted outside of the router.
    pub(in crate::broker) fn counters_mut(&mut self) -> &mut Counters {
        &mut self.counters
    }

    /// What there is now.
    pub(in crate::broker) fn gauges(&self, now: Instant) -> Gauges {
        let (blocked_addresses, blocked_clients) = self.abuse.blocked_count(now);
        let (pools, shared) = (&self.in_all.pools, self.groups.member_count());
        Gauges {
            connections: self.connections.len(),
            connected_clients: self.connected,
            sessions: self.clients.len(),
            retained_messages: self.retained.len(),
            retained_bytes: self.retained.bytes(),
            // In the index stands a group for all its members.
            subscriptions: self.subscriptions.len() - self.groups.len() + shared,
            shared_subscriptions: shared,
            subscription_bytes: self.in_all.filters(),
            queued_messages: pools.queued.messages(),
            in_flight_messages: pools.in_flight.messages(),
            kept_bytes: pools.queued.bytes() + pools.in_flight.bytes(),
            blocked_addresses,
            blocked_clients,
        }
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
