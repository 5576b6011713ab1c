//! CONNECT (section 3.1).

use super::Will;
use crate::codec::reader::Reader;
use crate::codec::visit::{FieldValue, Visitor};
use crate::codec::write::{Encode, put_binary, put_properties};
use crate::codec::{Got, PacketType, Place, Properties, Rule, Sink, Version, Violation, rules};
use std::fmt;

/// CONNECT (section 3.1).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Connect<'a> {
    /// Protocol Version.
    pub version: Version,
    /// Clean Start (3.1.1: Clean Session).
    pub clean_start: bool,
    /// Keep Alive in seconds; 0 turns it off.
    pub keep_alive: u16,
    /// CONNECT properties; empty before 5.0.
    pub properties: Properties<'a>,
    /// Client Identifier.
    pub client_id: &'a str,
    /// Will Message.
    pub will: Option<Will<'a>>,
    /// User Name.
    pub username: Option<&'a str>,
    /// Password.
    pub password: Option<&'a [u8]>,
}

impl<'a> Connect<'a> {
    /// Checks the two rules about Client Identifiers that [`Frame::decode`] leaves to a Server,
    /// which answers them with CONNACK 0x02: an empty one without Clean Session before 5.0
    /// ([`rules::CLIENT_ID_EMPTY`]), and in 3.1 one over 23 characters, which a lenient Server
    /// may tolerate ([`rules::CLIENT_ID_TOO_LONG`]).
    ///
    /// [`Frame::decode`]: crate::codec::Frame::decode
    ///
    /// # Errors
    /// The rule that the Client Identifier breaks; its offset is 0.
    pub fn check_client_id(&self) -> Result<(), Violation> {
        let Some(rule) = client_id_fault(self.client_id, self.version, self.clean_start) else {
            return Ok(());
        };
        let len = Got::Number(self.client_id.chars().count() as u32);
        Err(Violation::new(rule, self.version, 0, Some(len)))
    }

    pub(in crate::codec) fn read<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
    ) -> Result<Self, Violation> {
        r.expecting(&rules::CONNECT_INCOMPLETE);
        read_protocol(r)?;
        let version = r.version;
        let flags = r.flags(&"Connect Flags")?;
        let has_username = r.flag(flags, &"User Name Flag", 7);
        let has_password = r.flag(flags, &"Password Flag", 6);
        if has_password && !has_username {
            r.broke(&rules::PASSWORD_WITHOUT_USER_NAME, flags.at, None)?;
        }
        let will_flags = Will::read_flags(r, flags)?;
        let clean_start = r.flag(
            flags,
            match version {
                Version::V5 => &"Clean Start",
                Version::V3_1 | Version::V3_1_1 => &"Clean Session",
            },
            1,
        );
        if r.flag(flags, &"Reserved", 0) {
            r.broke(&rules::CONNECT_RESERVED_FLAG, flags.at, None)?;
        }
        let keep_alive = r.u16(&"Keep Alive")?;
        let place = Place::packet(PacketType::Connect);
        let (properties, _) = r.properties(&"Properties", place)?;

        let client_id = read_client_id(r, clean_start)?;
        let will = match will_flags {
            Some((qos, retain)) => Some(Will::read(r, qos, retain)?),
            None => None,
        };
        // MQTT 3.1 lets the Remaining Length overrule the flags of these two (section 3.1).
        let forgiven = |r: &Reader<'a, '_, V>| version == Version::V3_1 && r.remaining() == 0;
        let username = match has_username && !forgiven(r) {
            true => Some(
                r.expecting(&rules::USER_NAME_MISSING)
                    .string(&"User Name")?,
            ),
            false => None,
        };
        let password = match has_password && !forgiven(r) {
            true => Some(r.expecting(&rules::PASSWORD_MISSING).secret(&"Password")?),
            false => None,
        };
        let flagged = Flagged {
            will: will.is_some(),
            username: has_username,
            password: has_password,
        };
        flagged.nothing_left(r)?;

        Ok(Connect {
            version,
            clean_start,
            keep_alive,
            properties,
            client_id,
            will,
            username,
            password,
        })
    }
}

/// Reads Protocol Name and Protocol Level, which set the reader's version.
fn read_protocol<'a, V: Visitor<'a>>(r: &mut Reader<'a, '_, V>) -> Result<(), Violation> {
    let name_at = r.at();
    let name = r.string(&"Protocol Name")?;
    if !matches!(name, "MQTT" | "MQIsdp") {
        r.broke(&rules::PROTOCOL_NAME, name_at, None)?;
    }
    let level_at = r.at();
    let level = r.u8(&"Protocol Level")?;
    let got = Some(Got::Number(level.into()));
    let Some(version) = Version::from_level(level) else {
        return Err(r.fatal(&rules::PROTOCOL_LEVEL, level_at, got));
    };
    r.version = version;
    match (name, version) {
        ("MQTT", Version::V3_1) => {
            // The name is that of 3.1.1, which has no such level.
            r.version = Version::V3_1_1;
            r.broke(&rules::PROTOCOL_LEVEL, level_at, got)
        }
        ("MQIsdp", Version::V3_1_1 | Version::V5) => r.broke(&rules::PROTOCOL_NAME, name_at, None),
        _ => Ok(()),
    }
}

