//! All bytes of a packet, with the names of its fields beside them.

use std::io::Write;

use colored::{ColoredString, Colorize};

use super::Options;
use super::value::{guessed, raw, text, type_name};
use crate::codec::{FieldValue, Row, Trace, Version};
use crate::inspect::{Finding, Observed};

/// Bytes on a line.
const WIDTH: usize = 16;

/// Appends a packet.
pub(super) fn packet(out: &mut Vec<u8>, packet: &Observed<'_>, options: Options) {
    let kind = type_name(packet.bytes);
    let title = options.style.paint(kind, |kind| kind.bold());
    // A buffer takes everything, here and below.
    let _ = writeln!(out, "# {title}, MQTT {}{}", packet.version, guessed(packet));
    fields(out, packet.bytes, packet.version, packet.findings, options);
    out.push(b'\n');
}

/// Appends the bytes that there are of a packet.
pub(super) fn fields(
    out: &mut Vec<u8>,
    bytes: &[u8],
    version: Version,
    findings: &[Finding],
    options: Options,
) {
    let trace = Trace::of(bytes, version);
    let is_shown =
        |row: &&Row<'_>| row.field.bits.is_none() && !matches!(row.field.value, FieldValue::Group);
    for (index, row) in trace.rows.iter().filter(is_shown).enumerate() {
        let color = COLOURS[index % COLOURS.len()];
        let field = &row.field;
        let value = match field.value {
            FieldValue::Bits(_) => flags(&trace, row, version, options),
            _ => text(field, version, options),
        };
        let digits = raw(bytes, field, usize::MAX, options);
        let mut lines: Vec<String> = digits
            .as_bytes()
            .chunks(3 * WIDTH)
            .map(|line| String::from_utf8_lossy(line).trim_end().to_owned())
            .collect();
        if lines.is_empty() {
            lines.push(String::new());
        }
        for (nth, line) in lines.iter().enumerate() {
            let offset = field.offset as usize + nth * WIDTH;
            let digits = options.style.paint(&format!("{line:48}"), color);
            let name = match nth {
                0 => options
                    .style
                    .paint(&format!("  {}: {value}", field.name), color),
                _ => String::new(),
            };
            let text = format!("{offset:04x}  {digits}{name}");
            let _ = writeln!(out, "{}", text.trim_end());
        }
        let range = field.offset..field.offset + field.len.max(1);
        for finding in findings
            .iter()
            .filter(|finding| range.contains(&finding.offset))
        {
            fault(out, finding, options);
        }
    }
    let end = trace
        .rows
        .iter()
        .map(|row| row.field.offset + row.field.len);
    let end = end.max().unwrap_or(0);
    for finding in findings.iter().filter(|finding| finding.offset >= end) {
        fault(out, finding, options);
    }
}

/// The colours of the fields, in turn.
const COLOURS: [fn(&str) -> ColoredString; 6] = [
    |text| text.cyan(),
    |text| text.yellow(),
    |text| text.green(),
    |text| text.magenta(),
    |text| text.blue(),
    |text| text.white(),
];

/// The flags in a byte that are not zero, by name.
fn flags(trace: &Trace<'_>, byte: &Row<'_>, version: Version, options: Options) -> String {
    let offset = byte.field.offset;
    let bits = trace
        .rows
        .iter()
        .filter(|row| row.field.bits.is_some() && row.field.offset == offset);
    let shown: Vec<String> = bits
        .filter_map(|row| match row.field.value {
            FieldValue::Flag(false) | FieldValue::Number(0) => None,
            FieldValue::Flag(true) => Some(row.field.name.to_owned()),
            FieldValue::PacketType(_) => Some(text(&row.field, version, options)),
            _ => Some(format!(
                "{} {}",
                row.field.name,
                text(&row.field, version, options)
            )),
        })
        .collect();
    match shown.is_empty() {
        true => "none".into(),
        false => shown.join(", "),
    }
}

fn fault(out: &mut Vec<u8>, finding: &Finding, options: Options) {
    let red = |text: &str| text.red().bold();
    let id = options.style.paint(finding.id, red);
    let message = &finding.message;
    let _ = writeln!(out, "{:54}  ^ {id}: {message}", "");
}
