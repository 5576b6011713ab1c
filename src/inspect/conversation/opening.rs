//! CONNECT and CONNACK, and what they settle: Keep Alive, authentication, what the client wants.

use super::resumption::outlives;
use super::{Conversation, Digest, End, Notes, Phase, Seen};
use crate::codec::{
    Auth, Connack, Connect, Packet, PacketType, Properties, PropertyId, ReasonCode, Version,
};
use crate::session::{Limits, Role, rules};

/// What was settled at the beginning.
#[derive(Debug, Default)]
pub(super) struct Opening {
    clean_start: bool,
    /// Keep Alive in seconds; 0: none, or unknown.
    keep_alive: u16,
    /// Session Expiry Interval of the CONNECT; `None`: unknown.
    pub session_expiry: Option<u32>,
    /// Whether the Client Identifier was empty.
    unnamed: bool,
    /// Whether the client wants Response Information.
    response_information: bool,
    /// Whether the client wants no Reason Strings and User Properties.
    no_problem_information: bool,
    /// Whether the client gave an Authentication Method.
    pub authenticates: bool,
    method: Option<Digest>,
    /// Client Identifier; `None`: unknown, or empty.
    pub client_id: Option<Digest>,
    /// Whether the session goes on after the connection, as far as the client wants it.
    pub outlives: bool,
}

impl Conversation {
    pub(super) fn on_connect(
        &mut self,
        seen: &Seen<'_, '_>,
        connect: &Connect<'_>,
        notes: &mut Notes<'_>,
    ) {
        let properties = &connect.properties;
        self.forget(notes.room);
        *self = Conversation::default();
        self.phase = Phase::Connecting;
        self.is_new = true;
        let expiry = properties.session_expiry_interval().unwrap_or(0);
        self.opening = Opening {
            clean_start: connect.clean_start,
            keep_alive: connect.keep_alive,
            session_expiry: Some(expiry),
            unnamed: connect.client_id.is_empty(),
            response_information: properties.request_response_information() == Some(true),
            no_problem_information: properties.request_problem_information() == Some(false),
            authenticates: properties.authentication_method().is_some(),
            method: properties.authentication_method().map(Digest::of),
            client_id: (!connect.client_id.is_empty()).then(|| Digest::of(connect.client_id)),
            outlives: outlives(connect.version, connect.clean_start, expiry),
        };
        self.client = End {
            whole: true,
            seen: true,
            last: seen.time,
            limits: Some(Limits::announced(properties)),
            ..End::default()
        };
    }

    pub(super) fn on_connack(
        &mut self,
        seen: &Seen<'_, '_>,
        connack: &Connack<'_>,
        notes: &mut Notes<'_>,
    ) {
        let flags = seen.body();
        if self.phase != Phase::Connecting {
            // Of a connection that was joined late, this much can be known.
            self.server.limits = Some(Limits::announced(&connack.properties));
            return;
        }
        if connack.reason != ReasonCode::SUCCESS {
            self.phase = Phase::Refused;
            return;
        }
        let (properties, opening) = (&connack.properties, &mut self.opening);
        let known = opening.session_expiry.is_some();
        if known && connack.session_present && opening.clean_start {
            notes.add(&rules::SESSION_PRESENT_AFTER_CLEAN_START, flags, None);
        }
        if known && opening.unnamed && properties.assigned_client_identifier().is_none() {
            notes.add(&rules::ASSIGNED_CLIENT_ID_MISSING, flags + 2, None);
        }
        if known && !opening.response_information && properties.response_information().is_some() {
            let at = seen.property(properties, PropertyId::ResponseInformation);
            notes.add(&rules::RESPONSE_INFORMATION_UNASKED, at, None);
        }
        if let Some(seconds) = properties.server_keep_alive() {
            opening.keep_alive = seconds;
        }
        // 3.1 has no Session Present: only a clean session is known to be new.
        self.fresh =
            opening.clean_start || notes.version != Version::V3_1 && !connack.session_present;
        if !connack.session_present || notes.version == Version::V3_1 {
            self.earlier.forget(notes.room);
        }
        self.check_method(seen, properties, Role::Server, notes);
        self.phase = Phase::Open;
        self.server.whole = !self.server.lost;
        self.server.limits = Some(Limits::announced(properties));
    }

