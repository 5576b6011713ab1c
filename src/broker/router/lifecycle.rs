//! How connections and Sessions end.

use std::rc::Rc;
use std::time::Instant;

use super::connection::State;
use super::outgoing::Outgoing;
use super::subscription::{Subscriber, unshared};
use super::{Cause, ClientKey, ConnectionKey, Router};
use crate::broker::counters::Limit;
use crate::broker::{Abuse, Event};
use crate::codec::{Properties, ReasonCode};
use crate::transport::Peer;

/// The part of a table that has to be left, or it moves to less memory: a crowd has gone.
const SPARSE: usize = 16;
/// A table for fewer is not worth moving.
const CROWD: usize = 1000;

impl Router {
    /// The protocol ends on this connection. What is in its output still goes out.
    ///
    /// The Will Message is deleted after a DISCONNECT with Reason Code 0x00; otherwise it is
    /// published after the Will Delay Interval, or with the end of the Session if that is sooner
    /// (MQTT-3.1.2-8).
    pub(in crate::broker) fn end_connection(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        cause: Cause<'_>,
    ) {
        self.hold_waiting();
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        let (peer, state) = (connection.peer, connection.state);
        if matches!(state, State::Closing | State::Lingering | State::Aborted) {
            // It has ended already, and gets no more time for its last bytes.
            connection.peer_left |= cause.is_from_client();
            return;
        }
        *self.counters.ended.entry(cause.name()).or_default() += 1;
        if matches!(cause, Cause::ConnectTimeout) {
            self.counters.limits.count(Limit::ConnectTimeout);
        }
        self.close(now, key, cause.is_from_client());
        match state {
            State::Opening | State::Authenticating | State::Exchanging => {
                self.log(&Event::Abandoned { peer, cause });
                if state == State::Opening && !matches!(cause, Cause::Shutdown) {
                    self.blame_address(now, peer, Abuse::NoConnect);
                }
            }
            State::Open(client) => self.leave(now, client, cause, peer),
            State::Closing | State::Lingering | State::Aborted => {}
        }
    }

    /// Nothing more is read from the connection. What is in its output still goes out.
    pub(super) fn close(&mut self, now: Instant, key: ConnectionKey, peer_left: bool) {
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        connection.state = State::Closing;
        connection.peer_left = peer_left;
        connection.since = now;
        connection.conversation = None;
        connection.packets_put_off = None;
        self.take_pending(key);
        self.stop_waiting(key);
        self.release_waiting(now, key);
        if !peer_left {
            // Else there is usually nothing to wait for, and the connection's task knows.
            self.arm_connection(key);
        }
        self.mark(key);
    }

    /// The client has no connection any more.
    fn leave(&mut self, now: Instant, key: ClientKey, cause: Cause<'_>, peer: Peer) {
        let Some(client) = self.clients.get_mut(key) else {
            return;
        };
        client.connection = None;
        client.session.connection_lost();
        self.connected -= 1;
        if matches!(cause, Cause::Disconnect(ReasonCode::NORMAL_DISCONNECTION)) {
            client.will = None;
        }
        client.begin_absence(now, self.limits.max_session_expiry);
        let will_is_due = client.will_due.is_some_and(|due| due <= now);
        let has_will = client.will.is_some();
        let client_id = Rc::clone(&client.id);
        self.log(&Event::Disconnected {
            client_id: &client_id,
            peer,
            cause,
        });
        if cause.is_abnormal() {
            self.blame_client(now, key, Abuse::AbnormalEnd);
        }
        if !has_will {
            self.record_will(key);
        }
        self.record_client(key);
        if will_is_due {
            self.publish_will(now, key);
        }
        self.end_session_if_expired(now, key);
        self.hand_over_all(now, key);
        self.arm_client(key);
    }

