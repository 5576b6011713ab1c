//! The latencies of a run, as a table and a histogram.

use std::io::{self, Write};

use hdrhistogram::Histogram;

use super::figures::span;
use super::histogram;
use crate::bench::{Report, percentile};

const PERCENTILES: [(&str, f64); 6] = [
    ("p50", 50.0),
    ("p90", 90.0),
    ("p99", 99.0),
    ("p99.9", 99.9),
    ("p99.99", 99.99),
    ("max", 100.0),
];

pub(super) fn latencies(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let plan = &report.plan;
    let Some(name) = plan.latency_name().filter(|_| !report.latency.is_empty()) else {
        return Ok(());
    };
    let missing = report.counts.lost + report.unacknowledged().unwrap_or(0);
    let of_whom = match missing {
        0 => "",
        _ => "; what never came has none",
    };
    writeln!(out, "\n{:<14}{name}{of_whom}", "latency")?;
    write!(out, "{:<14}", "")?;
    for (label, _) in PERCENTILES {
        write!(out, "{label:>10}")?;
    }
    writeln!(out)?;
    let latency = &report.latency;
    // Where they are the same, one says it all.
    if plan.has_two_latencies() {
        row(out, "corrected", &latency.corrected)?;
        row(out, "uncorrected", &latency.uncorrected)?;
    } else {
        row(out, "all", &latency.corrected)?;
    }
    if plan.scenario.connects() {
        for (name, histogram) in report.connections.latency.parts().into_iter().skip(1) {
            if !histogram.is_empty() {
                row(out, &name.replace('_', " "), histogram)?;
            }
        }
    }
    for one in &report.by_qos {
        if !one.latency.is_empty() {
            row(
                out,
                &format!("QoS {}", one.qos.bits()),
                &one.latency.corrected,
            )?;
        }
    }
    for (name, histogram) in report.steps.parts() {
        if !histogram.is_empty() {
            row(out, step(name), histogram)?;
        }
    }
    writeln!(out)?;
    histogram::draw(out, &latency.corrected)?;
    writeln!(out)
}

/// What a step is called.
fn step(name: &'static str) -> &'static str {
    match name {
        "suback" => "SUBACK",
        "unsuback" => "UNSUBACK",
        "first" => "first",
        "all" => "to all",
        name => name,
    }
}

fn row(out: &mut impl Write, name: &str, histogram: &Histogram<u64>) -> io::Result<()> {
    write!(out, "  {name:<12}")?;
    for (_, percent) in PERCENTILES {
        write!(out, "{:>10}", span(percentile(histogram, percent)))?;
    }
    writeln!(out)
}
