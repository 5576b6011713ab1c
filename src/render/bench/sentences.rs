//! What a run found out, in plain sentences.

use std::time::Duration;

use super::figures::{counted, grouped, rate, span};
use super::words::words;
use crate::bench::{Act, Load, RATE_KEPT, Report, Scenario, Verdict, percentile};
use crate::codec::QoS;

/// What is to be thought of the run, the most important first.
pub(super) fn sentences(report: &Report) -> Vec<String> {
    match report.verdict() {
        Verdict::NotConnected => {
            // The errors stand above, with what they are.
            let why = match (report.why(), report.interrupted) {
                (Some(_), _) if report.generator.is_valid() => String::new(),
                (None, true) => ": it was interrupted before it began to measure".into(),
                _ => format!(": {}", report.why_not_connected()),
            };
            return vec![format!("No broker was measured{why}.")];
        }
        Verdict::Invalid => {
            let faults = report.generator.faults.join("; ");
            let mut said = vec![format!(
                "INVALID: the generator, not the broker, is what was measured: {faults}."
            )];
            said.extend(connections(report));
            return said;
        }
        Verdict::Empty => {
            let why = match (report.interrupted, report.connections.ready) {
                (true, _) => "it was interrupted before",
                (false, 0) => "no connection stood when it was to begin",
                (false, _) => "nothing was sent in the time that was to be measured",
            };
            let mut said = vec![format!("NOTHING WAS MEASURED: {why}.")];
            said.extend(stalls(report));
            said.extend(connections(report));
            return said;
        }
        Verdict::Valid => {}
    }
    let mut said: Vec<_> = stalls(report).into_iter().collect();
    said.extend(connections(report));
    said.extend(messages(report));
    if said.is_empty() {
        said.push(all_is_well(report));
    }
    said
}

fn stalls(report: &Report) -> Option<String> {
    let stalls = &report.stalls;
    if let Some(from) = report.silent_from {
        let from = from.as_secs_f64();
        let end = match report.lost_everybody() {
            true => "",
            false => ", and the run was given up",
        };
        return Some(format!(
            "The broker fell silent {from:.1} s after the start{end}."
        ));
    }
    let longest = stalls.first()?;
    let lag = percentile(&report.generator.lag, 100.0);
    let from = longest.from.as_secs_f64();
    let until = (longest.from + longest.length).as_secs_f64();
    let length = span(longest.length);
    if 2 * lag > longest.length {
        return Some(format!(
            "Nothing came from {from:.1} s to {until:.1} s ({length}); but the generator was up to \
             {} late itself, so that it may not have been the broker that stood still.",
            span(lag)
        ));
    }
    let mut said = format!(
        "The broker, not the generator, stood still from {from:.1} s to {until:.1} s ({length})"
    );
    if stalls.len() > 1 {
        let all: Duration = stalls.iter().map(|stall| stall.length).sum();
        let times = stalls.len();
        said += &format!(
            ", the longest of {times} times that took {} in all",
            span(all)
        );
    }
    Some(said + ".")
}

fn connections(report: &Report) -> Vec<String> {
    let connections = &report.connections;
    let mut said = Vec::new();
    if report.plan.scenario.churns() {
        let failed = report.counts.sent.saturating_sub(report.counts.acked);
        if failed > 0 {
            let how = match report.interrupted {
                true => "had not succeeded when it was interrupted",
                false => "failed",
            };
            said.push(format!(
                "{} of {} {how}.",
                grouped(failed),
                counted(report.counts.sent, "connection attempt")
            ));
        }
        if let Some(from) = report.refusing_from() {
            let from = from.as_secs_f64();
            said.push(format!(
                "From {from:.1} s after the start on, none succeeded."
            ));
        }
        return said;
    }
    let refused = connections.asked.saturating_sub(connections.stood());
    if refused > 0 {
        let how = match report.interrupted {
            true => "had not come about when it was interrupted",
            false => "did not come about",
        };
        said.push(format!(
            "{} of {} {how}.",
            grouped(refused),
            counted(connections.asked, "connection")
        ));
    }
    if connections.lost_early > 0 {
        let when = match report.plan.scenario {
            Scenario::Connect => "",
            _ => " before the run began",
        };
        said.push(format!(
            "{} broke{when}.",
            counted(connections.lost_early, "connection")
        ));
    }
    let lost = connections.ready.saturating_sub(connections.alive);
    if let Some(at) = connections.all_lost {
        said.push(format!(
            "Every connection broke, the last {:.1} s after the start, which ended the run.",
            at.as_secs_f64()
        ));
    } else if lost > 0 && report.lost_everybody() {
        said.push("Every connection broke.".into());
    } else if lost > 0 {
        said.push(format!(
            "{} broke during the run.",
            counted(lost, "connection")
        ));
    }
    said
}

