//! `measure RESULT RUNS COMMAND…`: runs a command so many times, and writes what a run costs to
//! the file RESULT: CPU (user and system) in µs, peak memory in KiB, wall time in µs.
//!
//! The runs are started by `posix_spawn`, so that no shell's `fork` is counted with them.

use std::env;
use std::fs;
use std::process::{Command, exit};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let [result, runs, program, args @ ..] = &words[..] else {
        panic!("usage: measure RESULT RUNS COMMAND…")
    };
    let runs: i64 = runs.parse().expect("a number of runs");
    let start = Instant::now();
    for _ in 0..runs {
        let status = Command::new(program)
            .args(args)
            .status()
            .expect("the command starts");
        if !status.success() {
            eprintln!("measure: {}: {status}", words[2..].join(" "));
            exit(1);
        }
    }
    let wall = start.elapsed().as_micros() as i64;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("children were waited for");
    let cpu = (usage.user_time() + usage.system_time()).num_microseconds();
    let line = format!("{} {} {}\n", cpu / runs, usage.max_rss(), wall / runs);
    fs::write(result, line).expect("the result file is writable");
}
