//! A packet with all its fields and all its faults, for people to look at.

use super::decode::decode;
use super::frame::{peek_connect_version, peek_header};
use super::reader::Reader;
use super::visit::{Field, FieldValue, Visitor};
use super::{Got, Packet, PacketType, Version, Violation, rules};
use std::fmt;
use std::ops::ControlFlow;

/// How many rows and violations of a packet are told. A stranger's packet may have millions, which
/// nobody reads.
const MAX_ROWS: usize = 16 * 1024;
const MAX_VIOLATIONS: usize = 1024;

/// One packet as the decoder went through it: every field with its bytes and bits, every rule
/// it breaks.
///
/// ```
/// use mqtk::codec::{Trace, Version};
///
/// let trace = Trace::of(b"\x3e\x07\x00\x03a/#\x00\x00", Version::V3_1_1);
/// let ids: Vec<_> = trace.violations.iter().map(|v| (v.id(), v.offset)).collect();
/// // QoS 3, a wildcard in the Topic Name, Packet Identifier 0.
/// assert_eq!(ids, [("MQTT-3.3.1-4", 0), ("MQTT-3.3.2-2", 6), ("MQTT-2.3.1-1", 7)]);
/// assert_eq!(trace.rows[7].field.name, "Topic Name");
/// ```
#[derive(Clone)]
pub struct Trace<'a> {
    /// The version it was read as: a CONNECT's own, if that can be told.
    pub version: Version,
    /// The packet's type, if there is such a type.
    pub packet_type: Option<PacketType>,
    /// The fields in the order of the wire, groups and flag bytes before their parts; of more than
    /// 16,384, the first.
    pub rows: Vec<Row<'a>>,
    /// Every rule that the packet breaks, in the order they were found; of more than 1,024, the
    /// first.
    pub violations: Vec<Violation>,
    /// The packet, if it could be read to its end. Where a rule was broken it may hold stand-ins
    /// for values that cannot be: an empty string for ill-formed text, 1 for a Packet Identifier
    /// of 0, QoS 2 for QoS 3.
    pub packet: Option<Packet<'a>>,
    /// The bytes of the input that belong to the packet.
    pub bytes: &'a [u8],
    /// The packet's size as the Fixed Header has it, if that could be read.
    pub size: Option<usize>,
}

/// A field and its depth in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// 0 for a field of the packet, more for a part of the row above with a smaller depth.
    pub depth: u8,
    /// The field.
    pub field: Field<'a>,
}

impl<'a> Trace<'a> {
    /// Reads the packet at the start of `input`, whatever its faults. If `input` ends before the
    /// packet does, that is not a fault: see [`Self::is_complete`].
    #[must_use]
    pub fn of(input: &'a [u8], version: Version) -> Self {
        let size = peek_header(input).map(|(header_len, remaining)| header_len + remaining);
        let bytes = size.and_then(|size| input.get(..size)).unwrap_or(input);
        let version = peek_connect_version(bytes).unwrap_or(version);
        let mut collector = Collector::default();
        let result = decode(&mut Reader::new(bytes, version, &mut collector));
        let packet_type = input.first().and_then(|b| PacketType::from_number(b >> 4));
        let mut trace = Trace {
            version,
            packet_type,
            rows: collector.rows,
            violations: collector.violations,
            packet: None,
            bytes,
            size,
        };
        if trace.is_complete() {
            trace.packet = result.ok();
        } else {
            let end = bytes.len();
            let missed = |violation: &Violation| {
                violation.offset as usize >= end || result == Err(*violation) && is_end(violation)
            };
            trace.violations.retain(|violation| !missed(violation));
        }
        trace.tidy(&collector.open);
        trace
    }

