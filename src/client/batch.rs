//! The packets of one read.

use std::io;
use std::ops::ControlFlow;
use std::time::Instant;

use crate::codec::{Connack, Frame, Output, PacketType, ReasonCode, Violation};
use crate::session::{Event, Session};

use super::authentication::Authentication;
use super::{Direction, Error, Handler, Refusal};

/// What is said of an AUTH if the options have an Authentication Method that the client does not know.
const UNKNOWN_METHOD: &str = "the broker asks for enhanced authentication by a method that this client \
                              cannot do: leave out the Authentication Method";

/// What one read batch brought, besides what the handler was told.
pub(super) struct Batch {
    /// When it was read.
    pub(super) now: Instant,
    /// A session of an earlier connection may be resumed.
    resumable: bool,
    /// The application takes no more messages.
    full: bool,
    pub(super) connected: bool,
    /// The turn has waited for the socket.
    pub(super) waited: bool,
    /// Why writing failed; what is still to be read may say more.
    pub(super) write_error: Option<io::Error>,
    pub(super) packets: usize,
    /// The broker makes progress: it acknowledged something of ours, or delivered messages. PINGRESP
    /// does not count: a broker that does nothing else is not working.
    pub(super) progress: bool,
    /// SUBACKs and UNSUBACKs.
    pub(super) answers: usize,
    pub(super) end: Option<Error>,
    /// Assigned Client Identifier (5.0).
    pub(super) assigned_id: Option<String>,
}

impl Batch {
    pub(super) fn new(now: Instant, resumable: bool) -> Batch {
        Batch {
            now,
            resumable,
            full: false,
            connected: false,
            waited: false,
            write_error: None,
            packets: 0,
            progress: false,
            answers: 0,
            end: None,
            assigned_id: None,
        }
    }

    /// Takes one Frame: through the session to the handler.
    pub(super) fn frame(
        &mut self,
        session: &mut Session,
        authentication: &mut Option<Authentication>,
        frame: Frame<'_>,
        output: &mut Output,
        handler: &mut impl Handler,
    ) -> Result<(), Violation> {
        self.packets += 1;
        if self.end.is_some() {
            return Ok(());
        }
        if handler.wants_packets() {
            handler.packet(Direction::Received, frame, session);
        }
        match session.receive(self.now, frame, output)? {
            Event::Message(message) => {
                self.progress = true;
                if !self.full && handler.message(&message) == ControlFlow::Continue(()) {
                    session.acknowledge(&message, ReasonCode::SUCCESS, output);
                } else {
                    self.full = true;
                }
            }
            Event::Published { packet_id, reason } => {
                self.progress = true;
                handler.published(packet_id, reason);
            }
            Event::Handled => self.progress |= frame.packet_type() == PacketType::Pubrec,
            Event::Connected(connack) => {
                self.connected(session, authentication.as_ref(), &connack, handler);
            }
            Event::Suback(suback) => {
                self.progress = true;
                self.answers += 1;
                handler.suback(&suback);
            }
            Event::Unsuback(unsuback) => {
                self.progress = true;
                self.answers += 1;
                handler.unsuback(&unsuback);
            }
            Event::Refused(connack) => {
                let refusal = Refusal::connack(session.version(), &connack);
                self.end = Some(Error::Refused(refusal));
            }
            Event::Disconnect(disconnect) => {
                let refusal = Refusal::disconnect(session.version(), &disconnect);
                self.end = Some(Error::Disconnected(refusal));
            }
            Event::Auth(auth) => {
                let answered = match authentication {
                    Some(authentication) => authentication.answer(&auth, session, output),
                    None => Err(Error::Options(UNKNOWN_METHOD.into())),
                };
                self.end = answered.err();
            }
            // Only a Server is sent these, and nothing is kept.
            Event::Subscribe(_) | Event::Unsubscribe(_) | Event::Released(_) => {}
        }
        Ok(())
    }

    /// The broker has accepted the connection.
    fn connected(
        &mut self,
        session: &Session,
        authentication: Option<&Authentication>,
        connack: &Connack<'_>,
        handler: &mut impl Handler,
    ) {
        if let Some(Err(error)) = authentication.map(|it| it.conclude(connack)) {
            self.end = Some(error);
            return;
        }
        self.connected = true;
        let assigned_id = connack.properties.assigned_client_identifier();
        self.assigned_id = assigned_id.map(str::to_owned);
        let resumed = self.resumable && connack.session_present;
        handler.connected(connack, session, resumed);
    }
}
