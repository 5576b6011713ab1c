//! `mqtk bench`: a run, and what is said of it.

pub(super) mod compare;
mod config;
pub(super) mod file;
pub(super) mod merge;
mod outputs;
mod saved;
pub(super) mod search;
mod view;

use std::io;

use rustix::fs::fstat;
use tokio::task::LocalSet;

use self::outputs::Outputs;
use self::view::{View, Watched};
use crate::bench::{Breakdown, Checked, Report, Verdict, run as run_plan};
use crate::cli::BenchOptions;
use crate::command::broker_process::BrokerProcess;
use crate::command::failure::Failure;
use crate::command::print::print;
use crate::command::signals::Signals;
use crate::command::talk::Talk;
use crate::exit::ExitStatus;
use crate::render::{self, Style};

/// Runs the plan and prints the report.
///
/// # Errors
///
/// There was no broker, the run was invalid, or a threshold was missed.
pub(in crate::command) async fn run(mut options: BenchOptions) -> Result<(), Failure> {
    let talk = Talk::new(options.verbosity);
    let mut signals = Signals::new(true)?;
    let outputs = Outputs::create(&options.files)?;
    let broker = match options.embedded {
        Some(listen) => {
            let client = &mut options.plan.client;
            Some(BrokerProcess::start(listen, client, &talk).await?)
        }
        None => None,
    };
    let local = LocalSet::new();
    let watched = match options.prometheus {
        Some(address) => Some(Watched::serve(&local, address, &talk)?),
        None => None,
    };
    let watch = watched.map(|watched| watched.add(&options.plan, Vec::new()));
    let mut view = View::new(&options.plan, options.verbosity).watched(watch);
    let report = local
        .run_until(run_plan(options.plan, &mut view, signals.recv_last()))
        .await;
    drop(view);
    if let Some(broker) = broker {
        broker.end(&talk).await;
    }
    let report = report.map_err(|error| Failure::new(ExitStatus::Usage, error))?;
    let thresholds = options.thresholds.iter();
    let checks: Vec<_> = thresholds.map(|one| one.check(&report)).collect();
    let written = outputs.write(&report, &checks);
    print_report(&report, &checks, options.json)?;
    written?;
    unless_told(judge(&report, &checks), options.json)
}

/// What stderr says beside a report. Where both go to the same place, such as a terminal or a log, who
/// reads the report has read it there.
fn unless_told(judged: Result<(), Failure>, as_json: bool) -> Result<(), Failure> {
    judged.map_err(|failure| match !as_json && is_one_place() {
        true => Failure::told(failure.status),
        false => failure,
    })
}

/// Whether stdout and stderr go to the same place.
fn is_one_place() -> bool {
    let places = (fstat(io::stdout()), fstat(io::stderr()));
    matches!(places, (Ok(out), Ok(err)) if (out.st_dev, out.st_ino) == (err.st_dev, err.st_ino))
}

/// Prints the report of a run.
fn print_report(report: &Report, checks: &[Checked], as_json: bool) -> Result<(), Failure> {
    let mut out = Vec::new();
    match as_json {
        true => render::report_json(&mut out, report, checks),
        false => render::summary(&mut out, report, checks, Style::of(&io::stdout())),
    }
    .map_err(|error| Failure::io("cannot write the report", &error))?;
    print(&out)
}

/// What the shell is told. What the thresholds say of a run that measured nothing, or the wrong
/// thing, does not matter.
fn judge(report: &Report, checks: &[Checked]) -> Result<(), Failure> {
    let breakdown = report.breakdown();
    match report.verdict() {
        Verdict::Valid => {}
        Verdict::Invalid if breakdown.is_none() => {
            return Err(Failure::new(
                ExitStatus::InvalidMeasurement,
                format!("the run is invalid: {}", report.generator.faults.join("; ")),
            ));
        }
        Verdict::Invalid => {}
        // Who interrupts a run before it measures knows why there is nothing.
        Verdict::NotConnected | Verdict::Empty if report.interrupted && report.why().is_none() => {}
        Verdict::Empty if breakdown.is_none() => {
            let why = report.why().unwrap_or("the broker took nothing");
            let status = match report.connections.alive < report.connections.ready {
                _ if report.is_refused() => ExitStatus::Refused,
                true => ExitStatus::ConnectionLost,
                false => ExitStatus::InvalidMeasurement,
            };
            return Err(Failure::new(status, format!("nothing was measured: {why}")));
        }
        Verdict::Empty => {}
        Verdict::NotConnected => {
            let why = report.why_not_connected();
            let status = match report.is_refused() {
                true => ExitStatus::Refused,
                false => ExitStatus::CannotConnect,
            };
            return Err(Failure::new(status, why));
        }
    }
    let is_valid = report.verdict() == Verdict::Valid;
    let failed = checks.iter().filter(|check| check.failed && is_valid);
    let failed: Vec<_> = failed.map(Checked::to_string).collect();
    if !failed.is_empty() {
        let text = format!("--fail-if {}", failed.join("; "));
        return Err(Failure::new(ExitStatus::VerdictFailed, text));
    }
    match breakdown {
        None => Ok(()),
        Some(Breakdown::Lost(what)) => Err(Failure::new(ExitStatus::ConnectionLost, what)),
        Some(Breakdown::Refused(what)) => Err(Failure::new(ExitStatus::Refused, what)),
    }
}
