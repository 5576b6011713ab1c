//! Flags that say what messages of `mqtk bench` carry.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use crate::bench::{Payload, Sizes, Template};
use crate::transport::plain_io;

/// What messages carry.
#[derive(Args)]
#[command(next_help_heading = "Payload")]
pub(super) struct PayloadFlags {
    /// Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with
    /// how often each comes. Where arrivals are measured, the first 28 are the measurement
    #[arg(long, value_name = "SIZES", default_value = "64",
        conflicts_with_all = ["payload", "payload_file"])]
    pub size: Sizes,

    /// Fill payloads with random bytes, others in each message
    #[arg(long, conflicts_with_all = ["payload", "payload_file"])]
    pub random_payload: bool,

    /// Send this text, with places for numbers as in --topic. Where arrivals are measured, 28
    /// bytes of measurement come before it
    #[arg(
        short = 'm',
        long,
        value_name = "TEMPLATE",
        conflicts_with = "payload_file"
    )]
    pub payload: Option<Template>,

    /// Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it
    #[arg(short = 'f', long, value_name = "FILE")]
    pub payload_file: Option<PathBuf>,
}

impl PayloadFlags {
    pub fn payload(self) -> Result<Payload, String> {
        if let Some(path) = self.payload_file {
            let name = path.display().to_string();
            let bytes = fs::read(&path).map_err(|error| {
                format!("cannot read --payload-file {name}: {}", plain_io(&error))
            })?;
            return Ok(Payload::File {
                name,
                bytes: bytes.into(),
            });
        }
        Ok(match (self.payload, self.random_payload) {
            (Some(template), _) => Payload::Template(template),
            (None, true) => Payload::Random(self.size),
            (None, false) => Payload::Filler(self.size),
        })
    }
}