fn messages(report: &Report) -> Vec<String> {
    let mut said = Vec::new();
    let thing = words(report.plan.scenario).thing;
    said.extend(shortfall(report));
    if report.counts.refused > 0 {
        said.push(format!(
            "The broker refused {}.",
            counted(report.counts.refused, thing)
        ));
    }
    if report.counts.lost > 0 {
        let how = match report.interrupted {
            true => "had not arrived when it was interrupted",
            false => "never arrived",
        };
        said.push(format!(
            "{} of {} {how}.",
            grouped(report.counts.lost),
            counted(report.counts.expected, arrival(report))
        ));
    }
    if let Some(missing @ 1..) = report.unacknowledged().filter(|_| !report.interrupted) {
        said.push(format!(
            "{} got no acknowledgement.",
            counted(missing, thing)
        ));
    }
    for (qos, duplicated) in duplicated(report) {
        said.push(format!(
            "{} arrived more than once, which QoS {} forbids.",
            counted(duplicated, arrival(report)),
            qos.bits()
        ));
    }
    if report.counts.reordered > 0 {
        said.push(format!(
            "{} arrived out of order.",
            counted(report.counts.reordered, "message")
        ));
    }
    if let Some(left @ 1..) = report.left_behind {
        let what = match report.plan.scenario {
            Scenario::Queue => "session",
            _ => "retained message",
        };
        said.push(format!("{} could not be removed.", counted(left, what)));
    }
    said
}

/// What was not sent of what was offered, and whose fault that is.
fn shortfall(report: &Report) -> Option<String> {
    let Load::Open { rate: asked } = report.plan.load else {
        return None;
    };
    let is_kept = report.counts.sent as f64 >= RATE_KEPT * report.offered as f64;
    // A broker that is gone took nothing.
    let is_over = report.silent_from.is_some() || report.lost_everybody();
    if is_kept || is_over || report.plan.scenario.is_storm() {
        return None;
    }
    let (sent, asked) = (rate(report.sent_rate()), rate(asked));
    let stood = report.plan.scenario.churns() || report.connections.asked == report.standing();
    Some(match stood {
        true => format!("The broker took {sent} of the {asked} offered."),
        false => format!("{sent} of the {asked} offered was sent, as some had no connection."),
    })
}

/// What arrives.
fn arrival(report: &Report) -> &'static str {
    match report.plan.scenario.act() {
        Act::Die => "will",
        _ => "message",
    }
}

/// What was duplicated of a QoS that forbids it.
fn duplicated(report: &Report) -> Vec<(QoS, u64)> {
    let each = report
        .by_qos
        .iter()
        .map(|one| (one.qos, one.counts.duplicated));
    let counts: Vec<_> = match report.by_qos.is_empty() {
        true => vec![(report.plan.qos, report.counts.duplicated)],
        false => each.collect(),
    };
    let is_forbidden = |&(qos, count): &(QoS, u64)| qos != QoS::AtLeastOnce && count > 0;
    counts.into_iter().filter(is_forbidden).collect()
}

fn all_is_well(report: &Report) -> String {
    let connections = &report.connections;
    if report.plan.scenario.churns() {
        return format!(
            "Every one of {} succeeded.",
            counted(report.counts.sent, "connection attempt")
        );
    }
    if report.plan.scenario == Scenario::Connect {
        return format!(
            "Every one of {} was accepted.",
            counted(connections.asked, "connection")
        );
    }
    match report.plan.scenario.act() {
        Act::Subscribe => {
            return format!(
                "Every one of {} got every retained message.",
                counted(
                    report.plan.shard.share(report.plan.subscribers),
                    "subscriber"
                )
            );
        }
        Act::Return => return "Every session held every message.".into(),
        Act::Die => {
            return format!(
                "Every one of {} arrived.",
                counted(report.counts.expected, "will")
            );
        }
        Act::Request => {
            return format!(
                "Every one of {} succeeded.",
                counted(report.counts.sent, "request")
            );
        }
        Act::Stay | Act::Visit | Act::Publish => {}
    }
    if report.plan.publishers == 0 {
        return format!(
            "Every one of {} stood.",
            counted(connections.asked, "connection")
        );
    }
    let what = match (
        report.counts.expected > 0,
        report.unacknowledged().is_some(),
    ) {
        (true, _) => "arrived",
        (false, true) => "was acknowledged",
        (false, false) => {
            return "Every message was handed over; at QoS 0 nobody knows what became of it."
                .into();
        }
    };
    match report.arrears() {
        None => format!("The broker kept up: every message {what}."),
        Some(late) => format!(
            "Every message {what}, but {} were still under way when the last was sent, which took \
             {} more: the broker was slower than the load.",
            grouped(report.under_way),
            span(late)
        ),
    }
}
