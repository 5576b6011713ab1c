//! The `mqtk` binary.

use std::process::ExitCode;

use mqtk::cli::{self, Environment, Stop};
use mqtk::{command, render};

/// Instead of glibc's allocator, which gives memory back only if nothing above it on the heap is in use:
/// a broker would stay as large as its greatest load has made it.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match cli::parse(std::env::args_os(), &Environment::of_process()) {
        Ok(command) => command::run(command).into(),
        Err(stop) => {
            let status = stop.status();
            match stop {
                // If nobody reads the help, there is nobody to tell.
                Stop::Shown(text) => drop(text.print()),
                Stop::Usage(line) => render::error(&line),
            }
            status.into()
        }
    }
}
