//! The report of a run, for programs.

use std::io::{self, Write};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::json_config::{config, since_1970};
use super::json_histograms::{compressed, each, histograms, micros, percentiles};
use crate::bench::{Checked, Deliveries, Faults, Interval, OfQos, Report, Stall, percentile};

/// The report of a run, and what came of its thresholds, as one JSON object on a line.
///
/// # Errors
///
/// Those of the writer.
pub fn report_json(out: &mut impl Write, report: &Report, checks: &[Checked]) -> io::Result<()> {
    writeln!(out, "{}", report_value(report, checks))
}

/// The report of merged shards, which were to do together what `config` says.
///
/// # Errors
///
/// Those of the writer.
pub fn merged_json(
    out: &mut impl Write,
    report: &Report,
    checks: &[Checked],
    config: Value,
) -> io::Result<()> {
    let mut value = report_value(report, checks);
    if let Some(place) = value.get_mut("config") {
        *place = config;
    }
    writeln!(out, "{value}")
}

/// What came of thresholds.
pub(super) fn checks_value(checks: &[Checked]) -> Vec<Value> {
    let value = |check: &Checked| {
        json!({
            "threshold": check.threshold.to_string(),
            "measured": check.measured,
            "failed": check.failed,
        })
    };
    checks.iter().map(value).collect()
}

/// The report of a run as an object.
pub(super) fn report_value(report: &Report, checks: &[Checked]) -> Value {
    let plan = &report.plan;
    // Of a shard that hears others, what should have arrived is known after a merge only.
    let arrivals = |count: u64| report.deliveries.is_none().then_some(count);
    json!({
        "scenario": plan.scenario.name(),
        "config": config(plan),
        "shard": plan.shard.is_part().then(|| json!({
            "index": plan.shard.index(),
            "of": plan.shard.of(),
        })),
        "started_s": since_1970(report.started),
        "interrupted": report.interrupted,
        "connections": {
            "asked": report.connections.asked,
            "ready": report.connections.ready,
            "lost_early": report.connections.lost_early,
            "alive": report.connections.alive,
            "all_lost_s": report.connections.all_lost.map(|at| at.as_secs_f64()),
            "took_s": report.connections.took.as_secs_f64(),
            "latency_us": each(report.connections.latency.parts()),
            "brokers": by_broker(report),
        },
        "offered": report.offered,
        "sent": report.counts.sent,
        "acked": report.counts.acked,
        "refused": report.counts.refused,
        "unacknowledged": report.unacknowledged(),
        "expected": arrivals(report.counts.expected),
        "received": report.counts.received,
        "lost": arrivals(report.counts.lost),
        "duplicated": report.counts.duplicated,
        "reordered": plan.scenario.keeps_order().then_some(report.counts.reordered),
        "by_qos": by_qos(report),
        "balance": report.balance.map(|balance| json!({
            "members": balance.members,
            "min": balance.min,
            "mean": balance.mean(),
            "max": balance.max,
            "all": balance.all,
        })),
        "deliveries": report.deliveries.as_ref().map(deliveries),
        "foreign": report.foreign,
        "under_way": report.under_way,
        "errors": tallies(&report.errors),
        "warmup_errors": tallies(&report.warmup_errors),
        "error_examples": error_examples(report),
        "duration_s": report.duration.as_secs_f64(),
        "rate": report.has_sent_rate().then(|| report.sent_rate()),
        "received_rate": report.received_rate(),
        "receiving_s": report.receiving.as_secs_f64(),
        "latency": plan.latency_name(),
        "latency_us": {
            "corrected": percentiles(&report.latency.corrected),
            "uncorrected": percentiles(&report.latency.uncorrected),
        },
        "steps_us": each(report.steps.parts()),
        "left_behind": report.left_behind,
        "intervals": report.intervals.iter().map(interval).collect::<Value>(),
        "stalls": report.stalls.iter().map(stall).collect::<Value>(),
        "silent_from_s": report.silent_from.map(|from| from.as_secs_f64()),
        "generator": {
            "cpu_s": report.generator.cpu.as_secs_f64(),
            "bytes_per_connection": report.generator.memory_per_connection,
            "max_lag_us": micros(percentile(&report.generator.lag, 100.0)),
            "valid": report.generator.is_valid(),
            "faults": report.generator.faults,
        },
        "verdict": report.verdict().name(),
        "thresholds": checks_value(checks),
        "histogram": compressed(&report.latency.corrected),
        "histograms": histograms(report),
    })
}

