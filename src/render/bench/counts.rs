//! The connections and messages of a run, counted.

use std::io::{self, Write};

use super::figures::{grouped, rate, span};
use super::words::words;
use crate::bench::{Load, Report, Scenario};

pub(super) fn connections(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let (plan, connections) = (&report.plan, &report.connections);
    if !plan.scenario.churns() {
        let stood = connections.stood();
        let per_second = stood as f64 / connections.took.as_secs_f64().max(1e-9);
        let mut line = format!(
            "{:<14}{} of {} in {}",
            "connections",
            grouped(stood),
            grouped(connections.asked),
            span(connections.took)
        );
        if plan.scenario == Scenario::Connect {
            line += &format!(" ({})", rate(per_second));
        }
        if connections.lost_early > 0 {
            line += &format!(", {} lost", grouped(connections.lost_early));
            if plan.scenario != Scenario::Connect {
                line += " before the run";
            }
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

pub(super) fn messages(out: &mut impl Write, report: &Report) -> io::Result<()> {
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
