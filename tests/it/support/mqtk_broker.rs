//! mqtk's own broker, as a process.

use std::time::Duration;

use rustix::process::Signal;

use super::process::{Finished, Program, Running, mqtk};

/// `mqtk broker` on a port of its own choice; killed when dropped.
pub struct MqtkBroker {
    process: Running,
    port: u16,
    urls: Vec<String>,
}

impl MqtkBroker {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// One with these options too.
    pub fn start_with(options: &[&str]) -> Self {
        Self::listening(mqtk(["broker", "--port", "0"]).args(options), 1)
    }

    /// One that does not report its clients.
    pub fn start_quietly(options: &[&str]) -> Self {
        let program = mqtk(["broker", "--port", "0", "--quiet"]).args(options);
        Self::started(program, 1)
    }

    /// Starts this broker and waits for the URLs of so many listeners.
    pub fn listening(program: Program, listeners: usize) -> Self {
        Self::started(program.arg("--verbose"), listeners)
    }

    /// One that does not report subscriptions.
    pub fn terse() -> Self {
        Self::started(mqtk(["broker", "--port", "0"]), 1)
    }

    /// One that prints the traffic, and its URL on stderr.
    pub fn watched(program: Program) -> Self {
        let process = program.start();
        let log = process.await_stderr("address", |log| log.contains("listening on mqtt://"));
        let url = log
            .lines()
            .find_map(|line| Some(line.split_once("listening on ")?.1));
        let urls: Vec<_> = url.map(str::to_owned).into_iter().collect();
        let port = urls.iter().find_map(|url| port_of(url)).unwrap_or_default();
        Self {
            process,
            port,
            urls,
        }
    }

    fn started(program: Program, listeners: usize) -> Self {
        let process = program.deadline(Duration::from_secs(600)).start();
        let is_complete = |text: &str| text.matches('\n').count() == listeners;
        let text = process.await_stdout("addresses", is_complete);
        let urls: Vec<_> = text.lines().map(str::to_owned).collect();
        let port = urls.iter().find_map(|url| port_of(url)).unwrap_or_default();
        Self {
            process,
            port,
            urls,
        }
    }

    /// The URLs of its listeners, in the order of its arguments.
    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// Reads the log that [`Program::stderr_held`] left unread, from now on.
    pub fn read_log(&mut self) {
        self.process.read_stderr();
    }

    /// Waits until this has been logged.
    pub fn await_log(&self, words: &str) {
        self.process.await_stderr(words, |log| log.contains(words));
    }

    /// Waits until this has been logged so many times.
    pub fn await_logs(&self, words: &str, count: usize) {
        let what = format!("{words}, {count} times");
        self.process
            .await_stderr(&what, |log| log.matches(words).count() >= count);
    }

    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// The first port it listens on.
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

    pub fn signal(&self, signal: Signal) {
        self.process.signal(signal);
    }

    /// Waits until it ends by itself.
    pub fn finish(self) -> Finished {
        self.process.finish()
    }

    /// Ends it with this signal.
    pub fn stop(self, signal: Signal) -> Finished {
        self.process.signal(signal);
        self.process.finish()
    }
}

/// The port in a URL.
pub fn port_of(url: &str) -> Option<u16> {
    let (_, rest) = url.split_once("://")?;
    let place = rest.split('/').next()?;
    place.rsplit_once(':')?.1.parse().ok()
}

fn mentions(line: &str, filter: &str) -> bool {
    let is_quote = |c: char| !c.is_alphanumeric() && !"/+#$".contains(c);
    line.contains("subscri")
        && line
            .split_whitespace()
            .any(|word| word.trim_matches(is_quote) == filter)
}
