//! `mqtk bench run FILE`: phases one after the other, the runs of a phase at the same time.

use std::io;

use tokio::sync::watch;
use tokio::task::{JoinSet, LocalSet};

use super::outputs::Outputs;
use super::view::{View, Watched};
use super::{judge, unless_told};
use crate::bench::{Checked, Report, Threshold, Verdict, run as run_plan};
use crate::cli::{BenchFileOptions, BenchPhase, Verbosity};
use crate::command::broker_process::BrokerProcess;
use crate::command::failure::Failure;
use crate::command::print::print;
use crate::command::signals::Signals;
use crate::command::talk::Talk;
use crate::exit::ExitStatus;
use crate::render::{self, ShownPhase, Style};

/// A run that is over.
struct Ended {
    name: String,
    report: Report,
    checks: Vec<Checked>,
}

/// A phase that is over.
struct EndedPhase {
    name: String,
    runs: Vec<Ended>,
    checks: Vec<Checked>,
}

/// Runs the phases of a scenario file and prints one report.
///
/// # Errors
///
/// As with a single run; the first phase without a broker is the last.
pub(in crate::command) async fn run(mut options: BenchFileOptions) -> Result<(), Failure> {
    let talk = Talk::new(options.verbosity);
    let mut signals = Signals::new(true)?;
    let broker = embed(&mut options, &talk).await?;
    let mut outputs = Vec::new();
    for run in options.phases.iter().flat_map(|phase| &phase.runs) {
        outputs.push(Outputs::create(&run.options.files)?);
    }
    let serving = LocalSet::new();
    let watched = match options.prometheus {
        Some(address) => Some(Watched::serve(&serving, address, &talk)?),
        None => None,
    };
    let running = run_phases(
        options.phases,
        options.verbosity,
        outputs,
        watched.as_ref(),
        &mut signals,
    );
    let ended = serving.run_until(running).await;
    if let Some(broker) = broker {
        broker.end(&talk).await;
    }
    let (ended, written) = ended?;
    let reports: Vec<_> = ended.iter().flat_map(EndedPhase::reports).collect();
    let checks = check_all(&options.thresholds, &reports);
    let mut out = Vec::new();
    let phases: Vec<_> = ended.iter().map(EndedPhase::shown).collect();
    match options.json {
        true => render::phases_json(&mut out, &phases, &checks),
        false => render::phases(&mut out, &phases, &checks, Style::of(&io::stdout())),
    }
    .map_err(|error| Failure::io("cannot write the report", &error))?;
    print(&out)?;
    written?;
    unless_told(judge_all(&ended, &checks), options.json)
}

/// One phase after the other; also, whether their files were written.
async fn run_phases(
    phases: Vec<BenchPhase>,
    verbosity: Verbosity,
    outputs: Vec<Outputs>,
    watched: Option<&Watched>,
    signals: &mut Signals,
) -> Result<(Vec<EndedPhase>, Result<(), Failure>), Failure> {
    let talk = Talk::new(verbosity);
    let (mut outputs, mut ended) = (outputs.into_iter(), Vec::new());
    let mut written = Ok(());
    for phase in phases {
        talk.note(format_args!("phase {}", phase.name));
        let phase = run_phase(phase, verbosity, watched, signals).await?;
        for (run, outputs) in phase.runs.iter().zip(&mut outputs) {
            // The reports are not lost with a file.
            written = written.and(outputs.write(&run.report, &run.checks));
        }
        let is_last = phase.is_last();
        ended.push(phase);
        if is_last {
            break;
        }
    }
    Ok((ended, written))
}

/// Starts the broker that all runs measure, if there is to be one.
async fn embed(
    options: &mut BenchFileOptions,
    talk: &Talk,
) -> Result<Option<BrokerProcess>, Failure> {
    let runs = options.phases.iter_mut().flat_map(|phase| &mut phase.runs);
    let mut clients = runs.map(|run| &mut run.options.plan.client);
    let (Some(listen), Some(first)) = (options.embedded, clients.next()) else {
        return Ok(None);
    };
    let broker = BrokerProcess::start(listen, first, talk).await?;
    clients.for_each(|client| client.target = first.target.clone());
    Ok(Some(broker))
}

