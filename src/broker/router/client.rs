//! What the broker knows of a client, connected or not.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::authenticate::Voucher;
use super::catch_up::CatchUps;
use super::filters::OwnFilters;
use super::will::Will;
use super::{ClientKey, ConnectionKey};
use crate::broker::deadlines::Deadlines;
use crate::broker::persist::Publisher;
use crate::broker::{Acl, Permissions};
use crate::session::Session;
use crate::transport::Peer;

/// A Client Identifier's Session, and what belongs to it.
pub(super) struct Client {
    /// Client Identifier.
    pub(super) id: Rc<str>,
    /// The User Name it is connected under, or was last.
    pub(super) username: Option<Rc<str>>,
    /// Who vouches for that.
    pub(super) voucher: Voucher,
    /// Where it is connected from, or was last.
    pub(super) peer: Option<Peer>,
    /// All of this, as it is kept with what the client has retained.
    pub(super) publisher: Option<Rc<Publisher>>,
    /// Rules for this client alone.
    pub(super) own_acl: Option<Arc<Acl>>,
    /// What it may do; `None`: everything.
    pub(super) permissions: Option<Box<dyn Permissions>>,
    /// The protocol's part of the Session.
    pub(super) session: Session,
    /// The Network Connection, while there is one.
    pub(super) connection: Option<ConnectionKey>,
    /// Topic Filters subscribed to.
    pub(super) filters: OwnFilters,
    /// Subscriptions whose retained messages are on their way.
    pub(super) catch_ups: Option<Box<CatchUps>>,
    /// Will Message, until it is published or deleted.
    pub(super) will: Option<Box<Will>>,
    /// When the Will Message is published, once the connection is gone.
    pub(super) will_due: Option<Instant>,
    /// When the Session ends, once the connection is gone.
    pub(super) expires: Option<Instant>,
    /// The Keep Alive is not looked at before.
    excused_until: Option<Instant>,
    /// When the client's deadline fires.
    armed: Option<Instant>,
    /// The number of its Session in the store, if something of it is to survive the process.
    pub(super) number: Option<u64>,
    /// A message was dropped since the client last had nothing waiting.
    pub(super) dropping: bool,
}

impl Client {
    pub(super) fn new(id: Rc<str>, session: Session) -> Self {
        Self {
            id,
            username: None,
            voucher: Voucher::Nobody,
            peer: None,
            publisher: None,
            own_acl: None,
            permissions: None,
            session,
            connection: None,
            filters: OwnFilters::default(),
            catch_ups: None,
            will: None,
            will_due: None,
            expires: None,
            excused_until: None,
            armed: None,
            number: None,
            dropping: false,
        }
    }

    /// When the client next needs the broker's attention.
    fn due(&self) -> Option<Instant> {
        match self.connection {
            Some(_) => self.session.poll_timeout().max(self.excused_until),
            None => [self.will_due, self.expires].into_iter().flatten().min(),
        }
    }

    pub(super) fn arm(&mut self, deadlines: &mut Deadlines<ClientKey>, key: ClientKey) {
        let due = self.due();
        deadlines.arm(&mut self.armed, key, due);
    }

    /// The armed deadline has fired.
    pub(super) fn fired(&mut self) {
        self.armed = None;
    }

    pub(super) fn disarm(&mut self, deadlines: &mut Deadlines<ClientKey>, key: ClientKey) {
        deadlines.disarm(&mut self.armed, key);
    }

    /// The client was not read: for another Keep Alive it need not have sent anything.
    pub(super) fn excuse(&mut self, now: Instant) {
        let keep_alive = self.session.keep_alive();
        if keep_alive > 0 {
            self.excused_until = now.checked_add(Duration::from_secs(keep_alive.into()));
        }
    }

    pub(super) fn is_excused(&self, now: Instant) -> bool {
        self.excused_until.is_some_and(|until| now < until)
    }

    /// Starts the clocks that run while there is no connection. No Session outlives it by more
    /// than `max_expiry` seconds, whatever DISCONNECT or Clean Session 0 asks for.
    pub(super) fn begin_absence(&mut self, now: Instant, max_expiry: u32) {
        let after = |seconds: u32| now.checked_add(Duration::from_secs(seconds.into()));
        self.expires = match self.session.session_expiry().min(max_expiry) {
            u32::MAX => None,
            seconds => after(seconds),
        };
        self.will_due = self.will.as_ref().and_then(|will| after(will.delay));
    }

    /// Stops them.
    pub(super) fn end_absence(&mut self) {
        self.expires = None;
        self.will_due = None;
        self.excused_until = None;
    }
}
