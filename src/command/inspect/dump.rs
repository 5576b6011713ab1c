//! Reading a dump: bytes that somebody has written down, in whatever form.

use std::io::{self, Read};

use super::capture::Recording;
use super::report::Report;
use super::source::{self, read_some};
use crate::cli::InspectOptions;
use crate::command::failure::Failure;
use crate::command::talk::Talk;
use crate::exit::ExitStatus;
use crate::inspect::input::{self, Form, LinkLayer, Reading, link_layer};
use crate::inspect::{Chunk, Data, Direction, Dissector, Origin};

/// Bytes that are read at once.
const BLOCK: usize = 64 * 1024;

/// The longest text, which is read as a whole. Nobody writes down more, and it takes ten times as much
/// memory to find the bytes in it.
const MAX_TEXT: usize = 2 << 20;

/// A dump that is to be read.
pub(super) struct Dump<R> {
    /// Its name, for people.
    pub name: String,
    /// Whether it was written on the command line, where it may be meant as the name of a file.
    pub is_argument: bool,
    /// What was read of it.
    pub begun: Vec<u8>,
    /// Where the rest comes from.
    pub rest: R,
}

impl<R: Read> Dump<R> {
    /// Inspects a dump. Returns the number of conversations in it: they begin with
    /// `first_stream`.
    ///
    /// # Errors
    ///
    /// It cannot be read; no bytes are found in it; stdout cannot be written.
    pub(super) fn inspect(
        mut self,
        first_stream: u32,
        options: &InspectOptions,
        dissector: &mut Dissector,
        report: &mut Report,
    ) -> Result<u32, Failure> {
        let found = report.found();
        let mut stream = Stream {
            number: first_stream,
            dissector,
            report,
        };
        self.read_block()?;
        let is_raw = match options.input_format {
            Some(form) => form == Form::Raw,
            None => input::is_binary(&self.begun),
        };
        let (len, how) = match is_raw && link_layer(&self.begun).is_none() {
            true => (self.read_raw(&mut stream)?, "raw bytes".to_owned()),
            false => {
                let reading = self.read_text(options)?;
                if let Some(capture) = as_capture(&reading) {
                    let recording = Recording {
                        name: self.name,
                        size: None,
                        begun: capture,
                        rest: io::empty(),
                    };
                    return recording.inspect(first_stream, options, dissector, report);
                }
                stream.blocks(&reading)?;
                (reading.len() as u64, reading.how)
            }
        };
        if report.found() == found && !report.is_closed() {
            Talk::new(options.verbosity).warn(format_args!(
                "{}: no MQTT packet in {len} bytes, read as {how}; if they are something else, \
                 say --input-format",
                self.name
            ));
        }
        Ok(1)
    }

    /// Reads what there is. `false`: the end.
    fn read_block(&mut self) -> Result<bool, Failure> {
        let filled = self.begun.len();
        self.begun.resize(filled + BLOCK, 0);
        let room = self.begun.get_mut(filled..).unwrap_or_default();
        let read = read_some(&self.name, &mut self.rest, room);
        self.begun.truncate(filled + *read.as_ref().unwrap_or(&0));
        Ok(read? > 0)
    }

    /// Takes the bytes as they come. Returns their number.
    fn read_raw(&mut self, stream: &mut Stream<'_>) -> Result<u64, Failure> {
        let mut len = 0;
        loop {
            stream.push(Direction::Unknown, Data::Bytes(&self.begun))?;
            stream.report.write()?;
            len += self.begun.len() as u64;
            self.begun.clear();
            if stream.report.is_closed() || !self.read_block()? {
                break;
            }
        }
        stream.push(Direction::Unknown, Data::End)?;
        Ok(len)
    }

    /// Reads all of the text, and what it stands for.
    fn read_text(&mut self, options: &InspectOptions) -> Result<Reading, Failure> {
        let unreadable = |why: std::fmt::Arguments<'_>| {
            Failure::new(ExitStatus::Failure, format!("{}: {why}", self.name))
        };
        let mut rest = self
            .rest
            .by_ref()
            .take((MAX_TEXT - self.begun.len()) as u64);
        let read = rest.read_to_end(&mut self.begun);
        read.map_err(|error| source::unreadable(&self.name, &error))?;
        if self.begun.len() == MAX_TEXT {
            return Err(unreadable(format_args!(
                "a text of more than {} MiB; raw bytes can be of any length: make some with \
                 xxd -r -p, and pipe them into mqtk inspect --input-format raw",
                MAX_TEXT >> 20
            )));
        }
        let reading = input::read(&self.begun, options.input_format);
        let reading = reading.map_err(|error| match self.is_argument {
            true => Failure::new(
                ExitStatus::Failure,
                format!("there is no such file, and {error}"),
            ),
            false => unreadable(format_args!("{error}")),
        })?;
        if self.is_argument && reading.form == Form::Base64 && !reading.is_mqtt() {
            // Any word can be read so.
            return Err(Failure::new(
                ExitStatus::Failure,
                format!(
                    "there is no file {:?}, and read as base64 it is no MQTT",
                    String::from_utf8_lossy(&self.begun)
                ),
            ));
        }
        explain(&self.name, &reading, options, Talk::new(options.verbosity));
        Ok(reading)
    }
}

/// Where the bytes of a dump go.
struct Stream<'s> {
    number: u32,
    dissector: &'s mut Dissector,
    report: &'s mut Report,
}

impl Stream<'_> {
    /// All that a dump stands for, to its end.
    fn blocks(&mut self, reading: &Reading) -> Result<(), Failure> {
        for block in &reading.blocks {
            if block.gap > 0 {
                self.push(block.direction, Data::Gap(block.gap))?;
            }
            self.push(block.direction, Data::Bytes(&block.bytes))?;
        }
        let mut ended = Vec::new();
        for block in &reading.blocks {
            if !ended.contains(&block.direction) {
                ended.push(block.direction);
                self.push(block.direction, Data::End)?;
            }
        }
        Ok(())
    }

    fn push(&mut self, direction: Direction, data: Data<'_>) -> Result<(), Failure> {
        let origin = Origin {
            stream: self.number,
            direction,
            ..Origin::default()
        };
        self.dissector.push(Chunk { origin, data }, self.report);
        self.report.write_if_full()
    }
}

/// Says how the input was read, if that is in doubt or the user wants to know.
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

/// Makes a capture of a dump of network packets.
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
