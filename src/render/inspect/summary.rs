//! What was found, in a few lines.

use crate::codec::PacketType;
use crate::inspect::Summary;
use crate::render::counted::counted;

/// Names that are listed.
const MOST: usize = 8;

/// The summary in a few lines, without the last line end.
#[must_use]
pub fn summary(summary: &Summary) -> String {
    let mut lines = vec![packets(summary)];
    if !summary.clients.is_empty() {
        let names: Vec<String> = summary
            .clients
            .iter()
            .take(MOST)
            .map(|client| format!("{client:?}"))
            .collect();
        let all = summary.clients.len();
        lines.push(format!(
            "{}: {}",
            counted(all as u64, "client"),
            list(&names, all)
        ));
    }
    let mut rest = Vec::new();
    if summary.partial > 0 {
        rest.push(format!(
            "{} without an end",
            counted(summary.partial, "packet")
        ));
    }
    if summary.skipped > 0 {
        rest.push(format!("{} in no packet", counted(summary.skipped, "byte")));
    }
    if summary.lost > 0 {
        rest.push(format!("{} not captured", counted(summary.lost, "byte")));
    }
    if !rest.is_empty() {
        lines.push(rest.join(", "));
    }
    if summary.packets + summary.partial > 0 {
        lines.push(violations(summary));
    }
    lines.join("\n")
}

fn packets(summary: &Summary) -> String {
    let mut text = format!(
        "{}, {}",
        counted(summary.packets, "packet"),
        counted(summary.bytes, "byte")
    );
    let mut types: Vec<String> = PacketType::ALL
        .into_iter()
        .filter(|kind| summary.of_type(*kind) > 0)
        .map(|kind| format!("{} {kind}", summary.of_type(kind)))
        .collect();
    if summary.types[0] > 0 {
        types.push(format!("{} of a reserved type", summary.types[0]));
    }
    if !types.is_empty() {
        text += &format!(": {}", types.join(", "));
    }
    if summary.of_type(PacketType::Publish) > 0 {
        let [zero, one, two] = summary.qos;
        let payload = counted(summary.payload, "byte");
        text += &format!("\nPUBLISH by QoS: {zero} / {one} / {two}, payloads {payload}");
    }
    text
}

fn violations(summary: &Summary) -> String {
    if summary.violations.is_empty() {
        return "no violations found".into();
    }
    let total: u64 = summary.violations.values().sum();
    let mut ids: Vec<_> = summary.violations.iter().collect();
    ids.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let shown: Vec<String> = ids
        .iter()
        .take(MOST)
        .map(|(id, count)| match count {
            1 => (*id).to_string(),
            count => format!("{id} ({count} times)"),
        })
        .collect();
    let packets = counted(summary.faulty, "packet");
    format!(
        "{} in {packets}: {}",
        counted(total, "violation"),
        list(&shown, ids.len())
    )
}

fn list(shown: &[String], all: usize) -> String {
    let mut text = shown.join(", ");
    if all > shown.len() {
        text += &format!(" and {} more", all - shown.len());
    }
    text
}
