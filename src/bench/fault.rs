//! What went wrong, under a short key that stays the same.

use std::collections::BTreeMap;
use std::io;

use rustix::io::Errno;

use crate::client::{Error, Refusal};
use crate::codec::{PacketType, ReasonCode};
use crate::driver::End;
use crate::transport::ConnectError;

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    key: String,
    text: String,
}

impl Fault {
    pub(super) fn new(key: impl Into<String>, text: impl Into<String>) -> Fault {
        Fault {
            key: key.into(),
            text: text.into(),
        }
    }

    /// A packet that carried a Reason Code of 0x80 or more.
    pub(super) fn refused(packet: PacketType, reason: ReasonCode, text: String) -> Fault {
        Fault::new(refused_key(packet, reason), text)
    }

    /// A worker has nothing to keep the rate with.
    pub(super) fn no_timer(error: &io::Error) -> Fault {
        let text = format!("a worker got no timer to keep the rate with: {error}");
        Fault::new(NO_TIMER, text)
    }

    /// How a connection ended: by the error number, if there is one.
    pub(super) fn lost(end: End, phase: &str) -> Fault {
        let errno = match &end {
            End::Io(error) => Errno::from_io_error(error).map(errno_name),
            _ => None,
        };
        let mut fault = Fault::from(&Error::from_end(end, phase));
        if let Some(errno) = errno {
            fault.key = errno;
        }
        fault
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::from(&error)
    }
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Fault {
        let key = match error {
            Error::Connect(error) => connect_key(error),
            Error::Refused(Refusal { packet, reason, .. })
            | Error::Disconnected(Refusal { packet, reason, .. }) => refused_key(*packet, *reason),
            Error::ConnackTimeout { .. } => "connack_timeout".into(),
            Error::NoConnack { .. } => "no_connack".into(),
            Error::Lost(_) => "connection_lost".into(),
            Error::Violation(_) => "protocol_error".into(),
            Error::NotMqtt { .. } => "not_mqtt".into(),
            Error::WebSocket(_) => "websocket_error".into(),
            Error::TooLarge => "packet_too_large".into(),
            Error::Authentication(_) => "authentication_failed".into(),
            Error::Options(_) => "bad_options".into(),
        };
        let text = match error {
            Error::Refused(refusal) if refusal.packet == PacketType::Suback => {
                format!("the broker refused the subscription: {refusal}")
            }
            error => error.to_string(),
        };
        Fault::new(key, text)
    }
}

fn refused_key(packet: PacketType, reason: ReasonCode) -> String {
    let packet = packet.to_string().to_ascii_lowercase();
    format!("{packet}_0x{:02x}", reason.0)
}

fn connect_key(error: &ConnectError) -> String {
    match error {
        ConnectError::Tcp { tried, .. } | ConnectError::ProxyTcp { tried, .. } => {
            let last = tried.last();
            last.map_or_else(|| "not_connected".into(), |(_, error)| errno_key(error))
        }
        ConnectError::Unix { source, .. } => errno_key(source),
        ConnectError::Offers { tried, .. } => {
            let last = tried.last();
            last.map_or_else(|| "not_connected".into(), connect_key)
        }
        ConnectError::Timeout { .. } => "connect_timeout".into(),
        ConnectError::Name { .. } | ConnectError::Srv { .. } => "unknown_host".into(),
        ConnectError::Proxy { .. } => "proxy_error".into(),
        ConnectError::Tls { .. } => "tls_error".into(),
        ConnectError::WebSocket { .. } => "websocket_error".into(),
        ConnectError::File { .. } | ConnectError::Options(_) => "bad_options".into(),
    }
}

fn errno_key(error: &io::Error) -> String {
    match Errno::from_io_error(error) {
        Some(errno) => errno_name(errno),
        None if error.kind() == io::ErrorKind::TimedOut => "connect_timeout".into(),
        None => "not_connected".into(),
    }
}

/// The name of an error number, such as `ECONNREFUSED`.
fn errno_name(errno: Errno) -> String {
    let name = match errno {
        Errno::ACCESS => "EACCES",
        Errno::ADDRINUSE => "EADDRINUSE",
        Errno::ADDRNOTAVAIL => "EADDRNOTAVAIL",
        Errno::AGAIN => "EAGAIN",
        Errno::CONNABORTED => "ECONNABORTED",
        Errno::CONNREFUSED => "ECONNREFUSED",
        Errno::CONNRESET => "ECONNRESET",
        Errno::HOSTUNREACH => "EHOSTUNREACH",
        Errno::MFILE => "EMFILE",
        Errno::NETUNREACH => "ENETUNREACH",
        Errno::NFILE => "ENFILE",
        Errno::NOBUFS => "ENOBUFS",
        Errno::NOENT => "ENOENT",
        Errno::NOMEM => "ENOMEM",
        Errno::PERM => "EPERM",
        Errno::PIPE => "EPIPE",
        Errno::TIMEDOUT => "ETIMEDOUT",
        other => return format!("errno_{}", other.raw_os_error()),
    };
    name.into()
}