/// Each broker, and the connections that it accepted.
fn by_broker(report: &Report) -> Value {
    let brokers = report.connections.by_broker.iter();
    brokers
        .map(|(broker, accepted)| json!({ "broker": broker, "accepted": accepted }))
        .collect()
}

fn interval(interval: &Interval) -> Value {
    let latency = |[p50, p90, p99, max]: [Duration; 4]| {
        json!({
            "p50": micros(p50),
            "p90": micros(p90),
            "p99": micros(p99),
            "max": micros(max),
        })
    };
    json!({
        "end_s": interval.end.as_secs_f64(),
        "sent": interval.sent,
        "acked": interval.acked,
        "received": interval.received,
        "errors": interval.errors,
        "latency_us": interval.latency.map(latency),
        "histogram": interval.latency.map(|_| STANDARD.encode(&interval.histogram)),
    })
}

fn stall(stall: &Stall) -> Value {
    json!({
        "from_s": stall.from.as_secs_f64(),
        "length_s": stall.length.as_secs_f64(),
        "waiting": stall.waiting,
    })
}

/// The first of each thing that went wrong, in words: one of the measured part before one of the
/// warm-up.
fn error_examples(report: &Report) -> Map<String, Value> {
    let examples = report.warmup_errors.iter().chain(report.errors.iter());
    examples
        .map(|(key, tally)| (key.into(), json!(tally.example)))
        .collect()
}

/// How often each thing went wrong.
fn tallies(errors: &Faults) -> Map<String, Value> {
    let errors = errors.iter();
    errors
        .map(|(key, tally)| (key.into(), json!(tally.count)))
        .collect()
}

/// The counts and latencies of each QoS, where there are several.
fn by_qos(report: &Report) -> Value {
    let of_one = |one: &OfQos| {
        let object = json!({
            "sent": one.counts.sent,
            "acked": one.counts.acked,
            "refused": one.counts.refused,
            "expected": one.counts.expected,
            "received": one.counts.received,
            "lost": one.counts.lost,
            "duplicated": one.counts.duplicated,
            "reordered": one.counts.reordered,
            "latency_us": {
                "corrected": percentiles(&one.latency.corrected),
                "uncorrected": percentiles(&one.latency.uncorrected),
            },
        });
        (one.qos.bits().to_string(), object)
    };
    match report.by_qos.is_empty() {
        true => Value::Null,
        false => Value::Object(report.by_qos.iter().map(of_one).collect()),
    }
}

/// What was published, by publisher, and the sequence numbers that arrived: everything below
/// `from`, and from there on what the bits say.
fn deliveries(deliveries: &Deliveries) -> Value {
    let published: Map<_, _> = (deliveries.published.iter())
        .map(|(publisher, &count)| (publisher.to_string(), json!(count)))
        .collect();
    let arrived: Map<_, _> = (deliveries.arrived.iter())
        .map(|(publisher, arrivals)| {
            let (from, bits) = arrivals.to_bits();
            let value = json!({
                "from": from,
                "bits": STANDARD.encode(bits),
                "duplicated": arrivals.duplicated(),
                "reordered": arrivals.reordered(),
            });
            (publisher.to_string(), value)
        })
        .collect();
    json!({
        "subscribers": deliveries.subscribers,
        "published": published,
        "arrived": arrived,
    })
}
