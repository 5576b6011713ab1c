//! Flags of `mqtk inspect`.

use std::ffi::OsString;

use clap::{ArgAction, Args, Parser};

use super::general::{GeneralFlags, Verbosity};
use super::inspect_proxy::{ProxyFlags, ProxyOptions};
use super::values;
use crate::codec::Version;

/// Explain MQTT packets: from a hex dump, a file or a capture
///
/// It says what the bytes mean, field by field, and which rule of the specification they break.
/// Packets go to stdout, the summary to stderr.
#[derive(Parser)]
#[command(
    name = "inspect",
    bin_name = "mqtk inspect",
    next_help_heading = "Input"
)]
pub(super) struct InspectFlags {
    /// Files, or the bytes themselves as hexadecimal digits; - or nothing is stdin
    #[arg(value_name = "INPUT")]
    pub input: Vec<OsString>,

    /// What the packets speak where no CONNECT says it: 31, 311 or 5 [default: inferred]
    #[arg(short = 'V', long, value_name = "VERSION", value_parser = values::version())]
    pub protocol_version: Option<Version>,

    /// In a capture: read what travels on this TCP port as MQTT, whatever it looks like; repeat it
    /// for several ports
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Vec<u16>,

    #[command(flatten)]
    pub proxy: ProxyFlags,
    #[command(flatten)]
    pub output: OutputFlags,
    #[command(flatten)]
    pub general: GeneralFlags,
}

/// What to print.
#[derive(Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputFlags {
    /// Print a line for each packet
    #[arg(long, action = ArgAction::SetTrue)]
    pub oneline: bool,
}

/// What `mqtk inspect` is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectOptions {
    /// Files or hexadecimal digits; empty for stdin.
    pub input: Vec<OsString>,
    /// Where to listen and pass on, instead of reading input.
    pub proxy: Option<ProxyOptions>,
    /// The version where no CONNECT says it.
    pub version: Option<Version>,
    /// TCP ports on which everything is MQTT.
    pub ports: Vec<u16>,
    /// How to show packets.
    pub form: PacketForm,
    /// How much to say on stderr.
    pub verbosity: Verbosity,
}

/// The form in which `mqtk inspect` shows a packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PacketForm {
    /// Every field on its own line.
    #[default]
    Tree,
    /// One line.
    OneLine,
}

impl InspectFlags {
    pub fn options(self) -> Result<InspectOptions, String> {
        Ok(InspectOptions {
            input: self.input,
            proxy: self.proxy.options()?,
            version: self.protocol_version,
            ports: self.port,
            form: match self.output.oneline {
                true => PacketForm::OneLine,
                false => PacketForm::Tree,
            },
            verbosity: self.general.verbosity(),
        })
    }
}
