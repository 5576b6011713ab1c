//! One report of those of all shards.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;

use super::latency;
use super::{
    Arrivals, Balance, Connections, Deliveries, Interval, OfQos, Report, Scenario, Shard, Stall,
    Verdict,
};

/// Shards that begin further apart than this, or than this part of the run, measured other times.
const APART: Duration = Duration::from_secs(1);
const APART_OF_RUN: u32 = 10;
/// So many of the shards that are missing are named.
const NAMED: usize = 10;

/// The report of a whole run from those of its shards, as if one process had done it: counts are
/// added, histograms are added bucket by bucket, and what one shard sent and another received is
/// compared.
///
/// # Errors
///
/// They are not each of the `expected` shards of one run, once: why, in one line.
pub fn merge(reports: Vec<Report>, expected: Option<u64>) -> Result<Report, String> {
    let mut reports = in_order(reports, expected)?;
    let faults: Vec<_> = reports
        .iter()
        .flat_map(faults)
        .chain(apart(&reports))
        .collect();
    let (began, ended) = span(&reports);
    let intervals = intervals(&reports);
    let stalls = stalls(&reports);
    let deliveries: Vec<_> = reports
        .iter_mut()
        .filter_map(|report| report.deliveries.take())
        .collect();
    let mut rest = reports.into_iter();
    let Some(mut all) = rest.next() else {
        return Err("there is no shard".into());
    };
    for report in rest {
        add(&mut all, report);
    }
    if !deliveries.is_empty() {
        settle(&mut all, deliveries);
    }
    all.started = began;
    all.duration = ended
        .duration_since(began)
        .unwrap_or_default()
        .saturating_sub(all.plan.warmup);
    all.intervals = intervals;
    all.stalls = stalls;
    all.generator.faults = faults;
    all.plan.workers = all.generator.workers;
    all.plan.shard = Shard::default();
    Ok(all)
}

/// The reports by the number of their shard.
fn in_order(mut reports: Vec<Report>, expected: Option<u64>) -> Result<Vec<Report>, String> {
    let of = |report: &Report| report.plan.shard.of();
    let all = expected.unwrap_or_else(|| reports.first().map_or(1, of));
    if let Some(other) = reports.iter().map(of).find(|&of| of != all) {
        return Err(format!(
            "there is a shard of a run with {other} shards, and {all} are expected"
        ));
    }
    reports.sort_by_key(|report| report.plan.shard.index());
    let indices: Vec<_> = (reports.iter().map(|report| report.plan.shard.index())).collect();
    if let Some(twice) = indices.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(format!("shard {}/{all} is there twice", twice[0]));
    }
    let missing = (0..all).filter(|index| indices.binary_search(index).is_err());
    let first: Vec<_> = missing.take(NAMED).map(|index| index.to_string()).collect();
    match all - indices.len() as u64 {
        0 => Ok(reports),
        1 => Err(format!("shard {}/{all} is missing", first.join(""))),
        count => Err(format!(
            "{count} of {all} shards are missing: {}{}",
            first.join(", "),
            if count > NAMED as u64 { " …" } else { "" }
        )),
    }
}

/// When the first shard began, and when the last ended.
fn span(reports: &[Report]) -> (SystemTime, SystemTime) {
    let ran = || reports.iter().filter(|report| has_run(report)).map(times);
    let all = || reports.iter().map(times);
    let began = ran().map(|(began, _)| began).min();
    let ended = ran().map(|(_, ended)| ended).max();
    let began = began.or_else(|| all().map(|(began, _)| began).min());
    let began = began.unwrap_or(SystemTime::UNIX_EPOCH);
    (began, ended.unwrap_or(began))
}

/// When a shard began, and when it ended.
fn times(report: &Report) -> (SystemTime, SystemTime) {
    let ran = match report.plan.scenario {
        Scenario::Connect => report.connections.took,
        _ => report.plan.warmup + report.duration,
    };
    (report.started, report.started + ran)
}

fn has_run(report: &Report) -> bool {
    report.plan.scenario == Scenario::Connect || !report.duration.is_zero()
}

/// Why the numbers of a shard cannot be trusted.
fn faults(report: &Report) -> Vec<String> {
    let shard = report.plan.shard;
    let faults = report.generator.faults.iter();
    let mut faults: Vec<_> = faults
        .map(|fault| format!("shard {shard}: {fault}"))
        .collect();
    if matches!(report.verdict(), Verdict::NotConnected | Verdict::Empty) {
        let why = report.why().unwrap_or("nothing was measured");
        faults.push(format!("shard {shard} took no part: {why}"));
    }
    faults
}

/// Says so where the shards measured other times.
fn apart(reports: &[Report]) -> Option<String> {
    let (first, last) = {
        let ran = || reports.iter().filter(|report| has_run(report));
        let first = ran().min_by_key(|report| report.started)?;
        (first, ran().max_by_key(|report| report.started)?)
    };
    let apart = last.started.duration_since(first.started).ok()?;
    let (began, ended) = times(first);
    let ran = ended.duration_since(began).unwrap_or_default();
    (apart > APART.max(ran / APART_OF_RUN)).then(|| {
        format!(
            "shard {} began {:.1} s after shard {}: give all of them the same --start-at",
            last.plan.shard,
            apart.as_secs_f64(),
            first.plan.shard
        )
    })
}

