//! What the broker has seen and done, in numbers.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use super::Abuse;
use crate::codec::{PacketType, QoS, ReasonCode};

/// Makes an enum whose variants a [`Tally`] counts, each with its name.
macro_rules! kinds {
    ($(#[$doc:meta])* $kind:ident { $($(#[$variant_doc:meta])* $variant:ident: $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $kind {
            $($(#[$variant_doc])* $variant,)*
        }

        impl Kind for $kind {
            const NAMES: &'static [&'static str] = &[$($name),*];

            fn index(self) -> usize {
                self as usize
            }
        }
    };
}

/// Something that is counted by kind.
pub(super) trait Kind {
    /// The names of all kinds, in the order of their index.
    const NAMES: &'static [&'static str];

    fn index(self) -> usize;
}

/// How often each kind of something happened.
#[derive(Debug)]
pub(super) struct Tally<K> {
    counts: Box<[u64]>,
    kind: PhantomData<K>,
}

impl<K: Kind> Default for Tally<K> {
    fn default() -> Self {
        Self {
            counts: vec![0; K::NAMES.len()].into(),
            kind: PhantomData,
        }
    }
}

impl<K: Kind> Tally<K> {
    pub(super) fn count(&mut self, kind: K) {
        self.counts[kind.index()] += 1;
    }

    pub(super) fn add(&mut self, kind: K, count: u64) {
        self.counts[kind.index()] += count;
    }

    pub(super) fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Every kind with its name, also those that never happened.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        K::NAMES.iter().copied().zip(self.counts.iter().copied())
    }
}

kinds! {
    /// A limit that a client can meet.
    Limit {
        Connections: "connections",
        Sessions: "sessions",
        ConnectTimeout: "connect_timeout",
        PacketSize: "packet_size",
        Subscriptions: "subscriptions",
        SubscriptionBytes: "subscription_bytes",
        /// A subscription found no room among those of all clients together.
        SubscriptionBytesInAll: "subscription_bytes_in_all",
        TopicLevels: "topic_levels",
        Retained: "retained",
        MessageRate: "message_rate",
        /// A message found the queue of a client full.
        Queue: "queue",
        /// A message found no room in the queues of all clients together.
        QueueInAll: "queue_in_all",
        /// A message has to wait because as much is in flight to all clients together as allowed.
        InflightInAll: "inflight_in_all",
        /// A publisher has to wait earlier than usual, because much output waits for all clients.
        OutputInAll: "output_in_all",
        /// A publisher has to wait for a slow subscriber.
        Output: "output",
        /// A slow subscriber made no progress, and is waited for no more.
        Stall: "stall",
    }
}

impl Limit {
    /// What is wrong with a packet that meets it, in words.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Limit::Connections => "there are as many connections as allowed",
            Limit::Sessions => "there are as many sessions as allowed",
            Limit::ConnectTimeout => "its CONNECT took too long",
            Limit::PacketSize => "it is too large",
            Limit::Subscriptions => "the client has as many subscriptions as allowed",
            Limit::SubscriptionBytes => "the client's Topic Filters have as many bytes as allowed",
            Limit::SubscriptionBytesInAll => {
                "the subscriptions of all clients together take as much as allowed"
            }
            Limit::TopicLevels => "it has too many levels",
            Limit::Retained => "as much is retained as allowed",
            Limit::MessageRate => "the client publishes too fast",
            Limit::Queue => "the queues of its subscribers are full",
            Limit::QueueInAll => "as much is queued for all clients together as allowed",
            Limit::InflightInAll => "as much is in flight to all clients together as allowed",
            Limit::OutputInAll => "as much output waits for all clients together as allowed",
            Limit::Output | Limit::Stall => "its subscribers are too slow",
        }
    }
}

kinds! {
    /// Why a message did not go to a client that is subscribed.
    DropCause {
        QueueFull: "queue_full",
        /// The queues of all clients together are.
        QueuesFull: "queues_full",
        /// QoS 0, and the client does not read.
        NotRead: "not_read",
        /// QoS 0, and the client is away.
        Offline: "offline",
        Expired: "expired",
        /// Above the client's Maximum Packet Size.
        TooLarge: "too_large",
    }
}

/// Packets in one direction.
#[derive(Debug)]
pub(super) struct Traffic {
    /// By the first byte, which has the packet's type and a PUBLISH's QoS.
    packets: [u64; 256],
    pub(super) bytes: u64,
    /// Payloads of PUBLISH packets.
    pub(super) payload_bytes: u64,
}

impl Default for Traffic {
    fn default() -> Self {
        Self {
            packets: [0; 256],
            bytes: 0,
            payload_bytes: 0,
        }
    }
}

