//! Enhanced authentication (MQTT 5.0 section 4.12): the machine only sees that both ends keep to
//! the Authentication Method of the CONNECT.

use super::connection::Phase;
use super::{Event, Session, rules};
use crate::codec::{Auth, Output, Packet, Properties, ReasonCode, Violation};

impl Session {
    /// Writes AUTH. `properties` have to carry the Authentication Method of the CONNECT
    /// (MQTT-4.12.0-5); when that had none, nothing is written (MQTT-4.12.0-6, MQTT-4.12.0-7).
    pub fn auth(&mut self, reason: ReasonCode, properties: Properties<'_>, out: &mut Output) {
        let open = matches!(self.connection.phase, Phase::Connecting | Phase::Open);
        if open && self.connection.authentication_method.is_some() {
            let auth = Auth { reason, properties };
            self.connection.send_informing(Packet::Auth(auth), out);
        }
    }

    pub(super) fn on_auth<'a>(&mut self, auth: Auth<'a>) -> Result<Event<'a>, Violation> {
        if self.connection.authentication_method.is_none() {
            let rule = self.by_peer(&rules::AUTH_FROM_CLIENT, &rules::AUTH_FROM_SERVER);
            return Err(self.violation(rule));
        }
        self.check_method(auth.properties.authentication_method())?;
        Ok(Event::Auth(auth))
    }

    /// Whether a packet's Authentication Method is the one of the CONNECT.
    pub(super) fn check_method(&self, method: Option<&str>) -> Result<(), Violation> {
        match (self.connection.authentication_method.as_deref(), method) {
            (ours, theirs) if ours == theirs => Ok(()),
            (None, _) => Err(self.violation(&rules::AUTH_FROM_SERVER)),
            _ => Err(self.violation(&rules::AUTHENTICATION_METHOD_CHANGED)),
        }
    }
}
