//! Flags that say what becomes of what `mqtk bench` measures.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::broker_inside::metrics_address;
use crate::bench::Threshold;

/// What a run is judged by, and where it is reported.
#[derive(Args)]
#[command(next_help_heading = "Load")]
pub(super) struct ReportFlags {
    /// Fail with exit status 10 if this is true at the end, such as 'latency.p99>50ms', 'lost>0' or
    /// 'rate<99%'; may be given several times
    #[arg(long, value_name = "THRESHOLD")]
    pub fail_if: Vec<Threshold>,

    /// Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the
    /// address is 127.0.0.1 if only a port is given
    #[arg(long, value_name = "[ADDRESS:]PORT", value_parser = metrics_address)]
    pub prometheus: Option<SocketAddr>,

    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub files: BenchFiles,
}

/// Files that a run writes besides its report.
#[derive(Args, Clone, Debug, Default)]
pub struct BenchFiles {
    /// Write the intervals to a file as CSV
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub csv: Option<PathBuf>,

    /// Write the latencies of the intervals to a file as an HDR histogram log
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub hlog: Option<PathBuf>,

    /// Write the report with its plots to a file as HTML
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub html: Option<PathBuf>,
}
