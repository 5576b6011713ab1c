//! One packet as it is read: quickly where nothing is wrong with it, thoroughly else.

use super::inference::Inference;
use crate::codec::{Frame, Packet, PacketType, ReasonCode, Trace, Version, Violation, rules};
use crate::inspect::Time;
use crate::inspect::conversation::Seen;
use crate::session::Role;

/// A packet that was read.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub version: Version,
    /// Whether the version is a guess.
    pub is_guess: bool,
    pub packet: Result<Packet<'a>, Violation>,
    /// Whether it could not be read to its end: what belongs to it may come after it.
    pub is_cut: bool,
    packet_type: Option<PacketType>,
}

impl<'a> Reading<'a> {
    /// Reads the packet that `bytes` are; what is wrong with it goes to `violations`.
    pub fn of(bytes: &'a [u8], inference: &mut Inference, violations: &mut Vec<Violation>) -> Self {
        let version = version_of(bytes, inference);
        let packet = Frame::parse(bytes, usize::MAX)
            .ok()
            .flatten()
            .and_then(|frame| frame.decode(version).ok())
            .filter(|packet| !breaks_lenient_rule(packet));
        let reading = match packet {
            Some(packet) => Reading {
                version: match packet {
                    Packet::Connect(connect) => connect.version,
                    _ => version,
                },
                is_guess: false,
                is_cut: false,
                packet_type: Some(packet.packet_type()),
                packet: Ok(packet),
            },
            None => Self::faulty(bytes, version, violations),
        };
        if reading.packet_type == Some(PacketType::Connect) {
            inference.set(reading.version);
        }
        Reading {
            is_guess: inference.is_guess(),
            ..reading
        }
    }

    #[cold]
    fn faulty(bytes: &'a [u8], version: Version, violations: &mut Vec<Violation>) -> Self {
        let trace = Trace::of(bytes, version);
        violations.extend_from_slice(&trace.violations);
        let first = trace.violations.first().copied();
        // A frame that is none has been found at fault in its first bytes.
        let fault = || Violation::new(&rules::TRUNCATED, trace.version, bytes.len(), None);
        Reading {
            version: trace.version,
            is_guess: false,
            is_cut: trace.packet.is_none(),
            packet: match (trace.packet, first) {
                (Some(packet), None) => Ok(packet),
                (_, first) => Err(first.unwrap_or_else(fault)),
            },
            packet_type: trace.packet_type,
        }
    }

    /// The packet as the conversation sees it.
    pub fn seen<'r>(
        &'r self,
        bytes: &'a [u8],
        sender: Option<Role>,
        time: Option<Time>,
    ) -> Seen<'r, 'a> {
        Seen {
            bytes,
            packet: self.packet.as_ref().ok(),
            packet_type: self.packet_type,
            version: self.version,
            sender,
            time,
        }
    }
}

/// The version that a packet is written in: that of the conversation, unless a server older than
/// 5.0 refuses a CONNECT of 5.0 (3.1.1: MQTT-3.1.2-2).
fn version_of(bytes: &[u8], inference: &Inference) -> Version {
    const REFUSAL: [u8; 4] = [
        PacketType::Connack.first_byte(),
        2,
        0,
        ReasonCode::V3_UNACCEPTABLE_PROTOCOL_VERSION.value(),
    ];
    match inference.version() {
        Version::V5 if bytes == REFUSAL => Version::V3_1_1,
        version => version,
    }
}

/// Whether the packet breaks one of the rules that the decoder leaves to the receiver.
fn breaks_lenient_rule(packet: &Packet<'_>) -> bool {
    match packet {
        Packet::Publish(publish) => publish.check_payload_format().is_err(),
        Packet::Connect(connect) => {
            connect.check_client_id().is_err()
                || connect
                    .will
                    .is_some_and(|will| will.check_payload_format().is_err())
        }
        _ => false,
    }
}
