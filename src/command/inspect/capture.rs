//! Reading a capture, from a file or while it is made.

use std::io::{self, Read};

use super::report::Report;
use crate::cli::InspectOptions;
use crate::command::failure::Failure;
use crate::command::talk::Talk;
use crate::exit::ExitStatus;
use crate::inspect::{Capture, CaptureError, CaptureOptions, Chunk, Counts, Dissector, MAX_BUFFER};

/// Bytes that are read at once.
const BLOCK: usize = 256 * 1024;

/// Inspects a capture to its end: `begun` was read of it, the rest comes from `input`. What it
/// holds is printed as it arrives.
///
/// Returns the number of its conversations: theirs begin with `first_stream`.
///
/// # Errors
///
/// It cannot be read, or is damaged; stdout cannot be written.
pub(super) fn run(
    name: &str,
    begun: Vec<u8>,
    mut input: impl Read,
    first_stream: u32,
    options: &InspectOptions,
    dissector: &mut Dissector,
    report: &mut Report,
) -> Result<u32, Failure> {
    let mut capture = Capture::new(CaptureOptions {
        ports: options.ports.clone(),
        first_stream,
    });
    let mut filled = begun.len();
    let mut buffer = begun;
    buffer.resize(BLOCK.max(filled), 0);
    loop {
        let mut output = Ok(());
        let mut tell = |chunk: Chunk<'_>| {
            if output.is_ok() {
                dissector.push(chunk, report);
                output = report.write_if_full();
            }
        };
        let read = capture.read(buffer.get(..filled).unwrap_or_default(), &mut tell);
        let used = match read {
            Ok(used) => used,
            Err(error) => {
                capture.finish(&[], &mut tell).ok();
                output?;
                return Err(failure(name, error));
            }
        };
        output?;
        report.write()?;
        if report.is_closed() {
            return Ok(0);
        }
        buffer.copy_within(used..filled, 0);
        filled -= used;
        if filled == buffer.len() {
            buffer.resize((2 * filled).min(MAX_BUFFER), 0);
        }
        match read_some(&mut input, buffer.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) => return Err(Failure::io(format_args!("cannot read {name}"), &error)),
        }
    }
    let mut output = Ok(());
    let end = capture.finish(buffer.get(..filled).unwrap_or_default(), &mut |chunk| {
        if output.is_ok() {
            dissector.push(chunk, report);
            output = report.write_if_full();
        }
    });
    output?;
    report.write()?;
    let counts = capture.counts();
    explain(name, &counts, Talk::new(options.verbosity));
    end.map_err(|error| failure(name, error))?;
    Ok(counts.conversations as u32)
}

/// Reads what there is, once there is something.
fn read_some(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

fn failure(name: &str, error: CaptureError) -> Failure {
    Failure::new(ExitStatus::Failure, format!("{name}: {error}"))
}

/// Says what was in a capture in which no MQTT was found, and what was not looked at.
fn explain(name: &str, counts: &Counts, talk: Talk) {
    if let Some((frames, link)) = counts.unknown_link {
        talk.warn(format_args!(
            "{name}: {frames} frames of an unknown kind of network (link type {link})"
        ));
    }
    if counts.lost_fragments > 0 {
        talk.warn(format_args!(
            "{name}: of {} IP packets, some fragments are missing",
            counts.lost_fragments
        ));
    }
    if counts.mqtt_conversations == 0 {
        talk.warn(format_args!(
            "{name}: no MQTT in {} frames with {} TCP connections; --port PORT reads what \
             travels on a port as MQTT in any case, and TLS must be decrypted first",
            counts.frames, counts.conversations
        ));
    }
}
