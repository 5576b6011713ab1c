//! Reports that were written as JSON, read back.

mod part;
mod plan;

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use hdrhistogram::Histogram;
use serde_json::Value;

use self::part::{Part, bytes};
use self::plan::plan;
use crate::bench::{
    Arrivals, Balance, Connecting, Connections, Counts, Deliveries, Faults, Health, Interval,
    Latency, OfQos, Report, Stall, Steps,
};
use crate::codec::QoS;
use crate::transport::plain_io;

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
    let text = text.map_err(|error| format!("cannot read {name}: {}", plain_io(&error)))?;
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
    let mut steps = Steps::default();
    for (name, histogram) in steps.parts_mut() {
        *histogram = histograms.histogram(&format!("step_{name}"))?;
    }
    Ok(Report {
        plan: plan(all)?,
        started: UNIX_EPOCH + started,
        duration: all.seconds("duration_s")?,
        connections: Connections {
            asked: connections.count("asked")?,
            ready: connections.count("ready")?,
            lost_early: connections.count("lost_early")?,
            alive: connections.count("alive")?,
            all_lost: connections.find("all_lost_s").map(Part::span).transpose()?,
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
        counts: counts(all)?,
        balance: all.find("balance").map(balance).transpose()?,
        deliveries: all.find("deliveries").map(deliveries).transpose()?,
        foreign: all.count("foreign")?,
        errors: errors(all, "errors")?,
        warmup_errors: errors(all, "warmup_errors")?,
        under_way: all.count("under_way")?,
        receiving: all.seconds("receiving_s")?,
        by_qos: by_qos(all, histograms)?,
        steps,
        left_behind: all.find("left_behind").map(Part::number).transpose()?,
        latency: Latency {
            corrected: all.histogram("histogram")?,
            uncorrected: histograms.histogram("uncorrected")?,
        },
        intervals: all
            .list("intervals")?
            .map(interval)
            .collect::<Result<_, _>>()?,
        stalls: all.list("stalls")?.map(stall).collect::<Result<_, _>>()?,
        silent_from: all.find("silent_from_s").map(Part::span).transpose()?,
        generator: health(all.get("generator")?, all, histograms.histogram("lag")?)?,
        interrupted: all.flag("interrupted")?,
    })
}

/// Counts of messages; where something cannot be known, it is `null`.
fn counts(part: Part<'_>) -> Result<Counts, String> {
    let known = |name| match part.find(name) {
        Some(count) => count.number(),
        None => Ok(0),
    };
    Ok(Counts {
        sent: part.count("sent")?,
        acked: part.count("acked")?,
        refused: part.count("refused")?,
        expected: known("expected")?,
        received: part.count("received")?,
        lost: known("lost")?,
        duplicated: part.count("duplicated")?,
        reordered: known("reordered")?,
    })
}

/// The messages of each QoS apart, where there are several.
fn by_qos(all: Part<'_>, histograms: Part<'_>) -> Result<Vec<OfQos>, String> {
    if all.find("by_qos").is_none() {
        return Ok(Vec::new());
    }
    let levels = all.map("by_qos")?.map(|(level, part)| {
        let qos = level.parse().ok().and_then(QoS::from_bits);
        Ok(OfQos {
            qos: qos.ok_or_else(|| part.wrong())?,
            counts: counts(part)?,
            latency: Latency {
                corrected: histograms.histogram(&format!("qos{level}"))?,
                uncorrected: histograms.histogram(&format!("qos{level}_uncorrected"))?,
            },
        })
    });
    levels.collect()
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
        deliveries.published.insert(publisher, count.number()?);
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

fn errors(all: Part<'_>, name: &str) -> Result<Faults, String> {
    let examples = all.get("error_examples")?;
    let errors = all
        .map(name)?
        .map(|(key, count)| Ok((key.clone(), count.number()?, examples.text(key)?.to_owned())));
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

/// Worker threads.
fn threads(config: Part<'_>) -> Result<usize, String> {
    let threads = config.get("threads")?;
    usize::try_from(threads.number()?).map_err(|_| threads.wrong())
}

fn health(part: Part<'_>, all: Part<'_>, lag: Histogram<u64>) -> Result<Health, String> {
    let faults = part.list("faults")?;
    let faults = faults.map(|fault| fault.parsed(|value| Some(value.as_str()?.to_owned())));
    Ok(Health {
        cpu: part.seconds("cpu_s")?,
        workers: threads(all.get("config")?)?,
        lag,
        memory_per_connection: part
            .find("bytes_per_connection")
            .map(Part::number)
            .transpose()?,
        faults: faults.collect::<Result<_, _>>()?,
    })
}
