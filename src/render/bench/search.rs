//! How the highest rate was looked for, and what was found.

use std::io::{self, Write};

use colored::Colorize;
use serde_json::{Value, json};

use super::figures::rate;
use super::json::report_value;
use super::summary::summary;
use crate::bench::{Checked, Judged, Limit, Report, Step, Threshold};
use crate::render::Style;

/// What a search did and found.
#[derive(Clone, Copy, Debug)]
pub struct Searched<'a> {
    /// Its runs.
    pub steps: &'a [Step],
    /// The highest rate, confirmed.
    pub found: Option<f64>,
    /// Why it is no higher.
    pub limit: &'a Limit,
    /// What had to hold.
    pub max_latency: &'a Threshold,
    /// The last run.
    pub report: &'a Report,
    /// What came of its thresholds.
    pub checks: &'a [Checked],
}

/// One line on a run.
pub fn search_step(step: &Step) -> String {
    let outcome = match &step.judged {
        Judged::Sustained if step.is_confirming => "confirmed".to_owned(),
        Judged::Sustained => "sustained".to_owned(),
        Judged::Broker(why) => format!("not sustained by the broker: {why}"),
        Judged::Generator(why) => format!("not sustained by the generator: {why}"),
    };
    match step.judged {
        Judged::Sustained => format!("{:>12}  {outcome}, {}", rate(step.rate), step.latency),
        _ => format!("{:>12}  {outcome}", rate(step.rate)),
    }
}

/// What was found, after the lines on the runs, and the report of the last of them.
///
/// # Errors
///
/// Those of the writer.
pub fn search(out: &mut impl Write, searched: &Searched<'_>, style: Style) -> io::Result<()> {
    if searched.steps.is_empty() {
        return summary(out, searched.report, searched.checks, style);
    }
    let said = style.paint(&sentence(searched), |text| text.bold());
    writeln!(out, "\n{said}\n")?;
    writeln!(out, "The last run:")?;
    summary(out, searched.report, searched.checks, style)
}

fn sentence(searched: &Searched<'_>) -> String {
    let latency = searched.max_latency;
    let found = match searched.found {
        Some(found) => format!("{} are sustained with {latency}, in two runs.", rate(found)),
        None => format!("No rate was found that is sustained with {latency} in two runs."),
    };
    let limit = match searched.limit {
        Limit::Broker(at, why) => format!("The broker was the limit: at {}, {why}.", rate(*at)),
        Limit::Generator(at, why) => format!(
            "The generator, not the broker, was the limit: at {}, {why}.",
            rate(*at)
        ),
        Limit::MaxRate => "It was not to go faster (--max-rate).".to_owned(),
        Limit::Steps if searched.report.interrupted => "It was interrupted.".to_owned(),
        Limit::Steps => "There were no more runs to be made.".to_owned(),
    };
    format!("{found} {limit}")
}

/// The same as one JSON object on a line.
///
/// # Errors
///
/// Those of the writer.
pub fn search_json(out: &mut impl Write, searched: &Searched<'_>) -> io::Result<()> {
    let steps = searched.steps.iter().map(|step| {
        let (outcome, why) = match &step.judged {
            Judged::Sustained => ("sustained", None),
            Judged::Broker(why) => ("broker", Some(why)),
            Judged::Generator(why) => ("generator", Some(why)),
        };
        json!({
            "rate": step.rate,
            "confirming": step.is_confirming,
            "outcome": outcome,
            "latency": step.latency.measured,
            "why": why,
        })
    });
    let (limit, at, why) = match searched.limit {
        Limit::Broker(at, why) => ("broker", Some(at), Some(why)),
        Limit::Generator(at, why) => ("generator", Some(at), Some(why)),
        Limit::MaxRate => ("max-rate", None, None),
        Limit::Steps => ("max-runs", None, None),
    };
    let object = json!({
        "found": searched.found,
        "max_latency": searched.max_latency.to_string(),
        "limit": { "by": limit, "rate": at, "why": why },
        "steps": steps.collect::<Value>(),
        "report": report_value(searched.report, searched.checks),
    });
    writeln!(out, "{object}")
}
