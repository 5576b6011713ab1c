//! Which packets are shown.

use std::collections::HashSet;

use super::Observed;
use crate::codec::{Packet, PacketType};
use crate::topic;

/// So many streams of the wanted clients are remembered.
const MAX_STREAMS: usize = 1 << 20;

/// Which packets are shown: those that every condition lets pass. No condition lets all pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PacketFilter {
    /// The types.
    pub types: Vec<PacketType>,
    /// Topic Filters, of which one matches the packet's topic.
    pub topics: Vec<String>,
    /// Client Identifiers: the streams whose CONNECT has one of them.
    pub clients: Vec<String>,
    /// Numbers of streams.
    pub streams: Vec<u32>,
    /// Only packets with faults.
    pub only_violations: bool,
}

/// A [`PacketFilter`] at work.
#[derive(Debug, Default)]
pub struct Sieve {
    filter: PacketFilter,
    /// The streams of the wanted clients.
    streams: HashSet<u32>,
}

impl Sieve {
    /// A sieve that has let nothing pass yet.
    #[must_use]
    pub fn new(filter: PacketFilter) -> Self {
        Sieve {
            filter,
            streams: HashSet::new(),
        }
    }

    /// Whether what is no whole packet passes, with faults or without.
    #[must_use]
    pub fn passes_rest(&self, stream: u32, is_faulty: bool) -> bool {
        let filter = &self.filter;
        filter.types.is_empty()
            && filter.topics.is_empty()
            && (filter.clients.is_empty() || self.streams.contains(&stream))
            && (filter.streams.is_empty() || filter.streams.contains(&stream))
            && (is_faulty || !filter.only_violations)
    }

    /// Whether a packet passes.
    pub fn passes(&mut self, packet: &Observed<'_>) -> bool {
        let (filter, stream) = (&self.filter, packet.origin.stream);
        if !filter.clients.is_empty() {
            if let Ok(Packet::Connect(connect)) = &packet.packet {
                match filter.clients.iter().any(|id| id == connect.client_id) {
                    true if self.streams.len() < MAX_STREAMS => {
                        self.streams.insert(stream);
                    }
                    true => {}
                    false => {
                        self.streams.remove(&stream);
                    }
                }
            }
            if !self.streams.contains(&stream) {
                return false;
            }
        }
        let first = packet.bytes.first().copied().unwrap_or_default();
        let is_type = |kind: &PacketType| *kind as u8 == first >> 4;
        (filter.types.is_empty() || filter.types.iter().any(is_type))
            && (filter.streams.is_empty() || filter.streams.contains(&stream))
            && (!filter.only_violations || !packet.findings.is_empty())
            && (filter.topics.is_empty() || has_topic(packet, &filter.topics))
    }
}

/// Whether a topic of the packet matches one of the filters, or a Topic Filter in it is one.
fn has_topic(packet: &Observed<'_>, wanted: &[String]) -> bool {
    let matches = |topic: &str| {
        let mut wanted = wanted.iter();
        wanted.any(|filter| filter == topic || topic::matches(filter, topic))
    };
    match &packet.packet {
        Ok(Packet::Publish(publish)) => matches(publish.topic),
        Ok(Packet::Connect(connect)) => connect.will.is_some_and(|will| matches(will.topic)),
        Ok(Packet::Subscribe(subscribe)) => subscribe.filters.iter().any(|(f, _)| matches(f)),
        Ok(Packet::Unsubscribe(unsubscribe)) => unsubscribe
            .filters
            .iter()
            .any(|(filter, _)| matches(filter)),
        _ => false,
    }
}
