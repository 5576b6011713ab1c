//! Between CONNECT and CONNACK: finding out who the client is.
//!
//! A CONNECT that somebody has to judge waits in its connection. A judgement that takes a while is
//! asked for by a [`Question`] and comes back by [`Router::authenticated`]; the conversation of
//! enhanced authentication is led here.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use super::connect::Refusal;
use super::connection::State;
use super::succession::Successor;
use super::{ConnectionKey, Router};
use crate::broker::access::{Denial, Entrance, Grant, Login, Verdict};
use crate::broker::{Abuse, Acl};
use crate::codec::{Connect, Frame, PropertyBuf, ReasonCode, Violation};
use crate::session::read_connect;

/// What a CONNECT that waits costs besides its bytes.
const OVERHEAD: usize = 512;

/// Who says that a client may connect, and what it gets.
#[derive(Default)]
pub(super) struct Admission {
    /// The User Name that takes the place of the one it gave.
    pub(super) username: Option<String>,
    pub(super) voucher: Voucher,
    /// What the CONNACK says of enhanced authentication.
    pub(super) authentication: Option<PropertyBuf>,
    /// Rules for this client alone.
    pub(super) acl: Option<Arc<Acl>>,
}

/// Who vouches for a client.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Voucher {
    #[default]
    Nobody,
    /// The authority that issued its certificate.
    Certificate,
    Authenticator {
        /// Its number.
        number: usize,
        /// See [`Grant::stamp`].
        stamp: u64,
    },
}

impl Admission {
    pub(super) fn new(grant: Grant, by: Option<usize>) -> Self {
        let stamp = grant.stamp;
        Self {
            username: grant.username,
            acl: grant.acl,
            voucher: by.map_or(Voucher::Nobody, |number| Voucher::Authenticator {
                number,
                stamp,
            }),
            authentication: None,
        }
    }
}

/// A CONNECT that waits to be judged.
pub(super) struct Pending {
    /// The packet.
    connect: Box<[u8]>,
    /// Packets that came after it.
    following: Vec<u8>,
    /// What came after those is no Control Packet.
    unreadable: Option<Violation>,
    /// The question whose answer it waits for.
    ticket: u64,
}

impl Pending {
    fn size(&self) -> usize {
        OVERHEAD + self.connect.len() + self.following.len()
    }
}

/// Who is this, and may it connect? To be answered by [`Router::authenticated`].
pub(in crate::broker) struct Question {
    pub(in crate::broker) key: ConnectionKey,
    /// Tells it from other questions about a connection of this number.
    pub(in crate::broker) ticket: u64,
    pub(in crate::broker) login: Login,
    /// Where it wants to enter, and who is to be asked there.
    pub(in crate::broker) entrance: Rc<Entrance>,
}

/// The answer to a [`Question`].
pub(in crate::broker) struct Judgement {
    pub(in crate::broker) verdict: Verdict,
    /// The number of the authenticator that gave it.
    pub(in crate::broker) by: Option<usize>,
}

/// The CONNECTs that wait, and what is asked about them.
#[derive(Default)]
pub(super) struct Waiting {
    questions: Vec<Question>,
    pub(super) successors: Vec<Successor>,
    next_ticket: u64,
    /// What those that wait occupy.
    bytes: usize,
}

impl Router {
    /// Takes the client in, turns it away, or asks who it is.
    pub(super) fn judge(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        connect: &Connect<'_>,
        frame: Frame<'_>,
    ) {
        let Some(connection) = self.connections.get(key) else {
            return;
        };
        let Some(entrance) = self.entrances.get(connection.origin.listener) else {
            return;
        };
        let has_judge = !entrance.access.authenticators.is_empty();
        let has_credentials = connect.username.is_some() || connect.password.is_some();
        if connect.properties.authentication_method().is_some() {
            let entrance = Rc::clone(entrance);
            self.begin_exchange(now, key, connect, frame, &entrance);
        } else if entrance.access.certificate_identity {
            self.identify(now, key, connect);
        } else if entrance.lets_in_anonymous() && !(has_judge && has_credentials) {
            self.accept(now, key, connect, Admission::default());
        } else if has_judge {
            let entrance = Rc::clone(entrance);
            self.ask(now, key, connect, frame, entrance);
        } else {
            let why = "this listener lets in nobody without authentication, and has none";
            self.deny(now, key, connect, Denial::NotAuthorized(why.into()));
        }
    }

