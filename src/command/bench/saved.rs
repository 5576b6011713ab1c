//! Reports that were written as JSON, read back.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;
use serde_json::Value;

use crate::bench::{
    Arrivals, Balance, Connecting, Connections, Deliveries, Faults, Health, Interval, Latency,
    Load, Payload, Placement, Plan, Report, Scenario, Shard, Stall, Steps,
};
use crate::client;
use crate::codec::{PropertyBuf, QoS, Version};
use crate::transport::{Address, Target, TlsOptions, WebSocketOptions};

/// A report, and where it stood.
pub(super) struct Saved {
    /// The file, and the number of the report in it where there are several.
    pub(super) name: String,
    pub(super) report: Report,
    /// What was to be done, as it was written.
    pub(super) config: Value,
}

/// All reports in a file, or on stdin where it is called `-`. What stands between them, such as
/// what else a program said in a log, is passed over.
///
/// # Errors
///
/// The file cannot be read, or something in it is no report: why, in one line.
pub(super) fn read(path: &Path) -> Result<Vec<Saved>, String> {
    let (name, text) = match path.as_os_str() == "-" {
        true => {
            let mut text = String::new();
            let read = io::stdin().lock().read_to_string(&mut text);
            ("stdin".to_owned(), read.map(|_| text))
        }
        false => (path.display().to_string(), fs::read_to_string(path)),
    };
    let text = text.map_err(|error| format!("cannot read {name}: {error}"))?;
    let objects = objects(&text).map_err(|error| format!("{name}: {error}"))?;
    let is_one = objects.len() == 1;
    let saved = objects.into_iter().enumerate().map(|(at, object)| {
        let name = match is_one {
            true => name.clone(),
            false => format!("{name}, report {}", at + 1),
        };
        match report(&object) {
            Ok(report) => Ok(Saved {
                config: object.get("config").cloned().unwrap_or_default(),
                name,
                report,
            }),
            Err(what) => Err(format!(
                "{name}: {what}: is it what mqtk bench --json writes?"
            )),
        }
    });
    let saved: Vec<_> = saved.collect::<Result<_, _>>()?;
    match saved.is_empty() {
        true => Err(format!(
            "{name}: there is no report in it (mqtk bench --json)"
        )),
        false => Ok(saved),
    }
}

/// Every JSON object that begins a line.
fn objects(text: &str) -> Result<Vec<Value>, String> {
    let mut objects = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while !rest.is_empty() {
        let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let mut taken = end;
        if rest.starts_with('{') {
            let mut stream = serde_json::Deserializer::from_str(rest).into_iter();
            match stream.next() {
                Some(Ok(object)) => objects.push(object),
                Some(Err(error)) => return Err(format!("from line {line} on: {error}")),
                None => {}
            }
            taken = stream.byte_offset();
        }
        line += rest[..taken].matches('\n').count();
        rest = &rest[taken..];
    }
    Ok(objects)
}

/// A part of a report, and the names that lead there.
#[derive(Clone, Copy)]
struct Part<'a> {
    value: &'a Value,
    name: &'a str,
}

impl<'a> Part<'a> {
    /// What is called so in it; nothing if it is `null` or missing.
    fn find(self, name: &'a str) -> Option<Part<'a>> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(Part { value, name })
    }

