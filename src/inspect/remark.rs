//! What the author of a packet may have meant, where nothing but the bytes can tell.

use super::Observed;
use super::dissect::other_than;
use crate::codec::{Packet, PacketType, Publish, QoS, Trace, Version};

/// What a packet would be in the other version, as nobody says which it is: 3.1.1 against 5.0.
/// `None` where it is the same, or its version is known.
#[must_use]
pub fn other_version(packet: &Observed<'_>) -> Option<String> {
    let same = [
        PacketType::Connect,
        PacketType::Pingreq,
        PacketType::Pingresp,
    ];
    if !packet.version_inferred
        || PacketType::of(packet.bytes).is_some_and(|kind| same.contains(&kind))
    {
        return None;
    }
    let other = other_than(packet.version);
    let flag = match other {
        Version::V5 => "-V 5",
        Version::V3_1 | Version::V3_1_1 => "-V 311",
    };
    let trace = Trace::of(packet.bytes, other);
    Some(match trace.violations.first() {
        Some(violation) => format!(
            "inferred; as {other} ({flag}) it would break {} at byte {}",
            violation.id(),
            violation.offset
        ),
        None => format!("inferred; as {other} ({flag}) it is valid too"),
    })
}

/// Says if a PUBLISH above QoS 0 makes more sense without its Packet Identifier, which has been
/// forgotten then.
///
/// A forgotten Packet Identifier breaks no rule that could be seen: the first two bytes of what
/// follows are taken for it.
#[must_use]
pub fn forgotten_packet_id(packet: &Observed<'_>) -> Option<String> {
    let trace;
    let publish = match &packet.packet {
        Ok(Packet::Publish(publish)) => publish,
        Ok(_) => return None,
        Err(_) => {
            trace = Trace::of(packet.bytes, packet.version);
            return without_packet_id(packet, trace.packet.as_ref().and_then(as_publish));
        }
    };
    match packet.version_inferred {
        true => without_packet_id(packet, Some(publish)),
        false => None,
    }
}

fn as_publish<'a, 'p>(packet: &'a Packet<'p>) -> Option<&'a Publish<'p>> {
    match packet {
        Packet::Publish(publish) => Some(publish),
        _ => None,
    }
}

fn without_packet_id(packet: &Observed<'_>, publish: Option<&Publish<'_>>) -> Option<String> {
    let first = *packet.bytes.first()?;
    if first >> 4 != PacketType::Publish as u8 || first & 0b0110 == 0 {
        return None;
    }
    if publish.is_some_and(|publish| publish.qos == QoS::AtMostOnce) {
        return None;
    }
    let lengths = packet
        .bytes
        .iter()
        .skip(1)
        .take_while(|byte| **byte >= 0x80);
    let body = packet.bytes.get(2 + lengths.count()..)?;
    let (length, rest) = body.split_first_chunk::<2>()?;
    let (_, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
    let qos = first >> 1 & 3;
    // MQTT 5.0 without properties, or an older one: a text that can be read.
    let (says, text) = match rest {
        [0, text @ ..] if text.len() > 1 => ("no properties and ", text),
        text if text.len() > 2 => ("", text),
        _ => return None,
    };
    let text = str::from_utf8(text).ok()?;
    if text.chars().any(char::is_control) {
        return None;
    }
    let shown: String = text.chars().take(40).collect();
    Some(format!(
        "was the Packet Identifier forgotten? Without one, there would be {says}the payload \
         {shown:?}; but QoS {qos} puts two bytes of it after the Topic Name"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Frame;
    use crate::inspect::Origin;

    fn observed(bytes: &[u8], version: Version, inferred: bool) -> Observed<'_> {
        let frame = Frame::parse(bytes, usize::MAX).expect("a frame");
        Observed {
            origin: Origin::default(),
            index: 0,
            offset: 0,
            version,
            version_inferred: inferred,
            bytes,
            packet: frame.expect("all of it").decode(version),
            alias_topic: None,
            findings: &[],
        }
    }

    #[test]
    fn a_forgotten_packet_id_is_noticed() {
        let (old, new) = (Version::V3_1_1, Version::V5);
        let forgotten = b"\x32\x0c\0\x04test\0hello";
        for packet in [
            observed(forgotten, old, true),
            observed(forgotten, new, false),
        ] {
            let remark = forgotten_packet_id(&packet).expect("a remark");
            assert!(
                remark.contains("no properties and the payload \"hello\""),
                "{remark}"
            );
        }
        let old_one = observed(b"\x32\x0b\0\x04testhello", old, true);
        assert!(forgotten_packet_id(&old_one).is_some());
        for fine in [
            observed(b"\x32\x0d\0\x04test\0\x01hello", old, true),
            observed(b"\x32\x0e\0\x04test\0\x01\0hello", new, true),
            observed(b"\x30\x0b\0\x04testhello", old, true),
            observed(b"\x32\x0b\0\x04testhello", old, false),
            observed(b"\xc0\0", old, true),
        ] {
            assert_eq!(forgotten_packet_id(&fine), None, "{:?}", fine.bytes);
        }
    }

    #[test]
    fn the_other_version_is_compared() {
        let both = observed(b"\x40\x02\0\x01", Version::V3_1_1, true);
        assert!(
            other_version(&both)
                .expect("a remark")
                .contains("valid too")
        );
        let old = observed(b"\x30\x05\0\x01ahi", Version::V3_1_1, true);
        assert!(
            other_version(&old)
                .expect("a remark")
                .contains("would break MQTT5-2.2.2.1")
        );
        assert_eq!(other_version(&observed(b"\xc0\0", Version::V5, true)), None);
        assert_eq!(
            other_version(&observed(b"\x40\x02\0\x01", Version::V5, false)),
            None
        );
    }
}
