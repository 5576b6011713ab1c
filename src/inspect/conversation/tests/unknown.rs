//! What is not known is not wrong.

use super::*;

#[test]
fn what_is_not_known_is_not_wrong() {
    let lost = |direction: Direction, after: &[Said]| {
        let (mut dissector, mut found) = (Dissector::default(), Found::default());
        for (direction, bytes) in [CONNECT_5, CONNACK_5] {
            let (origin, data) = (origin(direction), Data::Bytes(bytes));
            dissector.push(Chunk { origin, data }, &mut found);
        }
        let (origin_of_gap, data) = (origin(direction), Data::Gap(100));
        let chunk = Chunk {
            origin: origin_of_gap,
            data,
        };
        dissector.push(chunk, &mut found);
        for (direction, bytes) in after {
            let (origin, data) = (origin(*direction), Data::Bytes(bytes));
            dissector.push(Chunk { origin, data }, &mut found);
        }
        found.ids
    };
    let suback: Said = (S, b"\x90\x04\x00\x01\x00\x00");
    let alias: Said = (C, b"\x30\x06\x00\x00\x03\x23\x00\x02");
    assert_eq!(lost(C, &[(S, PUBACK), suback, PINGRESP, (C, PUBREL)]), []);
    assert_eq!(lost(S, &[(C, QOS_1_5), (C, QOS_1_5), (C, PUBACK)]), []);
    // What has nothing to do with what was lost is wrong as before.
    assert_eq!(
        lost(S, &[alias]),
        [(2, "MQTT-3.3.2-9"), (2, "MQTT5-3.3.2.3.4")]
    );
    assert_eq!(lost(C, &[alias]), [(2, "MQTT-3.3.2-9")]);

    // Nor is an alias forgotten that the other end has set.
    let (mut dissector, mut found) = (Dissector::default(), Found::default());
    for (direction, data) in [
        (C, Data::Bytes(CONNECT_5.1)),
        (S, Data::Bytes(b"\x20\x06\x00\x00\x03\x22\x00\x02")),
        (C, Data::Bytes(b"\x30\x07\x00\x01a\x03\x23\x00\x01")),
        (S, Data::Gap(7)),
        (C, Data::Bytes(b"\x30\x06\x00\x00\x03\x23\x00\x01")),
    ] {
        let origin = origin(direction);
        dissector.push(Chunk { origin, data }, &mut found);
    }
    assert_eq!(found.ids, []);

    // Late: the acknowledgement overtook what it is for.
    let (mut dissector, mut found) = (Dissector::default(), Found::default());
    for (direction, data) in [
        (C, Data::Bytes(CONNECT_5.1)),
        (S, Data::Bytes(CONNACK_5.1)),
        (C, Data::Late),
        (S, Data::Bytes(PUBACK)),
        (C, Data::Bytes(QOS_1_5)),
        (C, Data::Bytes(QOS_1_5)),
    ] {
        let origin = origin(direction);
        dissector.push(Chunk { origin, data }, &mut found);
    }
    assert_eq!(found.ids, []);

    // Joined late, which a gap of unknown size says.
    let (mut dissector, mut found) = (Dissector::default(), Found::default());
    for (direction, data) in [
        (C, Data::Gap(0)),
        (C, Data::Bytes(QOS_1_5)),
        (S, Data::Gap(0)),
        (S, Data::Bytes(PUBACK)),
        (S, Data::Bytes(PUBACK)),
        (S, Data::Bytes(b"\x90\x04\x00\x01\x00\x00")),
        (S, Data::Bytes(b"\xd0\x00")),
    ] {
        let origin = origin(direction);
        dissector.push(Chunk { origin, data }, &mut found);
    }
    assert_eq!(found.ids, []);
}
