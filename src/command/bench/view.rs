//! How runs go, for those who watch: on stderr, and for Prometheus.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Instant;

use tokio::task::LocalSet;

use crate::bench::{Interval, LiveMetrics, Observer, Plan, Scenario, Stats, cpu_time};
use crate::cli::Verbosity;
use crate::command::failure::Failure;
use crate::command::listen;
use crate::command::talk::Talk;
use crate::metrics::serve;
use crate::render::{self, LiveRun};

/// Shows how a run goes: in place on a terminal, line by line elsewhere.
pub(super) struct View {
    scenario: Scenario,
    live: Option<LiveRun>,
    talk: Talk,
    /// What its lines begin with.
    name: String,
    watch: Option<Watch>,
}

impl View {
    /// That of a run which goes alone.
    pub(super) fn new(plan: &Plan, verbosity: Verbosity) -> View {
        let is_shown = verbosity != Verbosity::Quiet;
        let live = LiveRun::on_terminal(Instant::now(), plan.scenario);
        View {
            scenario: plan.scenario,
            live: live.filter(|_| is_shown),
            talk: Talk::new(verbosity),
            name: String::new(),
            watch: None,
        }
    }

    /// That of one run of many, of which only a terminal shows more than the outcome.
    pub(super) fn quiet(plan: &Plan, verbosity: Verbosity) -> View {
        View {
            talk: Talk::new(Verbosity::Quiet),
            ..View::new(plan, verbosity)
        }
    }

    /// That of one run of several that go at the same time.
    pub(super) fn among(plan: &Plan, verbosity: Verbosity, name: &str) -> View {
        View {
            live: None,
            name: format!("{name:<12}"),
            ..View::new(plan, verbosity)
        }
    }

    /// The same, and Prometheus sees it too.
    pub(super) fn watched(mut self, watch: Option<Watch>) -> View {
        self.watch = watch;
        self
    }

    fn watch(&self, change: impl FnOnce(&mut LiveMetrics)) {
        if let Some(watch) = &self.watch {
            watch.change(change);
        }
    }
}

impl Observer for View {
    fn connecting(&mut self, settled: u64, asked: u64) {
        if let Some(live) = &mut self.live {
            live.connecting(Instant::now(), settled, asked);
        }
        self.watch(|metrics| metrics.settled(settled));
    }

    fn alive(&mut self, connections: u64) {
        if let Some(live) = &mut self.live {
            live.still(Instant::now());
        }
        self.watch(|metrics| metrics.alive(connections));
    }

    fn interval(&mut self, interval: &Interval, measured: &Stats) {
        self.watch(|metrics| metrics.interval(interval, measured));
        match &mut self.live {
            Some(live) => live.interval(interval),
            None => {
                let line = render::interval_line(interval, self.scenario);
                self.talk.note(format_args!("{}{line}", self.name));
            }
        }
    }

    fn ending(&mut self) {
        if let Some(live) = &self.live {
            live.clear();
        }
    }
}

/// All runs that Prometheus sees.
#[derive(Clone, Default)]
pub(super) struct Watched(Rc<RefCell<Vec<LiveMetrics>>>);

/// One of them.
pub(super) struct Watch {
    all: Watched,
    place: usize,
}

impl Watched {
    /// Serves the runs at an address, until `local` ends.
    ///
    /// # Errors
    ///
    /// The address is taken or not ours.
    pub(super) fn serve(local: &LocalSet, at: SocketAddr, talk: &Talk) -> Result<Watched, Failure> {
        let watched = Watched::default();
        let listener = listen::metrics(at)?;
        talk.note(format_args!("metrics at {}", listener.url()));
        let runs = Rc::clone(&watched.0);
        local.spawn_local(serve(listener, move || {
            LiveMetrics::page(&runs.borrow(), cpu_time())
        }));
        Ok(watched)
    }

    /// Takes up a run, which `labels` tell from others.
    pub(super) fn add(&self, plan: &Plan, labels: Vec<(&'static str, String)>) -> Watch {
        let mut runs = self.0.borrow_mut();
        runs.push(LiveMetrics::new(plan, labels));
        Watch {
            all: self.clone(),
            place: runs.len() - 1,
        }
    }
}

impl Watch {
    fn change(&self, change: impl FnOnce(&mut LiveMetrics)) {
        if let Some(metrics) = self.all.0.borrow_mut().get_mut(self.place) {
            change(metrics);
        }
    }
}
