//! `mqtk inspect --encode`: from JSON or words to the bytes of packets, well-formed or not.

mod body;
mod fields;
mod packet;
mod property;
mod words;

use std::io::{self, BufRead, BufReader, IsTerminal};

use serde_json::{Map, Value};

use super::source::{self, Opened, Source};
use crate::cli::InspectOptions;
use crate::codec::{PacketType, Version};
use crate::command::failure::Failure;
use crate::command::print::print;
use crate::command::talk::Talk;
use crate::exit::ExitStatus;
use crate::inspect::BytesForm;
use crate::render::inspect::bytes;

/// The longest line: longer than a packet in any form.
const LONGEST_LINE: u64 = 1 << 30;

/// Encodes every line of the input, or the arguments.
///
/// # Errors
///
/// A packet cannot be made of what is given; the input cannot be read, stdout not be written.
pub(super) fn run(options: &InspectOptions) -> Result<(), Failure> {
    if options.output_format == BytesForm::Raw && io::stdout().is_terminal() {
        return Err(Failure::new(
            ExitStatus::Usage,
            "--output-format raw: a terminal would take these bytes for commands; pipe them into a \
             program or a file",
        ));
    }
    let mut encoder = Encoder {
        options,
        talk: Talk::new(options.verbosity),
        count: 0,
        out: Vec::new(),
    };
    let words: Vec<String> = options
        .input
        .iter()
        .map(|arg| arg.to_string_lossy().into_owned())
        .collect();
    match words.first() {
        Some(first) if first.starts_with('{') => {
            for json in &words {
                encoder.line(json, "the arguments")?;
            }
        }
        Some(first) if PacketType::from_name(first).is_some() => {
            let map = words::map(&words);
            let map = map.map_err(|error| Failure::new(ExitStatus::Usage, error))?;
            encoder.packet(&map, "the arguments")?;
        }
        _ => {
            for source in source::sources(&options.input) {
                encoder.source(source)?;
            }
        }
    }
    encoder.write()
}

struct Encoder<'a> {
    options: &'a InspectOptions,
    talk: Talk,
    count: u64,
    out: Vec<u8>,
}

impl Encoder<'_> {
    fn source(&mut self, source: Source<'_>) -> Result<(), Failure> {
        let Opened {
            name, begun, rest, ..
        } = source.open()?;
        let input = BufReader::new(io::Read::chain(&begun[..], rest));
        let mut lines = io::Read::take(input, LONGEST_LINE);
        let mut line = String::new();
        for number in 1.. {
            line.clear();
            lines.set_limit(LONGEST_LINE);
            match lines.read_line(&mut line) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    return Err(Failure::io(format_args!("cannot read {name}"), &error));
                }
            }
            let text = line.trim();
            if !text.is_empty() {
                self.line(text, &format!("{name}, line {number}"))?;
            }
            if self.out.len() > 64 * 1024 {
                self.write()?;
            }
        }
        Ok(())
    }

    /// Encodes a line: JSON, or words.
    fn line(&mut self, line: &str, place: &str) -> Result<(), Failure> {
        let wrong = |error: String| Failure::new(ExitStatus::Usage, format!("{place}: {error}"));
        let map = match line.starts_with('{') {
            true => serde_json::from_str(line)
                .map_err(|error| wrong(format!("this is no JSON object: {error}"))),
            false => {
                let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
                words::map(&words).map_err(wrong)
            }
        };
        self.packet(&map?, place)
    }

    fn packet(&mut self, map: &Map<String, Value>, place: &str) -> Result<(), Failure> {
        let packet = packet::encode(map, self.options.version)
            .map_err(|error| Failure::new(ExitStatus::Usage, format!("{place}: {error}")))?;
        if map.get("password").and_then(Value::as_str) == Some("***") {
            self.talk.warn(format_args!(
                "{place}: the password is masked, and *** is encoded; print the JSON with \
                 --show-secrets"
            ));
        }
        bytes::write(
            &mut self.out,
            &packet,
            self.options.output_format,
            self.count,
        );
        self.count += 1;
        Ok(())
    }

    fn write(&mut self) -> Result<(), Failure> {
        let written = print(&self.out);
        self.out.clear();
        written
    }
}

/// The version by any of its names.
fn version(name: &str) -> Option<Version> {
    match name {
        "3" | "3.1" | "31" | "mqttv31" => Some(Version::V3_1),
        "4" | "3.1.1" | "311" | "mqttv311" => Some(Version::V3_1_1),
        "5" | "5.0" | "50" | "mqttv5" => Some(Version::V5),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
