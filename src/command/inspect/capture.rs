//! Reading a capture, from a file or while it is made.

use std::io::{self, IsTerminal, Read};
use std::time::Instant;

use super::report::Report;
use super::source::read_some;
use crate::cli::InspectOptions;
use crate::command::failure::Failure;
use crate::command::talk::Talk;
use crate::exit::ExitStatus;
use crate::inspect::{Capture, CaptureError, CaptureOptions, Chunk, Counts, Dissector, MAX_BUFFER};
use crate::render::Progress;

/// Bytes that are read at once.
const BLOCK: usize = 256 * 1024;

/// A capture that is to be read.
pub(super) struct Recording<R> {
    /// Its name, for people.
    pub name: String,
    /// Its length in bytes, if that is known.
    pub size: Option<u64>,
    /// What was read of it.
    pub begun: Vec<u8>,
    /// Where the rest comes from.
    pub rest: R,
}

impl<R: Read> Recording<R> {
    /// Inspects a capture to its end, and prints packets as they arrive.
    ///
    /// Returns the number of its conversations, which are numbered from `first_stream`.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is damaged; stdout cannot be written.
    pub(super) fn inspect(
        mut self,
        first_stream: u32,
        options: &InspectOptions,
        dissector: &mut Dissector,
        report: &mut Report,
    ) -> Result<u32, Failure> {
        let mut capture = Capture::new(CaptureOptions {
            ports: options.ports.clone(),
            first_stream,
        });
        let read = self.read(&mut capture, dissector, report);
        let mut output = Ok(());
        let end = capture.finish(&self.begun, &mut |chunk| {
            if output.is_ok() {
                dissector.push(chunk, report);
                output = report.write_if_full();
            }
        });
        read?;
        output?;
        report.write()?;
        let counts = capture.counts();
        explain(&self.name, &counts, Talk::new(options.verbosity));
        match end {
            Err(error) if !report.is_closed() => Err(failure(&self.name, error)),
            _ => Ok(counts.conversations as u32),
        }
    }

    /// Reads to the end of the file; leaves an incomplete record in `begun`.
    fn read(
        &mut self,
        capture: &mut Capture,
        dissector: &mut Dissector,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let mut progress = match io::stdout().is_terminal() {
            // Packets are printed there.
            true => None,
            false => Progress::on_terminal(Instant::now()),
        };
        let mut filled = self.begun.len();
        let mut total = filled as u64;
        let mut buffer = std::mem::take(&mut self.begun);
        buffer.resize(BLOCK.max(filled), 0);
        loop {
            let mut output = Ok(());
            let read = capture.read(
                buffer.get(..filled).unwrap_or_default(),
                &mut |chunk: Chunk<'_>| {
                    if output.is_ok() {
                        dissector.push(chunk, report);
                        output = report.write_if_full();
                    }
                },
            );
            output?;
            report.write()?;
            let used = read.map_err(|error| failure(&self.name, error))?;
            if report.is_closed() {
                return Ok(());
            }
            buffer.copy_within(used..filled, 0);
            filled -= used;
            if filled == buffer.len() {
                buffer.resize((2 * filled).min(MAX_BUFFER), 0);
            }
            let room = buffer.get_mut(filled..).unwrap_or_default();
            let arrived = read_some(&self.name, &mut self.rest, room)?;
            if arrived == 0 {
                break;
            }
            filled += arrived;
            total += arrived as u64;
            if let Some(progress) = &mut progress {
                progress.update_read(Instant::now(), total, self.size);
            }
        }
        buffer.truncate(filled);
        self.begun = buffer;
        Ok(())
    }
}

fn failure(name: &str, error: CaptureError) -> Failure {
    Failure::new(ExitStatus::Failure, format!("{name}: {error}"))
}

/// Warns if no MQTT was found in a capture, and of what could not be read.
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
    if counts.unreadable_messages > 0 {
        talk.warn(format_args!(
            "{name}: {} compressed WebSocket messages cannot be read (permessage-deflate), as what \
             they repeat is not in the capture",
            counts.unreadable_messages
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
