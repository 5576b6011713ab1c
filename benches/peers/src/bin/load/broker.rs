//! The broker's process, from outside.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use crate::Words;

/// The broker that is measured.
pub struct Broker {
    pid: u32,
    /// Where it listens on 127.0.0.1.
    pub port: u16,
}

impl Broker {
    pub fn of(words: &Words) -> Self {
        Self {
            pid: words.get("pid", 0),
            port: words.get("port", 1883),
        }
    }

    /// CPU time of all its threads until now, user and system, in µs.
    pub fn cpu(&self) -> f64 {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.pid)).expect("the broker lives");
        let nanoseconds: u64 = tasks
            .filter_map(|task| fs::read_to_string(task.ok()?.path().join("schedstat")).ok())
            .filter_map(|stat| stat.split(' ').next()?.parse::<u64>().ok())
            .sum();
        nanoseconds as f64 / 1000.0
    }

    /// Memory of its own that is resident, in KiB.
    pub fn memory(&self) -> f64 {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.pid)).expect("the broker lives");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("RssAnon:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
        kib.expect("RssAnon in KiB").parse().expect("a number")
    }

    /// The same when it has stopped changing.
    pub fn settled_memory(&self) -> f64 {
        let mut before = self.memory();
        loop {
            sleep(Duration::from_millis(400));
            let now = self.memory();
            if (now - before).abs() <= 64.0 {
                return now;
            }
            before = now;
        }
    }
}