impl Traffic {
    /// Counts a packet by its first byte and its length.
    #[inline]
    pub(super) fn count(&mut self, first_byte: u8, length: usize) {
        self.packets[usize::from(first_byte)] += 1;
        self.bytes += length as u64;
    }

    /// Packets of all types.
    pub(super) fn packets(&self) -> u64 {
        self.packets.iter().sum()
    }

    pub(super) fn packets_of(&self, packet_type: PacketType) -> u64 {
        let first = usize::from(packet_type as u8) << 4;
        self.packets[first..first + 16].iter().sum()
    }

    pub(super) fn publishes_at(&self, qos: QoS) -> u64 {
        let first = usize::from(PacketType::Publish as u8) << 4 | usize::from(qos as u8) << 1;
        // With and without RETAIN, and these with DUP.
        [first, first | 1, first | 8, first | 9]
            .into_iter()
            .map(|first_byte| self.packets[first_byte])
            .sum()
    }
}

/// Everything that is counted since the broker started.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) received: Traffic,
    pub(super) sent: Traffic,
    /// Network Connections.
    pub(super) connections: u64,
    /// Clients that were accepted.
    pub(super) connects: u64,
    /// The most clients that were connected at a time.
    pub(super) most_clients: u64,
    /// Sessions whose Session Expiry Interval passed.
    pub(super) expired_sessions: u64,
    /// Connections that got no further than the handshake of TLS or WebSocket.
    pub(super) failed_handshakes: u64,
    pub(super) dropped: Tally<DropCause>,
    /// Addresses and Client Identifiers that were blocked, by what they had done.
    pub(super) blocked_addresses: Tally<Abuse>,
    pub(super) blocked_clients: Tally<Abuse>,
    pub(super) limits: Tally<Limit>,
    /// Refused CONNECT, PUBLISH and Topic Filters, by Reason Code of MQTT 5.0.
    pub(super) refused_connects: BTreeMap<u8, u64>,
    pub(super) refused_publishes: BTreeMap<u8, u64>,
    pub(super) refused_subscriptions: BTreeMap<u8, u64>,
    /// By the statement that was violated.
    pub(super) violations: BTreeMap<&'static str, u64>,
    /// Faults that were made on request, by what happened.
    pub(super) faults: BTreeMap<&'static str, u64>,
    /// Connections that ended, by the name of the cause.
    pub(super) ended: BTreeMap<&'static str, u64>,
}

/// Counts by Reason Code.
pub(super) fn count_reason(counts: &mut BTreeMap<u8, u64>, reason: ReasonCode) {
    *counts.entry(reason.value()).or_default() += 1;
}

/// What there is now.
#[derive(Debug, Default)]
pub(super) struct Gauges {
    /// Network Connections.
    pub(super) connections: usize,
    pub(super) connected_clients: usize,
    /// Sessions, of clients that are connected or away.
    pub(super) sessions: usize,
    pub(super) subscriptions: usize,
    /// Of these, Shared Subscriptions.
    pub(super) shared_subscriptions: usize,
    /// Bytes of all Topic Filters, and something for the memory around them.
    pub(super) subscription_bytes: usize,
    pub(super) retained_messages: usize,
    pub(super) retained_bytes: usize,
    /// QoS 1 and 2 messages that wait for their receivers.
    pub(super) queued_messages: usize,
    /// QoS 1 and 2 messages that were sent and not acknowledged.
    pub(super) in_flight_messages: usize,
    /// Bytes of both.
    pub(super) kept_bytes: usize,
    pub(super) blocked_addresses: usize,
    pub(super) blocked_clients: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_told_apart_by_type_and_qos() {
        let mut traffic = Traffic::default();
        for first_byte in [0x30, 0x31, 0x32, 0x3a, 0x3b, 0x3d, 0x40, 0x82] {
            traffic.count(first_byte, 10);
        }
        assert_eq!((traffic.packets(), traffic.bytes), (8, 80));
        assert_eq!(traffic.packets_of(PacketType::Publish), 6);
        assert_eq!(traffic.packets_of(PacketType::Subscribe), 1);
        let publishes = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];
        assert_eq!(publishes.map(|qos| traffic.publishes_at(qos)), [2, 3, 1]);
    }

    #[test]
    fn every_kind_has_its_name() {
        let mut tally = Tally::default();
        tally.count(Limit::Stall);
        tally.count(Limit::Connections);
        tally.count(Limit::Stall);
        let counted: Vec<_> = tally.iter().filter(|(_, count)| *count > 0).collect();
        assert_eq!(counted, [("connections", 1), ("stall", 2)]);
        assert_eq!(tally.total(), 3);
    }
}