const NO_TIMER: &str = "no_timer";
/// What the generator lacked where an attempt ended so.
const WANTS: [(&str, &str); 4] = [
    ("EADDRINUSE", PORTS),
    ("EADDRNOTAVAIL", PORTS),
    ("EMFILE", "this process may open no more files (ulimit -Hn)"),
    ("ENFILE", "this machine has no more files (fs.file-max)"),
];
const PORTS: &str = "no local port is left; spread the clients over more addresses (--bind), or \
                     widen net.ipv4.ip_local_port_range";

/// How often things of one kind went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// The first of them, in words.
    pub example: String,
}

/// What went wrong, by keys that stay the same: `connack_0x87` for a Reason Code, `ECONNREFUSED`
/// for an error of the system, words such as `connack_timeout` for the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(BTreeMap<String, Tally>);

impl Faults {
    pub(super) fn count(&mut self, fault: Fault) {
        let example = fault.text;
        let tally = (self.0.entry(fault.key)).or_insert(Tally { count: 0, example });
        tally.count += 1;
    }

    /// Takes in what another counted.
    pub fn merge(&mut self, other: &Faults) {
        for (key, more) in &other.0 {
            match self.0.get_mut(key) {
                Some(tally) => tally.count += more.count,
                None => {
                    self.0.insert(key.clone(), more.clone());
                }
            }
        }
    }

    /// Everything that went wrong.
    pub fn total(&self) -> u64 {
        self.0.values().map(|tally| tally.count).sum()
    }

    /// Each key with its tally, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Tally)> {
        self.0.iter().map(|(key, tally)| (key.as_str(), tally))
    }

    /// What went wrong for want of something at the generator's side, and the remedy.
    pub(super) fn of_generator(&self) -> impl Iterator<Item = String> {
        let no_timer = self.0.get(NO_TIMER).map(|tally| tally.example.clone());
        let wants = WANTS.iter().filter_map(|(key, want)| {
            let count = self.0.get(*key)?.count;
            Some(format!(
                "{count} connection attempts failed with {key}: {want}"
            ))
        });
        wants.chain(no_timer)
    }

    /// What went wrong most often.
    pub fn commonest(&self) -> Option<(&str, &Tally)> {
        self.iter().max_by_key(|(_, tally)| tally.count)
    }
}

/// Keys, how often, and an example of each.
impl FromIterator<(String, u64, String)> for Faults {
    fn from_iter<I: IntoIterator<Item = (String, u64, String)>>(errors: I) -> Faults {
        let errors = errors.into_iter();
        Faults(
            errors
                .map(|(key, count, example)| (key, Tally { count, example }))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_short_and_texts_are_kept() {
        let refused = io::Error::from_raw_os_error(Errno::CONNREFUSED.raw_os_error());
        assert_eq!(errno_key(&refused), "ECONNREFUSED");
        let reset = io::Error::from_raw_os_error(Errno::CONNRESET.raw_os_error());
        let lost_by_reset = Fault::lost(End::Io(reset), "while reading");
        assert_eq!(lost_by_reset.key, "ECONNRESET");
        assert!(lost_by_reset.text.contains("reset"), "{lost_by_reset:?}");
        assert_eq!(Fault::lost(End::Closed, "early").key, "connection_lost");
        let none = io::Error::from_raw_os_error(Errno::ADDRNOTAVAIL.raw_os_error());
        let mut no_port = Faults::default();
        no_port.count(Fault::new(errno_key(&none), none.to_string()));
        no_port.count(lost_by_reset);
        let wants: Vec<_> = no_port.of_generator().collect();
        assert!(
            matches!(&wants[..], [want] if want.contains("--bind")),
            "{wants:?}"
        );
        no_port.count(Fault::no_timer(&none));
        let wants: Vec<_> = no_port.of_generator().collect();
        assert!(wants[1].contains("no timer"), "{wants:?}");
        let key = refused_key(PacketType::Connack, ReasonCode(0x87));
        assert_eq!(key, "connack_0x87");
        let lost = Error::Lost("cut".into());
        let mut faults = Faults::default();
        faults.count(Fault::from(&lost));
        let mut others = Faults::default();
        others.count(Fault::from(&lost));
        others.count(Fault::new("other", "something"));
        faults.merge(&others);
        assert_eq!(faults.total(), 3);
        let keys: Vec<_> = faults
            .iter()
            .map(|(key, tally)| (key, tally.count))
            .collect();
        assert_eq!(keys, [("connection_lost", 2), ("other", 1)]);
        let commonest = faults.commonest().map(|(_, tally)| &*tally.example);
        assert_eq!(commonest, Some("connection to the broker lost: cut"));
    }
}
