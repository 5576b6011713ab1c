//! `mqtk bench`: a run, and what is said of it.

use std::io::{self, Write};

use crate::bench::{Interval, Observer, Verdict, run as run_plan};
use crate::cli::{BenchOptions, Verbosity};
use crate::exit::ExitStatus;
use crate::render;

use super::broker;
use super::failure::Failure;
use super::signals::Signals;
use super::talk::Talk;

/// Runs the plan and prints the report.
///
/// # Errors
///
/// There was no broker, the run was invalid, or a verdict failed.
pub(super) async fn run(mut options: BenchOptions) -> Result<(), Failure> {
    let talk = Talk::new(options.verbosity);
    let mut signals = Signals::new(true)?;
    let _broker = broker::embed(options.embedded, &mut options.plan.client, &talk)?;
    let mut view = View {
        is_shown: options.verbosity != Verbosity::Quiet,
        talk,
    };
    let report = run_plan(options.plan, &mut view, signals.recv())
        .await
        .map_err(|error| Failure::new(ExitStatus::Usage, error))?;
    let mut out = Vec::new();
    match options.json {
        true => render::report_json(&mut out, &report),
        false => render::summary(&mut out, &report),
    }
    .map_err(|error| Failure::io("cannot write the report", &error))?;
    match io::stdout().lock().write_all(&out) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written.map_err(|error| Failure::io("cannot write to stdout", &error))?,
    }
    match report.verdict() {
        Verdict::Valid => Ok(()),
        Verdict::Invalid => Err(Failure::new(
            ExitStatus::InvalidMeasurement,
            format!("the run is invalid: {}", report.generator.faults.join("; ")),
        )),
        Verdict::NotConnected => {
            let why = report.errors.keys().next();
            Err(Failure::new(
                ExitStatus::CannotConnect,
                why.map_or_else(|| "there was no connection".to_owned(), Clone::clone),
            ))
        }
    }
}

/// Shows on stderr how the run goes.
struct View {
    is_shown: bool,
    talk: Talk,
}

impl Observer for View {
    fn connecting(&mut self, _: u64, _: u64) {}

    fn interval(&mut self, interval: &Interval) {
        if self.is_shown {
            self.talk.note(render::interval_line(interval));
        }
    }
}
