//! `mqtk bench search`: runs at one rate after the other.

use std::io::{self, IsTerminal};

use tokio::task::LocalSet;

use super::outputs::Outputs;
use super::view::{View, Watched};
use super::{judge, run_plan};
use crate::bench::{Checked, Judged, Limit, Load, Report, Search, Step, Threshold, Verdict};
use crate::cli::{BenchOptions, SearchOptions};
use crate::command::broker_process::BrokerProcess;
use crate::command::failure::Failure;
use crate::command::print::print;
use crate::command::signals::Signals;
use crate::command::talk::Talk;
use crate::exit::ExitStatus;
use crate::render::{self, Searched, Style};

/// Looks for the highest rate, and prints how and the report of the last run.
///
/// # Errors
///
/// No rate is sustained, there was no broker, or a threshold was missed.
pub(in crate::command) async fn run(options: SearchOptions) -> Result<(), Failure> {
    let SearchOptions {
        mut bench,
        rate,
        max_latency,
        max_rate,
        precision,
        max_runs,
    } = options;
    let talk = Talk::new(bench.verbosity);
    let mut signals = Signals::new(true)?;
    let outputs = Outputs::create(&bench.files)?;
    let broker = match bench.embedded {
        Some(listen) => Some(BrokerProcess::start(listen, &mut bench.plan.client, &talk).await?),
        None => None,
    };
    let local = LocalSet::new();
    let watched = match bench.prometheus {
        Some(address) => Some(Watched::serve(&local, address, &talk)?),
        None => None,
    };
    let mut search = Search::new(rate, max_rate, precision, max_runs.into());
    let looking = look(
        &bench,
        &mut search,
        &max_latency,
        watched.as_ref(),
        &mut signals,
    );
    let looked = local.run_until(looking).await;
    if let Some(broker) = broker {
        broker.end(&talk).await;
    }
    let (steps, last) = looked?;
    let Some(report) = last else {
        return Ok(());
    };
    let checks: Vec<_> = bench
        .thresholds
        .iter()
        .map(|one| one.check(&report))
        .collect();
    let written = outputs.write(&report, &checks);
    let searched = Searched {
        steps: &steps,
        found: search.found(),
        limit: &search.limit(),
        max_latency: &max_latency,
        report: &report,
        checks: &checks,
    };
    let mut out = Vec::new();
    match bench.json {
        true => render::search_json(&mut out, &searched),
        false => render::search(&mut out, &searched, Style::of(&io::stdout())),
    }
    .map_err(|error| Failure::io("cannot write the report", &error))?;
    print(&out)?;
    written?;
    verdict(&search, &report, &checks, &max_latency)
}

/// Makes one run after the other, and tells of each; all but one that was interrupted or found no
/// broker, and the report of the last.
async fn look(
    bench: &BenchOptions,
    search: &mut Search,
    max_latency: &Threshold,
    watched: Option<&Watched>,
    signals: &mut Signals,
) -> Result<(Vec<Step>, Option<Report>), Failure> {
    let talk = Talk::new(bench.verbosity);
    let (mut steps, mut last) = (Vec::new(), None);
    while let Some(rate) = search.next_rate() {
        let mut plan = bench.plan.clone();
        plan.load = Load::Open { rate };
        let number = steps.len() + 1;
        let watch = watched.map(|watched| watched.add(&plan, vec![("run", number.to_string())]));
        let mut view = View::quiet(&plan, bench.verbosity).watched(watch);
        let report = run_plan(plan, &mut view, signals.recv_last()).await;
        drop(view);
        let report = report.map_err(|error| Failure::new(ExitStatus::Usage, error))?;
        if report.interrupted || report.verdict() == Verdict::NotConnected {
            last = Some(report);
            break;
        }
        let step = Step {
            rate,
            is_confirming: search.is_confirming(),
            latency: max_latency.check(&report),
            judged: Judged::of(&report, max_latency),
        };
        tell(&step, bench.json, &talk)?;
        search.told(step.judged.clone());
        steps.push(step);
        last = Some(report);
    }
    Ok((steps, last))
}

/// What the shell is told.
fn verdict(
    search: &Search,
    report: &Report,
    checks: &[Checked],
    max_latency: &Threshold,
) -> Result<(), Failure> {
    match (search.found(), search.limit()) {
        (Some(_), _) => judge(report, checks),
        _ if report.interrupted => Ok(()),
        _ if report.verdict() == Verdict::NotConnected => judge(report, checks),
        (None, Limit::Generator(_, why)) => Err(Failure::new(
            ExitStatus::InvalidMeasurement,
            format!("no rate was found: the generator was the limit: {why}"),
        )),
        (None, _) => Err(Failure::new(
            ExitStatus::VerdictFailed,
            format!("no rate was found that the broker sustains within {max_latency}"),
        )),
    }
}

/// Says what a run showed: at once, as the first lines of the report; and on stderr, if somebody looks
/// there and not at the report.
fn tell(step: &Step, as_json: bool, talk: &Talk) -> Result<(), Failure> {
    let line = render::search_step(step);
    if as_json || (!io::stdout().is_terminal() && io::stderr().is_terminal()) {
        talk.note(&line);
    }
    match as_json {
        true => Ok(()),
        false => print(format!("{line}\n").as_bytes()),
    }
}