    pub(super) fn on_auth(
        &mut self,
        seen: &Seen<'_, '_>,
        auth: &Auth<'_>,
        sender: Role,
        notes: &mut Notes<'_>,
    ) {
        let allowed = match sender {
            Role::Client => auth.reason != ReasonCode::SUCCESS,
            Role::Server => auth.reason != ReasonCode::RE_AUTHENTICATE,
        };
        if !allowed {
            let got = u32::from(auth.reason.value());
            notes.add(&rules::AUTH_REASON_OF_PEER, seen.body(), got);
        }
        if self.opening.session_expiry.is_none() {
            return;
        }
        if !self.opening.authenticates {
            let rule = match sender {
                Role::Client => &rules::AUTH_FROM_CLIENT,
                Role::Server => &rules::AUTH_FROM_SERVER,
            };
            notes.add(rule, 0, None);
            return;
        }
        self.check_method(seen, &auth.properties, sender, notes);
    }

    /// An AUTH of which it is not known who sent it. Before CONNACK, both may only go on.
    pub(super) fn on_auth_of_either(
        &self,
        seen: &Seen<'_, '_>,
        auth: &Auth<'_>,
        notes: &mut Notes<'_>,
    ) {
        if self.phase == Phase::Connecting && auth.reason != ReasonCode::CONTINUE_AUTHENTICATION {
            let got = u32::from(auth.reason.value());
            notes.add(&rules::AUTH_REASON_OF_PEER, seen.body(), got);
        }
        self.check_method(seen, &auth.properties, Role::Client, notes);
    }

    /// Whether a packet's Authentication Method is that of the CONNECT.
    fn check_method(
        &self,
        seen: &Seen<'_, '_>,
        properties: &Properties<'_>,
        sender: Role,
        notes: &mut Notes<'_>,
    ) {
        if self.opening.session_expiry.is_none() {
            return;
        }
        let theirs = properties.authentication_method().map(Digest::of);
        let at = seen.property(properties, PropertyId::AuthenticationMethod);
        match (self.opening.method, theirs) {
            (ours, theirs) if ours == theirs => {}
            (None, _) if sender == Role::Server => notes.add(&rules::AUTH_FROM_SERVER, at, None),
            _ => notes.add(&rules::AUTHENTICATION_METHOD_CHANGED, at, None),
        }
    }

    /// Whether the server tells a client about problems that does not want to hear of them.
    pub(super) fn check_problem_information(
        &self,
        seen: &Seen<'_, '_>,
        packet: &Packet<'_>,
        sender: Role,
        notes: &mut Notes<'_>,
    ) {
        if sender != Role::Server || !self.opening.no_problem_information {
            return;
        }
        let properties = match packet {
            Packet::Puback(ack)
            | Packet::Pubrec(ack)
            | Packet::Pubrel(ack)
            | Packet::Pubcomp(ack) => &ack.properties,
            Packet::Suback(suback) => &suback.properties,
            Packet::Unsuback(unsuback) => &unsuback.properties,
            Packet::Auth(auth) => &auth.properties,
            _ => return,
        };
        for id in [PropertyId::ReasonString, PropertyId::UserProperty] {
            if properties.get(id).is_some() {
                let at = seen.property(properties, id);
                notes.add(&rules::PROBLEM_INFORMATION_UNWANTED, at, None);
            }
        }
    }

    /// Whether the client was silent for too long before this packet.
    pub(super) fn check_keep_alive(
        &mut self,
        seen: &Seen<'_, '_>,
        packet_type: PacketType,
        notes: &mut Notes<'_>,
    ) {
        let Some(now) = seen.time else {
            return;
        };
        let last = self.client.last.replace(now);
        if self.client.lost || packet_type == PacketType::Connect {
            // What was lost may have been in time. From here on nothing is.
            self.client.lost = false;
            return;
        }
        let Some(last) = last else {
            return;
        };
        let silent = now.0.saturating_sub(last.0);
        let limit = u64::from(self.opening.keep_alive) * 1_500_000_000;
        if limit > 0 && silent > limit {
            let seconds = u32::try_from(silent / 1_000_000_000).unwrap_or(u32::MAX);
            notes.add(&rules::KEEP_ALIVE_OVERRUN, 0, seconds);
        }
    }
}
