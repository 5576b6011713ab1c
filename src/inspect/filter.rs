//! Which packets are shown.

use std::collections::HashSet;

use super::{Observed, Partial, Skipped};
use crate::codec::{Packet, PacketType};
use crate::topic;

/// How many streams of the wanted clients are remembered.
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

    /// Whether bytes in no packet pass.
    #[must_use]
    pub fn passes_skipped(&self, skipped: &Skipped<'_>) -> bool {
        let filter = &self.filter;
        filter.types.is_empty() && filter.topics.is_empty() && self.is_of(skipped.origin.stream)
    }

    /// Whether the beginning of a packet passes.
    #[must_use]
    pub fn passes_partial(&self, partial: &Partial<'_>) -> bool {
        let filter = &self.filter;
        self.is_type(partial.bytes)
            && filter.topics.is_empty()
            && self.is_of(partial.origin.stream)
            && (!filter.only_violations || !partial.findings.is_empty())
    }

    /// Whether it is the stream of a wanted client, and wanted itself.
    fn is_of(&self, stream: u32) -> bool {
        let filter = &self.filter;
        (filter.clients.is_empty() || self.streams.contains(&stream))
            && (filter.streams.is_empty() || filter.streams.contains(&stream))
    }

    fn is_type(&self, packet: &[u8]) -> bool {
        let types = &self.filter.types;
        types.is_empty() || PacketType::of(packet).is_some_and(|kind| types.contains(&kind))
    }

    /// Whether a packet passes.
    pub fn passes(&mut self, packet: &Observed<'_>) -> bool {
        let (filter, stream) = (&self.filter, packet.origin.stream);
        if !filter.clients.is_empty()
            && let Ok(Packet::Connect(connect)) = &packet.packet
        {
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
        let filter = &self.filter;
        self.is_of(stream)
            && self.is_type(packet.bytes)
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
        Ok(Packet::Publish(publish)) => matches(packet.alias_topic.unwrap_or(publish.topic)),
        Ok(Packet::Connect(connect)) => connect.will.is_some_and(|will| matches(will.topic)),
        Ok(Packet::Subscribe(subscribe)) => subscribe.filters.iter().any(|(f, _)| matches(f)),
        Ok(Packet::Unsubscribe(unsubscribe)) => unsubscribe
            .filters
            .iter()
            .any(|(filter, _)| matches(filter)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::{Chunk, Data, Dissector, Origin, Sink};

    /// Names what passes: packets by type, what is none by a small letter.
    struct Passed(Sieve, String);

    impl Sink for Passed {
        fn packet(&mut self, packet: &Observed<'_>) {
            if self.0.passes(packet) {
                let name = PacketType::of(packet.bytes).map_or("reserved", PacketType::name);
                self.1 += &format!("{name} ");
            }
        }
        fn skipped(&mut self, skipped: &Skipped<'_>) {
            if self.0.passes_skipped(skipped) {
                self.1 += "skipped ";
            }
        }
        fn partial(&mut self, partial: &Partial<'_>) {
            if self.0.passes_partial(partial) {
                self.1 += "partial ";
            }
        }
    }

    /// Two clients, `a` on stream 0 and `b` on stream 1.
    fn passed(filter: PacketFilter) -> String {
        let said: [(u32, &[u8]); 4] = [
            (0, b"\x10\x0e\0\x04MQTT\x05\x02\0\x3c\0\0\x01a"),
            // An alias set and used, then bytes in no packet.
            (
                0,
                b"\x30\x07\0\x01x\x03\x23\0\x01\x30\x06\0\0\x03\x23\0\x01\0\0\0",
            ),
            (
                1,
                b"\x10\x15\0\x04MQTT\x04\x06\0\x3c\0\x01b\0\x03w/1\0\x01m",
            ),
            // A wildcard, QoS 3, and a PUBLISH without its end.
            (
                1,
                b"\x82\x08\0\x01\0\x03w/#\0\x30\x03\0\x01#\xc0\0\x30\x05\0",
            ),
        ];
        let (mut dissector, mut passed) = (
            Dissector::default(),
            Passed(Sieve::new(filter), String::new()),
        );
        let ends = [(0, Data::End), (1, Data::End)];
        let bytes = said
            .iter()
            .map(|(stream, bytes)| (*stream, Data::Bytes(bytes)));
        for (stream, data) in bytes.chain(ends) {
            let origin = Origin {
                stream,
                ..Origin::default()
            };
            dissector.push(Chunk { origin, data }, &mut passed);
        }
        passed.1.trim_end().to_owned()
    }

    fn of(change: fn(&mut PacketFilter)) -> String {
        let mut filter = PacketFilter::default();
        change(&mut filter);
        passed(filter)
    }

    #[test]
    fn without_conditions_all_passes() {
        assert_eq!(
            of(|_| ()),
            "CONNECT PUBLISH PUBLISH skipped CONNECT SUBSCRIBE PUBLISH PINGREQ partial"
        );
    }

    #[test]
    fn conditions_choose() {
        assert_eq!(
            of(|f| f.types = vec![PacketType::Connect]),
            "CONNECT CONNECT"
        );
        assert_eq!(
            of(|f| f.types = vec![PacketType::Publish]),
            "PUBLISH PUBLISH PUBLISH partial"
        );
        assert_eq!(
            of(|f| f.clients = vec!["a".into()]),
            "CONNECT PUBLISH PUBLISH skipped"
        );
        assert_eq!(of(|f| f.clients = vec!["c".into()]), "");
        assert_eq!(
            of(|f| f.streams = vec![1]),
            "CONNECT SUBSCRIBE PUBLISH PINGREQ partial"
        );
        assert_eq!(of(|f| f.only_violations = true), "skipped PUBLISH partial");
    }

    #[test]
    fn topics_are_those_of_aliases_wills_and_filters_too() {
        assert_eq!(of(|f| f.topics = vec!["x".into()]), "PUBLISH PUBLISH");
        assert_eq!(of(|f| f.topics = vec!["w/1".into()]), "CONNECT");
        assert_eq!(of(|f| f.topics = vec!["w/#".into()]), "CONNECT SUBSCRIBE");
        assert_eq!(
            of(|f| (f.topics, f.types) = (vec!["#".into()], vec![PacketType::Publish])),
            "PUBLISH PUBLISH"
        );
    }
}
