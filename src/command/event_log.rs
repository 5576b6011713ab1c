//! The events of a broker as lines: as text or as JSON.

use std::fmt::{self, Write as _};
use std::hash::{Hash, Hasher};

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::broker::{Event, Fact, Level, Report};
use crate::cli::LogFormat;
use crate::render::{Notice, Stamp, Style, json_line};
use crate::transport::Peer;

/// Most lines of the log have no more bytes.
pub(super) const USUAL_LINE: usize = 160;

/// A line of the log.
#[derive(Debug)]
pub(super) enum Line {
    Text(Notice, String),
    /// Everything but the time.
    Json(Map<String, Value>),
}

impl Line {
    /// What the log says of an event.
    pub(super) fn of(format: LogFormat, event: &Event<'_>) -> Self {
        let mut line = Self::empty(format);
        event.report(&mut line);
        line
    }

    /// What it says of another problem: its name, how often it happened, and why.
    pub(super) fn trouble(
        format: LogFormat,
        name: &'static str,
        count: Option<u64>,
        why: impl fmt::Display,
    ) -> Self {
        let mut line = Self::empty(format);
        line.begin(name, Level::Warning);
        if let Some(count) = count {
            line.fact("count", Fact::Number(count));
        }
        line.fact("reason", Fact::Shown(&why));
        line.words(format_args!("{why}"));
        line
    }

    fn empty(format: LogFormat) -> Self {
        match format {
            LogFormat::Text => Self::Text(Notice::Note, String::new()),
            LogFormat::Json => Self::Json(Map::new()),
        }
    }

    /// The line for this many more events like it.
    pub(super) fn repeated(self, count: u64, seconds: u64) -> Self {
        match self {
            Self::Text(notice, text) => {
                Self::Text(notice, format!("{count} more in {seconds} s like: {text}"))
            }
            Self::Json(mut object) => {
                object.insert("repeated".into(), count.into());
                Self::Json(object)
            }
        }
    }

    /// Appends the line as it is printed.
    pub(super) fn print(self, time: Timestamp, stamp: &mut Stamp, style: Style, out: &mut Vec<u8>) {
        match self {
            Self::Text(notice, text) => stamp.write(out, style, time, notice, &text),
            Self::Json(facts) => {
                let mut object = Map::new();
                object.insert("time".into(), format!("{time:.6}").into());
                object.extend(facts);
                json_line(out, style, &Value::Object(object).to_string());
            }
        }
    }
}

impl Report for Line {
    fn begin(&mut self, name: &'static str, level: Level) {
        match self {
            Self::Text(notice, _) => {
                *notice = match level {
                    Level::Error => Notice::Error,
                    Level::Warning => Notice::Warning,
                    Level::Info | Level::Debug => Notice::Note,
                };
            }
            Self::Json(object) => {
                object.insert("level".into(), level.to_string().into());
                object.insert("event".into(), name.into());
            }
        }
    }

    fn fact(&mut self, name: &'static str, fact: Fact<'_>) {
        if let Self::Json(object) = self {
            let value = match fact {
                Fact::Number(number) => number.into(),
                Fact::Seconds(seconds) => seconds.into(),
                Fact::Flag(flag) => flag.into(),
                Fact::Text(_) | Fact::Shown(_) | Fact::Peer(_) => fact.to_string().into(),
            };
            object.insert(name.into(), value);
        }
    }

    fn words(&mut self, words: fmt::Arguments<'_>) {
        if let Self::Text(_, text) = self {
            text.reserve(USUAL_LINE);
            let _cannot_fail = text.write_fmt(words);
        }
    }
}

/// What an event has in common with its repetitions: what happened, and to whom.
pub(super) struct Kind<'a>(pub(super) &'a Event<'a>);

impl Hash for Kind<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.report(&mut Subject {
            state,
            is_known: false,
        });
    }
}

/// Hashes the name of an event, and who or what it is about: an address, whatever the port.
struct Subject<'a, H> {
    state: &'a mut H,
    is_known: bool,
}

