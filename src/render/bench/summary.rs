//! The report of a run, for people.

use std::io::{self, Write};

use colored::Colorize;

use super::checks::show_checks;
use super::counts::{connections, messages};
use super::figures::{grouped, rate, span};
use super::latencies::latencies;
use super::sentences::sentences;
use crate::bench::{Act, Checked, Faults, Load, Report, Scenario, Verdict, percentile};
use crate::render::Style;
use crate::render::escape::{Keep, visible};

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
    details(out, report)?;
    writeln!(out)?;
    for sentence in sentences(report) {
        let mut text = Vec::new();
        visible(&mut text, sentence.as_bytes(), Keep::Layout);
        let text = String::from_utf8_lossy(&text).into_owned();
        let painted = match report.verdict() {
            Verdict::Valid if report.breakdown().is_none() => {
                style.paint(&text, |text| text.bold())
            }
            _ => style.paint(&text, |text| text.red().bold()),
        };
        writeln!(out, "{painted}")?;
    }
    show_checks(out, checks, style)
}

/// All but what is to be thought of it.
pub(super) fn details(out: &mut impl Write, report: &Report) -> io::Result<()> {
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
    generator(out, report)
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
