//! Flags of `mqtk sub`.

use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::time::Duration;

use clap::{Args, Parser};

use super::client::ClientFlags;
use super::general::{GeneralFlags, Verbosity};
use super::property::{Carrier, properties};
use super::values;
use crate::client;
use crate::codec::{PropertyBuf, QoS, RetainHandling, SubscriptionOptions, Version};
use crate::topic::Filter;

/// Subscribe to topics and print their messages
///
/// QoS 1 and 2 messages are acknowledged after they are written. Lost connections are opened
/// again, and the subscriptions with them.
#[derive(Parser)]
#[command(name = "sub", bin_name = "mqtk sub")]
pub(super) struct SubFlags {
    #[command(flatten)]
    pub subscription: SubscriptionFlags,
    #[command(flatten)]
    pub output: OutputFlags,
    #[command(flatten)]
    pub exit: ExitFlags,
    #[command(flatten)]
    pub client: ClientFlags,
    #[command(flatten)]
    pub general: GeneralFlags,
}

/// What to ask the broker for.
#[derive(Args)]
#[command(next_help_heading = "Subscribe")]
pub(super) struct SubscriptionFlags {
    /// Topic Filters to subscribe to
    #[arg(value_name = "TOPIC", help_heading = None::<&str>)]
    pub topics: Vec<String>,

    /// Topic Filter to subscribe to; may be repeated
    #[arg(short, long, value_name = "FILTER")]
    pub topic: Vec<String>,

    /// Do not print topics that match this Topic Filter; may be repeated
    #[arg(short = 'T', long, value_name = "FILTER")]
    pub filter_out: Vec<String>,

    /// Unsubscribe from this Topic Filter first (of a kept session); may be repeated
    #[arg(short = 'U', long, value_name = "FILTER")]
    pub unsubscribe: Vec<String>,

    /// Highest Quality of Service to receive: 0, 1 or 2
    #[arg(short, long, value_name = "QOS", default_value = "0", value_parser = values::qos(), hide_possible_values = true)]
    pub qos: QoS,

    /// Do not print stale messages: those that the broker had retained
    #[arg(short = 'R', long)]
    pub no_retained: bool,

    /// Keep the retain flag as the publisher set it (-V 5)
    #[arg(long)]
    pub retain_as_published: bool,

    /// When to send retained messages: always, for new subscriptions, or never (-V 5)
    #[arg(long, value_name = "always|new|never", value_parser = values::retain_handling(), hide_possible_values = true)]
    pub retain_handling: Option<RetainHandling>,
}

/// What to print of each message.
#[derive(Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputFlags {
    /// Print the topic before the payload
    #[arg(short, long)]
    pub verbose: bool,

    /// Print no line end after the payload
    #[arg(short = 'N', long)]
    pub no_newline: bool,

    /// Print in this format: %t topic, %p payload, %q QoS, %r retain, %I time, %j JSON … (all:
    /// mqtk help sub)
    ///
    /// The message: %t topic, %p payload, %l its length in bytes, %q QoS, %r retain, %m Packet
    /// Identifier; %x and %X the payload in hexadecimal, %d and %f the payload as a
    /// floating-point number of 8 and of 4 bytes; %j a JSON object with the payload as a
    /// string, %J one with the payload as JSON.
    ///
    /// Its properties: %A Topic Alias, %C Content Type, %D Correlation Data, %E Message Expiry
    /// Interval, %F Payload Format Indicator, %P User Properties, %R Response Topic, %S
    /// Subscription Identifier.
    ///
    /// The time: %I in ISO 8601, %U in seconds since 1970 with nanoseconds, @X as %X of
    /// strftime, @N nanoseconds.
    ///
    /// After the % may stand the flags - and 0, a width, a precision (%.3t), and for %x a
    /// separator (%.2:x). %% is a %, @@ an @; the escapes are \\ \0 \a \e \n \r \t \v.
    #[arg(short = 'F', long, value_name = "FORMAT", conflicts_with = "json")]
    pub format: Option<String>,

    /// Print a JSON object for each message, on a line
    ///
    /// The keys are time, topic, qos, retain, dup, packet_id, payload (payload_base64 when it
    /// is not UTF-8), payload_len and properties.
    #[arg(long)]
    pub json: bool,

    /// Indent the JSON of %j, %J and --json
    #[arg(long)]
    pub pretty: bool,

    /// Show one line for each topic, brought up to date in place (implies -v, without -F)
    #[arg(short, long, conflicts_with = "json")]
    pub watch: bool,

    /// Print the number of messages each second instead of the messages
    #[arg(long, conflicts_with_all = ["format", "json", "watch"])]
    pub message_rate: bool,

    /// Print only this share of the messages, chosen by chance
    #[arg(long, value_name = "PERCENT", value_parser = values::percentage)]
    pub random_filter: Option<f64>,
}

/// When to stop.
#[derive(Args)]
#[command(next_help_heading = "Exit")]
pub(super) struct ExitFlags {
    /// Exit after this many messages
    #[arg(short = 'C', long, value_name = "COUNT", value_parser = values::count)]
    pub count: Option<NonZeroU64>,

    /// Exit when the broker has acknowledged the subscriptions
    #[arg(short = 'E', long)]
    pub exit_after_subscribe: bool,

    /// Print retained messages only, and exit when the broker has sent them all
    #[arg(long, conflicts_with = "no_retained")]
    pub retained_only: bool,