    fn get(self, name: &'a str) -> Result<Part<'a>, String> {
        self.find(name)
            .ok_or_else(|| format!("'{name}' is missing"))
    }

    fn wrong(self) -> String {
        format!("'{}' is not what it should be", self.name)
    }

    fn parsed<T>(self, read: impl FnOnce(&'a Value) -> Option<T>) -> Result<T, String> {
        read(self.value).ok_or_else(|| self.wrong())
    }

    fn count(self, name: &'a str) -> Result<u64, String> {
        self.get(name)?.parsed(Value::as_u64)
    }

    fn text(self, name: &'a str) -> Result<&'a str, String> {
        self.get(name)?.parsed(Value::as_str)
    }

    fn flag(self, name: &'a str) -> Result<bool, String> {
        self.get(name)?.parsed(Value::as_bool)
    }

    fn seconds(self, name: &'a str) -> Result<Duration, String> {
        let seconds = |value: &Value| Duration::try_from_secs_f64(value.as_f64()?).ok();
        self.get(name)?.parsed(seconds)
    }

    fn list(self, name: &'a str) -> Result<impl Iterator<Item = Part<'a>>, String> {
        let list = self.get(name)?.parsed(Value::as_array)?;
        Ok(list.iter().map(move |value| Part { value, name }))
    }

    fn map(self, name: &'a str) -> Result<impl Iterator<Item = (&'a String, Part<'a>)>, String> {
        let map = self.get(name)?.parsed(Value::as_object)?;
        Ok(map
            .iter()
            .map(move |(key, value)| (key, Part { value, name })))
    }

    /// The histogram that is called so; an empty one where there is none.
    fn histogram(self, name: &str) -> Result<Histogram<u64>, String> {
        match self.value.get(name) {
            None => Ok(Latency::default().corrected),
            Some(text) => bytes(text)
                .and_then(|bytes| decoded(&bytes))
                .ok_or_else(|| format!("'{name}' is no HdrHistogram of mqtk")),
        }
    }
}

fn bytes(text: &Value) -> Option<Vec<u8>> {
    STANDARD.decode(text.as_str()?).ok()
}

/// A histogram that can be added to ours.
fn decoded(bytes: &[u8]) -> Option<Histogram<u64>> {
    let read = Deserializer::new().deserialize(&mut &bytes[..]).ok()?;
    let mut histogram = Latency::default().corrected;
    histogram.add(&read).ok()?;
    Some(histogram)
}

fn report(object: &Value) -> Result<Report, String> {
    let all = Part {
        value: object,
        name: "",
    };
    let connections = all.get("connections")?;
    let started = all.seconds("started_s")?;
    let histograms = all.get("histograms")?;
    let mut connecting = Connecting::default();
    for (name, histogram) in connecting.parts_mut() {
        *histogram = histograms.histogram(&format!("connect_{name}"))?;
    }
    Ok(Report {
        plan: plan(all)?,
        started: UNIX_EPOCH + started,
        duration: all.seconds("duration_s")?,
        connections: Connections {
            asked: connections.count("asked")?,
            ready: connections.count("ready")?,
            alive: connections.count("alive")?,
            took: connections.seconds("took_s")?,
            latency: connecting,
            by_broker: connections
                .list("brokers")?
                .map(|part| {
                    Ok::<_, String>((part.text("broker")?.to_owned(), part.count("accepted")?))
                })
                .collect::<Result<_, _>>()?,
        },
        offered: all.count("offered")?,
        sent: all.count("sent")?,
        acked: all.count("acked")?,
        refused: all.count("refused")?,
        expected: all
            .find("expected")
            .map_or(Ok(0), |part| part.parsed(Value::as_u64))?,
        received: all.count("received")?,
        lost: all
            .find("lost")
            .map_or(Ok(0), |part| part.parsed(Value::as_u64))?,
        duplicated: all.count("duplicated")?,
        reordered: all
            .find("reordered")
            .map_or(Ok(0), |part| part.parsed(Value::as_u64))?,
        balance: all.find("balance").map(balance).transpose()?,
        deliveries: all.find("deliveries").map(deliveries).transpose()?,
        foreign: all.count("foreign")?,
        errors: errors(all)?,
        // Shards have none, and a comparison asks for none.
        by_qos: Vec::new(),
        steps: Steps::default(),
        left_behind: None,
        latency: Latency {
            corrected: all.histogram("histogram")?,
            uncorrected: histograms.histogram("uncorrected")?,
        },
        intervals: all
            .list("intervals")?
            .map(interval)
            .collect::<Result<_, _>>()?,
        stalls: all.list("stalls")?.map(stall).collect::<Result<_, _>>()?,
        generator: health(all.get("generator")?, all, histograms.histogram("lag")?)?,
        interrupted: all.flag("interrupted")?,
    })
}

/// As much of the plan as a report says.
fn plan(all: Part<'_>) -> Result<Plan, String> {
    let config = all.get("config")?;
    let version = |value: &Value| Version::from_level(u8::try_from(value.as_u64()?).ok()?);
    let qos = |value: &Value| QoS::from_bits(u8::try_from(value.as_u64()?).ok()?);
    let scenario = |value: &Value| {
        let name = value.as_str()?;
        Scenario::ALL.into_iter().find(|one| one.name() == name)
    };
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
        client_id: config.text("client_id")?.parse()?,
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
        messages: config
            .find("messages")
            .map(|part| part.parsed(Value::as_u64))
            .transpose()?,
        duration: config
            .find("duration_s")
            .map(|_| config.seconds("duration_s"))
            .transpose()?,
        warmup: config.seconds("warmup_s")?,
        topic: config.text("topic")?.parse()?,
        group: String::new(),
        qos: config.get("qos")?.parsed(qos)?,
        mix: match config.find("mix") {
            None => None,
            Some(mix) => Some(mix.parsed(Value::as_str)?.parse()?),
        },
        retain: config.flag("retain")?,
        properties: PropertyBuf::default(),
        payload: payload(config)?,
        connect_rate: config
            .find("connect_rate")
            .map(|part| part.parsed(Value::as_f64))
            .transpose()?,
        connecting: 1,
        workers: config
            .get("threads")?
            .parsed(|value| value.as_u64()?.try_into().ok())?,
        drain: config.seconds("drain_s")?,
        interval: config.seconds("interval_s")?,
        shard: match all.find("shard") {
            None => Shard::default(),
            Some(shard) => Shard::new(shard.count("index")?, shard.count("of")?)?,
        },
        start_at: match config.find("start_at_s") {
            None => None,
            Some(_) => Some(UNIX_EPOCH + config.seconds("start_at_s")?),
        },
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
        let bytes = |value: &Value| usize::try_from(value.as_u64()?).ok();
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

fn balance(part: Part<'_>) -> Result<Balance, String> {
    Ok(Balance {
        members: part.count("members")?,
        min: part.count("min")?,
        max: part.count("max")?,
        all: part.count("all")?,
    })
}

fn deliveries(part: Part<'_>) -> Result<Deliveries, String> {
    let mut deliveries = Deliveries {
        subscribers: part.count("subscribers")?,
        ..Deliveries::default()
    };
    for (publisher, count) in part.map("published")? {
        let publisher = publisher.parse().map_err(|_| count.wrong())?;
        deliveries
            .published
            .insert(publisher, count.parsed(Value::as_u64)?);
    }
    for (publisher, arrived) in part.map("arrived")? {
        let publisher = publisher.parse().map_err(|_| arrived.wrong())?;
        let bits = arrived.get("bits")?.parsed(bytes)?;
        let (from, duplicated) = (arrived.count("from")?, arrived.count("duplicated")?);
        let reordered = arrived.count("reordered")?;
        let arrivals = Arrivals::from_bits(from, &bits, duplicated, reordered);
        let arrivals = arrivals.ok_or_else(|| arrived.wrong())?;
        deliveries.arrived.insert(publisher, arrivals);
    }
    Ok(deliveries)
}

fn errors(all: Part<'_>) -> Result<Faults, String> {
    let examples = all.get("error_examples")?;
    let errors = all.map("errors")?.map(|(key, count)| {
        Ok((
            key.clone(),
            count.parsed(Value::as_u64)?,
            examples.text(key)?.to_owned(),
        ))
    });
    errors.collect()
}

fn interval(part: Part<'_>) -> Result<Interval, String> {
    let nanos = |latency: Part<'_>, name| {
        let micros = latency.get(name)?.parsed(Value::as_f64)?;
        Ok::<_, String>(Duration::from_nanos((micros * 1e3).round() as u64))
    };
    let latency = part.find("latency_us").map(|latency| {
        Ok::<_, String>([
            nanos(latency, "p50")?,
            nanos(latency, "p90")?,
            nanos(latency, "p99")?,
            nanos(latency, "max")?,
        ])
    });
    Ok(Interval {
        end: part.seconds("end_s")?,
        is_warmup: false,
        sent: part.count("sent")?,
        acked: part.count("acked")?,
        received: part.count("received")?,
        errors: part.count("errors")?,
        latency: latency.transpose()?,
        histogram: match part.find("histogram") {
            Some(histogram) => histogram.parsed(bytes)?,
            None => Vec::new(),
        },
    })
}

fn stall(part: Part<'_>) -> Result<Stall, String> {
    Ok(Stall {
        from: part.seconds("from_s")?,
        length: part.seconds("length_s")?,
        waiting: part.count("waiting")?,
    })
}

fn health(part: Part<'_>, all: Part<'_>, lag: Histogram<u64>) -> Result<Health, String> {
    let faults = part.list("faults")?;
    let faults = faults.map(|fault| fault.parsed(|value| Some(value.as_str()?.to_owned())));
    Ok(Health {
        cpu: part.seconds("cpu_s")?,
        workers: all
            .get("config")?
            .get("threads")?
            .parsed(|value| value.as_u64()?.try_into().ok())?,
        lag,
        memory_per_connection: part
            .find("bytes_per_connection")
            .map(|part| part.parsed(Value::as_u64))
            .transpose()?,
        faults: faults.collect::<Result<_, _>>()?,
    })
}
