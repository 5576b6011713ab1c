//! The report of a run, for programs.

use std::io::{self, Write};
use std::time::Duration;

use hdrhistogram::Histogram;
use serde_json::{Map, Value, json};

use crate::bench::{Load, Report, percentile};

/// The report of a run as one JSON object on a line.
///
/// # Errors
///
/// Those of the writer.
pub fn report_json(out: &mut impl Write, report: &Report) -> io::Result<()> {
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
    let object = json!({
        "scenario": plan.scenario.name(),
        "config": {
            "publishers": plan.publishers,
            "subscribers": plan.subscribers,
            "rate": rate,
            "max_inflight": inflight,
            "messages": plan.messages,
            "duration_s": plan.duration.map(|duration| duration.as_secs_f64()),
            "warmup_s": plan.warmup.as_secs_f64(),
            "topic": plan.topic.to_string(),
            "qos": plan.qos.bits(),
            "retain": plan.retain,
            "size": plan.payload.len(),
        },
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
        "received": report.received,
        "lost": report.lost,
        "duplicated": report.duplicated,
        "reordered": report.reordered,
        "errors": report.errors,
        "duration_s": report.duration.as_secs_f64(),
        "rate": report.sent_rate(),
        "latency_us": {
            "corrected": percentiles(&report.latency.corrected),
            "uncorrected": percentiles(&report.latency.uncorrected),
        },
        "intervals": intervals,
        "generator": {
            "cpu_s": report.generator.cpu.as_secs_f64(),
            "bytes_per_connection": report.generator.memory_per_connection,
            "max_lag_us": micros(percentile(&report.generator.lag, 100.0)),
            "valid": report.generator.is_valid(),
        },
    });
    writeln!(out, "{object}")
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