/// Takes in another shard, but for what is of all of them together.
fn add(all: &mut Report, other: Report) {
    add_memory(all, &other);
    add_connections(&mut all.connections, other.connections);
    all.offered += other.offered;
    all.foreign += other.foreign;
    all.counts.merge(&other.counts);
    all.balance = all
        .balance
        .into_iter()
        .chain(other.balance)
        .reduce(Balance::and);
    add_by_qos(&mut all.by_qos, other.by_qos);
    all.steps.merge(&other.steps);
    all.left_behind = all
        .left_behind
        .into_iter()
        .chain(other.left_behind)
        .reduce(|a, b| a + b);
    all.errors.merge(&other.errors);
    all.warmup_errors.merge(&other.warmup_errors);
    all.under_way += other.under_way;
    all.silent_from = all
        .silent_from
        .zip(other.silent_from)
        .map(|(a, b)| a.max(b));
    all.receiving = all.receiving.max(other.receiving);
    all.latency.merge(&other.latency);
    latency::merge(&mut all.generator.lag, &other.generator.lag);
    all.generator.cpu += other.generator.cpu;
    all.generator.workers += other.generator.workers;
    all.interrupted |= other.interrupted;
}

/// The memory of a connection is that of all on average.
fn add_memory(all: &mut Report, other: &Report) {
    let (known, more) = (all.connections.ready, other.connections.ready);
    let memory = &mut all.generator.memory_per_connection;
    *memory = memory
        .zip(other.generator.memory_per_connection)
        .and_then(|(one, two)| {
            let sum = one
                .saturating_mul(known)
                .saturating_add(two.saturating_mul(more));
            sum.checked_div(known + more)
        });
}

fn add_connections(connections: &mut Connections, others: Connections) {
    connections.asked += others.asked;
    connections.ready += others.ready;
    connections.lost_early += others.lost_early;
    connections.alive += others.alive;
    connections.all_lost = connections
        .all_lost
        .zip(others.all_lost)
        .map(|(one, other)| one.max(other));
    connections.took = connections.took.max(others.took);
    connections.latency.merge(&others.latency);
    for (broker, accepted) in others.by_broker {
        let known = connections.by_broker.iter_mut();
        match known.into_iter().find(|(known, _)| *known == broker) {
            Some((_, count)) => *count += accepted,
            None => connections.by_broker.push((broker, accepted)),
        }
    }
}

fn add_by_qos(all: &mut Vec<OfQos>, others: Vec<OfQos>) {
    for more in others {
        let known = all.iter_mut().find(|one| one.qos == more.qos);
        match known {
            Some(one) => {
                one.counts.merge(&more.counts);
                one.latency.merge(&more.latency);
            }
            None => all.push(more),
        }
    }
}

/// Finds out what was lost on the way from shard to shard.
fn settle(all: &mut Report, deliveries: Vec<Deliveries>) {
    let subscribers: u64 = deliveries.iter().map(|shard| shard.subscribers).sum();
    let mut published = BTreeMap::new();
    let mut group: BTreeMap<u64, Arrivals> = BTreeMap::new();
    for shard in deliveries {
        published.extend(shard.published);
        for (publisher, arrivals) in shard.arrived {
            match group.get_mut(&publisher) {
                Some(others) => others.merge(&arrivals),
                None => {
                    group.insert(publisher, arrivals);
                }
            }
        }
    }
    let sent: u64 = published.values().sum();
    let counts = &mut all.counts;
    if all.plan.scenario == Scenario::Shared {
        let of = |publisher: &u64| group.get(publisher).map_or(0, Arrivals::unique);
        let missing = |(publisher, &sent): (&u64, &u64)| sent.saturating_sub(of(publisher));
        counts.expected = sent;
        counts.lost = published.iter().map(missing).sum();
        counts.duplicated = group.values().map(Arrivals::duplicated).sum();
        counts.reordered = group.values().map(Arrivals::reordered).sum();
    } else {
        counts.expected = sent.saturating_mul(subscribers);
        let unique = counts.received.saturating_sub(counts.duplicated);
        counts.lost = counts.expected.saturating_sub(unique);
    }
}

/// What all shards did in each interval.
fn intervals(reports: &[Report]) -> Vec<Interval> {
    let mut by_number: BTreeMap<u64, (Interval, Histogram<u64>)> = BTreeMap::new();
    let all = reports.iter().flat_map(|report| {
        let step = report.plan.interval.as_nanos().max(1);
        let intervals = report.intervals.iter();
        // The last one of a shard ends when the shard does.
        intervals.map(move |interval| (interval.end.as_nanos().div_ceil(step) as u64, interval))
    });
    for (number, interval) in all {
        let place = by_number.entry(number);
        let (sum, histogram) =
            place.or_insert_with(|| (Interval::empty(interval.end), latency::histogram()));
        sum.end = sum.end.max(interval.end);
        sum.sent += interval.sent;
        sum.acked += interval.acked;
        sum.received += interval.received;
        sum.errors += interval.errors;
        let read = Deserializer::new().deserialize(&mut &interval.histogram[..]);
        // An interval without latencies may have none.
        if let Ok(read) = read {
            latency::merge(histogram, &read);
        }
    }
    let merged = by_number.into_values();
    merged
        .map(|(interval, histogram)| interval.with_latencies(&histogram))
        .collect()
}

/// The stalls of all shards; those at the same time are one.
fn stalls(reports: &[Report]) -> Vec<Stall> {
    let mut all: Vec<_> = reports
        .iter()
        .flat_map(|report| &report.stalls)
        .copied()
        .collect();
    all.sort_by_key(|stall| stall.from);
    let mut merged: Vec<Stall> = Vec::new();
    for stall in all {
        match merged.last_mut() {
            Some(last) if stall.from <= last.from + last.length => {
                let until = (stall.from + stall.length).max(last.from + last.length);
                last.length = until.saturating_sub(last.from);
                last.waiting += stall.waiting;
            }
            _ => merged.push(stall),
        }
    }
    merged.sort_by_key(|stall| std::cmp::Reverse(stall.length));
    merged
}
