//! What a Frame brings about.

use std::rc::Rc;
use std::time::Instant;

use super::connection::State;
use super::turn::BadEnd;
use super::{Cause, ConnectionKey, Router};
use crate::broker::{Event, mistaken};
use crate::codec::{Frame, PacketType, PropertyBuf, PropertyId, Value, Version, Violation};
use crate::session;

/// The longest Reason String: with it, the lengths in DISCONNECT need one byte each. Some clients
/// misread longer ones.
const REASON_STRING: usize = 122;

impl Router {
    /// One Frame has arrived. Frames after the end of the protocol are ignored.
    pub(in crate::broker) fn receive(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        frame: Frame<'_>,
    ) {
        let bytes = frame.bytes();
        let first_byte = bytes.first().copied().unwrap_or_default();
        self.counters.received.count(first_byte, bytes.len());
        self.handle(now, key, frame);
    }

    /// Does what a Frame asks for, now or later: one that had to wait is not counted again.
    pub(super) fn handle(&mut self, now: Instant, key: ConnectionKey, frame: Frame<'_>) {
        let recorded = self.recorded();
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        let client_key = match connection.state {
            State::Open(client_key) => client_key,
            State::Opening => return self.on_first_packet(now, key, frame),
            State::Exchanging => return self.on_exchange(now, key, frame),
            State::Authenticating => return self.keep_for_later(now, key, frame),
            State::Closing | State::Lingering | State::Aborted => return,
        };
        if self.is_putting_off(key) {
            return self.put_off_packet(now, key, frame);
        }
        let Some((client, connection)) = self.client_of(key) else {
            return;
        };
        let event = client.session.receive(now, frame, &mut connection.output);
        // PUBACK and PUBCOMP are not answered, and what they make room for need not wait.
        let is_answered = !matches!(event, Ok(session::Event::Published { .. }));
        match event {
            Ok(session::Event::Message(received)) => self.on_publish(now, client_key, &received),
            Ok(session::Event::Released(message)) => self.on_release(now, client_key, &message),
            Ok(session::Event::Subscribe(subscribe)) => {
                self.on_subscribe(now, key, &subscribe);
            }
            Ok(session::Event::Unsubscribe(unsubscribe)) => {
                self.on_unsubscribe(now, key, &unsubscribe);
            }
            Ok(session::Event::Disconnect(disconnect)) => {
                let reason = disconnect.reason;
                self.end_connection(now, key, Cause::Disconnect(reason));
            }
            Ok(session::Event::Auth(auth)) => self.on_auth(now, key, client_key, &auth),
            Ok(_) => self.catch_up(now, key),
            Err(violation) => self.on_violation(now, key, &violation),
        }
        if is_answered {
            self.hold_if_recorded(key, recorded);
        }
        self.mark_if_output(key);
    }

    /// What arrived is no Control Packet, as `rest` begins: perhaps it is another protocol. What came
    /// before it comes first.
    pub(in crate::broker) fn on_unreadable(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        violation: &Violation,
        rest: &[u8],
    ) {
        let Some(connection) = self.connections.get(key) else {
            return;
        };
        match connection.state {
            State::Open(_) => {
                if !self.put_off_end(key, BadEnd::Unreadable(*violation)) {
                    self.on_violation(now, key, violation);
                }
            }
            State::Authenticating => self.keep_unreadable(key, *violation),
            State::Opening | State::Exchanging => {
                self.on_bad_connect(now, key, violation, None, mistaken::protocol(rest));
            }
            State::Closing | State::Lingering | State::Aborted => {}
        }
    }

    /// A packet begins so. That may be enough to see that it is not the CONNECT that has to come
    /// first.
    pub(in crate::broker) fn on_beginning(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        begun: &[u8],
    ) {
        let connection = self.connections.get(key);
        let is_opening = connection.is_some_and(|it| it.state == State::Opening);
        let is_connect = |first: &u8| first >> 4 == PacketType::Connect as u8;
        if is_opening && !begun.first().is_none_or(is_connect) {
            let rule = &session::rules::CONNECT_FIRST;
            let violation = Violation::new(rule, Version::V5, 0, None);
            self.on_unreadable(now, key, &violation, begun);
        }
    }

    /// The connection ends, after what came before.
    pub(in crate::broker) fn end_in_order(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        cause: Cause<'static>,
    ) {
        if !self.put_off_end(key, BadEnd::Cause(cause)) {
            self.end_connection(now, key, cause);
        }
    }

    /// The peer broke the protocol: it is told so, and the connection ends.
    pub(super) fn on_violation(&mut self, now: Instant, key: ConnectionKey, violation: &Violation) {
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        let (peer, client_key) = (connection.peer, connection.client());
        let Some(client) = client_key.and_then(|key| self.clients.get_mut(key)) else {
            return self.on_bad_connect(now, key, violation, None, None);
        };
        let violation = violation.in_version(client.session.version());
        let mut properties = PropertyBuf::default();
        let explanation = violation.within(REASON_STRING);
        properties.push(PropertyId::ReasonString, Value::String(&explanation));
        let properties = properties.as_properties();
        client
            .session
            .disconnect(violation.reason(), properties, &mut connection.output);
        let client_id = Rc::clone(&client.id);
        self.count_violation(&violation);
        self.log(&Event::Violation {
            client_id: Some(&client_id),
            peer,
            violation: &violation,
            hint: None,
        });
        self.end_connection(now, key, Cause::Violation);
    }
}
