//! The plan of a run, as far as its report says.

use std::time::UNIX_EPOCH;

use serde_json::Value;

use super::part::Part;
use super::threads;
use crate::bench::{Load, Payload, Placement, Plan, Scenario, Shard};
use crate::client;
use crate::codec::{MAX_REMAINING_LENGTH, PropertyBuf, QoS, Version};
use crate::transport::{Address, Target, TlsOptions, WebSocketOptions};

/// As much of the plan as a report says.
pub(super) fn plan(all: Part<'_>) -> Result<Plan, String> {
    let config = all.get("config")?;
    let version = |value: &Value| Version::from_level(u8::try_from(value.as_u64()?).ok()?);
    let qos = |value: &Value| QoS::from_bits(u8::try_from(value.as_u64()?).ok()?);
    let scenario = |value: &Value| Scenario::named(value.as_str()?);
    let mut target = Target::new(address(config.text("broker")?));
    target.tls = config.flag("tls")?.then(TlsOptions::default);
    target.websocket = config.flag("websocket")?.then(WebSocketOptions::default);
    let mut client = client::Options::new(target);
    client.version = config.get("protocol_version")?.parsed(version)?;
    client.clean_start = config.flag("clean_start")?;
    client.keep_alive = config
        .get("keep_alive_s")?
        .parsed(|value| value.as_u64()?.try_into().ok())?;
    Ok(Plan {
        scenario: all.get("scenario")?.parsed(scenario)?,
        client,
        // The report says nothing more of it than how the others were named.
        placement: Placement::default(),
        credentials: None,
        client_id: match config.find("client_id") {
            Some(template) => template.parsed(Value::as_str)?.parse()?,
            // Those of merged shards differ.
            None => "{client}".parse()?,
        },
        publishers: config.count("publishers")?,
        subscribers: config.count("subscribers")?,
        idlers: config.count("idlers")?,
        load: match (config.find("rate"), config.find("max_inflight")) {
            (Some(rate), _) => Load::Open {
                rate: rate.parsed(Value::as_f64)?,
            },
            (None, Some(inflight)) => Load::Closed {
                inflight: inflight.parsed(|value| value.as_u64()?.try_into().ok())?,
            },
            (None, None) => return Err("'rate' is missing".into()),
        },
        messages: config.find("messages").map(Part::number).transpose()?,
        duration: config.find("duration_s").map(Part::span).transpose()?,
        warmup: config.seconds("warmup_s")?,
        topic: config.text("topic")?.parse()?,
        group: String::new(),
        qos: config.get("qos")?.parsed(qos)?,
        mix: config
            .find("mix")
            .map(|mix| mix.parsed(Value::as_str)?.parse())
            .transpose()?,
        retain: config.flag("retain")?,
        properties: PropertyBuf::default(),
        payload: payload(config)?,
        connect_rate: config
            .find("connect_rate")
            .map(|part| part.parsed(Value::as_f64))
            .transpose()?,
        connecting: 1,
        workers: threads(config)?,
        drain: config.seconds("drain_s")?,
        interval: config.seconds("interval_s")?,
        shard: match all.find("shard") {
            None => Shard::default(),
            Some(shard) => Shard::new(shard.count("index")?, shard.count("of")?)?,
        },
        start_at: config
            .find("start_at_s")
            .map(Part::span)
            .transpose()?
            .map(|since_1970| UNIX_EPOCH + since_1970),
    })
}

fn address(text: &str) -> Address {
    let tcp = text.rsplit_once(':').and_then(|(host, port)| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Some(Address::tcp(host, port.parse().ok()?))
    });
    tcp.unwrap_or_else(|| Address::Unix(text.into()))
}

fn payload(config: Part<'_>) -> Result<Payload, String> {
    if let Some(file) = config.find("payload_file") {
        let bytes = |value: &Value| {
            let bytes = usize::try_from(value.as_u64()?).ok();
            bytes.filter(|bytes| *bytes <= MAX_REMAINING_LENGTH)
        };
        return Ok(Payload::File {
            name: file.text("name")?.to_owned(),
            // What is in it is not said.
            bytes: vec![0; file.get("bytes")?.parsed(bytes)?].into(),
        });
    }
    if let Some(template) = config.find("payload_template") {
        return Ok(Payload::Template(template.parsed(Value::as_str)?.parse()?));
    }
    let size = config.get("size")?;
    let sizes = size.parsed(|value| match value.as_str() {
        Some(text) => text.parse().ok(),
        None => value.to_string().parse().ok(),
    })?;
    match config.text("payload")? {
        "random" => Ok(Payload::Random(sizes)),
        _ => Ok(Payload::Filler(sizes)),
    }
}
