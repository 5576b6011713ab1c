//! Flags of `mqtk broker` about its log.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args};

/// How the broker's events are written to stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogOptions {
    /// As text or as JSON.
    pub format: LogFormat,
    /// The time of a line of text.
    pub time: LogTime,
}

/// How an event is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// A line to read.
    #[default]
    Text,
    /// A JSON object on a line.
    Json,
}

/// The time at the beginning of a line of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogTime {
    /// As `Iso`, or as `None` where stderr is systemd's journal, which has the time.
    #[default]
    Auto,
    /// Local time as in ISO 8601, to the millisecond.
    Iso,
    /// Seconds since 1970.
    Unix,
    /// None.
    None,
}

#[derive(Args)]
#[command(next_help_heading = "Log")]
pub(super) struct LogFlags {
    /// How to report events on stderr: as text, or as JSON with the time, one object a line
    #[arg(long, value_name = "text|json", default_value = "text", value_parser = log_format(),
          action = ArgAction::Set, hide_possible_values = true)]
    log_format: LogFormat,

    /// The time before each line of text: iso (2026-11-22T20:42:22.515+01:00), unix (1795380142:,
    /// as Mosquitto), none; auto is iso, but none in systemd's journal, which has the time
    #[arg(long, value_name = "auto|iso|unix|none", default_value = "auto",
          value_parser = log_time(), action = ArgAction::Set, hide_possible_values = true)]
    log_time: LogTime,
}

impl LogFlags {
    pub fn options(&self) -> LogOptions {
        LogOptions {
            format: self.log_format,
            time: self.log_time,
        }
    }
}

fn log_format() -> impl TypedValueParser<Value = LogFormat> {
    PossibleValuesParser::new(["text", "json"]).map(|text| match &*text {
        "json" => LogFormat::Json,
        _ => LogFormat::Text,
    })
}

fn log_time() -> impl TypedValueParser<Value = LogTime> {
    PossibleValuesParser::new(["auto", "iso", "unix", "none"]).map(|text| match &*text {
        "iso" => LogTime::Iso,
        "unix" => LogTime::Unix,
        "none" => LogTime::None,
        _ => LogTime::Auto,
    })
}
