//! A Control Packet on one line, for those who watch the traffic.

use std::fmt::{self, Display as _};

use crate::codec::{Ack, Connect, Frame, Packet, PacketType, Properties, Publish, Value, Version};

/// A Frame as one line: its type, what matters in it, and its size. Passwords are not shown.
#[derive(Clone, Copy)]
pub struct PacketLine<'a> {
    /// The packet.
    pub frame: Frame<'a>,
    /// What the connection speaks.
    pub version: Version,
}

impl fmt::Display for PacketLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.frame.packet_type();
        let size = self.frame.bytes().len();
        let packet = match self.frame.decode(self.version) {
            Ok(packet) => packet,
            Err(violation) => return write!(f, "{kind:?} ({size} bytes): {violation}"),
        };
        f.write_str(kind.name())?;
        match packet {
            Packet::Connect(connect) => self.connect(f, &connect)?,
            Packet::Connack(connack) => {
                let reason = connack.reason.name(kind, self.version);
                write!(f, " session_present={} {reason:?}", connack.session_present)?;
                properties(f, connack.properties)?;
            }
            Packet::Publish(message) => publish(f, &message)?,
            Packet::Puback(ack)
            | Packet::Pubrec(ack)
            | Packet::Pubrel(ack)
            | Packet::Pubcomp(ack) => {
                self.ack(f, kind, &ack)?;
            }
            Packet::Subscribe(subscribe) => {
                write!(f, " id={}", subscribe.packet_id)?;
                for (filter, options) in subscribe.filters.iter() {
                    write!(f, " {filter:?} qos={}", options.qos as u8)?;
                }
                properties(f, subscribe.properties)?;
            }
            Packet::Suback(suback) => {
                write!(f, " id={}", suback.packet_id)?;
                for reason in suback.reasons.iter() {
                    write!(f, " {:?}", reason.name(kind, self.version))?;
                }
                properties(f, suback.properties)?;
            }
            Packet::Unsubscribe(unsubscribe) => {
                write!(f, " id={}", unsubscribe.packet_id)?;
                for (filter, _) in unsubscribe.filters.iter() {
                    write!(f, " {filter:?}")?;
                }
                properties(f, unsubscribe.properties)?;
            }
            Packet::Unsuback(unsuback) => {
                write!(f, " id={}", unsuback.packet_id)?;
                for reason in unsuback.reasons.iter() {
                    write!(f, " {:?}", reason.name(kind, self.version))?;
                }
                properties(f, unsuback.properties)?;
            }
            Packet::Pingreq | Packet::Pingresp => {}
            Packet::Disconnect(disconnect) => {
                if self.version == Version::V5 {
                    write!(f, " {:?}", disconnect.reason.name(kind, self.version))?;
                }
                properties(f, disconnect.properties)?;
            }
            Packet::Auth(auth) => {
                write!(f, " {:?}", auth.reason.name(kind, self.version))?;
                properties(f, auth.properties)?;
            }
        }
        write!(f, " ({size} bytes)")
    }
}

impl PacketLine<'_> {
    fn connect(&self, f: &mut fmt::Formatter<'_>, connect: &Connect<'_>) -> fmt::Result {
        write!(
            f,
            " version={} client_id={:?} clean_start={} keep_alive={}",
            connect.version, connect.client_id, connect.clean_start, connect.keep_alive
        )?;
        if let Some(username) = connect.username {
            write!(f, " username={username:?}")?;
        }
        if connect.password.is_some() {
            f.write_str(" password=***")?;
        }
        if let Some(will) = &connect.will {
            let (qos, retain) = (will.qos as u8, u8::from(will.retain));
            write!(
                f,
                " will={:?} will_qos={qos} will_retain={retain}",
                will.topic
            )?;
        }
        properties(f, connect.properties)
    }

    fn ack(&self, f: &mut fmt::Formatter<'_>, kind: PacketType, ack: &Ack<'_>) -> fmt::Result {
        write!(f, " id={}", ack.packet_id)?;
        if self.version == Version::V5 {
            write!(f, " {:?}", ack.reason.name(kind, self.version))?;
        }
        properties(f, ack.properties)
    }
}

fn publish(f: &mut fmt::Formatter<'_>, publish: &Publish<'_>) -> fmt::Result {
    write!(f, " topic={:?} qos={}", publish.topic, publish.qos as u8)?;
    if let Some(packet_id) = publish.packet_id {
        write!(f, " id={packet_id}")?;
    }
    if publish.retain {
        f.write_str(" retain")?;
    }
    if publish.dup {
        f.write_str(" dup")?;
    }
    write!(f, " payload={}", publish.payload.len())?;
    properties(f, publish.properties)
}

/// ` content-type="text/plain" user-property="unit"="C"`: by the names that `-D` takes.
fn properties(f: &mut fmt::Formatter<'_>, properties: Properties<'_>) -> fmt::Result {
    for (id, value) in properties.iter() {
        write!(f, " {}=", id.kebab_name())?;
        match value {
            _ if id.is_secret() => f.write_str("***"),
            Value::Byte(number) => number.fmt(f),
            Value::TwoByte(number) => number.fmt(f),
            Value::FourByte(number) | Value::Variable(number) => number.fmt(f),
            Value::String(text) => write!(f, "{text:?}"),
            Value::Binary(bytes) => write!(f, "\"{}\"", bytes.escape_ascii()),
            Value::Pair(name, value) => write!(f, "{name:?}={value:?}"),
        }?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(bytes: &[u8], version: Version) -> String {
        let frame = Frame::parse(bytes, usize::MAX)
            .expect("valid")
            .expect("whole");
        PacketLine { frame, version }.to_string()
    }

    #[test]
    fn properties_have_the_names_that_flags_take() {
        let publish = b"\x32\x14\x00\x01a\x00\x07\x0c\x03\x00\x01t\x26\x00\x01k\x00\x02v\"21";
        assert_eq!(
            line(publish, Version::V5),
            r#"PUBLISH topic="a" qos=1 id=7 payload=2 content-type="t" user-property="k"="v\"" (22 bytes)"#
        );
    }

    #[test]
    fn a_password_is_not_shown() {
        let connect = b"\x10\x13\x00\x04MQTT\x04\xc2\x00\x3c\x00\x00\x00\x01u\x00\x02pw";
        assert_eq!(
            line(connect, Version::V3_1_1),
            r#"CONNECT version=3.1.1 client_id="" clean_start=true keep_alive=60 username="u" password=*** (21 bytes)"#
        );
    }

    #[test]
    fn a_packet_that_cannot_be_read_says_why() {
        assert!(line(&[0x40, 2, 0, 0], Version::V3_1_1).contains("at byte 2"));
    }
}
