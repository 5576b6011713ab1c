//! The intervals of a run, for spreadsheets.

use std::io::{self, Write};

use crate::bench::Report;

/// The intervals of a run as CSV, with a line of names. Latencies are in microseconds.
///
/// # Errors
///
/// Those of the writer.
pub fn intervals_csv(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(
        out,
        "end_s,sent,acked,received,errors,p50_us,p90_us,p99_us,max_us"
    )?;
    for interval in &report.intervals {
        write!(
            out,
            "{},{},{},{},{}",
            interval.end.as_secs_f64(),
            interval.sent,
            interval.acked,
            interval.received,
            interval.errors
        )?;
        match interval.latency {
            Some(latencies) => {
                for latency in latencies {
                    write!(out, ",{}", latency.as_nanos() as f64 / 1e3)?;
                }
                writeln!(out)?;
            }
            None => writeln!(out, ",,,,")?,
        }
    }
    Ok(())
}
