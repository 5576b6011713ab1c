//! How numbers are written for people.

use std::time::Duration;

pub(super) use crate::render::counted::{counted, grouped};

/// Events a second: with a digit behind the point where they are few.
pub(super) fn rate(rate: f64) -> String {
    match rate < 100.0 {
        true => format!("{rate:.1}/s"),
        false => format!("{}/s", grouped(rate.round() as u64)),
    }
}

/// A span with three digits and its unit.
pub(super) fn span(span: Duration) -> String {
    let seconds = span.as_secs_f64();
    let (number, unit) = match seconds {
        _ if seconds >= 0.9995 => (seconds, "s"),
        _ if seconds >= 0.9995e-3 => (seconds * 1e3, "ms"),
        _ => (seconds * 1e6, "µs"),
    };
    let digits = match number {
        _ if number >= 99.95 => 0,
        _ if number >= 9.995 => 1,
        _ => 2,
    };
    format!("{number:.digits$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_three_digits() {
        for (nanos, text) in [
            (0, "0.00 µs"),
            (1_234, "1.23 µs"),
            (999_900, "1.00 ms"),
            (99_960_000, "100 ms"),
            (1_523_000_000, "1.52 s"),
        ] {
            assert_eq!(span(Duration::from_nanos(nanos)), text);
        }
    }

    #[test]
    fn rates_have_a_digit_behind_the_point_where_they_are_few() {
        assert_eq!(rate(12.34), "12.3/s");
        assert_eq!(rate(12_345.6), "12,346/s");
    }
}
