//! Flags of `mqtk inspect`.

use std::ffi::OsString;
use std::io::IsTerminal;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser};

use super::general::{GeneralFlags, Verbosity};
use super::inspect_proxy::{ProxyFlags, ProxyOptions};
use super::values;
use crate::codec::{PacketType, Version};
use crate::inspect::input::Form;
use crate::inspect::{BytesForm, PacketFilter, PacketForm};

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
    /// Files, or the bytes themselves as hexadecimal digits; - or nothing is stdin. What gzip has
    /// compressed is looked into
    #[arg(value_name = "INPUT", help_heading = None::<&str>)]
    pub input: Vec<OsString>,

    /// How the input is written: hex, decimal, octal, binary, dump, escaped, base64 or raw
    /// [default: recognised]
    #[arg(long, value_name = "FORM", value_parser = input_format(), hide_possible_values = true)]
    pub input_format: Option<Form>,

    /// What the packets speak where no CONNECT says it: 31, 311 or 5 [default: inferred]
    #[arg(short = 'V', long, value_name = "VERSION", value_parser = values::version(),
          hide_possible_values = true)]
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
    pub encode: EncodeFlags,
    #[command(flatten)]
    pub filter: FilterFlags,

    /// Say on stderr how the input was read, as on a terminal
    #[arg(short, long, conflicts_with = "quiet", help_heading = "General")]
    pub verbose: bool,

    #[command(flatten)]
    pub general: GeneralFlags,
}

/// What to print.
#[derive(Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputFlags {
    /// Print a line for each packet: time, stream, direction, type, what matters
    #[arg(long, conflicts_with_all = ["annotate", "json"])]
    pub oneline: bool,

    /// Print every byte, with the name of its field beside it
    #[arg(long, conflicts_with = "json")]
    pub annotate: bool,

    /// Print a JSON object for each packet, on a line
    ///
    /// In order: time, stream, src, dst and index (not for plain dumps), type, flags,
    /// remaining_length, size, partial and missing (of a packet whose end is not there: true, and
    /// how many bytes are missing), version, version_inferred (where no CONNECT says it); what the
    /// packet has of client_id, username, password, keep_alive, clean_start, will,
    /// session_present, dup, qos, retain, topic, packet_id, reason_code, reason_codes, filters,
    /// payload, payload_len and properties; alias_topic (what a Topic Alias without a Topic Name
    /// stands for); bytes (in hexadecimal digits, where the rest does
    /// not stand for the very same bytes); violations. A payload, password or property that is
    /// not UTF-8 is in payload_base64, password_base64 and so on.
    #[arg(long)]
    pub json: bool,

    /// In the JSON, list every field with name, offset, len and value
    #[arg(long, requires = "json")]
    pub fields: bool,

    /// Show passwords and authentication data
    #[arg(long)]
    pub show_secrets: bool,

    /// Exit with 10 if a rule is broken, a dump ends within a packet, or bytes are in no packet
    #[arg(long)]
    pub strict: bool,
}

/// The other way: from packets to bytes.
#[derive(Args)]
#[command(next_help_heading = "Encode")]
pub(super) struct EncodeFlags {
    /// Make bytes of packets: of JSON as --json prints it, one object a line, or of words such as
    /// PUBLISH topic=a qos=1 payload=hi
    ///
    /// What is given is written, also where it breaks a rule: qos=3, packet_id=0, packet_id=none,
    /// topic=a/#. Words have the keys of the JSON, and filter=FILTER, will.topic=TOPIC,
    /// content_type=TYPE and so on for properties, user_property=NAME=VALUE. Data can be given as
    /// KEY_hex or KEY_base64. For packets that are broken on purpose there are also flags,
    /// remaining_length (in JSON: raw_flags, raw_remaining_length), first_byte, length_bytes (of
    /// the Remaining Length), append (hexadecimal digits), cut (bytes off the end), protocol_name,
    /// protocol_level, connect_flags, acknowledge_flags, property_length and, in a filter of
    /// JSON, options.
    #[arg(long, conflicts_with_all = ["oneline", "annotate", "json", "strict", "listen"])]
    pub encode: bool,

    /// Print the bytes as hex, xxd, c, escaped, decimal, base64 or raw [default: hex]
    #[arg(long, value_name = "FORM", requires = "encode", value_parser = output_format(),
          hide_possible_values = true)]
    pub output_format: Option<BytesForm>,
}

