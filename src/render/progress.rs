//! How far a long `pub` or `inspect` has come, on a terminal.

use std::time::{Duration, Instant};

use indicatif::{DecimalBytes, HumanCount};

use super::status_line::StatusLine;

/// A command that ends sooner shows no progress.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is brought up to date.
const PERIOD: Duration = Duration::from_millis(100);

/// The counts of a command that takes long, on a line of stderr.
#[derive(Debug)]
pub struct Progress {
    line: StatusLine,
    started: Instant,
    due: Instant,
}

impl Progress {
    /// Progress that is shown from a second after `now` on; `None` if stderr is no terminal.
    pub fn on_terminal(now: Instant) -> Option<Progress> {
        Some(Progress {
            line: StatusLine::on_terminal()?,
            started: now,
            due: now + PATIENCE,
        })
    }

    /// Shows how many messages were sent and, where they are acknowledged, how many of them were.
    pub fn update(&mut self, now: Instant, sent: u64, acknowledged: Option<u64>) {
        self.show(now, |elapsed| line(elapsed, sent, acknowledged));
    }

    /// Shows how much of a file was read: so many bytes of `size`, if that is known.
    pub fn update_read(&mut self, now: Instant, read: u64, size: Option<u64>) {
        self.show(now, |elapsed| read_line(elapsed, read, size));
    }

    fn show(&mut self, now: Instant, line: impl FnOnce(Duration) -> String) {
        if now >= self.due {
            self.due = now + PERIOD;
            self.line.show(&line(now - self.started));
        }
    }

    /// Takes the line away while something else is written to the terminal.
    pub fn suspend(&self, write: impl FnOnce()) {
        self.line.clear();
        write();
    }
}

fn line(elapsed: Duration, sent: u64, acknowledged: Option<u64>) -> String {
    let done = acknowledged.unwrap_or(sent);
    let rate = HumanCount((done as f64 / elapsed.as_secs_f64().max(0.001)) as u64);
    let sent = HumanCount(sent);
    match acknowledged {
        Some(acknowledged) => {
            let acknowledged = HumanCount(acknowledged);
            format!("{sent} sent, {acknowledged} acknowledged, {rate}/s")
        }
        None => format!("{sent} sent, {rate}/s"),
    }
}

fn read_line(elapsed: Duration, read: u64, size: Option<u64>) -> String {
    let rate = DecimalBytes((read as f64 / elapsed.as_secs_f64().max(0.001)) as u64);
    let bytes = DecimalBytes(read);
    match size {
        Some(size @ 1..) => {
            let percent = u128::from(read) * 100 / u128::from(size);
            format!("{percent} %, {bytes} read, {rate}/s")
        }
        _ => format!("{bytes} read, {rate}/s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_file_the_percentage_is_known() {
        let second = Duration::from_secs(1);
        assert_eq!(
            read_line(second, 500_000_000, Some(2_000_000_000)),
            "25 %, 500.00 MB read, 500.00 MB/s"
        );
        assert_eq!(read_line(second, 1000, None), "1.00 kB read, 1.00 kB/s");
    }

    #[test]
    fn the_rate_is_that_of_what_is_done() {
        let two_seconds = Duration::from_secs(2);
        assert_eq!(line(two_seconds, 3000, None), "3,000 sent, 1,500/s");
        assert_eq!(
            line(two_seconds, 1_234_567, Some(1_000_000)),
            "1,234,567 sent, 1,000,000 acknowledged, 500,000/s"
        );
    }
}
