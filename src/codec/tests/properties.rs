//! Properties: which, where, how often, with which values.

use super::*;
use crate::codec::{Got, PacketType, Place, PropertyId, ValueType};

/// A packet that carries these properties; `None` is a Will.
fn carrying(place: Option<PacketType>, properties: &[u8]) -> Vec<u8> {
    let len = [properties.len() as u8];
    let properties = &[&len, properties].concat()[..];
    let Some(packet_type) = place else {
        return connect(
            V5,
            6,
            &[&string(b"id"), properties, &string(b"w"), &string(b"p")],
        );
    };
    let first = packet_type.first_byte();
    let id: &[u8] = &[0, 1];
    match packet_type {
        PacketType::Connect => packet(
            first,
            &[&string(b"MQTT"), &[5, 2, 0, 60], properties, &string(b"id")],
        ),
        PacketType::Connack => packet(first, &[&[0, 0], properties]),
        PacketType::Publish => packet(first, &[&string(b"a"), properties, b"payload"]),
        PacketType::Subscribe => packet(first, &[id, properties, &string(b"a"), &[0]]),
        PacketType::Unsubscribe => packet(first, &[id, properties, &string(b"a")]),
        PacketType::Suback | PacketType::Unsuback => packet(first, &[id, properties, &[0]]),
        PacketType::Disconnect | PacketType::Auth => packet(first, &[&[0], properties]),
        _ => packet(first, &[id, &[0], properties]),
    }
}

/// The packet type of every kind of packet with properties, and a Will.
fn places() -> impl Iterator<Item = Option<PacketType>> {
    let has = |t: &PacketType| !matches!(t, PacketType::Pingreq | PacketType::Pingresp);
    PacketType::ALL
        .into_iter()
        .filter(has)
        .map(Some)
        .chain([None])
}

fn as_place(place: Option<PacketType>) -> Place {
    place.map_or(Place::WILL, Place::from)
}

/// The property with a value that it may have, and what it needs beside it.
fn encoded(id: PropertyId) -> Vec<u8> {
    let value: &[u8] = match id.value_type() {
        ValueType::Byte | ValueType::Variable => &[1],
        ValueType::TwoByte => &[0, 1],
        ValueType::FourByte => &[0, 0, 0, 1],
        ValueType::String | ValueType::Binary => b"\x00\x01x",
        ValueType::Pair => b"\x00\x01n\x00\x01v",
    };
    [&[id as u8], value].concat()
}

/// What AUTH and Authentication Data need beside them.
fn method(place: Option<PacketType>, id: PropertyId) -> &'static [u8] {
    let needed = place == Some(PacketType::Auth) || id == PropertyId::AuthenticationData;
    match needed && id != PropertyId::AuthenticationMethod {
        true => b"\x15\x00\x01m",
        false => b"",
    }
}

#[test]
fn every_property_stands_only_in_its_packets() {
    for place in places() {
        for id in PropertyId::ALL {
            let allowed = id.allowed_in(as_place(place));
            let beside = if allowed {
                method(place, id)
            } else {
                method(place, PropertyId::ReasonString)
            };
            let bytes = carrying(place, &[beside, &encoded(id)].concat());
            if allowed {
                allows(V5, &bytes);
            } else {
                let violation = decode(&bytes, V5).expect_err(id.name());
                assert_eq!(violation.id(), "MQTT5-2.2.2.2", "{place:?}");
                assert_eq!(violation.got, Some(Got::Property(id)));
            }
        }
    }
}

#[test]
fn every_property_but_two_stands_once() {
    for place in places() {
        for id in PropertyId::ALL
            .into_iter()
            .filter(|id| id.allowed_in(as_place(place)))
        {
            let bytes = carrying(
                place,
                &[method(place, id), &encoded(id), &encoded(id)].concat(),
            );
            let repeats = id == PropertyId::UserProperty
                || id == PropertyId::SubscriptionIdentifier && place == Some(PacketType::Publish);
            match repeats {
                true => allows(V5, &bytes),
                false => breaks("MQTT5-2.2.2", V5, &bytes),
            }
        }
    }
}

#[test]
fn unknown_properties() {
    let known = |id: &u8| PropertyId::from_number(*id).is_some();
    for id in (0..=255).filter(|id| !known(id)) {
        breaks(
            "MQTT5-2.2.2.2",
            V5,
            &carrying(Some(PacketType::Publish), &[id, 0]),
        );
    }
}