/// Which packets to print. The summary counts all.
#[derive(Args)]
#[command(next_help_heading = "Filter")]
pub(super) struct FilterFlags {
    /// Print packets of this type only, such as PUBLISH; may be repeated
    #[arg(long = "type", value_name = "TYPE", value_parser = packet_type(), ignore_case = true,
          hide_possible_values = true)]
    pub types: Vec<PacketType>,

    /// Print packets with a topic that this Topic Filter matches, a Topic Alias for one, or with
    /// this Topic Filter; may be repeated
    #[arg(long = "topic", value_name = "FILTER")]
    pub topics: Vec<String>,

    /// Print the packets of this client's connections, from CONNECT on; may be repeated
    #[arg(long = "client", value_name = "ID")]
    pub clients: Vec<String>,

    /// Print the packets of the stream with this number; may be repeated
    #[arg(long = "stream", value_name = "NUMBER")]
    pub streams: Vec<u32>,

    /// Print packets that break a rule only
    #[arg(long)]
    pub only_violations: bool,
}

fn input_format() -> impl TypedValueParser<Value = Form> {
    let names = Form::ALL.map(Form::name);
    PossibleValuesParser::new(names).map(|name| {
        let form = Form::ALL.into_iter().find(|form| form.name() == name);
        form.unwrap_or(Form::Hex)
    })
}

fn output_format() -> impl TypedValueParser<Value = BytesForm> {
    let names = BytesForm::ALL.map(BytesForm::name);
    PossibleValuesParser::new(names).map(|name| {
        let form = BytesForm::ALL.into_iter().find(|form| form.name() == name);
        form.unwrap_or_default()
    })
}

fn packet_type() -> impl TypedValueParser<Value = PacketType> {
    let names = PacketType::ALL.map(PacketType::name);
    PossibleValuesParser::new(names)
        .map(|name| PacketType::from_name(&name).unwrap_or(PacketType::Publish))
}

/// What `mqtk inspect` is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectOptions {
    /// Files or hexadecimal digits; empty for stdin.
    pub input: Vec<OsString>,
    /// Where to listen and pass on, instead of reading input.
    pub proxy: Option<ProxyOptions>,
    /// How the input is written, where that is not to be recognised.
    pub input_format: Option<Form>,
    /// The version where no CONNECT says it.
    pub version: Option<Version>,
    /// TCP ports on which everything is MQTT.
    pub ports: Vec<u16>,
    /// How to show packets.
    pub form: PacketForm,
    /// List every field in the JSON.
    pub fields: bool,
    /// Show passwords.
    pub show_secrets: bool,
    /// Fail if a rule is broken.
    pub strict: bool,
    /// Make bytes of packets instead.
    pub encode: bool,
    /// The form of these bytes.
    pub output_format: BytesForm,
    /// Which packets to show.
    pub filter: PacketFilter,
    /// Say how the input was read.
    pub verbose: bool,
    /// How much to say on stderr.
    pub verbosity: Verbosity,
}

impl InspectFlags {
    pub fn options(self) -> Result<InspectOptions, String> {
        let (output, filter) = (self.output, self.filter);
        let verbosity = match self.verbose {
            true => Verbosity::Debug,
            false => self.general.verbosity(),
        };
        Ok(InspectOptions {
            input: self.input,
            proxy: self.proxy.options()?,
            input_format: self.input_format,
            version: self.protocol_version,
            ports: self.port,
            form: match (output.oneline, output.annotate, output.json) {
                (true, ..) => PacketForm::OneLine,
                (_, true, _) => PacketForm::Annotate,
                (.., true) => PacketForm::Json,
                _ => PacketForm::Tree,
            },
            fields: output.fields,
            show_secrets: output.show_secrets,
            strict: output.strict,
            encode: self.encode.encode,
            output_format: self.encode.output_format.unwrap_or_default(),
            filter: PacketFilter {
                types: filter.types,
                topics: filter.topics,
                clients: filter.clients,
                streams: filter.streams,
                only_violations: filter.only_violations,
            },
            verbose: verbosity == Verbosity::Debug
                || verbosity == Verbosity::Normal && std::io::stderr().is_terminal(),
            verbosity,
        })
    }
}
