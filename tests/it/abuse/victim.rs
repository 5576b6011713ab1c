//! The broker that is abused.

use std::fs;
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use super::canary::Canary;
use crate::support::mqtk_broker::MqtkBroker;

/// The address space that the broker may have: more than it needs, less than would hide a leak.
const MEMORY: u64 = 2 << 30;

/// The broker that is abused, and somebody who wants to be served meanwhile.
pub struct Victim {
    pub broker: MqtkBroker,
    canary: Canary,
    /// Resident memory before, in KiB.
    before: u64,
}

impl Victim {
    pub fn start(options: &[&str]) -> Self {
        let broker = MqtkBroker::start_quietly(options);
        let pid = Pid::from_raw(broker.pid() as i32);
        let bound = Rlimit {
            current: Some(MEMORY),
            maximum: Some(MEMORY),
        };
        prlimit(pid, Resource::As, bound).expect("the broker is ours");
        let canary = Canary::sing(broker.port());
        let before = resident(broker.pid());
        Self {
            broker,
            canary,
            before,
        }
    }

    pub fn port(&self) -> u16 {
        self.broker.port()
    }

    /// Resident memory now, in KiB.
    pub fn memory(&self) -> u64 {
        resident(self.broker.pid())
    }

    /// Waits until the resident memory is below `kib`.
    #[track_caller]
    pub fn await_memory_below(&self, kib: u64) -> u64 {
        for _ in 0..100 {
            if self.memory() < kib {
                return self.memory();
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{} KiB are resident, not below {kib}", self.memory());
    }

    /// The canary still sings: prints how well, and the memory.
    #[track_caller]
    pub fn report(self, what: &str) {
        let (songs, worst) = self.canary.silence();
        println!(
            "{what}; memory {} KiB before, {} KiB after; the canary had {songs} round trips, \
             the worst {worst:.1?}",
            self.before,
            resident(self.broker.pid()),
        );
        assert!(songs > 0, "the canary was never served");
        assert!(worst < super::scaled(20, 5) * Duration::from_secs(1));
    }
}

fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the broker lives");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kib.expect("VmRSS in KiB").parse().expect("a number")
}