#[test]
fn properties_of_one_byte_are_0_or_1() {
    use PacketType::*;
    let bytes_of = [
        (
            PropertyId::PayloadFormatIndicator,
            Publish,
            "MQTT5-3.3.2.3.2",
        ),
        (
            PropertyId::RequestProblemInformation,
            Connect,
            "MQTT5-3.1.2.11.7",
        ),
        (
            PropertyId::RequestResponseInformation,
            Connect,
            "MQTT5-3.1.2.11.6",
        ),
        (PropertyId::MaximumQoS, Connack, "MQTT5-3.2.2.3.4"),
        (PropertyId::RetainAvailable, Connack, "MQTT5-3.2.2.3.5"),
        (
            PropertyId::WildcardSubscriptionAvailable,
            Connack,
            "MQTT5-3.2.2.3.11",
        ),
        (
            PropertyId::SubscriptionIdentifierAvailable,
            Connack,
            "MQTT5-3.2.2.3.12",
        ),
        (
            PropertyId::SharedSubscriptionAvailable,
            Connack,
            "MQTT5-3.2.2.3.13",
        ),
    ];
    for (id, packet_type, rule) in bytes_of {
        for value in 0..=255 {
            let bytes = carrying(Some(packet_type), &[id as u8, value]);
            match value {
                0 | 1 => allows(V5, &bytes),
                _ => breaks(rule, V5, &bytes),
            }
        }
    }
}

#[test]
fn numbers_that_must_not_be_0() {
    use PacketType::*;
    for place in [Connect, Connack] {
        breaks(
            "MQTT5-3.1.2.11.3",
            V5,
            &carrying(Some(place), &[0x21, 0, 0]),
        );
        breaks(
            "MQTT5-3.1.2.11.4",
            V5,
            &carrying(Some(place), &[0x27, 0, 0, 0, 0]),
        );
        allows(V5, &carrying(Some(place), &[0x22, 0, 0]));
    }
    for place in [Publish, Subscribe] {
        breaks("MQTT5-3.8.2.1.2", V5, &carrying(Some(place), &[0x0B, 0]));
        allows(V5, &carrying(Some(place), &[0x0B, 0xFF, 0xFF, 0xFF, 0x7F]));
        // Over 268,435,455.
        let over = carrying(Some(place), &[0x0B, 0x80, 0x80, 0x80, 0x80, 0x01]);
        assert_eq!(
            decode(&over, V5).expect_err("too large").id(),
            "MQTT5-1.5.5"
        );
    }
}

#[test]
fn authentication_data_needs_a_method() {
    for place in [PacketType::Connect, PacketType::Connack] {
        breaks(
            "MQTT5-3.1.2.11.10",
            V5,
            &carrying(Some(place), b"\x16\x00\x01x"),
        );
        allows(V5, &carrying(Some(place), b"\x16\x00\x01x\x15\x00\x01m"));
    }
}

#[test]
fn mqtt_2_2_2_1_a_property_length_is_always_there() {
    breaks("MQTT-2.2.2-1", V5, b"\x20\x02\x00\x00");
    for first in [0x82, 0x90, 0xA2, 0xB0] {
        breaks("MQTT-2.2.2-1", V5, &packet(first, &[&[0, 1]]));
    }
    breaks("MQTT-2.2.2-1", V5, &packet(0x30, &[&string(b"a")]));
    breaks("MQTT-2.2.2-1", V5, &packet(0x32, &[&string(b"a"), &[0, 1]]));
    breaks(
        "MQTT-2.2.2-1",
        V5,
        &packet(0x10, &[&string(b"MQTT"), &[5, 2, 0, 60]]),
    );
}

#[test]
fn a_property_length_ends_with_the_packet_at_most() {
    for place in places() {
        let mut bytes = carrying(place, &encoded(PropertyId::UserProperty));
        let at = bytes
            .iter()
            .rposition(|&byte| byte == 7)
            .expect("Property Length");
        bytes[at] = 0x7F;
        let violation = decode(&bytes, V5).expect_err("too long");
        assert_eq!(violation.id(), "MQTT5-2.2.2.1", "{place:?}");
    }
}

#[test]
fn a_property_length_ends_with_a_property() {
    // The last property is cut by the Property Length, in each of its bytes.
    for id in PropertyId::ALL {
        let Some(place) = places().find(|place| id.allowed_in(as_place(*place))) else {
            panic!("{} stands nowhere", id.name());
        };
        let whole = encoded(id);
        for len in 1..whole.len() {
            let bytes = carrying(place, &whole[..len]);
            let violation = decode(&bytes, V5).expect_err(id.name());
            assert_eq!(violation.id(), "MQTT5-2.2.2.1", "{}", id.name());
        }
    }
}

#[test]
fn before_5_0_there_are_no_properties() {
    // What would be a Property Length is payload.
    let bytes = packet(0x30, &[&string(b"a"), b"\x02\x01\x01"]);
    let Ok(Packet::Publish(publish)) = decode(&bytes, V3_1_1) else {
        panic!("a PUBLISH");
    };
    assert!(publish.properties.is_empty());
    assert_eq!(publish.payload, b"\x02\x01\x01");
}
