//! CONNECT: who may connect, which Session it gets, what it is told.

use std::borrow::Cow;
use std::rc::Rc;
use std::time::Instant;

use super::authenticate::Admission;
use super::client::Client;
use super::connection::State;
use super::will::Will;
use super::{Cause, ClientKey, ConnectionKey, Router};
use crate::broker::counters::{Limit, count_reason};
use crate::broker::{Abuse, Event, mistaken};
use crate::codec::{
    Connack, Connect, Frame, Got, PacketType, Properties, ReasonCode, Version, Violation, rules,
};
use crate::session::{self, Config, Role, Session, read_connect};
use crate::transport::Peer;

/// A CONNECT that is well formed and refused all the same.
pub(super) struct Refusal {
    /// CONNACK return code of 3.1 and 3.1.1; `None`: no CONNACK says it.
    pub(super) v3: Option<ReasonCode>,
    /// Reason Code of 5.0.
    pub(super) v5: ReasonCode,
    pub(super) why: Cow<'static, str>,
}

impl Router {
    /// The first packet of a connection must be a CONNECT (MQTT-3.1.0-1).
    pub(super) fn on_first_packet(&mut self, now: Instant, key: ConnectionKey, frame: Frame<'_>) {
        let outcome = read_connect(frame).and_then(|connect| {
            let refusal = match self.refuse_version(key, connect.version) {
                None => connect.check_client_id().map(|()| {
                    let blocked = self.refuse_blocked(now, key, &connect);
                    blocked.or_else(|| self.refusal(&connect))
                })?,
                refused => refused,
            };
            Ok((connect, refusal))
        });
        if let (Ok(_), Some(connection)) = (&outcome, self.connections.get(key)) {
            let peer = connection.peer;
            self.blame_address(now, peer, Abuse::AddressConnect);
        }
        match outcome {
            Ok((connect, None)) => {
                if !self.put_off_succession(now, key, &connect, frame) {
                    self.judge(now, key, &connect, frame);
                }
            }
            Ok((connect, Some(refusal))) => self.refuse(now, key, &connect, refusal),
            Err(violation) => {
                let (answer, hint) = (answer_to(&violation), mistaken::protocol(frame.bytes()));
                self.on_bad_connect(now, key, &violation, answer, hint);
            }
        }
        self.mark_if_output(key);
    }

    /// Why nobody like this can connect now, whoever it is.
    pub(super) fn refusal(&self, connect: &Connect<'_>) -> Option<Refusal> {
        if let Some(refusal) = self.send_away().or_else(|| self.refuse_will(connect)) {
            return Some(refusal);
        }
        let is_connected = self.is_connected(connect.client_id);
        let has_session = self.by_id.contains_key(connect.client_id);
        let too_many = if self.connected >= self.limits.max_connections && !is_connected {
            "as many clients as allowed are connected"
        } else if self.clients.len() >= self.limits.max_sessions && !has_session {
            "there are as many sessions as allowed"
        } else {
            return None;
        };
        Some(Refusal {
            v3: Some(ReasonCode::V3_SERVER_UNAVAILABLE),
            v5: ReasonCode::QUOTA_EXCEEDED,
            why: too_many.into(),
        })
    }

    /// Answers the CONNECT with the refusal, and closes the connection.
    pub(super) fn refuse(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        connect: &Connect<'_>,
        refusal: Refusal,
    ) {
        let properties = self.explain(refusal.v5);
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        let reason = match connect.version {
            Version::V5 => Some(refusal.v5),
            Version::V3_1 | Version::V3_1_1 => refusal.v3,
        };
        if let Some(reason) = reason {
            let connack = Connack {
                properties: properties.as_properties(),
                ..refusing_connack(reason)
            };
            connack.encode(connect.version, &mut connection.output);
        }
        let peer = connection.peer;
        self.count_refusal(&refusal);
        self.log(&Event::Refused {
            client_id: connect.client_id,
            username: connect.username,
            peer,
            version: connect.version,
            reason,
            why: &refusal.why,
        });
        self.close(now, key, false);
    }

    /// What came first breaks a rule. The connection is closed, without a word unless there is a
    /// CONNACK for it (MQTT-3.1.4-1).
    pub(super) fn on_bad_connect(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        violation: &Violation,
        answer: Option<(Version, ReasonCode)>,
        hint: Option<&'static str>,
    ) {
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        if let Some((version, reason)) = answer {
            refusing_connack(reason).encode(version, &mut connection.output);
        }
        let peer = connection.peer;
        self.count_violation(violation);
        self.log(&Event::Violation {
            client_id: None,
            peer,
            violation,
            hint,
        });
        self.end_connection(now, key, Cause::Violation);
    }

