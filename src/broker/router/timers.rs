//! What is done because time has passed.

use std::time::Instant;

use super::connection::State;
use super::sys::Sys;
use super::{Cause, ClientKey, ConnectionKey, Router};
use crate::codec::{Properties, ReasonCode};

/// Deadlines that are dealt with in one turn: a crowd that went together is due together, and
/// others want to be served.
const TURN: usize = 100;

impl Router {
    /// When [`Router::handle_timeout`] has something to do.
    pub(in crate::broker) fn poll_timeout(&self) -> Option<Instant> {
        let deadlines = [
            self.client_deadlines.next(),
            self.connection_deadlines.next(),
            self.sys.as_ref().and_then(Sys::due),
            self.leaving.due(),
            self.turn.due(),
        ];
        deadlines.into_iter().flatten().min()
    }

    /// Does what is due, or part of it: then [`Router::poll_timeout`] has come again.
    pub(in crate::broker) fn handle_timeout(&mut self, now: Instant) {
        if self
            .sys
            .as_ref()
            .and_then(Sys::due)
            .is_some_and(|due| due <= now)
        {
            self.sys_due(now);
        }
        for _ in 0..TURN {
            match self.connection_deadlines.pop_due(now) {
                Some(key) => self.connection_due(now, key),
                None => break,
            }
        }
        for _ in 0..TURN {
            // Each may publish a Will Message to many.
            if self.is_turn_over() {
                break;
            }
            match self.client_deadlines.pop_due(now) {
                Some(key) => self.client_due(now, key),
                None => break,
            }
        }
        self.go_on_forgetting();
        self.go_on(now);
    }

    /// Sees to it that the connection's deadline, if it has one now, is not missed.
    pub(in crate::broker) fn arm_connection(&mut self, key: ConnectionKey) {
        if let Some(connection) = self.connections.get_mut(key) {
            connection.arm(&mut self.connection_deadlines, key, &self.limits);
        }
    }

    pub(super) fn arm_client(&mut self, key: ClientKey) {
        if let Some(client) = self.clients.get_mut(key) {
            client.arm(&mut self.client_deadlines, key);
        }
    }

    fn connection_due(&mut self, now: Instant, key: ConnectionKey) {
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        connection.fired();
        if connection.is_due(now, &self.limits) {
            match connection.state {
                State::Opening if connection.pace.resume(now) => self.mark(key),
                State::Opening => self.end_connection(now, key, Cause::ConnectTimeout),
                State::Authenticating | State::Exchanging => self.authentication_due(now, key),
                State::Open(_) => self.open_due(now, key),
                State::Closing | State::Lingering | State::Aborted => {
                    connection.state = State::Aborted;
                    self.mark(key);
                }
            }
        }
        self.arm_connection(key);
    }

    fn open_due(&mut self, now: Instant, key: ConnectionKey) {
        let Some((client, connection)) = self.client_of(key) else {
            return;
        };
        if connection.ends.is_some_and(|ends| ends <= now) {
            let reason = ReasonCode::MAXIMUM_CONNECT_TIME;
            let output = &mut connection.output;
            client.session.disconnect(reason, Properties::EMPTY, output);
            return self.end_connection(now, key, Cause::MaximumAge);
        }
        let is_resumed = connection.pace.resume(now);
        if is_resumed {
            client.excuse(now);
        }
        let connection = self.connections.get(key);
        if connection.is_some_and(|connection| connection.is_stall_due(now, &self.limits)) {
            self.stall(now, key);
        }
        if is_resumed {
            self.mark(key);
        }
    }

    fn client_due(&mut self, now: Instant, key: ClientKey) {
        let Some(client) = self.clients.get_mut(key) else {
            return;
        };
        client.fired();
        match client.connection {
            Some(connection) => self.keep_alive_due(now, connection),
            None => {
                if client.will_due.is_some_and(|due| due <= now) {
                    self.publish_will(now, key);
                }
                self.end_session_if_expired(now, key);
            }
        }
        self.arm_client(key);
    }

    fn keep_alive_due(&mut self, now: Instant, connection_key: ConnectionKey) {
        let is_disk_behind = self.is_disk_behind();
        let Some((client, connection)) = self.client_of(connection_key) else {
            return;
        };
        let is_read = connection.waits_for.is_empty()
            && connection.packets_put_off.is_none()
            && !connection.neglected;
        if is_disk_behind || !is_read || connection.pace.resumes().is_some() {
            // It is we who do not read: its packets may wait in the socket.
            return client.excuse(now);
        }
        if client.is_excused(now) {
            return;
        }
        let timed_out = client.session.handle_timeout(now, &mut connection.output);
        if timed_out.is_err() {
            let reason = ReasonCode::KEEP_ALIVE_TIMEOUT;
            let output = &mut connection.output;
            client.session.disconnect(reason, Properties::EMPTY, output);
            self.end_connection(now, connection_key, Cause::KeepAlive);
        }
    }
}