    /// Whether the whole packet was in the input.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        // An impossible Remaining Length is a fault, not something to wait for the rest of.
        let broken = |violation: &Violation| violation.is(&rules::LENGTH_OVER_FOUR_BYTES);
        match self.size {
            Some(size) => size == self.bytes.len(),
            None => self.violations.iter().any(broken),
        }
    }

    /// Whether it is a CONNECT whose Protocol Level has arrived.
    #[must_use]
    pub fn has_connect_version(&self) -> bool {
        peek_connect_version(self.bytes).is_some()
    }

    /// Closes groups that a fault left open, and shows the bytes that no field took.
    fn tidy(&mut self, open: &[usize]) {
        let ends = self.rows.iter().map(|row| row.field.offset + row.field.len);
        let end = ends.max().unwrap_or(0);
        for &index in open {
            if let Some(row) = self.rows.get_mut(index) {
                row.field.len = end - row.field.offset;
            }
        }
        let left = self.bytes.get(end as usize..).unwrap_or_default();
        if !left.is_empty() {
            let value = match self.packet_type {
                Some(kind) if kind.may_hold_secrets() => FieldValue::secret(left),
                _ => FieldValue::Binary(left),
            };
            let field = Field {
                name: match self.rows.len() {
                    MAX_ROWS => "More fields",
                    _ => "Undecoded bytes",
                },
                offset: end,
                len: left.len() as u32,
                bits: None,
                value,
            };
            self.rows.push(Row { depth: 0, field });
        }
    }
}

impl fmt::Debug for Trace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the bytes: a CONNECT has secrets.
        f.debug_struct("Trace")
            .field("version", &self.version)
            .field("packet_type", &self.packet_type)
            .field("rows", &self.rows)
            .field("violations", &self.violations)
            .field("packet", &self.packet)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// Whether a violation says that the packet's bytes ran out.
fn is_end(violation: &Violation) -> bool {
    violation.is(&rules::PROPERTY_LENGTH)
        || matches!(violation.got, Some(Got::Field(_)))
            && !violation.is(&rules::LENGTH_OVER_FOUR_BYTES)
}

/// Collects what the decoder tells.
#[derive(Default)]
struct Collector<'a> {
    rows: Vec<Row<'a>>,
    violations: Vec<Violation>,
    /// The rows of the groups that have begun and not ended.
    open: Vec<usize>,
}

