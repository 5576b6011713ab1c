//! What a client is told before it connects.

use std::fmt;
use std::io::{self, BufRead};
use std::time::Duration;

use crate::codec::{Connect, MAX_PACKET_SIZE, PropertyBuf, PropertyId, QoS, Value, Version, Will};
use crate::transport::Target;

/// Everything a [`Client`](super::Client) needs to know.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the broker is and how to reach it.
    pub target: Target,
    /// Protocol version.
    pub version: Version,
    /// Client Identifier; empty lets the server choose (not in 3.1).
    pub client_id: String,
    /// Clean Start (3.1.1: Clean Session).
    pub clean_start: bool,
    /// Keep Alive in seconds; 0 turns it off.
    pub keep_alive: u16,
    /// User Name.
    pub username: Option<String>,
    /// Password.
    pub password: Option<Secret>,
    /// Prove knowledge of the password instead of sending it (5.0). Needs both of the above.
    pub auth_method: Option<AuthMethod>,
    /// Will Message.
    pub will: Option<WillMessage>,
    /// CONNECT properties (5.0), Session Expiry Interval and Receive Maximum among them.
    pub properties: PropertyBuf,
    /// DISCONNECT properties (5.0).
    pub disconnect_properties: PropertyBuf,
    /// Most QoS 1 and 2 messages in flight at once.
    pub max_inflight: u16,
    /// Larger packets from the broker are refused, in bytes.
    pub max_packet_size: usize,
    /// How long it may take from the start of a connection attempt to CONNACK.
    pub connect_timeout: Duration,
    /// How long the oldest unacknowledged packet may wait before the connection counts as dead.
    pub ack_timeout: Duration,
    /// What to do when the connection is lost; `None`: it is an error at once.
    pub reconnect: Option<Reconnect>,
}

/// Reconnecting: exponential backoff with jitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reconnect {
    /// Delay before the first attempt.
    pub min_delay: Duration,
    /// The delay doubles up to this.
    pub max_delay: Duration,
    /// Give up when the broker has been away this long; `None`: never.
    ///
    /// In 5.0 the broker is asked to keep the session this long, unless a Session Expiry Interval was
    /// given, so that a reconnect neither loses nor duplicates anything.
    pub window: Option<Duration>,
}

/// An Authentication Method (5.0 section 4.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthMethod {
    /// SCRAM-SHA-256 (RFC 7677).
    ScramSha256,
}

/// A Will Message, owned.
#[derive(Clone, Debug)]
pub struct WillMessage {
    /// Will Topic.
    pub topic: String,
    /// Will Payload.
    pub payload: Vec<u8>,
    /// Will QoS.
    pub qos: QoS,
    /// Will Retain.
    pub retain: bool,
    /// Will Properties (5.0).
    pub properties: PropertyBuf,
}

/// Bytes that no log and no `Debug` shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub Vec<u8>);

impl Secret {
    /// The longest password that a CONNECT can carry, in bytes.
    pub const MAX_LEN: usize = 65_535;