    /// The client may connect: it gets its Session and a CONNACK that says so.
    pub(super) fn accept(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        connect: &Connect<'_>,
        admission: Admission,
    ) {
        let recorded = self.recorded();
        let assigned = connect
            .client_id
            .is_empty()
            .then(|| self.assign_client_id());
        let client_id = assigned.as_deref().unwrap_or(connect.client_id);
        let (client_key, session_present) = self.take_session(now, client_id, connect);
        let peer = self.connections.get(key).map(|connection| connection.peer);
        if let Some(client) = self.clients.get_mut(client_key) {
            let username = admission.username.as_deref().or(connect.username);
            client.username = username.map(Rc::from);
            client.peer = peer;
            client.own_acl = admission.acl.clone();
        }
        self.authorize(client_key);
        self.withhold_queued(client_key);
        let authentication = admission.authentication.as_ref();
        let properties = self.announce(connect, assigned.as_deref(), authentication);
        let connack = Connack {
            session_present,
            reason: ReasonCode::SUCCESS,
            properties: properties.as_properties(),
        };
        let client = self.clients.get_mut(client_key);
        let (Some(client), Some(connection)) = (client, self.connections.get_mut(key)) else {
            return;
        };
        client.end_absence();
        client.connection = Some(key);
        self.groups.welcome(client_key);
        client.voucher = admission.voucher;
        client.will = connect.will.map(|will| Box::new(Will::new(now, &will)));
        client.dropping = false;
        connection.state = State::Open(client_key);
        client
            .session
            .accept(now, connect, &connack, &mut connection.output);
        connection.ends = self.ages.end(now, self.limits.max_connection_age);
        let (peer, keep_alive) = (connection.peer, client.session.keep_alive());
        let has_answer = client.session.is_connected();
        self.count_connected();
        self.arm_connection(key);
        self.arm_client(client_key);
        self.log_connected(client_key, peer, connect, session_present, keep_alive);
        self.record_client(client_key);
        self.record_will(client_key);
        self.hold_if_recorded(key, recorded);
        if has_answer {
            self.catch_up(now, key);
        } else {
            self.end_connection(now, key, Cause::ConnackTooLarge);
        }
        self.blame_client(now, client_key, Abuse::ClientConnect);
    }

    fn count_connected(&mut self) {
        self.connected += 1;
        let (counters, connected) = (&mut self.counters, self.connected as u64);
        counters.connects += 1;
        counters.most_clients = counters.most_clients.max(connected);
    }

    fn log_connected(
        &self,
        key: ClientKey,
        peer: Peer,
        connect: &Connect<'_>,
        session_present: bool,
        keep_alive: u16,
    ) {
        if let Some(client) = self.clients.get(key) {
            self.log(&Event::Connected {
                client_id: &client.id,
                username: client.username.as_deref(),
                peer,
                version: connect.version,
                keep_alive,
                clean_start: connect.clean_start,
                session_present,
            });
        }
    }

    /// The Session that this CONNECT is to have: the existing one, or a new one in its place
    /// (MQTT-3.1.2-4 to -6). A connection that still uses it is closed (MQTT-3.1.4-3).
    fn take_session(
        &mut self,
        now: Instant,
        client_id: &str,
        connect: &Connect<'_>,
    ) -> (ClientKey, bool) {
        if let Some(&key) = self.by_id.get(client_id) {
            let connection = self.clients.get(key).and_then(|client| client.connection);
            if let Some(connection) = connection {
                self.take_over(now, connection);
            }
            // Without a Session Expiry Interval, the take-over has ended the Session.
            if self.clients.get(key).is_some() {
                if !connect.clean_start {
                    return (key, true);
                }
                self.end_session(now, key);
            }
        }
        let id: Rc<str> = client_id.into();
        let mut session = Session::new(Role::Server, self.session_config());
        session.draw_on(&self.in_all.pools);
        let key = self.clients.insert(Client::new(Rc::clone(&id), session));
        self.by_id.insert(id, key);
        self.record_session(key, connect);
        (key, false)
    }

    /// What a Session grants itself.
    pub(super) fn session_config(&self) -> Config {
        Config {
            max_inflight: self.limits.max_inflight,
            max_inflight_bytes: self.limits.output_limit,
            queue_messages: self.limits.queue_messages,
            queue_bytes: self.limits.queue_bytes,
            use_topic_aliases: true,
        }
    }

    fn count_refusal(&mut self, refusal: &Refusal) {
        count_reason(&mut self.counters.refused_connects, refusal.v5);
        if refusal.v5 == ReasonCode::QUOTA_EXCEEDED {
            self.counters
                .limits
                .count(match self.connected >= self.limits.max_connections {
                    true => Limit::Connections,
                    false => Limit::Sessions,
                });
        }
    }

    fn take_over(&mut self, now: Instant, key: ConnectionKey) {
        if let Some((client, connection)) = self.client_of(key) {
            let reason = ReasonCode::SESSION_TAKEN_OVER;
            client
                .session
                .disconnect(reason, Properties::EMPTY, &mut connection.output);
        }
        self.end_connection(now, key, Cause::TakenOver);
    }

    fn assign_client_id(&mut self) -> String {
        loop {
            self.next_assigned += 1;
            let id = format!("{}-{}", self.assigned_prefix, self.next_assigned);
            if !self.by_id.contains_key(id.as_str()) {
                return id;
            }
        }
    }
}

fn refusing_connack(reason: ReasonCode) -> Connack<'static> {
    Connack {
        session_present: false,
        reason,
        properties: Properties::EMPTY,
    }
}

/// The CONNACK for a first packet that breaks a rule, if there is one for it.
pub(super) fn answer_to(violation: &Violation) -> Option<(Version, ReasonCode)> {
    let (reason, version) = (violation.reason(), violation.version);
    if violation.is(&rules::PROTOCOL_LEVEL) {
        // Successors of 5.0 will know its CONNACK; a level with bit 7 set is a bridge's 3.1.1.
        return Some(match violation.got {
            Some(Got::Number(6..=0x7F)) => (Version::V5, reason),
            _ => (
                Version::V3_1_1,
                ReasonCode::V3_UNACCEPTABLE_PROTOCOL_VERSION,
            ),
        });
    }
    if violation.is(&rules::PROTOCOL_NAME) || violation.is(&session::rules::CONNECT_FIRST) {
        // Whatever that is, it would not understand a CONNACK.
        return None;
    }
    match version {
        Version::V5 => {
            let allowed = reason.allowed_in(PacketType::Connack, version);
            allowed.then_some((version, reason))
        }
        Version::V3_1 | Version::V3_1_1 => (reason == ReasonCode::CLIENT_IDENTIFIER_NOT_VALID)
            .then_some((version, ReasonCode::V3_IDENTIFIER_REJECTED)),
    }
}