/// The optional fields of the payload that the Connect Flags announce.
struct Flagged {
    will: bool,
    username: bool,
    password: bool,
}

impl Flagged {
    /// Checks that nothing follows the announced fields. Bytes that are left over break the rule of
    /// every field that they may be.
    #[inline]
    fn nothing_left<'a, V: Visitor<'a>>(&self, r: &mut Reader<'a, '_, V>) -> Result<(), Violation> {
        match r.remaining() {
            0 => Ok(()),
            _ => self.left_over(r),
        }
    }

    #[cold]
    fn left_over<'a, V: Visitor<'a>>(&self, r: &mut Reader<'a, '_, V>) -> Result<(), Violation> {
        let (from, bytes) = (r.at(), r.rest());
        r.tell(&"Trailing bytes", from, FieldValue::secret(bytes));
        let got = Some(Got::Number(bytes.len() as u32));
        let two = has_two_fields(bytes);
        let may_be = [
            (!self.username, &rules::USER_NAME_UNFLAGGED),
            (
                !self.password && (two || self.username),
                &rules::PASSWORD_UNFLAGGED,
            ),
            (!self.will && two, &rules::WILL_UNFLAGGED),
            (
                self.username && self.password,
                &rules::CONNECT_TRAILING_BYTES,
            ),
        ];
        for (_, rule) in may_be.iter().filter(|(may_be, _)| *may_be) {
            r.broke(rule, from, got)?;
        }
        Ok(())
    }
}

/// Whether the bytes begin with two fields, each with its length before it.
fn has_two_fields(bytes: &[u8]) -> bool {
    let after_field = |bytes: &mut &[u8]| {
        let (len, rest) = bytes.split_first_chunk()?;
        *bytes = rest.get(u16::from_be_bytes(*len).into()..)?;
        Some(())
    };
    let mut rest = bytes;
    after_field(&mut rest).is_some() && after_field(&mut rest).is_some()
}

/// The rule that a well-formed Client Identifier breaks in this version.
fn client_id_fault(client_id: &str, version: Version, clean_start: bool) -> Option<&'static Rule> {
    match (version, client_id.chars().count()) {
        (Version::V3_1, 0) => Some(&rules::CLIENT_ID_EMPTY),
        (Version::V3_1, 24..) => Some(&rules::CLIENT_ID_TOO_LONG),
        (Version::V3_1_1, 0) if !clean_start => Some(&rules::CLIENT_ID_EMPTY),
        _ => None,
    }
}

fn read_client_id<'a, V: Visitor<'a>>(
    r: &mut Reader<'a, '_, V>,
    clean_start: bool,
) -> Result<&'a str, Violation> {
    let from = r.at();
    r.expecting(&rules::CLIENT_ID_MISSING);
    let (client_id, told) = r.raw_string(&"Client Identifier")?;
    r.tell(&"Client Identifier", from, told);
    // Strictly these faults are the Server's to answer: see `check_client_id`.
    if V::GOES_ON
        && matches!(told, FieldValue::Text(_))
        && let Some(rule) = client_id_fault(client_id, r.version, clean_start)
    {
        let len = Got::Number(client_id.chars().count() as u32);
        r.broke(rule, from, Some(len))?;
    }
    Ok(client_id)
}

impl Encode for Connect<'_> {
    fn first_byte(&self) -> u8 {
        PacketType::Connect.first_byte()
    }

    fn put_body(&self, _: Version, out: &mut impl Sink) {
        let flag = |set: bool, bit: u8| u8::from(set) << bit;
        let will = self.will.map_or(0, |will| will.flags());
        let flags = flag(self.username.is_some(), 7)
            | flag(self.password.is_some(), 6)
            | flag(self.clean_start, 1)
            | will;
        put_binary(self.version.protocol_name().as_bytes(), out);
        out.put(&[self.version.level(), flags]);
        out.put(&self.keep_alive.to_be_bytes());
        put_properties(self.properties, self.version, out);
        put_binary(self.client_id.as_bytes(), out);
        if let Some(will) = &self.will {
            will.put(self.version, out);
        }
        if let Some(username) = self.username {
            put_binary(username.as_bytes(), out);
        }
        if let Some(password) = self.password {
            put_binary(password, out);
        }
    }
}

impl Connect<'_> {
    /// Writes the packet, in its own [`version`](Self::version) whatever the argument says.
    pub fn encode(&self, version: Version, out: &mut impl Sink) {
        self.put_packet(version, out);
    }

    /// How many bytes [`Self::encode`] writes.
    #[must_use]
    pub fn encoded_len(&self, version: Version) -> usize {
        self.packet_len(version)
    }
}

impl fmt::Debug for Connect<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect")
            .field("version", &self.version)
            .field("clean_start", &self.clean_start)
            .field("keep_alive", &self.keep_alive)
            .field("properties", &self.properties)
            .field("client_id", &self.client_id)
            .field("will", &self.will)
            .field("username", &self.username)
            .field("password", &self.password.map(|_| "(hidden)"))
            .finish()
    }
}
