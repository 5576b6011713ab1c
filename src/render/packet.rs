//! A Control Packet on one line, for those who watch the traffic.

use std::fmt;

use crate::codec::{Ack, Connect, Frame, Packet, PacketType, Properties, Publish, Version};

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

fn properties(f: &mut fmt::Formatter<'_>, properties: Properties<'_>) -> fmt::Result {
    if !properties.as_bytes().is_empty() {
        write!(f, " {properties:?}")?;
    }
    Ok(())
}
