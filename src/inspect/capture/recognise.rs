//! Whether bytes are MQTT, judged by what they say.
//!
//! Each Control Packet that decodes is evidence. [`ENOUGH`] of it cannot be chance: what TLS, HTTP,
//! SSH, text or noise send has a wrong packet type, flags or lengths within the first bytes.

use crate::codec::{Frame, MAX_PACKET_SIZE, PacketType, Version, check_topic_name};

/// Points that make a conversation MQTT.
pub(super) const ENOUGH: u32 = 4;

/// Points that do when there is nothing else in the conversation.
pub(super) const ENOUGH_ALONE: u32 = 2;

/// Which end of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Client,
    Server,
}

/// What the beginning of a stream gives away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    pub points: u32,
    /// Who sends such packets.
    pub sender: Option<Role>,
    /// Something in it cannot be MQTT.
    pub impossible: bool,
}

/// Weighs bytes that begin with a packet, and may end within one.
pub(super) fn weigh(mut bytes: &[u8]) -> Evidence {
    let mut evidence = Evidence::default();
    while evidence.points < ENOUGH && !bytes.is_empty() {
        let weight = match Frame::parse(bytes, MAX_PACKET_SIZE) {
            Ok(Some(frame)) => {
                bytes = bytes.get(frame.bytes().len()..).unwrap_or_default();
                whole(&frame)
            }
            Ok(None) => {
                let weight = begun(bytes);
                bytes = &[];
                weight
            }
            Err(_) => None,
        };
        let Some((points, sender)) = weight else {
            evidence.impossible = true;
            break;
        };
        evidence.points += points;
        evidence.sender = evidence.sender.or(sender);
    }
    evidence
}

/// Points for a packet, and who sends such.
type Weight = (u32, Option<Role>);

/// A whole packet.
fn whole(frame: &Frame<'_>) -> Option<Weight> {
    use PacketType as T;
    if frame.packet_type() == T::Connect && names_mqtt(frame.body()) == Some(true) {
        // Whatever else is wrong with it.
        return Some((ENOUGH, Some(Role::Client)));
    }
    let versions = [Version::V5, Version::V3_1_1, Version::V3_1];
    if !versions
        .iter()
        .any(|version| frame.decode(*version).is_ok())
    {
        return None;
    }
    Some(match frame.packet_type() {
        T::Connect | T::Subscribe | T::Unsubscribe => (4, Some(Role::Client)),
        T::Connack => (4, Some(Role::Server)),
        T::Publish => match frame.body() {
            [0, 0, ..] => (1, None),
            _ => (4, None),
        },
        T::Pingreq => (2, Some(Role::Client)),
        T::Suback | T::Unsuback | T::Pingresp => (2, Some(Role::Server)),
        T::Puback | T::Pubrec | T::Pubrel | T::Pubcomp => (2, None),
        T::Disconnect | T::Auth => (1, None),
    })
}

/// The beginning of a packet: whether it can be one, and what it proves already.
fn begun(bytes: &[u8]) -> Option<Weight> {
    let kind = PacketType::of(bytes)?;
    let Some(length) = bytes.iter().skip(1).take(4).position(|byte| *byte < 0x80) else {
        return Some((0, None));
    };
    let remaining = bytes
        .iter()
        .skip(1)
        .take(length + 1)
        .rev()
        .fold(0, |sum, byte| sum << 7 | usize::from(byte & 0x7f));
    let body = bytes.get(length + 2..)?;
    match kind {
        PacketType::Connect => match names_mqtt(body) {
            Some(true) => Some((ENOUGH, Some(Role::Client))),
            Some(false) => None,
            None => Some((0, None)),
        },
        PacketType::Publish => begun_publish(body, remaining),
        PacketType::Pingreq | PacketType::Pingresp => None,
        // Nobody sends an acknowledgement of megabytes.
        _ => (remaining < 1 << 20).then_some((0, None)),
    }
}

/// The beginning of a PUBLISH proves something once its Topic Name is there.
fn begun_publish(body: &[u8], remaining: usize) -> Option<Weight> {
    let Some(length) = body.first_chunk() else {
        return Some((0, None));
    };
    let length = usize::from(u16::from_be_bytes(*length));
    if length + 2 > remaining {
        return None;
    }
    match body.get(2..length + 2) {
        None => Some((0, None)),
        Some(name) => {
            let name = core::str::from_utf8(name).ok()?;
            if !name.is_empty() && check_topic_name(name).is_err() {
                return None;
            }
            let points = match length {
                0 => 0,
                1..4 => 2,
                _ => ENOUGH,
            };
            Some((points, None))
        }
    }
}

/// Whether the body of a CONNECT begins with a Protocol Name of MQTT; `None`: it may yet.
fn names_mqtt(body: &[u8]) -> Option<bool> {
    let names: [&[u8]; 2] = [b"\0\x04MQTT", b"\0\x06MQIsdp"];
    if names.iter().any(|name| body.starts_with(name)) {
        return Some(true);
    }
    match names.iter().any(|name| name.starts_with(body)) {
        true => None,
        false => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(bytes: &[u8]) -> Option<u32> {
        let evidence = weigh(bytes);
        (!evidence.impossible).then_some(evidence.points)
    }

    #[test]
    fn packets_are_evidence() {
        let connect = b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0";
        assert_eq!(weigh(connect).sender, Some(Role::Client));
        for end in 1..=connect.len() {
            let proven = if end < 8 { 0 } else { ENOUGH };
            assert_eq!(points(&connect[..end]), Some(proven), "{end}");
        }
        // Even if it is broken.
        assert_eq!(
            points(b"\x10\x0c\0\x04MQTT\x04\xff\0\x3c\0\0"),
            Some(ENOUGH)
        );
        assert_eq!(points(b"\x20\x02\0\0"), Some(ENOUGH));
        assert_eq!(points(b"\xc0\0"), Some(2));
        assert_eq!(points(b"\xd0\0\x40\x02\0\x01"), Some(4));
        assert_eq!(points(b"\x30\x05\0\x01ahi"), Some(4));
        // A large PUBLISH, whose end is not there.
        assert_eq!(points(b"\x30\xff\xff\x03\0\x05a/b/chello"), Some(ENOUGH));
        assert_eq!(points(b"\x30\xff\xff\x03\0\x05a/"), Some(0));
    }

    #[test]
    fn other_protocols_are_none() {
        for other in [
            &b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"[..],
            b"GET / HTTP/1.1\r\n",
            b"HTTP/1.1 200 OK\r\n",
            b"POST / HTTP/1.1\r\nHost: a\r\n\r\nPUBLISH a message to the world, and be glad, all of you",
            b"SSH-2.0-OpenSSH_9.2\r\n",
            b"220 mail.example.org ESMTP ready, and this line is longer than its second byte says\r\n",
            b"*1\r\n$4\r\nPING\r\n",
            // LDAP, whose first byte is that of a PUBLISH.
            b"\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\0\x80\0",
            b"\x30\x84\0\0\0\x10\x02\x01\x01",
            // PostgreSQL, MySQL, DNS.
            b"\0\0\0\x08\x04\xd2\x16\x2f",
            b"\x4a\0\0\0\x0a8.0.36\0",
            b"\0\x1d\x12\x34\x01\0\0\x01",
            // A PUBLISH with a wildcard in its topic, a PINGREQ with a body.
            b"\x30\x03\0\x01#",
            b"\xc0\x01a",
            b"\x10\x0c\0\x04XXXX",
        ] {
            assert_eq!(points(other), None, "{}", other.escape_ascii());
        }
    }
}
