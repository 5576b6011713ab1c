//! Latencies, for programs: as percentiles and as histograms.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};
use serde_json::{Map, Value, json};

use crate::bench::{Report, percentile};

/// Everything that was measured but the corrected latency.
pub(super) fn histograms(report: &Report) -> Map<String, Value> {
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

/// The percentiles of each of some histograms, by its name.
pub(super) fn each<const N: usize>(parts: [(&str, &Histogram<u64>); N]) -> Map<String, Value> {
    let parts = parts.into_iter();
    parts
        .map(|(name, histogram)| (name.to_owned(), percentiles(histogram)))
        .collect()
}

/// A histogram in the compressed form of HdrHistogram, version 2; nanoseconds.
pub(super) fn compressed(histogram: &Histogram<u64>) -> String {
    let mut bytes = Vec::new();
    // Nothing fails to be written to memory.
    let _ = V2DeflateSerializer::new().serialize(histogram, &mut bytes);
    STANDARD.encode(bytes)
}

/// The percentiles of a histogram; `null` if it is empty.
pub(super) fn percentiles(histogram: &Histogram<u64>) -> Value {
    if histogram.is_empty() {
        return Value::Null;
    }
    let at = |percent| micros(percentile(histogram, percent));
    json!({
        "p50": at(50.0),
        "p90": at(90.0),
        "p99": at(99.0),
        "p999": at(99.9),
        "p9999": at(99.99),
        "max": at(100.0),
    })
}

/// Microseconds.
pub(super) fn micros(span: Duration) -> f64 {
    span.as_nanos() as f64 / 1e3
}
