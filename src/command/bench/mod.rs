//! `mqtk bench`: a run, and what is said of it.

pub(super) mod compare;
mod config;
pub(super) mod file;
pub(super) mod merge;
mod saved;
pub(super) mod search;

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use tokio::task::LocalSet;

use crate::bench::{
    Checked, Interval, LiveMetrics, Observer, Plan, Report, Scenario, Stats, Verdict, cpu_time,
    run as run_plan,
};
use crate::cli::{BenchFiles, BenchOptions, Verbosity};
use crate::exit::ExitStatus;
use crate::metrics::serve;
use crate::render::{self, LiveRun, Style};

use crate::command::broker;
use crate::command::broker_process::BrokerProcess;
use crate::command::failure::Failure;
use crate::command::signals::Signals;
use crate::command::talk::Talk;

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
    let scenario = options.plan.scenario;
    let mut view = View::new(scenario, options.verbosity);
    view.metrics = options.prometheus.map(|_| live_metrics(&options.plan));
    let local = LocalSet::new();
    if let (Some(address), Some(metrics)) = (options.prometheus, &view.metrics) {
        serve_metrics(&local, address, metrics, &talk)?;
    }
    let report = local
        .run_until(run_plan(options.plan, &mut view, signals.recv()))
        .await;
    drop(view);
    if let Some(broker) = broker {
        broker.end(&talk).await;
    }
    let report = report.map_err(|error| Failure::new(ExitStatus::Usage, error))?;
    let thresholds = options.thresholds.iter();
    let checks: Vec<_> = thresholds.map(|one| one.check(&report)).collect();
    outputs.write(&report, &checks)?;
    print_report(&report, &checks, options.json)?;
    judge(&report, &checks)
}

fn live_metrics(plan: &Plan) -> Rc<RefCell<LiveMetrics>> {
    Rc::new(RefCell::new(LiveMetrics::new(plan)))
}

/// Serves how the run goes to Prometheus, until it ends.
fn serve_metrics(
    local: &LocalSet,
    address: SocketAddr,
    metrics: &Rc<RefCell<LiveMetrics>>,
    talk: &Talk,
) -> Result<(), Failure> {
    let listener = broker::metrics(address)?;
    talk.note(format_args!("metrics at {}", listener.url()));
    let metrics = Rc::clone(metrics);
    local.spawn_local(serve(listener, move || metrics.borrow().page(cpu_time())));
    Ok(())
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

/// Writes to stdout; who does not want to read it all is not told.
fn print(out: &[u8]) -> Result<(), Failure> {
    match io::stdout().lock().write_all(out) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| Failure::io("cannot write to stdout", &error)),
    }
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
        Verdict::NotConnected => {
            let why = report.errors.commonest();
            return Err(Failure::new(
                ExitStatus::CannotConnect,
                why.unwrap_or("there was no connection"),
            ));
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
        Some(what) => Err(Failure::new(ExitStatus::ConnectionLost, what)),
    }
}

/// The files written besides the report: made before the run, so that none is lost for want of one.
struct Outputs {
    csv: Option<(PathBuf, File)>,
    hlog: Option<(PathBuf, File)>,
    html: Option<(PathBuf, File)>,
}

impl Outputs {
    fn create(files: &BenchFiles) -> Result<Outputs, Failure> {
        let create = |path: &Option<PathBuf>| match path {
            None => Ok(None),
            Some(path) => match File::create(path) {
                Ok(file) => Ok(Some((path.clone(), file))),
                Err(error) => Err(unwritable(path, &error)),
            },
        };
        Ok(Outputs {
            csv: create(&files.csv)?,
            hlog: create(&files.hlog)?,
            html: create(&files.html)?,
        })
    }

    fn write(self, report: &Report, checks: &[Checked]) -> Result<(), Failure> {
        let write = |output: Option<(PathBuf, File)>, bytes: &[u8]| match output {
            None => Ok(()),
            Some((path, mut file)) => {
                let written = file.write_all(bytes);
                written.map_err(|error| unwritable(&path, &error))
            }
        };
        let (mut csv, mut hlog, mut html) = (Vec::new(), Vec::new(), Vec::new());
        render::intervals_csv(&mut csv, report)
            .and_then(|()| render::interval_log(&mut hlog, report))
            .and_then(|()| render::report_html(&mut html, report, checks))
            .map_err(|error| Failure::io("cannot write the report", &error))?;
        write(self.csv, &csv)?;
        write(self.hlog, &hlog)?;
        write(self.html, &html)
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::io(format_args!("cannot write {}", path.display()), error)
}

/// Shows on stderr how the run goes: in place on a terminal, line by line elsewhere.
struct View {
    live: Option<LiveRun>,
    scenario: Scenario,
    metrics: Option<Rc<RefCell<LiveMetrics>>>,
    talk: Talk,
}

impl View {
    fn new(scenario: Scenario, verbosity: Verbosity) -> View {
        let is_shown = verbosity != Verbosity::Quiet;
        View {
            live: LiveRun::on_terminal(scenario).filter(|_| is_shown),
            scenario,
            metrics: None,
            talk: Talk::new(verbosity),
        }
    }

    /// A view of one run of many, of which only a terminal shows more than the outcome.
    fn quiet(plan: &Plan, verbosity: Verbosity) -> View {
        let is_shown = verbosity != Verbosity::Quiet;
        View {
            live: LiveRun::on_terminal(plan.scenario).filter(|_| is_shown),
            scenario: plan.scenario,
            metrics: None,
            talk: Talk::new(Verbosity::Quiet),
        }
    }
}

impl Observer for View {
    fn connecting(&mut self, settled: u64, asked: u64) {
        if let Some(live) = &self.live {
            live.connecting(settled, asked);
        }
        if let Some(metrics) = &self.metrics {
            metrics.borrow_mut().settled(settled);
        }
    }

    fn alive(&mut self, connections: u64) {
        if let Some(metrics) = &self.metrics {
            metrics.borrow_mut().alive(connections);
        }
    }

    fn interval(&mut self, interval: &Interval, measured: &Stats) {
        if let Some(metrics) = &self.metrics {
            metrics.borrow_mut().interval(interval, measured);
        }
        match &self.live {
            Some(live) => live.interval(interval),
            None => self
                .talk
                .note(render::interval_line(interval, self.scenario)),
        }
    }
}