    /// Takes the client in under the name that stands in its certificate.
    fn identify(&mut self, now: Instant, key: ConnectionKey, connect: &Connect<'_>) {
        let connection = self.connections.get(key);
        let certificate = connection.and_then(|connection| connection.origin.certificate.as_ref());
        match certificate.and_then(|certificate| certificate.common_name()) {
            Some(name) => {
                let admission = Admission {
                    username: Some(name.to_owned()),
                    voucher: Voucher::Certificate,
                    authentication: None,
                    acl: None,
                };
                self.accept(now, key, connect, admission);
            }
            None => {
                let why = "it has no certificate with a Common Name";
                self.deny(now, key, connect, Denial::BadCredentials(why.into()));
            }
        }
    }

    fn ask(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        connect: &Connect<'_>,
        frame: Frame<'_>,
        entrance: Rc<Entrance>,
    ) {
        let Some(ticket) = self.wait(now, key, connect, frame) else {
            return;
        };
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        connection.state = State::Authenticating;
        self.waiting.questions.push(Question {
            key,
            ticket,
            login: Login::new(connect, &connection.origin, entrance.url.clone()),
            entrance,
        });
    }

    /// Keeps the CONNECT until it is judged; gives its ticket, unless there is no room for it.
    pub(super) fn wait(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        connect: &Connect<'_>,
        frame: Frame<'_>,
    ) -> Option<u64> {
        let pending = Pending {
            connect: frame.bytes().into(),
            following: Vec::new(),
            unreadable: None,
            ticket: self.waiting.next_ticket,
        };
        let ticket = pending.ticket;
        if self.waiting.bytes + pending.size() > self.limits.authenticating_bytes {
            self.refuse(now, key, connect, too_busy());
            return None;
        }
        let connection = self.connections.get_mut(key)?;
        self.waiting.bytes += pending.size();
        self.waiting.next_ticket += 1;
        connection.pending = Some(Box::new(pending));
        Some(ticket)
    }

    /// Whether some CONNECT has begun to wait for what is not in the router.
    pub(in crate::broker) fn has_questions(&self) -> bool {
        !self.waiting.questions.is_empty() || !self.waiting.successors.is_empty()
    }

    /// The questions that came up.
    pub(in crate::broker) fn take_questions(&mut self) -> Vec<Question> {
        std::mem::take(&mut self.waiting.questions)
    }

    /// Keeps a packet that came while the CONNECT before it waits.
    pub(super) fn keep_for_later(&mut self, now: Instant, key: ConnectionKey, frame: Frame<'_>) {
        let connection = self.connections.get_mut(key);
        let Some(pending) = connection.and_then(|connection| connection.pending.as_mut()) else {
            return;
        };
        if pending.unreadable.is_some() {
            return;
        }
        let size = frame.bytes().len();
        if self.waiting.bytes + size <= self.limits.authenticating_bytes {
            self.waiting.bytes += size;
            pending.following.extend_from_slice(frame.bytes());
        } else {
            self.refuse_pending(now, key, too_busy());
        }
    }

    /// What came while the CONNECT before it waits is no Control Packet.
    pub(super) fn keep_unreadable(&mut self, key: ConnectionKey, violation: Violation) {
        let connection = self.connections.get_mut(key);
        if let Some(pending) = connection.and_then(|connection| connection.pending.as_mut()) {
            pending.unreadable.get_or_insert(violation);
        }
    }

    /// The answer to a question. It may come too late.
    pub(in crate::broker) fn authenticated(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        ticket: u64,
        judgement: Judgement,
    ) {
        let Some(pending) = self.take_pending_with(key, ticket) else {
            return;
        };
        let Some(connect) = pending.connect() else {
            return;
        };
        match judgement.verdict {
            Verdict::Accept(grant) => {
                let admission = Admission::new(grant, judgement.by);
                self.admit(now, key, &connect, admission);
            }
            Verdict::Refuse(denial) => self.deny(now, key, &connect, denial),
            Verdict::Pass if connect.username.is_some() => {
                let why = "nobody knows this user";
                self.deny(now, key, &connect, Denial::BadCredentials(why.into()));
            }
            Verdict::Pass => {
                let why = "it gives no User Name";
                self.deny(now, key, &connect, Denial::NotAuthorized(why.into()));
            }
        }
        self.receive_following(now, key, &pending);
    }