/// Does the runs of a phase at the same time; a signal ends all of them.
async fn run_phase(
    phase: BenchPhase,
    verbosity: Verbosity,
    watched: Option<&Watched>,
    signals: &mut Signals,
) -> Result<EndedPhase, Failure> {
    let (stop_in, stop) = watch::channel(false);
    let is_alone = phase.runs.len() == 1;
    let (mut names, mut running) = (Vec::new(), JoinSet::new());
    let local = LocalSet::new();
    for (number, run) in phase.runs.into_iter().enumerate() {
        let (name, options) = (run.name, run.options);
        let labels = || vec![("phase", phase.name.clone()), ("run", name.clone())];
        let watch = watched.map(|watched| watched.add(&options.plan, labels()));
        let mut view = match is_alone {
            true => View::new(&options.plan, verbosity),
            false => View::among(&options.plan, verbosity, &name),
        }
        .watched(watch);
        let mut stop = stop.clone();
        let stopped = async move {
            // Who could stop it is there as long as it runs.
            let _ = stop.wait_for(|is_stopped| *is_stopped).await;
        };
        names.push((name, options.thresholds));
        running.spawn_local_on(
            async move { (number, run_plan(options.plan, &mut view, stopped).await) },
            &local,
        );
    }
    let ending = async {
        let mut ended = Vec::new();
        while let Some(one) = running.join_next().await {
            let (number, report) = one.map_err(|error| {
                Failure::new(ExitStatus::Failure, format!("a run broke off: {error}"))
            })?;
            let report = report.map_err(|error| Failure::new(ExitStatus::Usage, error))?;
            ended.push((number, report));
        }
        ended.sort_by_key(|(number, _)| *number);
        Ok::<_, Failure>(ended)
    };
    let whole = local.run_until(ending);
    tokio::pin!(whole);
    let ended = tokio::select! {
        ended = &mut whole => ended,
        () = signals.recv_last() => {
            stop_in.send_replace(true);
            whole.await
        }
    }?;
    let runs = names.into_iter().zip(ended);
    let runs: Vec<_> = runs
        .map(|((name, thresholds), (_, report))| Ended {
            checks: thresholds.iter().map(|one| one.check(&report)).collect(),
            name,
            report,
        })
        .collect();
    let reports: Vec<_> = runs.iter().map(|run| &run.report).collect();
    Ok(EndedPhase {
        checks: check_all(&phase.thresholds, &reports),
        name: phase.name,
        runs,
    })
}

fn check_all(thresholds: &[Threshold], reports: &[&Report]) -> Vec<Checked> {
    thresholds
        .iter()
        .map(|one| one.check_all(reports))
        .collect()
}

impl EndedPhase {
    fn reports(&self) -> impl Iterator<Item = &Report> {
        self.runs.iter().map(|run| &run.report)
    }

    /// Whether the others do not begin: the user has had enough, or there is no broker.
    fn is_last(&self) -> bool {
        let is_interrupted = self.reports().any(|report| report.interrupted);
        let mut verdicts = self.reports().map(Report::verdict);
        is_interrupted || verdicts.all(|verdict| verdict == Verdict::NotConnected)
    }

    fn shown(&self) -> ShownPhase<'_> {
        ShownPhase {
            name: &self.name,
            runs: (self.runs.iter())
                .map(|run| (&*run.name, &run.report, &*run.checks))
                .collect(),
            checks: &self.checks,
        }
    }
}

/// What the shell is told: the worst that happened, and in which run.
fn judge_all(phases: &[EndedPhase], checks: &[Checked]) -> Result<(), Failure> {
    let mut failures: Vec<Failure> = Vec::new();
    for phase in phases {
        for run in &phase.runs {
            let place = match *run.name == *phase.name {
                true => run.name.clone(),
                false => format!("{}, {}", phase.name, run.name),
            };
            if let Err(failure) = judge(&run.report, &run.checks) {
                let text = format!("{place}: {}", failure.message());
                failures.push(Failure::new(failure.status, text));
            }
        }
        failures.extend(missed(&phase.checks, &format!("{}: ", phase.name)));
    }
    failures.extend(missed(checks, ""));
    let severity = |failure: &Failure| match failure.status {
        ExitStatus::CannotConnect => 0,
        ExitStatus::InvalidMeasurement => 1,
        ExitStatus::VerdictFailed => 3,
        _ => 2,
    };
    let Some(status) = failures
        .iter()
        .min_by_key(|one| severity(one))
        .map(|one| one.status)
    else {
        return Ok(());
    };
    let told: Vec<_> = failures
        .into_iter()
        .map(|failure| failure.message())
        .collect();
    Err(Failure::new(status, told.join("; ")))
}

/// The thresholds over several runs that were missed.
fn missed(checks: &[Checked], place: &str) -> Option<Failure> {
    let failed = checks.iter().filter(|check| check.failed);
    let failed: Vec<_> = failed.map(Checked::to_string).collect();
    (!failed.is_empty()).then(|| {
        let text = format!("{place}fail-if {}", failed.join("; "));
        Failure::new(ExitStatus::VerdictFailed, text)
    })
}
