//! What a strict server must refuse, and what it must not: each rule broken by one change to a
//! good packet, in every version that has the rule, after a CONNECT and alone.

mod bytes;
mod cases;
mod connects;

use crate::codec::{Frame, PacketType, Version};
use crate::inspect::{
    Chunk, Data, Dissector, DissectorOptions, Finding, Observed, Origin, Partial, Sink, Skipped,
};

use Version::{V3_1, V3_1_1, V5};

use bytes::*;
use cases::{in_5_0, in_every_version};
use connects::connects;

/// The identifiers that were found, and what was said.
#[derive(Default)]
struct Found(Vec<(&'static str, String)>);

impl Found {
    fn add(&mut self, findings: &[Finding]) {
        let found = findings.iter();
        self.0
            .extend(found.map(|finding| (finding.id, finding.message.to_string())));
    }
}

impl Sink for Found {
    fn packet(&mut self, packet: &Observed<'_>) {
        self.add(packet.findings);
    }
    fn skipped(&mut self, _: &Skipped<'_>) {}
    fn partial(&mut self, partial: &Partial<'_>) {
        self.add(partial.findings);
    }
}

fn hear(bytes: &[u8], version: Option<Version>) -> Vec<(&'static str, String)> {
    let mut dissector = Dissector::new(DissectorOptions { version });
    let mut found = Found::default();
    for data in [Data::Bytes(bytes), Data::End] {
        let origin = Origin::default();
        dissector.push(Chunk { origin, data }, &mut found);
    }
    found.0
}

fn find(bytes: &[u8], version: Option<Version>) -> Vec<&'static str> {
    hear(bytes, version).into_iter().map(|(id, _)| id).collect()
}

#[track_caller]
fn check(bytes: &[u8], version: Option<Version>, id: &str) {
    let found = find(bytes, version);
    let right = match id {
        "" => found.is_empty(),
        id => found.contains(&id),
    };
    assert!(right, "{bytes:02x?}: {id:?}, but found {found:?}");
}

#[test]
fn each_packet_by_itself() {
    for version in Version::ALL {
        for (bytes, ids) in in_every_version(version) {
            check(&bytes, Some(version), ids[version as usize - 3]);
        }
    }
    for (bytes, [.., id]) in in_5_0() {
        check(&bytes, Some(V5), id);
    }
}

#[test]
fn each_packet_after_a_connect() {
    for version in Version::ALL {
        let connect = connect(version);
        for (bytes, ids) in in_every_version(version) {
            let id = ids[version as usize - 3];
            check(&[&connect[..], &bytes].concat(), None, id);
        }
    }
    for (bytes, [.., id]) in in_5_0() {
        check(&[&connect(V5)[..], &bytes].concat(), None, id);
    }
}

/// Without a CONNECT, and without being told the version: what is good in either is good, and what
/// is wrong in both is cited as it should be, if need be beside the other version's statement.
#[test]
fn each_packet_of_a_version_that_nobody_told() {
    let cases = [V3_1_1, V5].map(|version| {
        let cases = in_every_version(version).into_iter();
        cases.map(move |(bytes, ids)| (bytes, ids[version as usize - 3]))
    });
    let in_5_0 = in_5_0().into_iter().map(|(bytes, [.., id])| (bytes, id));
    for (bytes, id) in cases.into_iter().flatten().chain(in_5_0) {
        let is_good = |version| {
            let frame = Frame::parse(&bytes, usize::MAX);
            matches!(frame, Ok(Some(frame)) if frame.decode(version).is_ok())
        };
        let found = hear(&bytes, None);
        if is_good(V3_1_1) || is_good(V5) || id.is_empty() {
            assert_eq!(found, [], "{bytes:02x?}");
            continue;
        }
        let is_cited = |(found, message): &(&str, String)| *found == id || message.ends_with(id);
        assert!(
            found.iter().any(is_cited),
            "{bytes:02x?}: {id}, but {found:?}"
        );
    }
}

/// What ends too early, which is not to be seen before the end.
#[test]
fn each_packet_cut_short() {
    let ids = ["MQTT31-2.1", "MQTT311-2.2.3", "MQTT5-2.1.4"];
    for version in Version::ALL {
        let id = ids[version as usize - 3];
        for (bytes, [.., fault]) in in_every_version(version) {
            for len in 1..bytes.len() {
                let begun = [&connect(version)[..], &bytes[..len]].concat();
                let found = find(&begun, None);
                if fault.is_empty() && version == V5 {
                    assert_eq!(found, [id], "{begun:02x?}");
                }
            }
        }
        let connect = connect(version);
        for len in 1..connect.len() {
            assert_eq!(find(&connect[..len], Some(version)), [id]);
        }
    }
}

#[test]
fn each_connect() {
    for (bytes, id) in connects() {
        check(&bytes, None, id);
    }
}

/// All that a client must not say after its CONNECT, whatever the server answers.
#[test]
fn conversations_of_a_client() {
    let cases: [(Version, &[u8], &str); 16] = [
        (
            V3_1_1,
            b"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02me",
            "MQTT-3.1.0-2",
        ),
        (
            V5,
            b"\x10\x0f\0\x04MQTT\x05\x02\0\x3c\0\0\x02me",
            "MQTT-3.1.0-2",
        ),
        (V3_1_1, b"\xe0\0\xc0\0", "MQTT-3.14.4-2"),
        (V5, b"\xe0\0\xc0\0", "MQTT-3.14.4-1"),
        (V5, b"\x30\x06\0\x01a\x02\x0b\x01", "MQTT-3.3.4-6"),
        (V5, b"\x30\x06\0\0\x03\x23\0\x01", "MQTT5-3.3.2.3.4"),
        (V5, b"\xe0\x07\0\x05\x11\0\0\0\x0a", "MQTT5-3.14.2.2.2"),
        (V5, b"\xe0\x01\x8b", "MQTT-3.14.2-1"),
        (V5, b"\xf0\x06\x18\x04\x15\0\x01m", "MQTT-4.12.0-7"),
        (V3_1_1, b"\xf0\0", "MQTT311-2.2.1"),
        (V3_1, b"\xf0\0", "MQTT31-2.1"),
        (V3_1_1, b"\xd0\0", "MQTT-3.2.0-1"),
        (V5, b"\x90\x04\0\x01\0\0", "MQTT-3.2.0-1"),
        (V5, b"\xb0\x04\0\x01\0\0", "MQTT-3.2.0-1"),
        (V3_1_1, b"\x32\x05\0\x01a\0\x01\x82\x06\0\x01\0\x01a\0", ""),
        (V5, b"\xe0\x07\x04\x05\x11\0\0\0\0", ""),
    ];
    for (version, bytes, id) in cases {
        check(&[&connect(version)[..], bytes].concat(), None, id);
    }
}

/// Where it is not known who sends, the order still tells: nobody speaks before CONNECT.
#[test]
fn packets_before_connect() {
    for version in Version::ALL {
        let id = ["MQTT31-3.1", "MQTT-3.1.0-1", "MQTT-3.1.0-1"][version as usize - 3];
        let none = none(version);
        let firsts = [
            packet(0x30, &[&string(b"a"), none]),
            packet(0x82, &[&[0, 1], none, &string(b"a"), &[0]]),
            vec![0x40, 2, 0, 1],
            vec![0x62, 2, 0, 1],
            vec![0xc0, 0],
            vec![0xd0, 0],
        ];
        for first in firsts {
            check(&[&first[..], &connect(version)].concat(), None, id);
        }
    }
}

#[test]
fn authentication_before_connack() {
    let connect = with_properties(Some(PacketType::Connect), b"\x15\0\x01m");
    for (auth, id) in [
        (&b"\xf0\x06\x18\x04\x15\0\x01m"[..], ""),
        (b"\xf0\x06\x18\x04\x15\0\x01n", "MQTT-4.12.0-5"),
        (b"\xf0\x06\0\x04\x15\0\x01m", "MQTT-3.15.2-1"),
    ] {
        check(&[&connect[..], auth].concat(), None, id);
    }
}
