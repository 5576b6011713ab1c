//! The report of a run, for people.

use std::io::{self, Write};

use colored::Colorize;
use hdrhistogram::Histogram;

use super::figures::{grouped, rate, span};
use super::histogram;
use super::sentences::sentences;
use crate::bench::{Checked, Interval, Load, Report, Scenario, Verdict, percentile};
use crate::render::Style;
use crate::render::escape::{Keep, visible};

const PERCENTILES: [(&str, f64); 6] = [
    ("p50", 50.0),
    ("p90", 90.0),
    ("p99", 99.0),
    ("p99.9", 99.9),
    ("p99.99", 99.99),
    ("max", 100.0),
];

/// One line on an interval of a run.
pub fn interval_line(interval: &Interval, report_of: Scenario) -> String {
    let mut line = format!("{:>5.0} s", interval.end.as_secs_f64());
    if interval.is_warmup {
        line += "  warm-up";
        if interval.errors > 0 {
            line += &format!("  errors {}", grouped(interval.errors));
        }
        return line;
    }
    let counts = match report_of {
        Scenario::Connect | Scenario::Idle => [("", 0), ("", 0), ("", 0)],
        _ if report_of.churns() => [
            ("attempts", interval.sent),
            ("accepted", interval.acked),
            ("", 0),
        ],
        _ => [
            ("sent", interval.sent),
            ("acked", interval.acked),
            ("received", interval.received),
        ],
    };
    for (name, count) in counts {
        if count > 0 || name == "sent" {
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

/// The report of a run, and what came of its thresholds.
///
/// # Errors
///
/// Those of the writer.
pub fn summary(
    out: &mut impl Write,
    report: &Report,
    checks: &[Checked],
    style: Style,
) -> io::Result<()> {
    writeln!(out, "{}", headline(report))?;
    writeln!(out)?;
    connections(out, report)?;
    messages(out, report)?;
    latencies(out, report)?;
    for (_, tally) in report.errors.iter() {
        let mut text = Vec::new();
        visible(&mut text, tally.example.as_bytes(), Keep::Layout);
        write!(out, "{:<14}{} × ", "error", grouped(tally.count))?;
        out.write_all(&text)?;
        writeln!(out)?;
    }
    for stall in &report.stalls {
        writeln!(
            out,
            "{:<14}{} from {:.1} s on, with {} waiting",
            "stall",
            span(stall.length),
            stall.from.as_secs_f64(),
            grouped(stall.waiting)
        )?;
    }
    generator(out, report)?;
    writeln!(out)?;
    for sentence in sentences(report) {
        let mut text = Vec::new();
        visible(&mut text, sentence.as_bytes(), Keep::Layout);
        let text = String::from_utf8_lossy(&text).into_owned();
        let painted = match report.verdict() {
            Verdict::Valid => style.paint(&text, |text| text.bold()),
            _ => style.paint(&text, |text| text.red().bold()),
        };
        writeln!(out, "{painted}")?;
    }
    for check in checks {
        let label = match check.failed {
            true => style.paint("FAILED", |text| text.red().bold()),
            false => style.paint("passed", |text| text.green()),
        };
        writeln!(out, "{label}  {check}")?;
    }
    Ok(())
}

/// What was done.
fn headline(report: &Report) -> String {
    let plan = &report.plan;
    let mut line = plan.scenario.name().to_owned();
    if plan.publishers > 0 {
        line += &format!(" at QoS {}, {}", plan.qos.bits(), plan.payload);
        line += &format!(", {} publishing", grouped(plan.publishers));
        if plan.subscribers > 0 {
            line += &format!(" to {}", grouped(plan.subscribers));
        }
    }
    if plan.scenario != Scenario::Connect {
        line += &match plan.load {
            Load::Open { rate: asked } => format!(", {} whatever the broker does", rate(asked)),
            Load::Closed { .. } if plan.scenario == Scenario::Idle => String::new(),
            Load::Closed { .. } => ", as fast as the broker takes it".to_owned(),
        };
        line += &format!(": {:.1} s measured", report.duration.as_secs_f64());
    }
    if report.interrupted {
        line += ", interrupted";
    }
    line
}

fn connections(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let (plan, connections) = (&report.plan, &report.connections);
    if !plan.scenario.churns() {
        let per_second = connections.ready as f64 / connections.took.as_secs_f64().max(1e-9);
        let mut line = format!(
            "{:<14}{} of {} in {}",
            "connections",
            grouped(connections.ready),
            grouped(connections.asked),
            span(connections.took)
        );
        if plan.scenario == Scenario::Connect {
            line += &format!(" ({})", rate(per_second));
        }
        let lost = connections.ready.saturating_sub(connections.alive);
        if lost > 0 {
            line += &format!(", {} lost during the run", grouped(lost));
        }
        writeln!(out, "{line}")?;
    }
    if let [_, _, ..] = &connections.by_broker[..] {
        for (broker, accepted) in &connections.by_broker {
            writeln!(out, "{:<14}{} at {broker}", "", grouped(*accepted))?;
        }
    }
    if let (Scenario::Connect | Scenario::Idle, Some(bytes)) =
        (plan.scenario, report.generator.memory_per_connection)
    {
        let kib = bytes as f64 / 1024.0;
        writeln!(
            out,
            "{:<14}{kib:.1} KiB of the generator for each",
            "memory"
        )?;
    }
    Ok(())
}

/// A count with the rate it came at.
fn count(out: &mut impl Write, name: &str, count: u64, per_second: Option<f64>) -> io::Result<()> {
    write!(out, "{name:<14}{:>12}", grouped(count))?;
    match per_second {
        Some(per_second) => writeln!(out, "  {:>12}", rate(per_second)),
        None => writeln!(out),
    }
}

fn messages(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let plan = &report.plan;
    let is_open = matches!(plan.load, Load::Open { .. });
    if plan.scenario.churns() {
        if is_open {
            count(out, "offered", report.offered, None)?;
        }
        count(out, "attempts", report.sent, Some(report.sent_rate()))?;
        return count(out, "accepted", report.acked, None);
    }
    if plan.publishers == 0 {
        return Ok(());
    }
    if is_open {
        count(out, "offered", report.offered, None)?;
    }
    count(out, "sent", report.sent, Some(report.sent_rate()))?;
    if let Some(missing) = report.unacknowledged() {
        count(out, "acked", report.acked, None)?;
        if missing > 0 {
            count(out, "unacknowledged", missing, None)?;
        }
    }
    if report.expected > 0 || report.received > 0 {
        count(
            out,
            "received",
            report.received,
            Some(report.received_rate()),
        )?;
        if report.deliveries.is_none() {
            count(out, "lost", report.lost, None)?;
        }
        count(out, "duplicated", report.duplicated, None)?;
        count(out, "reordered", report.reordered, None)?;
    }
    if let Some(balance) = &report.balance {
        writeln!(
            out,
            "{:<14}{} to {} a member, {:.1} on average",
            "balance",
            grouped(balance.min),
            grouped(balance.max),
            balance.mean()
        )?;
    }
    if report.foreign > 0 {
        count(out, "of others", report.foreign, None)?;
    }
    Ok(())
}

fn latencies(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let plan = &report.plan;
    let Some(name) = plan.latency_name().filter(|_| !report.latency.is_empty()) else {
        return Ok(());
    };
    writeln!(out)?;
    write!(out, "{:<14}", "latency")?;
    for (label, _) in PERCENTILES {
        write!(out, "{label:>10}")?;
    }
    writeln!(out, "   {name}")?;
    let latency = &report.latency;
    // Where they are the same, one says it all.
    if plan.schedule().is_some() && !plan.scenario.connects() {
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
    writeln!(out)?;
    histogram::draw(out, &latency.corrected)?;
    writeln!(out)
}

fn row(out: &mut impl Write, name: &str, histogram: &Histogram<u64>) -> io::Result<()> {
    write!(out, "  {name:<12}")?;
    for (_, percent) in PERCENTILES {
        write!(out, "{:>10}", span(percentile(histogram, percent)))?;
    }
    writeln!(out)
}

fn generator(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let generator = &report.generator;
    let threads = match generator.workers {
        1 => "1 thread".to_owned(),
        threads => format!("{threads} threads"),
    };
    let mut line = format!(
        "{:<14}{:.2} s CPU, {threads}",
        "generator",
        generator.cpu.as_secs_f64()
    );
    if report.plan.schedule().is_some() && !generator.lag.is_empty() {
        line += &format!(
            ", schedule kept within {} (p99 {})",
            span(percentile(&generator.lag, 100.0)),
            span(percentile(&generator.lag, 99.0))
        );
    }
    writeln!(out, "{line}")
}
