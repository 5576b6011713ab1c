//! How a run goes, interval by interval.

use std::time::Duration;

use super::figures::{grouped, span};
use super::words::words;
use crate::bench::{Interval, Scenario};

/// One line on an interval of a run.
pub fn interval_line(interval: &Interval, report_of: Scenario) -> String {
    let mut line = format!("{:>5} s", moment(interval.end));
    if interval.is_warmup {
        line += "  warm-up";
        if interval.errors > 0 {
            line += &format!("  errors {}", grouped(interval.errors));
        }
        return line;
    }
    let words = words(report_of);
    for (name, count) in [
        (words.sent, interval.sent),
        (words.acked, interval.acked),
        ("received", interval.received),
    ] {
        if count > 0 && !name.is_empty() || name == "sent" {
            line += &format!("  {name} {}", grouped(count));
        }
    }
    if let Some([p50, _, p99, max]) = interval.latency {
        line += &format!("  p50 {}  p99 {}  max {}", span(p50), span(p99), span(max));
    }
    if interval.errors > 0 {
        line += &format!("  errors {}", grouped(interval.errors));
    }
    line
}

/// Seconds, with no more digits than it takes to tell intervals apart.
fn moment(at: Duration) -> String {
    let millis = (at.as_secs_f64() * 1e3).round() as u64;
    match millis {
        _ if millis.is_multiple_of(1000) => format!("{}", millis / 1000),
        _ if millis.is_multiple_of(100) => format!("{:.1}", millis as f64 / 1e3),
        _ => format!("{:.2}", millis as f64 / 1e3),
    }
}
