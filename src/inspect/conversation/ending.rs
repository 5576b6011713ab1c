//! DISCONNECT.

use super::{Conversation, Notes, Phase, Seen};
use crate::codec::{Disconnect, PropertyId, ReasonCode};
use crate::session::{Role, rules};

impl Conversation {
    pub(super) fn on_disconnect(
        &mut self,
        seen: &Seen<'_, '_>,
        disconnect: &Disconnect<'_>,
        sender: Option<Role>,
        notes: &mut Notes<'_>,
    ) {
        let expiry = disconnect.properties.session_expiry_interval();
        let at = || seen.property(&disconnect.properties, PropertyId::SessionExpiryInterval);
        let got = u32::from(disconnect.reason.value());
        // Packets in a dump need not be of one connection.
        let ends = seen.sender.is_some() || self.phase != Phase::Unknown;
        match sender {
            Some(Role::Server) => {
                if expiry.is_some() {
                    notes.add(&rules::SESSION_EXPIRY_FROM_SERVER, at(), None);
                }
                if disconnect.reason == ReasonCode::DISCONNECT_WITH_WILL_MESSAGE {
                    notes.add(&rules::CLIENT_REASON_FROM_SERVER, seen.body(), got);
                }
                self.server.ended = ends;
            }
            Some(Role::Client) => {
                let asked = self.opening.session_expiry;
                if let Some(expiry @ 1..) = expiry
                    && asked == Some(0)
                {
                    notes.add(&rules::SESSION_EXPIRY_RAISED_FROM_ZERO, at(), expiry);
                }
                if is_servers(disconnect.reason) {
                    notes.add(&rules::SERVER_REASON_FROM_CLIENT, seen.body(), got);
                }
                self.client.ended = ends;
            }
            // Somebody has spoken.
            None => self.blind = true,
        }
    }
}

/// Whether only a server ends a connection for this reason (table 3-13).
fn is_servers(reason: ReasonCode) -> bool {
    matches!(
        reason.value(),
        0x87 | 0x89 | 0x8B..=0x8F | 0x9A..=0xA2
    )
}