    /// Clear each retained message that is received
    #[arg(long, conflicts_with = "no_retained")]
    pub remove_retained: bool,

    /// Exit after this time, with status 27
    #[arg(short = 'W', long, value_name = "SECS", value_parser = values::positive_seconds)]
    pub wait: Option<Duration>,
}

/// What `mqtk sub` is asked to do.
#[derive(Clone, Debug)]
pub struct SubOptions {
    /// The broker and the connection; with [`embedded`](Self::embedded) the target is not used.
    pub client: client::Options,
    /// Run a broker in this process that listens here, and subscribe to it.
    pub embedded: Option<SocketAddr>,
    /// Topic Filters to subscribe to, all valid; empty only if something is unsubscribed from.
    pub filters: Vec<String>,
    /// Subscription Options of every filter.
    pub subscription: SubscriptionOptions,
    /// Topic Filters to unsubscribe from, all valid.
    pub unsubscribe: Vec<String>,
    /// Topic Filters whose messages are not printed, all valid.
    pub filter_out: Vec<String>,
    /// Leave out messages that come with the RETAIN flag.
    pub no_retained: bool,
    /// SUBSCRIBE properties (5.0).
    pub subscribe_properties: PropertyBuf,
    /// UNSUBSCRIBE properties (5.0).
    pub unsubscribe_properties: PropertyBuf,
    /// What to print.
    pub output: OutputOptions,
    /// When to stop.
    pub exit: ExitOptions,
    /// How much to say on stderr.
    pub verbosity: Verbosity,
}

/// What `mqtk sub` prints.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputOptions {
    /// The form of a message.
    pub form: Form,
    /// End each message with a line end. [`Form::Format`] and [`Form::Json`] bring their own.
    pub newline: bool,
    /// Indent JSON.
    pub pretty: bool,
    /// One line for each topic, brought up to date in place.
    pub watch: bool,
    /// The share of the messages to print, above 0 and up to 1.
    pub share: f64,
}

/// The form in which `mqtk sub` prints a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// The payload as it is.
    Payload,
    /// Topic and payload.
    TopicAndPayload,
    /// The format of `-F`, unchecked.
    Format(String),
    /// A JSON object.
    Json,
    /// No messages: how many there were each second.
    Rate,
}

/// When `mqtk sub` stops; else it goes on until a signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExitOptions {
    /// After this many messages.
    pub count: Option<NonZeroU64>,
    /// When the subscriptions are acknowledged.
    pub after_subscribe: bool,
    /// When the retained messages are all there; only these are printed.
    pub retained_only: bool,
    /// Clear the retained messages that are received.
    pub remove_retained: bool,
    /// After this time, with [`ExitStatus::TimedOut`](crate::exit::ExitStatus::TimedOut).
    pub wait: Option<Duration>,
}

impl SubFlags {
    pub fn options(mut self) -> Result<SubOptions, String> {
        let version = self.client.version()?;
        let flags = self.subscription;
        let mut filters = [flags.topics, flags.topic].concat();
        filters.extend(self.client.take_url_topic(!filters.is_empty()));
        if filters.is_empty() && flags.unsubscribe.is_empty() {
            return Err("no topic: give one, as in mqtk sub 'sensors/#'".into());
        }
        for (option, filters) in [
            ("", &filters),
            ("-T ", &flags.filter_out),
            ("-U ", &flags.unsubscribe),
        ] {
            for filter in filters {
                Filter::parse(filter, version)
                    .map_err(|error| format!("{option}topic filter '{filter}': {error}"))?;
            }
        }
        if version != Version::V5 && (flags.retain_as_published || flags.retain_handling.is_some())
        {
            return Err("--retain-as-published and --retain-handling need MQTT 5: add -V 5".into());
        }
        let subscription = SubscriptionOptions {
            qos: flags.qos,
            retain_as_published: flags.retain_as_published,
            // With -R they would be thrown away on arrival.
            retain_handling: match flags.no_retained {
                true => flags.retain_handling.unwrap_or(RetainHandling::DoNotSend),
                false => flags.retain_handling.unwrap_or_default(),
            },
            ..SubscriptionOptions::default()
        };
        let given = &self.client.session.property;
        Ok(SubOptions {
            filters,
            subscription,
            unsubscribe: flags.unsubscribe,
            filter_out: flags.filter_out,
            no_retained: flags.no_retained,
            subscribe_properties: properties(given, Carrier::Subscribe)?,
            unsubscribe_properties: properties(given, Carrier::Unsubscribe)?,
            output: self.output.options(),
            exit: ExitOptions {
                count: self.exit.count,
                after_subscribe: self.exit.exit_after_subscribe,
                retained_only: self.exit.retained_only,
                remove_retained: self.exit.remove_retained,
                wait: self.exit.wait,
            },
            verbosity: self.general.verbosity(),
            embedded: self.client.connection.embedded(1883)?,
            client: self.client.options(None)?,
        })
    }
}

impl OutputFlags {
    fn options(self) -> OutputOptions {
        OutputOptions {
            form: match self.format {
                Some(format) => Form::Format(format),
                None if self.json => Form::Json,
                None if self.message_rate => Form::Rate,
                None if self.verbose || self.watch => Form::TopicAndPayload,
                None => Form::Payload,
            },
            newline: !self.no_newline,
            pretty: self.pretty,
            watch: self.watch,
            share: self.random_filter.unwrap_or(1.0),
        }
    }
}