    /// Handles what came behind a CONNECT that waits no longer.
    pub(super) fn receive_following(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        pending: &Pending,
    ) {
        let mut rest = &*pending.following;
        // They were parsed when they came.
        while let Ok(Some(frame)) = Frame::parse(rest, usize::MAX) {
            rest = rest.get(frame.bytes().len()..).unwrap_or_default();
            self.handle(now, key, frame);
        }
        if let Some(violation) = &pending.unreadable {
            self.on_unreadable(now, key, violation, &[]);
        }
        self.mark(key);
    }

    /// Accepts a client that is who it says it is, unless meanwhile there is no room for it.
    pub(super) fn admit(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        connect: &Connect<'_>,
        admission: Admission,
    ) {
        let username = admission.username.as_deref().or(connect.username);
        let listener = self.connections.get(key).map(|c| c.origin.listener);
        // Who may connect may have changed since the question.
        if listener.is_none_or(|listener| !self.admits(listener, username, admission.voucher)) {
            let why = "it may not connect any more";
            return self.deny(now, key, connect, Denial::NotAuthorized(why.into()));
        }
        match self.refusal(connect) {
            None => self.accept(now, key, connect, admission),
            Some(refusal) => self.refuse(now, key, connect, refusal),
        }
    }

    pub(super) fn deny(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        connect: &Connect<'_>,
        denial: Denial,
    ) {
        if let (false, Some(connection)) = (
            matches!(denial, Denial::Unavailable(_)),
            self.connections.get(key),
        ) {
            let peer = connection.peer;
            self.blame_address(now, peer, Abuse::FailedLogin);
        }
        let (v3, v5, why) = denial.into_parts();
        let v3 = Some(v3);
        self.refuse(now, key, connect, Refusal { v3, v5, why });
    }

    /// Refuses a CONNECT that waits.
    fn refuse_pending(&mut self, now: Instant, key: ConnectionKey, refusal: Refusal) {
        if let Some(pending) = self.take_pending(key)
            && let Some(connect) = pending.connect()
        {
            self.refuse(now, key, &connect, refusal);
        }
    }

    /// Whoever was asked about the CONNECT did not answer in time.
    pub(super) fn authentication_due(&mut self, now: Instant, key: ConnectionKey) {
        let why: Cow<'static, str> = "finding out who it is took too long".into();
        let connection = self.connections.get(key);
        let denial = match connection.is_some_and(|it| it.state == State::Exchanging) {
            // It is the client who did not answer.
            true => Denial::NotAuthorized(why),
            false => Denial::Unavailable(why),
        };
        let (v3, v5, why) = denial.into_parts();
        let v3 = Some(v3);
        self.refuse_pending(now, key, Refusal { v3, v5, why });
    }

    /// The CONNECT of this connection does not wait any more, if it is still the one with this ticket.
    pub(super) fn take_pending_with(
        &mut self,
        key: ConnectionKey,
        ticket: u64,
    ) -> Option<Box<Pending>> {
        let pending = self.connections.get(key)?.pending.as_ref()?;
        (pending.ticket == ticket).then(|| self.take_pending(key))?
    }

    /// The CONNECT of this connection does not wait any more.
    pub(super) fn take_pending(&mut self, key: ConnectionKey) -> Option<Box<Pending>> {
        let pending = self.connections.get_mut(key)?.pending.take()?;
        self.waiting.bytes -= pending.size();
        Some(pending)
    }
}

impl Pending {
    /// The packet, which was parsed before.
    pub(super) fn frame(&self) -> Option<Frame<'_>> {
        Frame::parse(&self.connect, usize::MAX).ok()?
    }

    /// The CONNECT, which was read before.
    pub(super) fn connect(&self) -> Option<Connect<'_>> {
        read_connect(self.frame()?).ok()
    }
}

fn too_busy() -> Refusal {
    Refusal {
        v3: Some(ReasonCode::V3_SERVER_UNAVAILABLE),
        v5: ReasonCode::SERVER_BUSY,
        why: "too many clients wait for their authentication".into(),
    }
}
