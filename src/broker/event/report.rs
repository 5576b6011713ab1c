//! How an event is told to those who write it down.

use std::fmt;

use crate::transport::Peer;

/// Takes down an [`Event`](super::Event): as a line of text, as an object, or only as far as it
/// wants to know.
///
/// ```
/// use mqtk::broker::{Cause, Event, Fact, Level, Report};
///
/// /// The facts, as `name=value`.
/// #[derive(Default)]
/// struct Facts(Vec<String>);
///
/// impl Report for Facts {
///     fn fact(&mut self, name: &'static str, fact: Fact<'_>) {
///         self.0.push(format!("{name}={fact}"));
///     }
/// }
///
/// let peer = "127.0.0.1:50222".parse::<std::net::SocketAddr>()?.into();
/// let event = Event::Disconnected { client_id: "c1", peer, cause: Cause::Closed };
/// let mut facts = Facts::default();
/// event.report(&mut facts);
/// assert_eq!(facts.0[..2], ["client_id=c1", "peer=127.0.0.1:50222"]);
/// assert_eq!(event.level(), Level::Info);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
pub trait Report {
    /// What happened, as in `disconnected`, and how much it matters. Told first.
    fn begin(&mut self, name: &'static str, level: Level) {
        let _ = (name, level);
    }

    /// Something that is known of it. The first fact is who or what the event is about.
    fn fact(&mut self, name: &'static str, fact: Fact<'_>) {
        let _ = (name, fact);
    }

    /// All of it in words, told last. What clients have sent is quoted and escaped; what others say,
    /// such as the reason that an authenticator gives, is not.
    fn words(&mut self, words: fmt::Arguments<'_>) {
        let _ = words;
    }
}

/// How much an event matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For those who want to know everything.
    Debug,
    /// What happens.
    Info,
    /// Something goes wrong, or somebody does something wrong.
    Warning,
    /// The broker ends because of it.
    Error,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Something that is known of an event.
#[derive(Clone, Copy)]
pub enum Fact<'a> {
    /// Text, perhaps a stranger's: as it came, and of any length.
    Text(&'a str),
    /// Something that shows itself to people.
    Shown(&'a dyn fmt::Display),
    /// The other end of a connection.
    Peer(Peer),
    /// A number.
    Number(u64),
    /// A time in seconds.
    Seconds(f64),
    /// Whether something is so.
    Flag(bool),
}

impl fmt::Display for Fact<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Shown(shown) => shown.fmt(f),
            Self::Peer(peer) => peer.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Seconds(seconds) => seconds.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
        }
    }
}
