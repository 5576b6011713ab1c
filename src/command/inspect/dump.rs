//! Reading a dump: bytes that somebody has written down.

use std::io;

use super::capture::Recording;
use super::report::Report;
use crate::cli::InspectOptions;
use crate::command::failure::Failure;
use crate::command::talk::Talk;
use crate::exit::ExitStatus;
use crate::inspect::input::{self, Form, LinkLayer, Reading, link_layer};
use crate::inspect::{Chunk, Data, Direction, Dissector, Origin};

/// Inspects a dump. Returns the number of conversations in it: they begin with `first_stream`.
///
/// # Errors
///
/// No bytes are found in it; stdout cannot be written.
pub(super) fn run(
    name: &str,
    text: &[u8],
    first_stream: u32,
    options: &InspectOptions,
    dissector: &mut Dissector,
    report: &mut Report,
) -> Result<u32, Failure> {
    let reading = input::read(text, options.input_format)
        .map_err(|error| Failure::new(ExitStatus::Failure, format!("{name}: {error}")))?;
    let talk = Talk::new(options.verbosity);
    explain(name, &reading, options, talk);
    if let Some(capture) = as_capture(&reading) {
        let recording = Recording {
            name: name.to_owned(),
            size: None,
            begun: capture,
            rest: io::empty(),
        };
        return recording.inspect(first_stream, options, dissector, report);
    }
    let found = report.found();
    for block in &reading.blocks {
        if block.gap > 0 {
            let gap = Data::Gap(block.gap);
            push(first_stream, block.direction, gap, dissector, report)?;
        }
        let bytes = Data::Bytes(&block.bytes);
        push(first_stream, block.direction, bytes, dissector, report)?;
    }
    let mut ended = Vec::new();
    for block in &reading.blocks {
        if !ended.contains(&block.direction) {
            ended.push(block.direction);
            push(first_stream, block.direction, Data::End, dissector, report)?;
        }
    }
    if report.found() == found {
        talk.warn(format_args!(
            "{name}: no MQTT packet in {} bytes, read as {}; if they are something else, say \
             --input-format",
            reading.len(),
            reading.how
        ));
    }
    Ok(1)
}

fn push(
    stream: u32,
    direction: Direction,
    data: Data<'_>,
    dissector: &mut Dissector,
    report: &mut Report,
) -> Result<(), Failure> {
    let origin = Origin {
        stream,
        direction,
        ..Origin::default()
    };
    dissector.push(Chunk { origin, data }, report);
    report.write_if_full()
}

/// Says how the input was read: where that is in doubt, and to those who want to know.
fn explain(name: &str, reading: &Reading, options: &InspectOptions, talk: Talk) {
    let (bytes, how) = (reading.len(), &reading.how);
    if reading.doubts.is_empty() {
        if options.verbose && reading.form != Form::Raw {
            talk.note(format_args!("{name}: {bytes} bytes, read as {how}"));
        }
        return;
    }
    talk.warn(format_args!(
        "{name}: {bytes} bytes, read as {how}: {}",
        reading.doubts.join("; ")
    ));
}

/// A dump of network packets as the capture that it was taken from.
fn as_capture(reading: &Reading) -> Option<Vec<u8>> {
    let first = reading.blocks.iter().find_map(|b| link_layer(&b.bytes))?;
    let link_type: u32 = match first {
        LinkLayer::Ethernet => 1,
        LinkLayer::Ip => 101,
    };
    let mut out = Vec::new();
    out.extend(0xa1b2_c3d4_u32.to_le_bytes());
    out.extend([2, 0, 4, 0]);
    out.extend([0; 8]);
    out.extend(0x0004_0000_u32.to_le_bytes());
    out.extend(link_type.to_le_bytes());
    let frames = reading.blocks.iter().map(|block| &block.bytes);
    // Frames that are longer were never on a network.
    for frame in frames.filter(|frame| frame.len() <= 0x0004_0000) {
        let len = (frame.len() as u32).to_le_bytes();
        out.extend([0; 8]);
        out.extend(len);
        out.extend(len);
        out.extend(frame);
    }
    Some(out)
}
