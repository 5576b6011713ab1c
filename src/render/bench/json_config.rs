//! What a run was to do, for programs.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::bench::{Credentials, Load, Payload, Plan, Sizes};

/// What was to be done.
pub(super) fn config(plan: &Plan) -> Value {
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

/// Seconds since 1970, in UTC.
pub(super) fn since_1970(at: SystemTime) -> f64 {
    at.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs_f64()
}
