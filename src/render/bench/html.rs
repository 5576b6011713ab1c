//! The report of a run as a page that needs nothing else.

use std::io::{self, Write};
use std::time::Duration;

use hdrhistogram::Histogram;

use super::figures::{grouped, span};
use super::plot::{Line, Scale, plot};
use super::summary::summary;
use super::words::{counts, words};
use crate::bench::{Checked, Interval, Report, percentile};
use crate::render::Style;

const COLORS: [&str; 4] = ["#1f6feb", "#2da44e", "#bf8700", "#cf222e"];

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;\
    padding:0 1rem;color:#1f2328;background:#fff}pre{overflow-x:auto;background:#f6f8fa;padding:1rem}\
    svg{width:100%;height:auto}svg text{font-size:12px;fill:#57606a}.grid{stroke:#d0d7de}";

/// The report of a run as one HTML file with its plots; it loads nothing and runs nothing.
///
/// # Errors
///
/// Those of the writer.
pub fn report_html(out: &mut impl Write, report: &Report, checks: &[Checked]) -> io::Result<()> {
    let mut text = Vec::new();
    summary(&mut text, report, checks, Style::default())?;
    let text = escaped(&String::from_utf8_lossy(&text));
    let title = format!("mqtk bench {}", report.plan.scenario.name());
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n<h1>{title}</h1>\n<pre>{text}</pre>"
    )?;
    let seconds = |x: f64| format!("{x} s");
    if counts(report) {
        let svg = plot(&rates(report), Scale::Linear, seconds, |y| {
            format!("{}/s", grouped(y as u64))
        });
        writeln!(out, "<h2>Rates</h2>\n{svg}")?;
    }
    if report.plan.latency_name().is_some() && !report.latency.is_empty() {
        let svg = plot(&over_time(report), Scale::Logarithmic, seconds, micros);
        writeln!(out, "<h2>Latency over time</h2>\n{svg}")?;
        let latency = &report.latency;
        let lines = [
            by_percentile("corrected", COLORS[0], &latency.corrected),
            by_percentile("uncorrected", COLORS[2], &latency.uncorrected),
        ];
        let svg = plot(&lines, Scale::Logarithmic, nines, micros);
        writeln!(out, "<h2>Latency by percentile</h2>\n{svg}")?;
    }
    writeln!(out, "</html>")
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

/// What happened each second, by interval.
fn rates(report: &Report) -> Vec<Line> {
    let plan = &report.plan;
    let of = |count: fn(&Interval) -> u64| {
        // A last interval that is much shorter says nothing about a rate.
        let points = report.spans().filter_map(|(from, interval)| {
            let length = interval.end.saturating_sub(from);
            let rate = count(interval) as f64 / length.as_secs_f64();
            (2 * length >= plan.interval).then_some((interval.end.as_secs_f64(), rate))
        });
        points.collect()
    };
    let mut lines = vec![Line {
        name: words(plan.scenario).sent,
        color: COLORS[0],
        points: of(|interval| interval.sent),
    }];
    if report.counts.acked > 0 {
        lines.push(Line {
            name: words(plan.scenario).acked,
            color: COLORS[1],
            points: of(|interval| interval.acked),
        });
    }
    if report.counts.received > 0 {
        lines.push(Line {
            name: "received",
            color: COLORS[2],
            points: of(|interval| interval.received),
        });
    }
    lines
}

/// p50, p90, p99 and the maximum of each interval, in microseconds.
fn over_time(report: &Report) -> Vec<Line> {
    let names = ["p50", "p90", "p99", "max"];
    let lines = names.into_iter().zip(COLORS).enumerate();
    lines
        .map(|(at, (name, color))| Line {
            name,
            color,
            points: (report.intervals.iter())
                .filter_map(|interval| {
                    let latency = interval.latency?.get(at)?.as_nanos() as f64 / 1e3;
                    Some((interval.end.as_secs_f64(), latency))
                })
                .collect(),
        })
        .collect()
}

/// Latencies in microseconds over how many nines their percentile has.
fn by_percentile(name: &'static str, color: &'static str, histogram: &Histogram<u64>) -> Line {
    let points = (0..=50).map(|at| {
        let nines = f64::from(at) / 10.0;
        let percent = 100.0 * (1.0 - 10_f64.powf(-nines));
        let latency = percentile(histogram, percent).as_nanos() as f64 / 1e3;
        (nines, latency)
    });
    Line {
        name,
        color,
        points: points.collect(),
    }
}

/// 1 is 90 %, 2 is 99 %, 3 is 99.9 %.
fn nines(nines: f64) -> String {
    let digits = (nines - 2.0).max(0.0) as usize;
    format!("{:.digits$} %", 100.0 * (1.0 - 10_f64.powf(-nines)))
}
