//! Tests of the whole codec. Those that begin with `mqtt_` are named for the statement they
//! prove; where 3.1.1 and 5.0 number it differently, the name ends with the version.

mod acks;
mod connack;
mod connect;
mod corpus;
mod header;
pub(crate) mod model;
mod properties;
mod publish;
mod round_trip;
mod strings;
mod subscribe;
mod survive;
mod topics;

use super::{Frame, Packet, Trace, Version, Violation};

const V3_1: Version = Version::V3_1;
const V3_1_1: Version = Version::V3_1_1;
const V5: Version = Version::V5;
const BOTH: [Version; 2] = [V3_1_1, V5];

/// Decodes one whole packet strictly.
fn decode(bytes: &[u8], version: Version) -> Result<Packet<'_>, Violation> {
    let frame = Frame::parse(bytes, usize::MAX).map_err(|v| v.in_version(version))?;
    let frame = frame.expect("a whole packet");
    assert_eq!(frame.bytes().len(), bytes.len(), "one packet");
    frame.decode(version)
}

/// A packet with the Remaining Length that its parts have.
fn packet(first_byte: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut packet = vec![first_byte];
    let mut length = body.len();
    while length >= 0x80 {
        packet.push(length as u8 | 0x80);
        length >>= 7;
    }
    packet.push(length as u8);
    packet.extend(body);
    packet
}

/// A CONNECT with these flags, no properties, and this payload.
fn connect(version: Version, flags: u8, payload: &[&[u8]]) -> Vec<u8> {
    let name = string(version.protocol_name().as_bytes());
    let fixed = [version.level(), flags, 0, 60];
    let parts = [&name, &fixed[..], none(version), &payload.concat()];
    packet(0x10, &parts)
}

/// No properties: a zero in 5.0, nothing before.
fn none(version: Version) -> &'static [u8] {
    match version {
        Version::V5 => &[0],
        _ => &[],
    }
}

/// Bytes with their length before them.
fn string(bytes: &[u8]) -> Vec<u8> {
    let len = u16::try_from(bytes.len()).expect("a short string");
    [&len.to_be_bytes(), bytes].concat()
}

/// The packet breaks this statement, found strictly and in the trace, and no other.
#[track_caller]
fn breaks(id: &str, version: Version, bytes: &[u8]) {
    let violation = decode(bytes, version).expect_err(id);
    assert_eq!(violation.id(), id, "{version}: {violation}");
    let trace = Trace::of(bytes, version);
    let ids: Vec<_> = trace.violations.iter().map(Violation::id).collect();
    assert_eq!(ids, [id], "{version}");
}

/// The packet breaks a general statement first and this one, which says it of a field, too.
#[track_caller]
fn breaks_both(general: &str, id: &str, version: Version, bytes: &[u8]) {
    let violation = decode(bytes, version).expect_err(id);
    assert_eq!(violation.id(), general, "{version}: {violation}");
    let trace = Trace::of(bytes, version);
    let ids: Vec<_> = trace.violations.iter().map(Violation::id).collect();
    assert_eq!(ids, [general, id], "{version}");
}

/// The packet is as it should be.
#[track_caller]
fn allows(version: Version, bytes: &[u8]) {
    if let Err(violation) = decode(bytes, version) {
        panic!("{version}: {violation}");
    }
    let trace = Trace::of(bytes, version);
    assert_eq!(trace.violations, [], "{version}");
    assert_eq!(trace.packet, decode(bytes, version).ok());
}

#[test]
fn packets_and_violations_are_small() {
    assert!(size_of::<Violation>() <= 32);
    assert!(
        size_of::<Packet<'_>>() <= 152,
        "{}",
        size_of::<Packet<'_>>()
    );
    assert!(size_of::<Option<Frame<'_>>>() <= 24);
}

#[test]
fn identifiers_say_their_version() {
    for rule in super::rules::ALL {
        let forms = [
            &["MQTT31-"][..],
            &["MQTT-", "MQTT311-"],
            &["MQTT-", "MQTT5-"],
        ];
        for (id, forms) in rule.ids.iter().zip(forms) {
            let fits = |id: &str| forms.iter().any(|form| id.starts_with(form));
            assert!(id.is_none_or(fits), "{id:?}");
        }
        let said = [rule.demand, rule.hint];
        assert!(
            said.iter()
                .all(|text| !text.is_empty() && !text.ends_with('.')),
            "{said:?}"
        );
    }
}

#[test]
fn a_violation_reads_well() {
    let violation = decode(b"\x82\x02\x00\x01", V3_1_1).expect_err("no filter");
    assert_eq!(
        violation.to_string(),
        "broke MQTT-3.8.3-3 at byte 4: a SUBSCRIBE must have at least one Topic Filter"
    );
    let violation = decode(b"\x40\x01\x00", V5).expect_err("cut");
    assert_eq!(
        violation.to_string(),
        "broke MQTT5-2.1.4 at byte 2: the Remaining Length must cover every field of the packet \
         (Packet Identifier)"
    );
    assert!(violation.is(&super::rules::TRUNCATED));
}
