//! Two runs side by side.

use std::io::{self, Write};
use std::time::Duration;

use serde_json::{Value, json};

use super::checks::check_line;
use super::figures::{grouped, span};
use crate::bench::{Change, CheckedChange};
use crate::render::Style;

/// How two runs differ, and what came of the thresholds.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    /// The figures.
    pub changes: &'a [Change],
    /// The thresholds.
    pub checks: &'a [CheckedChange],
}

/// The comparison as a table.
///
/// # Errors
///
/// Those of the writer.
pub fn comparison(out: &mut impl Write, compared: &Comparison<'_>, style: Style) -> io::Result<()> {
    let mut rows = vec![["", "before", "after", "change", ""].map(str::to_owned)];
    rows.extend(compared.changes.iter().map(row));
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let widths = [0, 1, 2, 3, 4].map(width);
    for [name, before, after, change, percent] in &rows {
        let line = format!(
            "{name:<0$}  {before:>1$}  {after:>2$}  {change:>3$}  {percent:>4$}",
            widths[0], widths[1], widths[2], widths[3], widths[4]
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    if !compared.checks.is_empty() {
        writeln!(out)?;
    }
    for check in compared.checks {
        check_line(out, check.failed, check, style)?;
    }
    Ok(())
}

/// What a figure was, what it became, and the difference.
fn row(change: &Change) -> [String; 5] {
    let value = |value: Option<f64>| match value {
        Some(value) => number(value, change.is_time),
        None => "-".to_owned(),
    };
    let difference = change.difference().map_or(String::new(), |difference| {
        let sign = match difference {
            0.0 => "",
            _ if difference < 0.0 => "-",
            _ => "+",
        };
        format!("{sign}{}", number(difference.abs(), change.is_time))
    });
    let percent = match change.percent() {
        Some(percent) if percent.is_finite() => format!("{percent:+.1} %"),
        _ => String::new(),
    };
    [
        change.name.to_owned(),
        value(change.before),
        value(change.after),
        difference,
        percent,
    ]
}

/// The comparison as one JSON object on a line. Spans are in microseconds.
///
/// # Errors
///
/// Those of the writer.
pub fn comparison_json(out: &mut impl Write, compared: &Comparison<'_>) -> io::Result<()> {
    let changes = compared.changes.iter().map(|change| {
        let unit = if change.is_time { 1e3 } else { 1.0 };
        let value = |value: Option<f64>| value.map(|value| value / unit);
        json!({
            "name": change.name,
            "unit": change.is_time.then_some("us"),
            "before": value(change.before),
            "after": value(change.after),
            "difference": value(change.difference()),
            "percent": change.percent().filter(|percent| percent.is_finite()),
        })
    });
    let thresholds = compared.checks.iter().map(|check| {
        json!({
            "threshold": check.threshold,
            "measured": check.measured.filter(|measured| measured.is_finite()),
            "failed": check.failed,
        })
    });
    let object = json!({
        "changes": changes.collect::<Value>(),
        "thresholds": thresholds.collect::<Value>(),
    });
    writeln!(out, "{object}")
}

fn number(value: f64, is_time: bool) -> String {
    match is_time {
        true => span(Duration::from_nanos(value.round() as u64)),
        false if value.fract() == 0.0 || value >= 1000.0 => grouped(value.round() as u64),
        false => format!("{value:.1}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_much_more_it_became() {
        let change = |name, is_time, before, after| Change {
            name,
            is_time,
            before,
            after,
        };
        let changes = [
            change("sent", false, Some(1000.0), Some(1000.0)),
            change("latency.p99", true, Some(1_000_000.0), Some(1_250_000.0)),
            change("lost", false, Some(0.0), Some(3.0)),
            change("acked", false, None, Some(3.0)),
        ];
        let compared = Comparison {
            changes: &changes,
            checks: &[],
        };
        let mut out = Vec::new();
        comparison(&mut out, &compared, Style::default()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<Vec<_>> = (text.lines().skip(1))
            .map(|line| line.split_whitespace().collect())
            .collect();
        assert_eq!(lines[0], ["sent", "1,000", "1,000", "0", "+0.0", "%"]);
        let latency = [
            "latency.p99",
            "1.00",
            "ms",
            "1.25",
            "ms",
            "+250",
            "µs",
            "+25.0",
            "%",
        ];
        assert_eq!(lines[1], latency);
        assert_eq!(lines[2], ["lost", "0", "3", "+3"]);
        assert_eq!(lines[3], ["acked", "-", "3"]);
        let mut out = Vec::new();
        comparison_json(&mut out, &compared).unwrap();
        let object: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(object["changes"][1]["difference"], json!(250.0));
        assert_eq!(object["changes"][2]["percent"], Value::Null);
    }
}
