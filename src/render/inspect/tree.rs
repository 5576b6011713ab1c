//! A packet field by field: offset, bytes, meaning; flags bit by bit; what is wrong, in place.

use std::io::Write;

use colored::{ColoredString, Colorize};

use super::Options;
use super::value::{guessed, quoted, raw, text, timestamp, type_name};
use crate::codec::{FieldValue, Row, Trace, Version};
use crate::inspect::{Direction, Finding, Observed, Origin, remark};
use crate::render::Style;
use crate::render::clock::{Clock, Offset};
use crate::render::counted::counted;

/// Bytes that are shown of a field.
const MOST: usize = 8;

/// The width of what stands before a field's name: the offset, and eight bytes in digits.
const WIDTH: usize = 6 + 3 * MOST;

/// Appends a packet.
pub(super) fn packet(
    out: &mut Vec<u8>,
    packet: &Observed<'_>,
    clock: &mut Clock,
    options: Options,
) {
    let style = options.style;
    let kind = type_name(packet.bytes);
    let title = style.paint(kind, |kind| kind.cyan().bold());
    let (size, version) = (packet.bytes.len(), packet.version);
    let guessed = guessed(packet);
    line(
        out,
        format_args!("{title}, {size} bytes, MQTT {version}{guessed}"),
    );
    out.pop();
    origin(out, &packet.origin, clock);
    if packet.offset > 0 || packet.origin.src.is_some() {
        let _ = write!(out, ", at byte {} of the stream", packet.offset);
    }
    out.push(b'\n');
    fields(out, packet.bytes, version, packet.findings, options);
    if let Some(topic) = packet.alias_topic {
        let note = style.paint("remark:", |note| note.yellow());
        let topic = quoted(topic);
        line(
            out,
            format_args!("{:WIDTH$}{note} the Topic Alias stands for {topic}", ""),
        );
    }
    if let Some(remark) = remark::forgotten_packet_id(packet) {
        let note = style.paint("remark:", |note| note.yellow());
        line(out, format_args!("{:WIDTH$}{note} {remark}", ""));
    }
    out.push(b'\n');
}

/// Appends the fields of what there is of a packet, with the findings.
pub(super) fn fields(
    out: &mut Vec<u8>,
    bytes: &[u8],
    version: Version,
    findings: &[Finding],
    options: Options,
) {
    let trace = Trace::of(bytes, version);
    let places: Vec<_> = findings
        .iter()
        .map(|finding| place(&trace.rows, finding.offset))
        .collect();
    for (index, row) in trace.rows.iter().enumerate() {
        field(out, bytes, row, version, options);
        for (finding, place) in findings.iter().zip(&places) {
            if *place == Some(index) {
                fault(out, finding, row, options.style);
            }
        }
    }
    for (finding, _) in findings
        .iter()
        .zip(&places)
        .filter(|(_, place)| place.is_none())
    {
        match trace.rows.last() {
            Some(last) => fault(out, finding, last, options.style),
            None => line(out, format_args!("{}: {}", finding.id, finding.message)),
        }
    }
}

/// The row after which a finding is shown: the last and deepest one that contains its byte.
fn place(rows: &[Row<'_>], offset: u32) -> Option<usize> {
    let has = |row: &Row<'_>| {
        let field = &row.field;
        let is_group = matches!(field.value, FieldValue::Group);
        !is_group && (field.offset..field.offset + field.len.max(1)).contains(&offset)
    };
    rows.iter().rposition(has)
}

fn field(out: &mut Vec<u8>, bytes: &[u8], row: &Row<'_>, version: Version, options: Options) {
    let style = options.style;
    let field = &row.field;
    let before = match (field.bits, field.value) {
        (Some((high, low)), _) => format!("{:6}{}", "", bits(bytes, field.offset, high, low)),
        (None, FieldValue::Group) => format!("{:>4}", field.offset),
        (None, _) => format!("{:>4}  {}", field.offset, raw(bytes, field, MOST, options)),
    };
    let before = format!("{before:WIDTH$}");
    let before = style.paint(&before, |text| text.dimmed());
    let indent = 2 * usize::from(row.depth);
    let value = text(field, version, options);
    let name = style.paint(field.name, |name| name.bold());
    match (field.value, is_chosen(field.value)) {
        (FieldValue::Group, _) => {
            let len = counted(field.len.into(), "byte");
            line(out, format_args!("{before}{:indent$}{name} ({len})", ""));
        }
        (FieldValue::Bits(_), _) => line(out, format_args!("{before}{:indent$}{name}", "")),
        (_, true) => {
            let value = style.paint(&value, |value| value.green());
            line(out, format_args!("{before}{:indent$}{name}: {value}", ""));
        }
        (_, false) => line(out, format_args!("{before}{:indent$}{name}: {value}", "")),
    }
}

/// Whether the value is one that somebody has chosen, such as a name or a text.
fn is_chosen(value: FieldValue<'_>) -> bool {
    matches!(
        value,
        FieldValue::Text(_) | FieldValue::Pair(..) | FieldValue::Binary(_) | FieldValue::Reason(..)
    )
}

/// A byte's bits from `high` to `low`, the others as dots.
fn bits(bytes: &[u8], offset: u32, high: u8, low: u8) -> String {
    let byte = bytes.get(offset as usize).copied().unwrap_or_default();
    let mut out = String::new();
    for bit in (0..8_u8).rev() {
        out.push(match (low..=high).contains(&bit) {
            true if byte >> bit & 1 == 1 => '1',
            true => '0',
            false => '.',
        });
        if bit == 4 {
            out.push(' ');
        }
    }
    out
}

/// What is wrong, under the field in which it is.
fn fault(out: &mut Vec<u8>, finding: &Finding, row: &Row<'_>, style: Style) {
    let red = |text: &str| -> ColoredString { text.red().bold() };
    let indent = WIDTH + 2 * usize::from(row.depth);
    let id = style.paint(finding.id, red);
    let mark = style.paint("^", red);
    let (offset, message) = (finding.offset, &finding.message);
    line(
        out,
        format_args!("{:indent$}{mark} {id} at byte {offset}: {message}", ""),
    );
    if !finding.hint.is_empty() {
        let hint = style.paint("hint:", |hint| hint.cyan());
        line(out, format_args!("{:indent$}  {hint} {}", "", finding.hint));
    }
}

/// Time, stream, addresses, as far as they are known.
fn origin(out: &mut Vec<u8>, origin: &Origin, clock: &mut Clock) {
    if let Some(time) = origin.time {
        out.extend_from_slice(b", ");
        clock.with_microseconds(out, timestamp(time), Offset::Colon);
    }
    if let (Some(src), Some(dst)) = (origin.src, origin.dst) {
        let stream = origin.stream;
        // A buffer takes everything.
        let _ = write!(out, ", stream {stream}, {src} -> {dst}");
    }
    match origin.direction {
        Direction::ToServer => out.extend_from_slice(b", to the Server"),
        Direction::ToClient => out.extend_from_slice(b", to the Client"),
        Direction::Unknown => {}
    }
}

fn line(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // A buffer takes everything.
    let _ = out.write_fmt(text);
    out.push(b'\n');
}