impl<'a> Visitor<'a> for Collector<'a> {
    const GOES_ON: bool = true;

    fn enter(&mut self, name: &'static str, offset: usize) {
        let row = self.rows.len();
        self.field(Field {
            name,
            offset: offset as u32,
            len: 0,
            bits: None,
            value: FieldValue::Group,
        });
        self.open.push(row);
    }

    fn leave(&mut self, end: usize) {
        if let Some(row) = self.open.pop().and_then(|row| self.rows.get_mut(row)) {
            row.field.len = end as u32 - row.field.offset;
        }
    }

    fn field(&mut self, field: Field<'a>) {
        if self.rows.len() < MAX_ROWS {
            let depth = (self.open.len() + usize::from(field.bits.is_some())) as u8;
            self.rows.push(Row { depth, field });
        }
    }

    fn violation(&mut self, violation: Violation) -> ControlFlow<Violation> {
        if self.violations.len() < MAX_VIOLATIONS {
            self.violations.push(violation);
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row's depth, name, offset, length and bits.
    type Shape = (u8, &'static str, u32, u32, Option<(u8, u8)>);

    fn shape(trace: &Trace<'_>) -> Vec<Shape> {
        let of = |row: &Row<'_>| {
            let field = &row.field;
            let (offset, len) = (field.offset, field.len);
            (row.depth, field.name, offset, len, field.bits)
        };
        trace.rows.iter().map(of).collect()
    }

    fn ids(trace: &Trace<'_>) -> Vec<(&'static str, u32)> {
        trace
            .violations
            .iter()
            .map(|v| (v.id(), v.offset))
            .collect()
    }

    #[test]
    fn a_publish_is_told_field_by_field() {
        let bytes = b"\x3b\x0e\x00\x03a/b\x00\x07\x03\x23\x00\x09hi!";
        let trace = Trace::of(bytes, Version::V5);
        assert_eq!(
            shape(&trace),
            [
                (0, "Fixed Header", 0, 2, None),
                (1, "Packet Type and Flags", 0, 1, None),
                (2, "Packet Type", 0, 1, Some((7, 4))),
                (2, "DUP", 0, 1, Some((3, 3))),
                (2, "QoS", 0, 1, Some((2, 1))),
                (2, "RETAIN", 0, 1, Some((0, 0))),
                (1, "Remaining Length", 1, 1, None),
                (0, "Topic Name", 2, 5, None),
                (0, "Packet Identifier", 7, 2, None),
                (0, "Properties", 9, 4, None),
                (1, "Property Length", 9, 1, None),
                (1, "Topic Alias", 10, 3, None),
                (0, "Payload", 13, 3, None),
            ]
        );
        assert!(trace.is_complete() && trace.violations.is_empty());
    }

    #[test]
    fn all_faults_of_a_packet_are_told() {
        // Reserved flags, Password without User Name, Will QoS 3, reserved bit, an ill-formed and
        // an empty string, bytes left over.
        let bytes =
            b"\x11\x17\x00\x04MQTT\x04\x5d\x00\x00\x00\x01\xff\x00\x00\x00\x01w\x00\x01p\x00\x00";
        let trace = Trace::of(bytes, Version::V5);
        assert_eq!(trace.version, Version::V3_1_1);
        assert_eq!(
            ids(&trace),
            [
                ("MQTT-2.2.2-1", 0),
                ("MQTT-3.1.2-22", 9),
                ("MQTT-3.1.2-14", 9),
                ("MQTT-3.1.2-3", 9),
                ("MQTT-1.5.3-1", 14),
                ("MQTT-3.1.3-4", 14),
                ("MQTT-4.7.3-1", 15),
                ("MQTT-3.1.2-18", 23),
            ]
        );
        assert!(trace.packet.is_some());
    }

    #[test]
    fn a_bad_property_does_not_hide_what_follows() {
        // An unknown property, then a payload.
        let trace = Trace::of(b"\x30\x08\x00\x01a\x02\x7f\x00ok", Version::V5);
        assert_eq!(ids(&trace), [("MQTT5-2.2.2.2", 6)]);
        let last = trace.rows.last().expect("rows");
        assert_eq!(last.field.value, FieldValue::Binary(b"ok"));
    }

    #[test]
    fn what_has_not_arrived_is_no_fault() {
        let whole = b"\x10\x15\x00\x04MQTT\x05\x80\x00\x3c\x03\x21\x00\x05\x00\x02id\x00\x00";
        assert!(Trace::of(whole, Version::V5).violations.is_empty());
        for len in 0..whole.len() {
            let trace = Trace::of(&whole[..len], Version::V5);
            assert!(!trace.is_complete(), "{len}");
            assert_eq!(ids(&trace), [], "{len}");
            assert_eq!(trace.packet, None);
        }
    }

    #[test]
    fn undecoded_bytes_are_shown() {
        let trace = Trace::of(b"\x00\x03abcd", Version::V5);
        assert_eq!(ids(&trace), [("MQTT5-2.1.2", 0)]);
        let last = trace.rows.last().expect("rows").field;
        assert_eq!(
            (last.name, last.offset, last.len),
            ("Undecoded bytes", 1, 4)
        );
        assert_eq!(trace.bytes.len(), 5);
    }

    #[test]
    fn a_packet_of_millions_of_fields_is_told_in_part() {
        let filters = b"\0\x01a\x03".repeat(100_000);
        let mut bytes = vec![0x82, 0x82, 0xb5, 0x18, 0, 1];
        bytes.extend(filters);
        let trace = Trace::of(&bytes, Version::V3_1_1);
        assert!(trace.is_complete() && trace.packet.is_some());
        assert_eq!(
            (trace.rows.len(), trace.violations.len()),
            (MAX_ROWS + 1, MAX_VIOLATIONS)
        );
        let last = trace.rows.last().expect("rows").field;
        assert_eq!(
            (last.name, last.offset + last.len),
            ("More fields", bytes.len() as u32)
        );
    }

    #[test]
    fn secrets_are_marked() {
        let bytes = b"\x10\x16\x00\x04MQTT\x04\xc2\x00\x00\x00\x02id\x00\x00\x00\x04pass";
        let trace = Trace::of(bytes, Version::V3_1_1);
        let password = trace.rows.iter().find(|row| row.field.name == "Password");
        let value = password.map(|row| row.field.value);
        assert_eq!(value, Some(FieldValue::secret(b"pass")));
        let shown = format!("{trace:?}");
        assert!(
            shown.contains("Password") && shown.contains("hidden"),
            "{shown}"
        );
        assert!(!shown.contains("112, 97, 115, 115"), "{shown}");
    }
}
