//! mqtk's own broker, as a process.

use rustix::process::Signal;

use super::process::{Finished, Running, mqtk};

/// `mqtk broker` on a port of its own choice; killed when dropped.
pub struct MqtkBroker {
    process: Running,
    port: u16,
}

impl MqtkBroker {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// One with these options too.
    pub fn start_with(options: &[&str]) -> Self {
        let process = mqtk(["broker", "--port", "0", "--verbose"])
            .args(options)
            .deadline(std::time::Duration::from_secs(600))
            .start();
        let line = process.await_stdout("address", |text| text.contains('\n'));
        let port = line
            .split_whitespace()
            .rev()
            .find_map(|word| word.rsplit(':').next()?.trim_end_matches('/').parse().ok())
            .unwrap_or_else(|| panic!("no address in {line:?}"));
        Self { process, port }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Waits until `count` subscriptions to this Topic Filter have been reported.
    pub fn await_subscriptions(&self, filter: &str, count: usize) {
        self.process
            .await_stderr(&format!("subscription to {filter}"), |log| {
                log.lines().filter(|line| mentions(line, filter)).count() >= count
            });
    }

    pub fn await_subscription(&self, filter: &str) {
        self.await_subscriptions(filter, 1);
    }

    /// Ends it with this signal.
    pub fn stop(self, signal: Signal) -> Finished {
        self.process.signal(signal);
        self.process.finish()
    }
}

fn mentions(line: &str, filter: &str) -> bool {
    let is_quote = |c: char| !c.is_alphanumeric() && !"/+#$".contains(c);
    line.contains("subscri")
        && line
            .split_whitespace()
            .any(|word| word.trim_matches(is_quote) == filter)
}