impl<H: Hasher> Report for Subject<'_, H> {
    fn begin(&mut self, name: &'static str, _level: Level) {
        name.hash(self.state);
    }

    fn fact(&mut self, _name: &'static str, fact: Fact<'_>) {
        if std::mem::replace(&mut self.is_known, true) {
            return;
        }
        match fact {
            Fact::Text(text) => text.hash(self.state),
            Fact::Peer(Peer::Tcp(address)) => address.ip().hash(self.state),
            Fact::Peer(Peer::Unix { .. }) => {}
            other => other.to_string().hash(self.state),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;
    use crate::broker::Cause;
    use crate::codec::Version;
    use std::hash::{BuildHasher, RandomState};

    fn printed(line: Line) -> String {
        let time = Timestamp::new(1_795_000_000, 123_456_789).expect("a time");
        let mut out = Vec::new();
        line.print(time, &mut Stamp::None, Style::default(), &mut out);
        let text = String::from_utf8(out).expect("text");
        text.trim_end().to_owned()
    }

    fn line(event: &Event<'_>) -> String {
        printed(Line::of(LogFormat::Json, event))
    }

    #[test]
    fn an_event_is_one_object_on_one_line() {
        let peer = SocketAddr::from(([127, 0, 0, 1], 50222)).into();
        let event = Event::Disconnected {
            client_id: "two\n\"lines\"",
            peer,
            cause: Cause::KeepAlive,
        };
        assert_eq!(
            line(&event),
            r#"{"time":"2026-11-18T11:06:40.123456Z","level":"info","event":"disconnected","client_id":"two\n\"lines\"","peer":"127.0.0.1:50222","reason":"nothing received for 1.5 × Keep Alive"}"#
        );
        assert_eq!(
            line(&Event::ShuttingDown),
            r#"{"time":"2026-11-18T11:06:40.123456Z","level":"info","event":"shutting_down"}"#
        );
    }

    #[test]
    fn what_repeats_itself_says_so() {
        let event = Event::Dropping {
            client_id: "c",
            why: "its queue is full",
        };
        let repeated = |format| printed(Line::of(format, &event).repeated(7, 10));
        assert_eq!(
            repeated(LogFormat::Text),
            r#"warning: 7 more in 10 s like: dropping messages to client "c": its queue is full"#
        );
        assert!(repeated(LogFormat::Json).ends_with(r#""repeated":7}"#));
    }

    #[test]
    fn what_repeats_itself_is_told_by_its_name_and_whom_it_is_about() {
        let hasher = RandomState::new();
        let kind = |event: &Event<'_>| hasher.hash_one(Kind(event));
        let peer = |address, port| SocketAddr::from((address, port)).into();
        let (here, there) = ([192, 0, 2, 1], [192, 0, 2, 2]);
        let violation = |peer| Event::TooManyConnections { peer };
        assert_eq!(
            kind(&violation(peer(here, 1))),
            kind(&violation(peer(here, 2)))
        );
        assert_ne!(
            kind(&violation(peer(here, 1))),
            kind(&violation(peer(there, 1)))
        );
        // Who is refused may say that they are anybody.
        let refused = |client_id, peer| Event::Refused {
            client_id,
            username: None,
            peer,
            version: Version::V5,
            reason: None,
            why: "",
        };
        let one = kind(&refused("a", peer(here, 1)));
        assert_eq!(one, kind(&refused("b", peer(here, 2))));
        assert_ne!(one, kind(&refused("a", peer(there, 1))));
        let dropping = |client_id| Event::Dropping { client_id, why: "" };
        assert_ne!(kind(&dropping("a")), kind(&dropping("b")));
        let limit = |what| Event::LimitInAll { what };
        assert_ne!(kind(&limit("a")), kind(&limit("b")));
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let event = Event::Refused {
            client_id: "c",
            username: None,
            peer: SocketAddr::from(([127, 0, 0, 1], 50222)).into(),
            version: Version::V3_1_1,
            reason: None,
            why: "it asks for too much",
        };
        assert!(!line(&event).contains("reason_code"), "{}", line(&event));
    }

    #[test]
    fn trouble_is_told_with_its_reason() {
        let trouble = |format| printed(Line::trouble(format, "dropped", Some(3), "3 are gone"));
        assert_eq!(trouble(LogFormat::Text), "warning: 3 are gone");
        let json = r#""level":"warning","event":"dropped","count":3,"reason":"3 are gone"}"#;
        assert!(trouble(LogFormat::Json).ends_with(json));
    }
}
