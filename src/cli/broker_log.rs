//! Flags of `mqtk broker` about its log.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args};

/// How the broker's events are written to stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// A line to read.
    #[default]
    Text,
    /// A JSON object on a line.
    Json,
}

#[derive(Args)]
#[command(next_help_heading = "Log")]
pub(super) struct LogFlags {
    /// How to report events on stderr: as text, or as JSON with the time, one object a line
    #[arg(long, value_name = "text|json", default_value = "text", value_parser = log_format(),
          action = ArgAction::Set, hide_possible_values = true)]
    pub log_format: LogFormat,
}

fn log_format() -> impl TypedValueParser<Value = LogFormat> {
    PossibleValuesParser::new(["text", "json"]).map(|text| match &*text {
        "json" => LogFormat::Json,
        _ => LogFormat::Text,
    })
}
