//! The report of a run, for people.

use std::io::{self, Write};
use std::time::Duration;

use hdrhistogram::Histogram;

use crate::bench::{Interval, Report, percentile};

/// One line on an interval of a run.
pub fn interval_line(interval: &Interval) -> String {
    let mut line = format!(
        "{:>5.0} s  sent {}  acked {}  received {}",
        interval.end.as_secs_f64(),
        interval.sent,
        interval.acked,
        interval.received
    );
    if let Some([p50, _, p99, max]) = interval.latency {
        line += &format!("  p50 {}  p99 {}  max {}", span(p50), span(p99), span(max));
    }
    if interval.errors > 0 {
        line += &format!("  errors {}", interval.errors);
    }
    line
}

/// The report of a run.
///
/// # Errors
///
/// Those of the writer.
pub fn summary(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let plan = &report.plan;
    writeln!(
        out,
        "{} at QoS {}: {:.1} s measured{}",
        plan.scenario.name(),
        plan.qos.bits(),
        report.duration.as_secs_f64(),
        match report.interrupted {
            true => ", interrupted",
            false => "",
        }
    )?;
    let connections = &report.connections;
    writeln!(
        out,
        "  connections  {} of {} in {}{}",
        connections.ready,
        connections.asked,
        span(connections.took),
        match connections.ready - connections.alive.min(connections.ready) {
            0 => String::new(),
            lost => format!(", {lost} lost during the run"),
        }
    )?;
    for (name, histogram) in connections.latency.parts() {
        if !histogram.is_empty() && plan.scenario.connects() {
            latency(out, name, histogram)?;
        }
    }
    writeln!(
        out,
        "  messages     offered {}  sent {} ({:.0}/s)  acked {}  received {} ({:.0}/s)",
        report.offered,
        report.sent,
        report.sent_rate(),
        report.acked,
        report.received,
        report.received_rate()
    )?;
    if report.expected > 0 {
        writeln!(
            out,
            "  delivery     lost {}  duplicated {}  reordered {}  foreign {}",
            report.lost, report.duplicated, report.reordered, report.foreign
        )?;
    }
    if let Some(name) = plan.latency_name()
        && !report.latency.is_empty()
    {
        writeln!(out, "  latency      {name}")?;
        latency(out, "corrected", &report.latency.corrected)?;
        latency(out, "uncorrected", &report.latency.uncorrected)?;
    }
    for stall in &report.stalls {
        writeln!(
            out,
            "  stall        the broker stood still for {} from {:.1} s on, with {} messages waiting",
            span(stall.length),
            stall.from.as_secs_f64(),
            stall.waiting
        )?;
    }
    for (error, count) in &report.errors {
        writeln!(out, "  error        {count} × {error}")?;
    }
    let generator = &report.generator;
    writeln!(
        out,
        "  generator    {:.2} s CPU, {} threads, schedule kept within {} (p99 {}){}",
        generator.cpu.as_secs_f64(),
        generator.workers,
        span(percentile(&generator.lag, 100.0)),
        span(percentile(&generator.lag, 99.0)),
        match generator.is_valid() {
            true => "",
            false => ": INVALID",
        }
    )
}

fn latency(out: &mut impl Write, name: &str, histogram: &Histogram<u64>) -> io::Result<()> {
    write!(out, "    {name:<11}")?;
    for (label, percent) in [
        ("p50", 50.0),
        ("p90", 90.0),
        ("p99", 99.0),
        ("p99.9", 99.9),
        ("p99.99", 99.99),
        ("max", 100.0),
    ] {
        write!(out, "  {label} {}", span(percentile(histogram, percent)))?;
    }
    writeln!(out)
}

/// A span with three digits and its unit.
fn span(span: Duration) -> String {
    let seconds = span.as_secs_f64();
    let (number, unit) = match seconds {
        _ if seconds >= 1.0 => (seconds, "s"),
        _ if seconds >= 1e-3 => (seconds * 1e3, "ms"),
        _ => (seconds * 1e6, "µs"),
    };
    let digits = match number {
        _ if number >= 100.0 => 0,
        _ if number >= 10.0 => 1,
        _ => 2,
    };
    format!("{number:.digits$} {unit}")
}
