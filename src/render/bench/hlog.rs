//! The latencies of each interval, for the tools of HdrHistogram.

use std::io::{self, Write};
use std::time::UNIX_EPOCH;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::bench::Report;

/// What the tools divide by: maxima in milliseconds, histograms in nanoseconds.
const NANOS_PER_MILLI: f64 = 1e6;

/// The corrected latencies of a run as an HDR histogram log, version 1.3.
///
/// # Errors
///
/// Those of the writer.
pub fn interval_log(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let started = report
        .started
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let started = started.as_secs_f64();
    writeln!(out, "#[mqtk bench {}]", report.plan.scenario.name())?;
    writeln!(out, "#[Histogram log format version 1.3]")?;
    writeln!(out, "#[StartTime: {started:.3} (seconds since epoch)]")?;
    writeln!(out, "#[BaseTime: {started:.3} (seconds since epoch)]")?;
    writeln!(
        out,
        "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\""
    )?;
    for (from, interval) in report.spans() {
        let length = interval.end.saturating_sub(from);
        let max = interval
            .latency
            .map_or(0.0, |[.., max]| max.as_nanos() as f64);
        writeln!(
            out,
            "{:.3},{:.3},{:.3},{}",
            from.as_secs_f64(),
            length.as_secs_f64(),
            max / NANOS_PER_MILLI,
            STANDARD.encode(&interval.histogram)
        )?;
    }
    Ok(())
}
