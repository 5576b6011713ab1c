//! Enhanced authentication (MQTT 5.0 section 4.12): AUTH packets before CONNACK and, when a client
//! authenticates again, after it.

use std::rc::Rc;
use std::time::Instant;

use super::authenticate::{Admission, Voucher};
use super::connect::{Refusal, answer_to};
use super::connection::State;
use super::{Cause, ClientKey, ConnectionKey, Router};
use crate::broker::access::{Entrance, Exchange, Grant, Login, Step};
use crate::codec::{
    Auth, Connect, Frame, Packet, PropertyBuf, PropertyId, ReasonCode, Value, Version, Violation,
};
use crate::session::rules;

/// A client's authentication that is under way.
pub(super) struct Conversation {
    exchange: Box<dyn Exchange>,
    /// The number of the authenticator that leads it.
    number: usize,
}

impl Conversation {
    /// `None`: nobody there knows the Authentication Method.
    fn begin(entrance: &Entrance, method: &str, login: &Login) -> Option<Self> {
        let authenticators = entrance.access.authenticators.iter().enumerate();
        authenticators.into_iter().find_map(|(number, it)| {
            let exchange = it.begin(method, login)?;
            Some(Self { exchange, number })
        })
    }
}

impl Router {
    /// Begins the exchange that a CONNECT with an Authentication Method asks for.
    pub(super) fn begin_exchange(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        connect: &Connect<'_>,
        frame: Frame<'_>,
        entrance: &Rc<Entrance>,
    ) {
        let Some(connection) = self.connections.get(key) else {
            return;
        };
        let method = connect.properties.authentication_method();
        let login = Login::new(connect, &connection.origin, entrance.url.clone());
        let conversation = method.and_then(|it| Conversation::begin(entrance, it, &login));
        let Some(conversation) = conversation else {
            let refusal = Refusal {
                v3: Some(ReasonCode::V3_NOT_AUTHORIZED),
                v5: ReasonCode::BAD_AUTHENTICATION_METHOD,
                why: "its Authentication Method is not supported".into(),
            };
            return self.refuse(now, key, connect, refusal);
        };
        if self.wait(now, key, connect, frame).is_none() {
            return;
        }
        if let Some(connection) = self.connections.get_mut(key) {
            connection.state = State::Exchanging;
            connection.conversation = Some(Box::new(conversation));
        }
        let data = connect.properties.authentication_data();
        self.converse(now, key, data.unwrap_or_default());
    }

    /// A packet that comes before the CONNACK of an exchange.
    pub(super) fn on_exchange(&mut self, now: Instant, key: ConnectionKey, frame: Frame<'_>) {
        let outcome = match frame.decode(Version::V5) {
            Ok(Packet::Auth(auth)) => self.check_auth(key, &auth).map(|()| auth),
            Ok(Packet::Disconnect(disconnect)) => {
                return self.end_connection(now, key, Cause::Disconnect(disconnect.reason));
            }
            Ok(_) => Err(broken(&rules::PACKET_BEFORE_CONNACK)),
            Err(violation) => Err(violation),
        };
        match outcome {
            Ok(auth) => {
                let data = auth.properties.authentication_data();
                self.converse(now, key, data.unwrap_or_default());
            }
            Err(violation) => {
                self.on_bad_connect(now, key, &violation, answer_to(&violation), None)
            }
        }
        self.mark_if_output(key);
    }

    /// Before CONNACK an AUTH can only go on, by the method of the CONNECT.
    fn check_auth(&self, key: ConnectionKey, auth: &Auth<'_>) -> Result<(), Violation> {
        let connection = self.connections.get(key);
        let pending = connection.and_then(|connection| connection.pending.as_ref());
        let connect = pending.and_then(|pending| pending.connect());
        let method = connect.and_then(|connect| connect.properties.authentication_method());
        if auth.properties.authentication_method() != method {
            Err(broken(&rules::AUTHENTICATION_METHOD_CHANGED))
        } else if auth.reason != ReasonCode::CONTINUE_AUTHENTICATION {
            Err(broken(&rules::AUTH_OUT_OF_TURN))
        } else {
            Ok(())
        }
    }

    /// One step of an exchange before CONNACK.
    fn converse(&mut self, now: Instant, key: ConnectionKey, data: &[u8]) {
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        let Some(mut conversation) = connection.conversation.take() else {
            return;
        };
        let number = conversation.number;
        let outcome = match conversation.exchange.step(data) {
            Step::Continue(data) => {
                connection.conversation = Some(conversation);
                return self.challenge(now, key, &data);
            }
            Step::Done(grant, data) => Ok((grant, data)),
            Step::Refuse(denial) => Err(denial),
        };
        let Some(pending) = self.take_pending(key) else {
            return;
        };
        let Some(connect) = pending.connect() else {
            return;
        };
        match outcome {
            Ok((grant, data)) => {
                let admission = Admission {
                    authentication: Some(properties(&connect, &data)),
                    ..Admission::new(grant, Some(number))
                };
                self.admit(now, key, &connect, admission);
            }
            Err(denial) => self.deny(now, key, &connect, denial),
        }
    }

