//! Flags of `mqtk bench search`.

use clap::Parser;

use super::bench::{BenchFlags, BenchOptions};
use super::values;
use crate::bench::{Load, Plan, Scenario, Threshold};

/// `mqtk bench search SCENARIO`
#[derive(Parser)]
#[command(name = "bench", bin_name = "mqtk bench search")]
pub(super) struct SearchFlags {
    /// The latency that must hold, such as 'p99<10ms'
    #[arg(
        long,
        value_name = "LATENCY",
        default_value = "p99<10ms",
        help_heading = "Search"
    )]
    pub max_latency: Threshold,

    /// Go no faster than this, in messages a second
    #[arg(long, value_name = "RATE", value_parser = values::rate, help_heading = "Search")]
    pub max_rate: Option<f64>,

    /// Close in on the rate to this part of it, such as 5%
    #[arg(long, value_name = "PERCENT", default_value = "5%", value_parser = precision,
        help_heading = "Search")]
    pub precision: f64,

    /// Make so many runs at most
    #[arg(long, value_name = "COUNT", default_value = "30",
        value_parser = clap::value_parser!(u16).range(2..), help_heading = "Search")]
    pub max_runs: u16,

    #[command(flatten)]
    pub bench: BenchFlags,
}

/// What `mqtk bench search` is asked to do.
#[derive(Clone, Debug)]
pub struct SearchOptions {
    /// The run that is made again and again; its rate is the first.
    pub bench: BenchOptions,
    /// The rate of the first run.
    pub rate: f64,
    /// What must hold.
    pub max_latency: Threshold,
    /// The highest rate.
    pub max_rate: Option<f64>,
    /// How certain the answer must be, as a part of it.
    pub precision: f64,
    /// The most runs.
    pub max_runs: u16,
}

impl SearchFlags {
    pub fn options(self, scenario: Scenario) -> Result<SearchOptions, String> {
        let (max_latency, max_rate) = (self.max_latency, self.max_rate);
        if !scenario.has_rate() || scenario.is_storm() {
            let name = scenario.name();
            return Err(format!("bench {name} has no rate to search for"));
        }
        let bench = self.bench.options(scenario)?;
        let Load::Open { rate } = bench.plan.load else {
            return Err("a search begins at a rate: --rate".into());
        };
        check(&bench.plan, &max_latency)?;
        Ok(SearchOptions {
            bench,
            rate,
            max_latency,
            max_rate,
            precision: self.precision,
            max_runs: self.max_runs,
        })
    }
}

fn check(plan: &Plan, max_latency: &Threshold) -> Result<(), String> {
    let scenario = plan.scenario.name();
    if !max_latency.bounds_latency() {
        return Err(format!(
            "--max-latency '{max_latency}': want what must hold of a latency, such as 'p99<10ms'"
        ));
    }
    if plan.latency_name().is_none() {
        return Err(format!(
            "bench {scenario} at QoS 0 measures no latency: say -q 1, or search pairs"
        ));
    }
    if plan.shard.is_part() || plan.start_at.is_some() {
        return Err("a search is made by one process: leave out --shard and --start-at".into());
    }
    Ok(())
}

/// A percentage, as a part of one.
fn precision(text: &str) -> Result<f64, String> {
    let percent = text
        .strip_suffix('%')
        .and_then(|number| number.trim().parse().ok());
    percent
        .filter(|percent| (0.1..=100.0).contains(percent))
        .map(|percent: f64| percent / 100.0)
        .ok_or_else(|| "want a percentage from 0.1% to 100%, such as 5%".into())
}