    /// Reads the first line, without its end. Of a line that is too long for a CONNECT, only as much
    /// is read as shows that.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    pub fn read_line(from: impl BufRead) -> io::Result<Secret> {
        let mut line = Vec::new();
        from.take(Self::MAX_LEN as u64 + 2)
            .read_until(b'\n', &mut line)?;
        if line.ends_with(b"\n") {
            line.pop();
            if line.ends_with(b"\r") {
                line.pop();
            }
        }
        Ok(Secret(line))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Options {
    /// Options for a broker, with the defaults of the command line: 3.1.1, Clean Session,
    /// Keep Alive 60 s, 100 messages in flight, 30 s for CONNACK and for acknowledgements,
    /// no reconnect.
    pub fn new(target: Target) -> Options {
        Options {
            target,
            version: Version::V3_1_1,
            client_id: String::new(),
            clean_start: true,
            keep_alive: 60,
            username: None,
            password: None,
            auth_method: None,
            will: None,
            properties: PropertyBuf::default(),
            disconnect_properties: PropertyBuf::default(),
            max_inflight: 100,
            max_packet_size: MAX_PACKET_SIZE,
            connect_timeout: Duration::from_secs(30),
            ack_timeout: Duration::from_secs(30),
            reconnect: None,
        }
    }

    /// Checks that a CONNECT can be made of them.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.version == Version::V3_1 && self.client_id.is_empty() {
            return Err("MQTT 3.1 needs a Client Identifier: give one with --id".into());
        }
        if self.client_id.is_empty() && !self.clean_start && self.version != Version::V5 {
            return Err(
                "a session that is kept needs a Client Identifier: give one with --id".into(),
            );
        }
        if self.auth_method.is_some() {
            if self.version != Version::V5 {
                return Err("an Authentication Method needs MQTT 5".into());
            }
            if self.username.is_none() || self.password.is_none() {
                return Err("an Authentication Method needs a User Name and a password".into());
            }
        }
        let username = self.username.as_deref().unwrap_or_default();
        for (what, text) in [
            ("Client Identifier", &*self.client_id),
            ("User Name", username),
        ] {
            check_length(what, text.len())?;
            if text.contains('\0') {
                return Err(format!(
                    "the {what} contains U+0000, which MQTT does not allow"
                ));
            }
        }
        let password = self.password.as_ref().map_or(0, |secret| secret.0.len());
        check_length("password", password)
    }

    /// CONNECT properties as they go out: in 5.0 with a Session Expiry Interval that covers the
    /// reconnect window, unless one was given.
    pub(crate) fn connect_properties(&self) -> PropertyBuf {
        let mut properties = self.properties.clone();
        if self.version == Version::V5
            && let Some(Reconnect { window, .. }) = self.reconnect
            && self
                .properties
                .as_properties()
                .session_expiry_interval()
                .is_none()
        {
            // Never shorter than the window; one that is too long for a u32 becomes the longest.
            let seconds = window.map_or(RECONNECT_SESSION_SECS, |window| {
                window.as_secs_f64().ceil() as u32
            });
            properties.push(PropertyId::SessionExpiryInterval, Value::FourByte(seconds));
        }
        properties
    }

    /// DISCONNECT properties as they go out: a session that was kept only for reconnects ends.
    pub(super) fn disconnect_properties(&self) -> PropertyBuf {
        let mut properties = self.disconnect_properties.clone();
        let given = properties.as_properties().session_expiry_interval();
        if self.connect_properties() != self.properties && given.is_none() {
            properties.push(PropertyId::SessionExpiryInterval, Value::FourByte(0));
        }
        properties
    }

    /// The CONNECT packet.
    pub(crate) fn connect<'a>(
        &'a self,
        properties: &'a PropertyBuf,
        clean_start: bool,
    ) -> Connect<'a> {
        // With an Authentication Method, both are in its data.
        let is_sent = self.auth_method.is_none();
        Connect {
            version: self.version,
            clean_start,
            keep_alive: self.keep_alive,
            properties: properties.as_properties(),
            client_id: &self.client_id,
            will: self.will.as_ref().map(|will| Will {
                qos: will.qos,
                retain: will.retain,
                properties: will.properties.as_properties(),
                topic: &will.topic,
                payload: &will.payload,
            }),
            username: self.username.as_deref().filter(|_| is_sent),
            password: self
                .password
                .as_ref()
                .map(|secret| &secret.0[..])
                .filter(|_| is_sent),
        }
    }
}

fn check_length(what: &str, bytes: usize) -> Result<(), String> {
    if bytes > usize::from(u16::MAX) {
        return Err(format!(
            "the {what} is longer than the 65535 bytes that MQTT allows"
        ));
    }
    Ok(())
}

/// How long the broker is to keep the session of a client that never gives up reconnecting.
const RECONNECT_SESSION_SECS: u32 = 300;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::Address;

    fn options() -> Options {
        Options::new(Target::new(Address::tcp("localhost", 1883)))
    }

    #[test]
    fn what_no_connect_can_carry_is_refused() {
        let long = "x".repeat(65_536);
        let cases = [
            (
                Options {
                    client_id: long.clone(),
                    ..options()
                },
                "the Client Identifier is longer",
            ),
            (
                Options {
                    username: Some(long.clone()),
                    ..options()
                },
                "the User Name is longer",
            ),
            (
                Options {
                    username: Some("a\0b".into()),
                    ..options()
                },
                "the User Name contains U+0000",
            ),
            (
                Options {
                    password: Some(Secret(long.into_bytes())),
                    ..options()
                },
                "the password is longer",
            ),
        ];
        for (options, reason) in cases {
            let refused = options.check().unwrap_err();
            assert!(refused.starts_with(reason), "{refused}");
        }
        assert_eq!(options().check(), Ok(()));
    }

    #[test]
    fn a_password_is_a_line_without_its_end() {
        for (content, expected) in [
            (&b"s3cret\n"[..], &b"s3cret"[..]),
            (b"s3cret\r\nmore\n", b"s3cret"),
            (b" with spaces ", b" with spaces "),
            (b"", b""),
        ] {
            let secret = Secret::read_line(content).expect("a slice can be read");
            assert!(secret.0 == expected);
        }
        let long = vec![b'x'; 2 * Secret::MAX_LEN];
        let secret = Secret::read_line(&long[..]).expect("a slice can be read");
        assert!(secret.0.len() > Secret::MAX_LEN);
    }

    #[test]
    fn the_session_outlasts_the_window_in_which_to_reconnect() {
        for (millis, seconds) in [(1, 1), (1500, 2), (60_000, 60), (u64::MAX, u32::MAX)] {
            let options = Options {
                version: Version::V5,
                reconnect: Some(Reconnect {
                    min_delay: Duration::from_secs(1),
                    max_delay: Duration::from_secs(1),
                    window: Some(Duration::from_millis(millis)),
                }),
                ..options()
            };
            let properties = options.connect_properties();
            let expiry = properties.as_properties().session_expiry_interval();
            assert_eq!(expiry, Some(seconds), "{millis} ms");
        }
    }
}
