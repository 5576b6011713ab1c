//! One Frame in, one Event out: who may send what, and when.

use std::time::Instant;

use super::connection::Phase;
use super::{Event, Role, Session, rules};
use crate::codec::{Frame, Got, Output, Packet, PacketType, ReasonCode, Rule, Version, Violation};

impl Session {
    /// Takes one Frame. What has to be answered without the application is in the output; the
    /// rest is the Event. A client that a server older than 5.0 refuses has that server's
    /// [`Session::version`] afterwards.
    ///
    /// # Errors
    ///
    /// What the peer did wrong: write [`Session::disconnect_for`], close the Network Connection
    /// and call [`Session::connection_lost`] (MQTT-4.13.1-1; 3.1.1: MQTT-4.8.0-1).
    pub fn receive<'a>(
        &mut self,
        now: Instant,
        frame: Frame<'a>,
        out: &mut Output,
    ) -> Result<Event<'a>, Violation> {
        if frame.bytes().len() > self.connection.own.maximum_packet_size as usize {
            return Err(self.too_large(frame.bytes().len()));
        }
        self.connection.version = self.version_of(frame);
        let packet = frame.decode(self.connection.version)?;
        self.connection.keep_alive.received(now);
        if self.connection.phase != Phase::Open {
            return self.receive_outside(now, packet, out);
        }
        match (packet, self.role) {
            (Packet::Publish(publish), _) => self.on_publish(publish, out),
            (Packet::Puback(ack), _) => self.on_puback(now, &ack, out),
            (Packet::Pubrec(ack), _) => self.on_pubrec(now, &ack, out),
            (Packet::Pubrel(ack), _) => self.on_pubrel(&ack, out),
            (Packet::Pubcomp(ack), _) => self.on_pubcomp(now, &ack, out),
            (Packet::Disconnect(disconnect), _) => self.on_disconnect(disconnect),
            (Packet::Auth(auth), _) => self.on_auth(auth),

            (Packet::Subscribe(subscribe), Role::Server) => {
                self.check_subscribe(&subscribe)?;
                Ok(Event::Subscribe(subscribe))
            }
            (Packet::Unsubscribe(unsubscribe), Role::Server) => Ok(Event::Unsubscribe(unsubscribe)),
            (Packet::Pingreq, Role::Server) => {
                self.connection.send(&Packet::Pingresp, out);
                Ok(Event::Handled)
            }
            (Packet::Connect(_), Role::Server) => Err(self.violation(&rules::SECOND_CONNECT)),

            (Packet::Suback(suback), Role::Client) => self.on_suback(suback),
            (Packet::Unsuback(unsuback), Role::Client) => self.on_unsuback(unsuback),
            (Packet::Pingresp, Role::Client) => Ok(Event::Handled),
            (Packet::Connack(_), Role::Client) => Err(self.violation(&rules::SECOND_CONNACK)),

            (_, Role::Server) => Err(self.violation(&rules::SERVER_PACKET_FROM_CLIENT)),
            (_, Role::Client) => Err(self.violation(&rules::CLIENT_PACKET_FROM_SERVER)),
        }
    }

    /// The version that a Frame from the peer is written in: the Network Connection's, unless a
    /// server older than 5.0 refuses our CONNECT of 5.0. It has to, and does so in its own
    /// version, which has no properties (3.1.1: MQTT-3.1.2-2).
    pub fn version_of(&self, frame: Frame<'_>) -> Version {
        const REFUSAL: [u8; 4] = [
            PacketType::Connack.first_byte(),
            2,
            0,
            ReasonCode::V3_UNACCEPTABLE_PROTOCOL_VERSION.value(),
        ];
        let version = self.connection.version;
        let is_refusal = self.connection.phase == Phase::Connecting
            && version == Version::V5
            && frame.bytes() == REFUSAL;
        match is_refusal {
            true => Version::V3_1_1,
            false => version,
        }
    }

    /// A packet before the connection is open, or after one end has ended it.
    fn receive_outside<'a>(
        &mut self,
        now: Instant,
        packet: Packet<'a>,
        out: &mut Output,
    ) -> Result<Event<'a>, Violation> {
        match (self.connection.phase, packet) {
            (Phase::Connecting, Packet::Connack(connack)) => self.on_connack(now, connack, out),
            (Phase::Connecting, Packet::Auth(auth)) => self.on_auth(auth),
            (Phase::Connecting, Packet::Disconnect(_)) => {
                Err(self.violation(&rules::DISCONNECT_BEFORE_CONNACK))
            }
            // What crossed our DISCONNECT still counts.
            (Phase::Ended, Packet::Puback(ack)) => self.on_puback(now, &ack, out),
            (Phase::Ended, Packet::Pubrec(ack)) => self.on_pubrec(now, &ack, out),
            (Phase::Ended, Packet::Pubcomp(ack)) => self.on_pubcomp(now, &ack, out),
            (Phase::Ended, Packet::Disconnect(disconnect)) => self.on_disconnect(disconnect),
            (Phase::Ended, _) => Ok(Event::Handled),
            (Phase::PeerEnded, _) => Err(self.violation(&rules::PACKET_AFTER_DISCONNECT)),
            _ => Err(self.violation(self.by_peer(&rules::CONNECT_FIRST, &rules::CONNACK_FIRST))),
        }
    }

    #[cold]
    fn too_large(&self, size: usize) -> Violation {
        let rule = self.by_peer(
            &rules::CLIENT_PACKET_TOO_LARGE,
            &rules::SERVER_PACKET_TOO_LARGE,
        );
        self.violation_with(rule, u32::try_from(size).unwrap_or(u32::MAX))
    }

    /// The rule for the peer's role.
    pub(super) fn by_peer(&self, client: &'static Rule, server: &'static Rule) -> &'static Rule {
        match self.role {
            Role::Server => client,
            Role::Client => server,
        }
    }

    #[cold]
    pub(super) fn violation(&self, rule: &'static Rule) -> Violation {
        Violation::new(rule, self.connection.version, 0, None)
    }

    #[cold]
    pub(super) fn violation_with(&self, rule: &'static Rule, got: u32) -> Violation {
        Violation::new(rule, self.connection.version, 0, Some(Got::Number(got)))
    }
}