    /// Sends an AUTH that the client has to answer, before CONNACK.
    fn challenge(&mut self, now: Instant, key: ConnectionKey, data: &[u8]) {
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        let Some(connect) = connection.pending.as_ref().and_then(|it| it.connect()) else {
            return;
        };
        let properties = properties(&connect, data);
        let auth = Auth {
            reason: ReasonCode::CONTINUE_AUTHENTICATION,
            properties: properties.as_properties(),
        };
        let largest = connect.properties.maximum_packet_size();
        let largest = largest.map_or(usize::MAX, |largest| largest as usize);
        if auth.encoded_len(Version::V5) > largest {
            return self.end_connection(now, key, Cause::ConnackTooLarge);
        }
        auth.encode(Version::V5, &mut connection.output);
    }

    /// AUTH from a client that is connected: it authenticates again (section 4.12.1).
    pub(super) fn on_auth(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        client_key: ClientKey,
        auth: &Auth<'_>,
    ) {
        let conversation = match auth.reason {
            ReasonCode::RE_AUTHENTICATE => self.begin_again(key, client_key, auth),
            ReasonCode::CONTINUE_AUTHENTICATION => {
                let connection = self.connections.get_mut(key);
                connection.and_then(|connection| connection.conversation.take())
            }
            _ => None,
        };
        let Some(mut conversation) = conversation else {
            return self.on_violation(now, key, &broken(&rules::AUTH_OUT_OF_TURN));
        };
        let data = auth.properties.authentication_data().unwrap_or_default();
        let step = conversation.exchange.step(data);
        let number = conversation.number;
        let Some((client, connection)) = self.client_of(key) else {
            return;
        };
        let method = auth.properties.authentication_method().unwrap_or_default();
        let is_same = |grant: &Grant| {
            let (granted, current) = (grant.username.as_deref(), client.username.as_deref());
            granted.is_none() || granted == current
        };
        match step {
            Step::Continue(data) => {
                connection.conversation = Some(conversation);
                let properties = of_method(method, &data);
                let reason = ReasonCode::CONTINUE_AUTHENTICATION;
                let output = &mut connection.output;
                client
                    .session
                    .auth(reason, properties.as_properties(), output);
            }
            Step::Done(grant, data) if is_same(&grant) => {
                let stamp = grant.stamp;
                client.voucher = Voucher::Authenticator { number, stamp };
                let properties = of_method(method, &data);
                let output = &mut connection.output;
                let properties = properties.as_properties();
                client.session.auth(ReasonCode::SUCCESS, properties, output);
                if client.own_acl != grant.acl {
                    client.own_acl = grant.acl;
                    self.authorize(client_key);
                }
            }
            Step::Done(..) | Step::Refuse(_) => self.turn_out(now, key, Cause::NotAuthenticated),
        }
    }

    /// An exchange for a client that is connected; `None` if one is under way.
    fn begin_again(
        &mut self,
        key: ConnectionKey,
        client_key: ClientKey,
        auth: &Auth<'_>,
    ) -> Option<Box<Conversation>> {
        let connection = self.connections.get(key)?;
        let client = self.clients.get(client_key)?;
        let entrance = self.entrances.get(connection.origin.listener)?;
        if connection.conversation.is_some() {
            return None;
        }
        let login = Login {
            client_id: client.id.as_ref().to_owned(),
            username: client.username.as_deref().map(str::to_owned),
            password: None,
            version: Version::V5,
            peer: connection.peer,
            listener: entrance.url.clone(),
            certificate: connection.origin.certificate.clone(),
        };
        let method = auth.properties.authentication_method()?;
        Conversation::begin(entrance, method, &login).map(Box::new)
    }
}

/// Authentication Method of the CONNECT, and Authentication Data.
fn properties(connect: &Connect<'_>, data: &[u8]) -> PropertyBuf {
    let method = connect.properties.authentication_method();
    of_method(method.unwrap_or_default(), data)
}

fn of_method(method: &str, data: &[u8]) -> PropertyBuf {
    let mut properties = PropertyBuf::default();
    properties.push(PropertyId::AuthenticationMethod, Value::String(method));
    if !data.is_empty() {
        properties.push(PropertyId::AuthenticationData, Value::Binary(data));
    }
    properties
}

fn broken(rule: &'static crate::codec::Rule) -> Violation {
    Violation::new(rule, Version::V5, 0, None)
}
