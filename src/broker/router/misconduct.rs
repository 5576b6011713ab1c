//! Abnormal behaviour of connections and clients, and what follows.

use std::rc::Rc;
use std::time::{Duration, Instant};

use super::connect::Refusal;
use super::{Cause, ClientKey, ConnectionKey, Router};
use crate::broker::Event;
use crate::broker::abuse::{Abuse, Measure, Subject};
use crate::codec::{Connect, Properties, ReasonCode};
use crate::transport::Peer;

impl Router {
    /// Counts what a connection of this address did before it is known whose it is.
    pub(in crate::broker) fn blame_address(&mut self, now: Instant, peer: Peer, abuse: Abuse) {
        if !self.abuse.watches(peer) {
            return;
        }
        let Some(subject) = self.abuse.address(peer) else {
            return;
        };
        let measure = self.abuse.count(now, subject, abuse);
        if measure == Measure::Block {
            self.counters.blocked_addresses.count(abuse);
        }
        self.log_measure(None, peer, abuse, measure);
    }

    /// Lets the connection wait, if its address is slowed down.
    pub(super) fn delay(&mut self, now: Instant, key: ConnectionKey, peer: Peer) {
        if self.abuse.watches(peer)
            && let Some(subject) = self.abuse.address(peer)
            && let Some(pause) = self.abuse.delay(now, subject)
        {
            self.pause(now, key, pause);
        }
    }

    /// Counts what a client did.
    pub(super) fn blame_client(&mut self, now: Instant, key: ClientKey, abuse: Abuse) {
        let Some(client) = self.clients.get(key) else {
            return;
        };
        let Some(peer) = client.peer.filter(|&peer| self.abuse.watches(peer)) else {
            return;
        };
        let (client_id, connection) = (Rc::clone(&client.id), client.connection);
        let subject = self.abuse.client(&client_id);
        let measure = self.abuse.count(now, subject, abuse);
        if measure == Measure::Block {
            self.counters.blocked_clients.count(abuse);
        }
        self.log_measure(Some(&client_id), peer, abuse, measure);
        let Some(connection) = connection else { return };
        match measure {
            Measure::Bear => {}
            Measure::Slow { pause, .. } => self.pause(now, connection, pause),
            Measure::Block => self.throw_out(now, connection, abuse),
        }
    }

    /// Why the CONNECT is refused, if its address or its Client Identifier is blocked.
    pub(super) fn refuse_blocked(
        &self,
        now: Instant,
        key: ConnectionKey,
        connect: &Connect<'_>,
    ) -> Option<Refusal> {
        let peer = self.connections.get(key)?.peer;
        if !self.abuse.watches(peer) {
            return None;
        }
        let is_blocked = |subject: Subject| self.abuse.blocked(now, subject);
        let (abuse, who) = match self.abuse.address(peer).and_then(is_blocked) {
            Some(abuse) => (abuse, "its address"),
            None => (is_blocked(self.abuse.client(connect.client_id))?, "it"),
        };
        let (v3, v5) = match abuse.is_rate() {
            true => (
                ReasonCode::V3_SERVER_UNAVAILABLE,
                ReasonCode::CONNECTION_RATE_EXCEEDED,
            ),
            false => (ReasonCode::V3_NOT_AUTHORIZED, ReasonCode::BANNED),
        };
        Some(Refusal {
            v3: Some(v3),
            v5,
            why: format!("{who} is blocked for a while: too many {abuse}").into(),
        })
    }

    /// The client's connection is closed, since its Client Identifier is blocked.
    fn throw_out(&mut self, now: Instant, key: ConnectionKey, abuse: Abuse) {
        if let Some((client, connection)) = self.client_of(key) {
            let reason = match abuse.is_rate() {
                true => ReasonCode::CONNECTION_RATE_EXCEEDED,
                false => ReasonCode::ADMINISTRATIVE_ACTION,
            };
            let output = &mut connection.output;
            client.session.disconnect(reason, Properties::EMPTY, output);
        }
        self.end_connection(now, key, Cause::Blocked);
    }

    /// Does not read the connection for a while.
    fn pause(&mut self, now: Instant, key: ConnectionKey, pause: Duration) {
        if let Some(connection) = self.connections.get_mut(key) {
            connection.pace.pause(now, pause);
            self.arm_connection(key);
        }
    }

    fn log_measure(&self, client_id: Option<&str>, peer: Peer, abuse: Abuse, measure: Measure) {
        let blocked_for = match measure {
            Measure::Bear | Measure::Slow { is_new: false, .. } => return,
            Measure::Slow { is_new: true, .. } => None,
            Measure::Block => Some(self.abuse.limits().block),
        };
        self.log(&Event::Misconduct {
            client_id,
            peer,
            abuse,
            blocked_for,
        });
    }
}
