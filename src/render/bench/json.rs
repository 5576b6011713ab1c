//! The report of a run, for programs.

use std::io::{self, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};
use serde_json::{Map, Value, json};

use crate::bench::{
    Checked, Credentials, Deliveries, Faults, Load, OfQos, Payload, Plan, Report, Sizes, percentile,
};

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
                "histogram": interval.latency.map(|_| STANDARD.encode(&interval.histogram)),
            })
        })
        .collect();
    let connecting: Map<_, _> = (report.connections.latency.parts())
        .map(|(name, histogram)| (name.to_owned(), percentiles(histogram)))
        .into_iter()
        .collect();
    let by_broker = report.connections.by_broker.iter();
    let by_broker: Vec<_> = by_broker
        .map(|(broker, accepted)| json!({ "broker": broker, "accepted": accepted }))
        .collect();
    let steps: Map<_, _> = (report.steps.parts())
        .map(|(name, histogram)| (name.to_owned(), percentiles(histogram)))
        .into_iter()
        .collect();
    // An example of the measured part stands before one of the warm-up.
    let examples = report.warmup_errors.iter().chain(report.errors.iter());
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
            "latency_us": connecting,
            "brokers": by_broker,
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
        "error_examples": examples,
        "duration_s": report.duration.as_secs_f64(),
        "rate": report.has_sent_rate().then(|| report.sent_rate()),
        "received_rate": report.received_rate(),
        "receiving_s": report.receiving.as_secs_f64(),
        "latency": plan.latency_name(),
        "latency_us": {
            "corrected": percentiles(&report.latency.corrected),
            "uncorrected": percentiles(&report.latency.uncorrected),
        },
        "steps_us": steps,
        "left_behind": report.left_behind,
        "intervals": intervals,
        "stalls": stalls,
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

/// What was to be done.
fn config(plan: &Plan) -> Value {
    let (rate, inflight) = match plan.load {
        Load::Open { rate } => (Some(rate), None),
        Load::Closed { inflight } => (None, Some(inflight)),
    };
    let (payload, template, file) = match &plan.payload {
        Payload::Filler(_) => ("filler", None, None),
        Payload::Random(_) => ("random", None, None),
        Payload::Template(template) => ("template", Some(template), None),
        Payload::File { name, bytes } => ("file", None, Some((name, bytes.len()))),
    };
    json!({
        "broker": plan.client.target.address.to_string(),
        "bind": sources(plan),
        "tls": plan.client.target.tls.is_some(),
        "websocket": plan.client.target.websocket.is_some(),
        "protocol_version": plan.client.version as u8,
        "clean_start": plan.client.clean_start,
        "keep_alive_s": plan.client.keep_alive,
        "credentials": plan.credentials.as_ref().map(Credentials::count),
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
        "mix": plan.mix.as_ref().map(ToString::to_string),
        "retain": plan.retain,
        "payload": payload,
        "size": plan.payload.sizes().map(size),
        "payload_template": template.map(ToString::to_string),
        "payload_file": file.map(|(name, bytes)| json!({ "name": name, "bytes": bytes })),
        "connect_rate": plan.connect_rate,
        "threads": plan.workers,
        "start_at_s": plan.start_at.map(since_1970),
    })
}

/// A number where there is but one size.
fn size(sizes: &Sizes) -> Value {
    match sizes.least() == sizes.most() {
        true => json!(sizes.least()),
        false => json!(sizes.to_string()),
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

/// Everything that was measured but the corrected latency.
fn histograms(report: &Report) -> Map<String, Value> {
    let connecting = report.connections.latency.parts();
    let connecting = connecting.map(|(name, histogram)| (format!("connect_{name}"), histogram));
    let steps = report.steps.parts();
    let steps = steps.map(|(name, histogram)| (format!("step_{name}"), histogram));
    let by_qos = report.by_qos.iter().flat_map(|one| {
        let name = format!("qos{}", one.qos.bits());
        [
            (format!("{name}_uncorrected"), &one.latency.uncorrected),
            (name, &one.latency.corrected),
        ]
    });
    [
        ("uncorrected".to_owned(), &report.latency.uncorrected),
        ("lag".to_owned(), &report.generator.lag),
    ]
    .into_iter()
    .chain(connecting)
    .chain(steps)
    .chain(by_qos)
    .filter(|(_, histogram)| !histogram.is_empty())
    .map(|(name, histogram)| (name, Value::String(compressed(histogram))))
    .collect()
}

fn since_1970(at: SystemTime) -> f64 {
    at.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs_f64()
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

/// The local addresses: the first and the last, and how many there are.
fn sources(plan: &Plan) -> Option<Value> {
    let one = plan.client.target.bind.as_slice();
    let sources = match &*plan.placement.sources {
        [] => one,
        several => several,
    };
    let (first, last) = (sources.first()?, sources.last()?);
    Some(json!({ "first": first, "last": last, "count": sources.len() }))
}
