//! The report of a run, for programs.

use std::io::{self, Write};
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};
use serde_json::{Map, Value, json};

use crate::bench::{Checked, Load, Report, Verdict, percentile};

/// The report of a run, and what came of its thresholds, as one JSON object on a line.
///
/// # Errors
///
/// Those of the writer.
pub fn report_json(out: &mut impl Write, report: &Report, checks: &[Checked]) -> io::Result<()> {
    let plan = &report.plan;
    let (rate, inflight) = match plan.load {
        Load::Open { rate } => (Some(rate), None),
        Load::Closed { inflight } => (None, Some(inflight)),
    };
    let intervals: Vec<_> = report
        .intervals
        .iter()
        .map(|interval| {
            json!({
                "end_s": interval.end.as_secs_f64(),
                "sent": interval.sent,
                "acked": interval.acked,
                "received": interval.received,
                "errors": interval.errors,
                "latency_us": interval.latency.map(|[p50, p90, p99, max]| json!({
                "p50": micros(p50),
                "p90": micros(p90),
                "p99": micros(p99),
                "max": micros(max),
            })),
            })
        })
        .collect();
    let connecting: Map<_, _> = (report.connections.latency.parts())
        .map(|(name, histogram)| (name.to_owned(), percentiles(histogram)))
        .into_iter()
        .collect();
    let errors = report.errors.iter();
    let errors: Map<_, _> = errors
        .map(|(key, tally)| (key.into(), json!(tally.count)))
        .collect();
    let examples = report.errors.iter();
    let examples: Map<_, _> = examples
        .map(|(key, tally)| (key.into(), json!(tally.example)))
        .collect();
    let stalls: Vec<_> = (report.stalls.iter())
        .map(|stall| {
            json!({
                "from_s": stall.from.as_secs_f64(),
                "length_s": stall.length.as_secs_f64(),
                "waiting": stall.waiting,
            })
        })
        .collect();
    let thresholds: Vec<_> = (checks.iter())
        .map(|check| {
            json!({
                "threshold": check.threshold.to_string(),
                "measured": check.measured,
                "failed": check.failed,
            })
        })
        .collect();
    let started = report
        .started
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let object = json!({
        "scenario": plan.scenario.name(),
        "config": {
            "broker": plan.client.target.address.to_string(),
            "tls": plan.client.target.tls.is_some(),
            "websocket": plan.client.target.websocket.is_some(),
            "protocol_version": plan.client.version as u8,
            "clean_start": plan.client.clean_start,
            "keep_alive_s": plan.client.keep_alive,
            "client_id": plan.client_id.to_string(),
            "publishers": plan.publishers,
            "subscribers": plan.subscribers,
            "idlers": plan.idlers,
            "rate": rate,
            "max_inflight": inflight,
            "messages": plan.messages,
            "duration_s": plan.duration.map(|duration| duration.as_secs_f64()),
            "warmup_s": plan.warmup.as_secs_f64(),
            "drain_s": plan.drain.as_secs_f64(),
            "interval_s": plan.interval.as_secs_f64(),
            "topic": plan.topic.to_string(),
            "qos": plan.qos.bits(),
            "retain": plan.retain,
            "size": plan.payload.len(),
            "connect_rate": plan.connect_rate,
            "threads": plan.workers,
        },
        "started_s": started.as_secs_f64(),
        "interrupted": report.interrupted,
        "connections": {
            "asked": report.connections.asked,
            "ready": report.connections.ready,
            "alive": report.connections.alive,
            "took_s": report.connections.took.as_secs_f64(),
            "latency_us": connecting,
        },
        "offered": report.offered,
        "sent": report.sent,
        "acked": report.acked,
        "unacknowledged": report.unacknowledged(),
        "expected": report.expected,
        "received": report.received,
        "lost": report.lost,
        "duplicated": report.duplicated,
        "reordered": report.reordered,
        "balance": report.balance.map(|balance| json!({
            "members": balance.members,
            "min": balance.min,
            "mean": balance.mean(),
            "max": balance.max,
        })),
        "foreign": report.foreign,
        "errors": errors,
        "error_examples": examples,
        "duration_s": report.duration.as_secs_f64(),
        "rate": report.sent_rate(),
        "latency": plan.latency_name(),
        "latency_us": {
            "corrected": percentiles(&report.latency.corrected),
            "uncorrected": percentiles(&report.latency.uncorrected),
        },
        "intervals": intervals,
        "stalls": stalls,
        "generator": {
            "cpu_s": report.generator.cpu.as_secs_f64(),
            "bytes_per_connection": report.generator.memory_per_connection,
            "max_lag_us": micros(percentile(&report.generator.lag, 100.0)),
            "valid": report.generator.is_valid(),
            "faults": report.generator.faults,
        },
        "verdict": match report.verdict() {
            Verdict::Valid => "valid",
            Verdict::Invalid => "invalid",
            Verdict::NotConnected => "not connected",
        },
        "thresholds": thresholds,
        "histogram": compressed(&report.latency.corrected),
    });
    writeln!(out, "{object}")
}

/// A histogram in the compressed form of HdrHistogram, version 2; nanoseconds.
fn compressed(histogram: &Histogram<u64>) -> String {
    let mut bytes = Vec::new();
    // Nothing fails to be written to memory.
    let _ = V2DeflateSerializer::new().serialize(histogram, &mut bytes);
    STANDARD.encode(bytes)
}

/// The percentiles of a histogram; `null` if it is empty.
fn percentiles(histogram: &Histogram<u64>) -> Value {
    if histogram.is_empty() {
        return Value::Null;
    }
    let mut object = Map::new();
    for (name, percent) in [
        ("p50", 50.0),
        ("p90", 90.0),
        ("p99", 99.0),
        ("p999", 99.9),
        ("p9999", 99.99),
        ("max", 100.0),
    ] {
        object.insert(
            name.to_owned(),
            json!(micros(percentile(histogram, percent))),
        );
    }
    Value::Object(object)
}

fn micros(span: Duration) -> f64 {
    span.as_nanos() as f64 / 1e3
}
