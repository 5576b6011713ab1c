//! The report of a run as a page that needs nothing else.

use std::io::{self, Write};
use std::time::Duration;

use hdrhistogram::Histogram;
use jiff::Timestamp;

use super::figures::{grouped, span};
use super::plot::{Line, Scale, plot};
use super::sentences::sentences;
use super::summary::details;
use super::words::{counts, words};
use crate::bench::{Checked, Interval, Report, Verdict, percentile};

const CLASSES: [&str; 4] = ["blue", "green", "amber", "red"];
const STYLE: &str = include_str!("style.css");

/// The report of a run as one HTML file with its plots; it loads nothing and runs nothing.
///
/// # Errors
///
/// Those of the writer.
pub fn report_html(out: &mut impl Write, report: &Report, checks: &[Checked]) -> io::Result<()> {
    let plan = &report.plan;
    let title = format!("mqtk bench {}", plan.scenario.name());
    let started = Timestamp::try_from(report.started).unwrap_or_default();
    let mut text = Vec::new();
    details(&mut text, report)?;
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n<h1>{title}</h1>\n\
         <p class=\"about\">{}, {started:.0}</p>",
        escaped(&plan.client.target.address.to_string()),
    )?;
    judgement(out, report, checks)?;
    let text = escaped(&String::from_utf8_lossy(&text));
    writeln!(out, "<pre>{text}</pre>")?;
    plots(out, report)?;
    writeln!(out, "</html>")
}

/// What is to be thought of the run.
fn judgement(out: &mut impl Write, report: &Report, checks: &[Checked]) -> io::Result<()> {
    let has_failed = checks.iter().any(|check| check.failed);
    let is_bad = report.verdict() != Verdict::Valid || report.breakdown().is_some();
    let class = match is_bad || has_failed {
        true => " bad",
        false if !report.stalls.is_empty() => " odd",
        false => "",
    };
    writeln!(out, "<div class=\"said{class}\">")?;
    for sentence in sentences(report) {
        writeln!(out, "<p>{}</p>", escaped(&sentence))?;
    }
    writeln!(out, "</div>")?;
    if checks.is_empty() {
        return Ok(());
    }
    writeln!(out, "<ul class=\"checks\">")?;
    for check in checks {
        let (class, label, text) = match check.failed {
            true => ("failed", "FAILED", check.to_string()),
            false => ("passed", "passed", check.passed()),
        };
        let text = escaped(&text);
        writeln!(
            out,
            "<li><span class=\"{class}\">{label}</span> {text}</li>"
        )?;
    }
    writeln!(out, "</ul>")
}

fn plots(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let stalls = report.stalls.iter();
    let stalls: Vec<_> = stalls
        .map(|stall| {
            let (from, length) = (stall.from.as_secs_f64(), stall.length.as_secs_f64());
            (from, from + length)
        })
        .collect();
    let note = match stalls.is_empty() {
        true => "",
        false => "\n<p class=\"about\">Shaded: the broker stood still.</p>",
    };
    let has_points = |lines: &[Line]| lines.iter().any(|line| !line.pieces.is_empty());
    let rates = rates(report);
    if counts(report) && has_points(&rates) {
        let per_second = |y| format!("{}/s", plain(y));
        let svg = plot(&rates, Scale::Linear, &stalls, seconds, per_second);
        writeln!(out, "<h2>Rates</h2>\n{svg}{note}")?;
    }
    if report.plan.latency_name().is_none() || report.latency.is_empty() {
        return Ok(());
    }
    let over_time = over_time(report);
    if has_points(&over_time) {
        let svg = plot(&over_time, Scale::Logarithmic, &stalls, seconds, micros);
        writeln!(out, "<h2>Latency over time</h2>\n{svg}{note}")?;
    }
    let latency = &report.latency;
    let lines = match report.plan.has_two_latencies() {
        false => vec![by_percentile("all", CLASSES[0], &latency.corrected)],
        true => vec![
            by_percentile("corrected", CLASSES[0], &latency.corrected),
            by_percentile("uncorrected", CLASSES[2], &latency.uncorrected),
        ],
    };
    let svg = plot(&lines, Scale::Logarithmic, &[], nines, micros);
    writeln!(out, "<h2>Latency by percentile</h2>\n{svg}")
}

/// A mark of an axis, without the digits that only come of calculating it.
fn plain(value: f64) -> String {
    match value.fract().abs() < 1e-6 || value >= 1000.0 {
        true => grouped(value.round() as u64),
        false => ((value * 1e6).round() / 1e6).to_string(),
    }
}

fn seconds(x: f64) -> String {
    format!("{} s", plain(x))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn micros(value: f64) -> String {
    let span = span(Duration::from_nanos((value * 1e3) as u64));
    span.replace(".00", "").replace(".0 ", " ")
}

/// What holds for a whole interval is a level line.
fn step(from: Duration, until: Duration, value: f64) -> [(f64, f64); 2] {
    [from, until].map(|at| (at.as_secs_f64(), value))
}

/// What happened each second, by interval.
fn rates(report: &Report) -> Vec<Line> {
    let plan = &report.plan;
    let line = |name, class, count: fn(&Interval) -> u64| {
        // A last interval that is much shorter says nothing about a rate.
        let steps = report.spans().filter_map(|(from, interval)| {
            let length = interval.end.saturating_sub(from);
            let rate = count(interval) as f64 / length.as_secs_f64();
            (2 * length >= plan.interval).then(|| step(from, interval.end, rate))
        });
        Line::of_steps(name, class, steps)
    };
    let words = words(plan.scenario);
    let mut lines = vec![line(words.sent, CLASSES[0], |interval| interval.sent)];
    if report.counts.acked > 0 {
        lines.push(line(words.acked, CLASSES[1], |interval| interval.acked));
    }
    if report.counts.received > 0 {
        lines.push(line("received", CLASSES[2], |interval| interval.received));
    }
    lines
}

/// p50, p90, p99 and the maximum of each interval, in microseconds.
fn over_time(report: &Report) -> Vec<Line> {
    let names = ["p50", "p90", "p99", "max"];
    let lines = names.into_iter().zip(CLASSES).enumerate();
    lines
        .map(|(at, (name, class))| {
            let steps = report.spans().filter_map(|(from, interval)| {
                let latency = interval.latency?.get(at)?.as_nanos() as f64 / 1e3;
                Some(step(from, interval.end, latency))
            });
            Line::of_steps(name, class, steps)
        })
        .collect()
}

/// Latencies in microseconds over how many nines their percentile has.
fn by_percentile(name: &'static str, class: &'static str, histogram: &Histogram<u64>) -> Line {
    let points = (0..=50).map(|at| {
        let nines = f64::from(at) / 10.0;
        let percent = 100.0 * (1.0 - 10_f64.powf(-nines));
        let latency = percentile(histogram, percent).as_nanos() as f64 / 1e3;
        (nines, latency)
    });
    Line {
        name,
        class,
        pieces: vec![points.collect()],
    }
}

/// 1 is 90 %, 2 is 99 %, 3 is 99.9 %.
fn nines(nines: f64) -> String {
    let digits = (nines - 2.0).max(0.0) as usize;
    format!("{:.digits$} %", 100.0 * (1.0 - 10_f64.powf(-nines)))
}
