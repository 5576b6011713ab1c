//! A histogram of latencies, drawn with characters.

use std::io::{self, Write};
use std::time::Duration;

use hdrhistogram::Histogram;

use super::figures::{grouped, span};

/// Columns of the longest bar.
const WIDTH: f64 = 40.0;
/// Eighths of a column.
const BLOCKS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// Draws how many latencies lie between 1, 2, 5, 10 … µs.
pub(super) fn draw(out: &mut impl Write, histogram: &Histogram<u64>) -> io::Result<()> {
    let classes = classes(histogram);
    let most = classes.iter().map(|(_, count)| *count).max().unwrap_or(0);
    for (below, count) in classes {
        let label = format!("< {}", short(Duration::from_nanos(below)));
        let bar = bar(count as f64 / most.max(1) as f64);
        writeln!(out, "  {label:>8}  {bar:<40}  {:>12}", grouped(count))?;
    }
    Ok(())
}

/// A bound without digits that say nothing.
fn short(bound: Duration) -> String {
    let text = span(bound);
    match text.split_once(' ') {
        Some((number, unit)) if number.contains('.') => {
            let number = number.trim_end_matches('0').trim_end_matches('.');
            format!("{number} {unit}")
        }
        _ => text,
    }
}

/// Upper bounds in nanoseconds with what lies below them and not below the one before, from the
/// first class that is not empty to the last.
fn classes(histogram: &Histogram<u64>) -> Vec<(u64, u64)> {
    let mut classes = Vec::new();
    let mut bounds = (3..).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u64.pow(power)));
    let mut bound = bounds.next().unwrap_or(u64::MAX);
    let mut count = 0;
    for step in histogram.iter_recorded() {
        while step.value_iterated_to() >= bound {
            if count > 0 || !classes.is_empty() {
                classes.push((bound, count));
            }
            count = 0;
            bound = bounds.next().unwrap_or(u64::MAX);
        }
        count += step.count_at_value();
    }
    if count > 0 {
        classes.push((bound, count));
    }
    classes
}

/// A bar of this share of the width; something is always seen of what is not nothing.
fn bar(share: f64) -> String {
    let eighths = (share * WIDTH * 8.0).round() as usize;
    let eighths = if share > 0.0 { eighths.max(1) } else { 0 };
    let mut bar = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(BLOCKS[eighths % 8]);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_begin_and_end_where_something_is() {
        let mut histogram = Histogram::new(3).expect("a histogram");
        for micros in [12_u64, 13, 30, 120] {
            histogram.record_n(micros * 1000, 2).expect("room");
        }
        let expected = [(20_000, 4), (50_000, 2), (100_000, 0), (200_000, 2)];
        assert_eq!(classes(&histogram), expected);
        let mut out = Vec::new();
        draw(&mut out, &histogram).expect("a buffer");
        let text = String::from_utf8(out).expect("text");
        let first = text.lines().next().expect("a line");
        assert!(first.starts_with("   < 20 µs  ████"), "{text}");
        assert!(first.ends_with(" 4"), "{text}");
    }

    #[test]
    fn nothing_is_drawn_of_nothing_and_little_is_seen() {
        assert_eq!(classes(&Histogram::new(3).expect("a histogram")), []);
        assert_eq!(bar(1e-9), "▏");
        assert_eq!(bar(0.0), "");
        assert_eq!(bar(1.0).chars().count(), 40);
    }
}
