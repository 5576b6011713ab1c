//! The end of a Network Connection.

use super::connection::{Connection, Phase};
use super::write::without;
use super::{Event, Role, Session, rules};
use crate::codec::{
    Disconnect, Output, Packet, Properties, PropertyId, ReasonCode, Version, Violation,
};

impl Session {
    /// Ends the Network Connection: writes DISCONNECT where the version has one for this role and
    /// reason, and nothing after it (MQTT-3.14.4-1; 3.1.1: MQTT-3.14.4-2). The caller closes.
    ///
    /// Before 5.0 only a client has a DISCONNECT, and it means that all is well: with any other
    /// reason than 0x00 the connection is to be closed without one, so that the Will Message is
    /// published. A Session Expiry Interval that may not be sent is left out (MQTT-3.14.2-2; and
    /// section 3.14.2.2.2, when it was 0 in CONNECT); one that is sent takes effect.
    pub fn disconnect(&mut self, reason: ReasonCode, properties: Properties<'_>, out: &mut Output) {
        // Only a client can give up before CONNACK: a server is never in that phase (MQTT-3.14.0-1).
        if !matches!(self.connection.phase, Phase::Connecting | Phase::Open) {
            return;
        }
        self.connection.phase = Phase::Ended;
        if self.connection.version != Version::V5 {
            if self.role == Role::Client && reason == ReasonCode::NORMAL_DISCONNECTION {
                let disconnect = Disconnect::default();
                self.connection.send(&Packet::Disconnect(disconnect), out);
            }
            return;
        }
        let expiry = properties.session_expiry_interval();
        let kept;
        let properties = match expiry {
            Some(new) if !self.may_change_expiry(new) => {
                kept = without(properties, &[PropertyId::SessionExpiryInterval]);
                kept.as_properties()
            }
            Some(new) => {
                self.state.expiry = new;
                properties
            }
            None => properties,
        };
        let disconnect = Disconnect { reason, properties };
        self.connection
            .send_informing(Packet::Disconnect(disconnect), out);
    }

    /// Ends the Network Connection because of the peer's violation: writes what the version has
    /// for it, in 5.0 DISCONNECT with the rule's Reason Code. The caller closes.
    pub fn disconnect_for(&mut self, violation: &Violation, out: &mut Output) {
        self.disconnect(violation.reason(), Properties::EMPTY, out);
    }

    /// The Network Connection is gone. What belongs to it ends: Topic Aliases, quotas, timers,
    /// requests without answer. The Session State stays.
    pub fn connection_lost(&mut self) {
        let Connection { version, epoch, .. } = self.connection;
        self.connection = Connection {
            version,
            epoch,
            ..Connection::new(self.role)
        };
        self.state.shrink();
    }

    pub(super) fn on_disconnect<'a>(
        &mut self,
        disconnect: Disconnect<'a>,
    ) -> Result<Event<'a>, Violation> {
        if self.role == Role::Client && self.connection.version != Version::V5 {
            return Err(self.violation(&rules::CLIENT_PACKET_FROM_SERVER));
        }
        if let Some(new) = disconnect.properties.session_expiry_interval() {
            if self.role == Role::Client {
                return Err(self.violation(&rules::SESSION_EXPIRY_FROM_SERVER));
            }
            if self.connection.session_expiry == 0 && new != 0 {
                let rule = &rules::SESSION_EXPIRY_RAISED_FROM_ZERO;
                return Err(self.violation_with(rule, new));
            }
            self.state.expiry = new;
        }
        self.connection.phase = Phase::PeerEnded;
        Ok(Event::Disconnect(disconnect))
    }

    fn may_change_expiry(&self, new: u32) -> bool {
        self.role == Role::Client && (self.connection.session_expiry != 0 || new == 0)
    }
}