    /// Publishes and forgets the client's Will Message.
    pub(super) fn publish_will(&mut self, now: Instant, key: ClientKey) {
        let Some(client) = self.clients.get_mut(key) else {
            return;
        };
        client.will_due = None;
        let Some(will) = client.will.take() else {
            return;
        };
        self.record_will(key);
        let message = will.into_message(now);
        let topic = &message.topic;
        let Some(client) = self.clients.get(key) else {
            return;
        };
        if !self.may_publish(key, topic) {
            let client_id = Rc::clone(&client.id);
            return self.log(&Event::PublishRefused {
                client_id: &client_id,
                topic,
                reason: ReasonCode::NOT_AUTHORIZED,
                why: None,
            });
        }
        let mut outgoing = Outgoing::owned(&message);
        if message.retain && self.retain(now, key, &mut outgoing).is_err() {
            return;
        }
        // Its receivers' congestion slows nobody down: there is no publisher any more.
        let _routed = self.route(now, Some(key), None, &mut outgoing);
    }

    pub(super) fn end_session_if_expired(&mut self, now: Instant, key: ClientKey) {
        let Some(client) = self.clients.get(key) else {
            return;
        };
        if client.expires.is_some_and(|expires| expires <= now) {
            // One that was to end with its connection has not waited for anything.
            self.counters.expired_sessions += u64::from(client.session.session_expiry() > 0);
            self.end_session(now, key);
        }
    }

    /// The Session of an absent client ends: its Will Message is published if it still waits,
    /// what came by Shared Subscriptions goes to other members, and everything is forgotten.
    pub(super) fn end_session(&mut self, now: Instant, key: ClientKey) {
        self.publish_will(now, key);
        let Some(mut client) = self.clients.take(key) else {
            return;
        };
        client.disarm(&mut self.client_deadlines, key);
        self.by_id.remove(&client.id);
        if self.by_id.capacity() > CROWD && self.by_id.len() < self.by_id.capacity() / SPARSE {
            self.by_id.shrink_to(2 * self.by_id.len());
        }
        self.record_end(&client);
        let unreceived = client.session.in_flight() + client.session.queued();
        let handed_over = self.deliver_shared(now, client.session.take_all_shared());
        self.log(&Event::SessionEnded {
            client_id: &client.id,
            unreceived: unreceived - handed_over,
        });
        self.begin_to_forget(now, key, client);
    }

    /// Removes a subscription of the client from the index.
    pub(super) fn remove_subscription(
        &mut self,
        client: ClientKey,
        filter: &str,
        subscriber: Subscriber,
    ) {
        match subscriber {
            Subscriber::Client(_) => {
                self.subscriptions.unsubscribe(filter, &subscriber);
            }
            Subscriber::Group(_) => {
                if self.groups.leave(filter, client) {
                    self.subscriptions
                        .unsubscribe(unshared(filter), &subscriber);
                }
            }
        }
    }

    /// The connection's last byte is sent: its peer has a moment to close its side.
    pub(in crate::broker) fn linger(&mut self, now: Instant, key: ConnectionKey) {
        if let Some(connection) = self.connections.get_mut(key)
            && connection.state == State::Closing
        {
            connection.state = State::Lingering;
            connection.since = now;
            self.arm_connection(key);
        }
    }

    /// The connection's socket is gone, and nothing refers to it any more.
    pub(in crate::broker) fn remove(&mut self, key: ConnectionKey) {
        if let Some(mut connection) = self.connections.remove(key) {
            connection.disarm(&mut self.connection_deadlines, key);
            self.in_all.forget_output(&connection);
            if connection.dirty {
                self.dirty.retain(|&other| other != key);
            }
        }
    }

    /// Ends everything: Will Messages are published to those who are connected, as the Sessions
    /// end with the broker; then every client is told and its connection closed. Where the Session
    /// survives, a Will Message that has a delay waits on.
    pub(in crate::broker) fn shut_down(&mut self, now: Instant) {
        self.log(&Event::ShuttingDown);
        let clients: Vec<_> = self.clients.keys().collect();
        for &key in &clients {
            if !self.has_lasting_will(key) {
                self.publish_will(now, key);
            }
        }
        let connections: Vec<_> = self.connections.keys().collect();
        for key in connections {
            if let Some((client, connection)) = self.client_of(key) {
                let reason = ReasonCode::SERVER_SHUTTING_DOWN;
                let output = &mut connection.output;
                client.session.disconnect(reason, Properties::EMPTY, output);
            }
            self.end_connection(now, key, Cause::Shutdown);
        }
    }
}
