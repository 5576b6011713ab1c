//! The report of a run, for people.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

use colored::Colorize;
use hdrhistogram::Histogram;

use super::figures::{grouped, rate, span};
use super::histogram;
use super::sentences::sentences;
use super::words::words;
use crate::bench::{Act, Checked, Faults, Interval, Load, Report, Scenario, Verdict, percentile};
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
    errors(out, "error", &report.errors)?;
    errors(out, "warm-up error", &report.warmup_errors)?;
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
    show_checks(out, checks, style)
}

/// What went wrong, and how often.
fn errors(out: &mut impl Write, label: &str, errors: &Faults) -> io::Result<()> {
    for (_, tally) in errors.iter() {
        let mut text = Vec::new();
        visible(&mut text, tally.example.as_bytes(), Keep::Layout);
        write!(out, "{label:<14}{} × ", grouped(tally.count))?;
        out.write_all(&text)?;
        writeln!(out)?;
    }
    Ok(())
}

/// What came of thresholds.
pub(super) fn show_checks(
    out: &mut impl Write,
    checks: &[Checked],
    style: Style,
) -> io::Result<()> {
    for check in checks {
        match check.failed {
            true => check_line(out, true, check, style)?,
            false => check_line(out, false, check.passed(), style)?,
        }
    }
    Ok(())
}

/// What came of one threshold.
pub(super) fn check_line(
    out: &mut impl Write,
    failed: bool,
    text: impl Display,
    style: Style,
) -> io::Result<()> {
    let label = match failed {
        true => style.paint("FAILED", |text| text.red().bold()),
        false => style.paint("passed", |text| text.green()),
    };
    writeln!(out, "{label}  {text}")
}

/// What was done.
fn headline(report: &Report) -> String {
    let plan = &report.plan;
    let mut line = plan.scenario.name().to_owned();
    if let Some(mix) = &plan.mix {
        line += &format!(" of QoS {mix}, {}", plan.payload);
    } else if plan.publishers > 0 || plan.scenario == Scenario::Subscribe {
        line += &format!(" at QoS {}", plan.qos.bits());
    }
    if plan.mix.is_none() && plan.publishers > 0 {
        line += &format!(", {}", plan.payload);
    }
    let (publishers, subscribers) = (grouped(plan.publishers), grouped(plan.subscribers));
    line += &match plan.scenario.act() {
        Act::Publish if plan.subscribers > 0 => {
            format!(", {publishers} publishing to {subscribers}")
        }
        Act::Publish => format!(", {publishers} publishing"),
        Act::Subscribe => format!(", {subscribers} subscribing"),
        Act::Return => format!(", {subscribers} coming back"),
        Act::Die => format!(", {publishers} cut off, {subscribers} receiving"),
        Act::Request => format!(", {} subscribing and unsubscribing", grouped(plan.idlers)),
        Act::Stay | Act::Visit => String::new(),
    };
    if plan.scenario != Scenario::Connect {
        line += &match plan.load {
            Load::Open { rate: asked } => format!(", {} whatever the broker does", rate(asked)),
            Load::Closed { .. } if plan.scenario == Scenario::Idle => String::new(),
            Load::Closed { .. } if plan.scenario.is_storm() => ", all at once".to_owned(),
            Load::Closed { .. } => ", as fast as the broker takes it".to_owned(),
        };
        line += &match plan.scenario.is_storm() {
            true => format!(": {}", span(report.duration)),
            false => format!(": {:.1} s measured", report.duration.as_secs_f64()),
        };
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
    let words = words(plan.scenario);
    if words.sent.is_empty() {
        return Ok(());
    }
    if matches!(plan.load, Load::Open { .. }) && !plan.scenario.is_storm() {
        count(out, "offered", report.offered, None)?;
    }
    let sent_rate = report.has_sent_rate().then(|| report.sent_rate());
    count(out, words.sent, report.counts.sent, sent_rate)?;
    if plan.scenario.churns() {
        return count(out, words.acked, report.counts.acked, None);
    }
    if let Some(missing) = report.unacknowledged() {
        count(out, words.acked, report.counts.acked, None)?;
        if report.counts.refused > 0 {
            count(out, "refused", report.counts.refused, None)?;
        }
        if missing > 0 {
            count(out, "unacknowledged", missing, None)?;
        }
    }
    if report.counts.expected > 0 || report.counts.received > 0 {
        count(
            out,
            "received",
            report.counts.received,
            Some(report.received_rate()),
        )?;
        if report.deliveries.is_none() {
            count(out, "lost", report.counts.lost, None)?;
        }
        count(out, "duplicated", report.counts.duplicated, None)?;
        if plan.scenario.keeps_order() {
            count(out, "reordered", report.counts.reordered, None)?;
        }
    }
    by_qos(out, report)?;
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
    if let Some(left @ 1..) = report.left_behind {
        count(out, "left behind", left, None)?;
    }
    Ok(())
}

/// The counts of each QoS, where there are several.
fn by_qos(out: &mut impl Write, report: &Report) -> io::Result<()> {
    if report.by_qos.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    write!(out, "{:<14}", "of each QoS")?;
    for name in [
        "sent",
        "acked",
        "received",
        "lost",
        "duplicated",
        "reordered",
    ] {
        write!(out, "{name:>12}")?;
    }
    writeln!(out)?;
    for one in &report.by_qos {
        write!(out, "  {:<12}", format!("QoS {}", one.qos.bits()))?;
        for count in [
            one.counts.sent,
            one.counts.acked,
            one.counts.received,
            one.counts.lost,
            one.counts.duplicated,
            one.counts.reordered,
        ] {
            write!(out, "{:>12}", grouped(count))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn latencies(out: &mut impl Write, report: &Report) -> io::Result<()> {
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
    if matches!(plan.load, Load::Open { .. }) && !plan.scenario.connects() {
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
    if !generator.lag.is_empty() {
        line += &format!(
            ", schedule kept within {} (p99 {})",
            span(percentile(&generator.lag, 100.0)),
            span(percentile(&generator.lag, 99.0))
        );
    }
    writeln!(out, "{line}")
}
