//! The report of a scenario file: that of each run, phase by phase.

use std::io::{self, Write};

use colored::Colorize;
use serde_json::{Value, json};

use super::checks::show_checks;
use super::json::{checks_value, report_value};
use super::summary::summary;
use crate::bench::{Checked, Report, Verdict};
use crate::render::Style;
use crate::render::escape::{Keep, visible};

/// A phase that is over.
#[derive(Debug)]
pub struct ShownPhase<'a> {
    /// What it is called.
    pub name: &'a str,
    /// The name and the report of each run, and what came of its thresholds.
    pub runs: Vec<(&'a str, &'a Report, &'a [Checked])>,
    /// What came of the thresholds over all of them.
    pub checks: &'a [Checked],
}

/// The reports of all phases, and what came of the thresholds over all of them, as one JSON object
/// on a line.
///
/// # Errors
///
/// Those of the writer.
pub fn phases_json(
    out: &mut impl Write,
    phases: &[ShownPhase<'_>],
    checks: &[Checked],
) -> io::Result<()> {
    let reports = phases.iter().flat_map(|phase| &phase.runs);
    let verdicts: Vec<_> = reports.map(|(_, report, _)| report.verdict()).collect();
    let worst = [
        Verdict::NotConnected,
        Verdict::Invalid,
        Verdict::Empty,
        Verdict::Valid,
    ];
    let verdict = worst.into_iter().find(|one| verdicts.contains(one));
    let phases: Vec<_> = phases.iter().map(phase_value).collect();
    let object = json!({
        "phases": phases,
        "thresholds": checks_value(checks),
        "verdict": verdict.unwrap_or(Verdict::Valid).name(),
    });
    writeln!(out, "{object}")
}

fn phase_value(phase: &ShownPhase<'_>) -> Value {
    let runs = phase.runs.iter().map(|(name, report, checks)| {
        let mut value = report_value(report, checks);
        if let Some(object) = value.as_object_mut() {
            object.insert("name".into(), json!(name));
        }
        value
    });
    json!({
        "name": phase.name,
        "runs": runs.collect::<Vec<_>>(),
        "thresholds": checks_value(phase.checks),
    })
}

/// The reports of all phases, for people.
///
/// # Errors
///
/// Those of the writer.
pub fn phases(
    out: &mut impl Write,
    phases: &[ShownPhase<'_>],
    checks: &[Checked],
    style: Style,
) -> io::Result<()> {
    for phase in phases {
        for (name, report, checks) in &phase.runs {
            let title = match *name == phase.name {
                true => (*name).to_owned(),
                false => format!("{}, {name}", phase.name),
            };
            heading(out, &title, style)?;
            summary(out, report, checks, style)?;
            writeln!(out)?;
        }
        if !phase.checks.is_empty() {
            heading(out, &format!("{}, all together", phase.name), style)?;
            show_checks(out, phase.checks, style)?;
            writeln!(out)?;
        }
    }
    if !checks.is_empty() {
        heading(out, "all phases together", style)?;
        show_checks(out, checks, style)?;
    }
    Ok(())
}

fn heading(out: &mut impl Write, title: &str, style: Style) -> io::Result<()> {
    let mut text = Vec::new();
    visible(&mut text, title.as_bytes(), Keep::Layout);
    let title = format!("== {} ==", String::from_utf8_lossy(&text));
    writeln!(out, "{}", style.paint(&title, |text| text.bold()))
}
