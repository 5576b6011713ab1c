//! The beginning of a Network Connection: CONNECT, CONNACK, and what is agreed on in them.

use std::time::Instant;

use super::alias::OutboundAliases;
use super::connection::{Limits, Phase};
use super::{Event, Role, Session, rules};
use crate::codec::{
    Connack, Connect, Frame, Output, Packet, PacketType, Properties, ReasonCode, Version, Violation,
};

/// Server: reads the first packet of a Network Connection, which has to be CONNECT
/// (MQTT-3.1.0-1).
///
/// # Errors
///
/// It is another packet, or breaks a rule of CONNECT. There is no session to answer for: close
/// the Network Connection, after a CONNACK where the rule wants one.
pub fn read_connect(frame: Frame<'_>) -> Result<Connect<'_>, Violation> {
    let version = Version::V5;
    if frame.packet_type() == PacketType::Connect
        && let Packet::Connect(connect) = frame.decode(version)?
    {
        Ok(connect)
    } else {
        Err(Violation::new(&rules::CONNECT_FIRST, version, 0, None))
    }
}

impl Session {
    /// Client: begins a Network Connection and writes CONNECT. What we announce (Receive Maximum,
    /// Maximum Packet Size, Topic Alias Maximum, Keep Alive, Session Expiry Interval) is read
    /// from `connect` itself.
    ///
    /// Clean Start discards the state (MQTT-3.1.2-4; 3.1.1: MQTT-3.1.2-6): what was in flight can
    /// be had from [`Session::take_lost`].
    pub fn connect(&mut self, now: Instant, connect: &Connect<'_>, out: &mut Output) {
        debug_assert_eq!(self.role, Role::Client);
        self.connection = self.connection.next(self.role, connect.version);
        // A session without expiry has ended with its Network Connection (MQTT-3.1.2-23; 3.1.1:
        // MQTT-3.1.2-6).
        if connect.clean_start || self.state.expiry == 0 {
            self.state.renew();
        } else {
            self.state.rewind();
        }
        self.connection.session_expiry = session_expiry(connect, &Properties::EMPTY);
        self.connection.phase = Phase::Connecting;
        self.connection.clean_start = connect.clean_start;
        self.connection.own = Limits::announced(&connect.properties);
        let method = connect.properties.authentication_method();
        self.connection.authentication_method = method.map(Box::from);
        self.connection.keep_alive.start(now, connect.keep_alive);
        self.connection.send(&Packet::Connect(*connect), out);
    }

    /// Server: accepts a CONNECT. Limits are read from both packets. Writes CONNACK; when
    /// `connack` says Session Present, what is unacknowledged follows again, then the queue;
    /// otherwise the state is discarded.
    ///
    /// If not even the CONNACK fits into the client's Maximum Packet Size, nothing is written and the
    /// session is not connected.
    ///
    /// [`Connack::session_present`] never goes out with Clean Start (MQTT-3.2.2-2; 3.1.1:
    /// MQTT-3.2.2-1). A CONNECT that is refused needs no session: write the CONNACK and close.
    pub fn accept(
        &mut self,
        now: Instant,
        connect: &Connect<'_>,
        connack: &Connack<'_>,
        out: &mut Output,
    ) {
        debug_assert_eq!(self.role, Role::Server);
        let mut connack = *connack;
        connack.session_present &= !connect.clean_start;
        self.connection = self.connection.next(self.role, connect.version);
        if connack.session_present {
            self.state.rewind();
        } else {
            self.state.renew();
            self.state.queue.clear();
        }
        self.state.lost = Vec::new();
        self.state.expiry = session_expiry(connect, &connack.properties);
        self.connection.session_expiry = session_expiry(connect, &Properties::EMPTY);
        self.connection.phase = Phase::Open;
        self.connection.clean_start = connect.clean_start;
        self.connection.own = Limits::announced(&connack.properties);
        let method = connect.properties.authentication_method();
        self.connection.authentication_method = method.map(Box::from);
        let wanted = connect.properties.request_problem_information();
        self.connection.problem_information = wanted.unwrap_or(true);
        let keep_alive = connack.properties.server_keep_alive();
        let keep_alive = keep_alive.unwrap_or(connect.keep_alive);
        self.connection.keep_alive.start(now, keep_alive);
        self.meet(Limits::announced(&connect.properties));
        if self
            .connection
            .send_informing(Packet::Connack(connack), out)
        {
            self.resume(now, out);
        } else {
            self.connection.phase = Phase::Ended;
        }
    }

    pub(super) fn on_connack<'a>(
        &mut self,
        now: Instant,
        connack: Connack<'a>,
        out: &mut Output,
    ) -> Result<Event<'a>, Violation> {
        if connack.reason != ReasonCode::SUCCESS {
            self.connection.phase = Phase::Ended;
            return Ok(Event::Refused(connack));
        }
        if connack.session_present && self.connection.clean_start {
            return Err(self.violation(&rules::SESSION_PRESENT_AFTER_CLEAN_START));
        }
        self.check_method(connack.properties.authentication_method())?;
        // A 3.1 server keeps the session too, but has no way to say so.
        let present = match self.connection.version {
            Version::V3_1 => !self.connection.clean_start,
            _ => connack.session_present,
        };
        if !present {
            self.state.renew();
        }
        let expiry = connack.properties.session_expiry_interval();
        self.state.expiry = expiry.unwrap_or(self.connection.session_expiry);
        if let Some(seconds) = connack.properties.server_keep_alive() {
            self.connection.keep_alive.set_seconds(seconds);
        }
        self.connection.phase = Phase::Open;
        self.meet(Limits::announced(&connack.properties));
        self.resume(now, out);
        Ok(Event::Connected(connack))
    }

    /// Adopts the limits that the peer announced.
    fn meet(&mut self, peer: Limits) {
        self.connection.peer = peer;
        if self.config.use_topic_aliases {
            self.connection.aliases_out = OutboundAliases::new(peer.topic_alias_maximum);
        }
    }
}

/// The Session Expiry Interval of a Network Connection. Before 5.0 Clean Session decides
/// (MQTT-3.1.2-4 and -6 of 3.1.1).
fn session_expiry(connect: &Connect<'_>, connack: &Properties<'_>) -> u32 {
    match connect.version {
        Version::V5 => connack
            .session_expiry_interval()
            .or(connect.properties.session_expiry_interval())
            .unwrap_or(0),
        _ if connect.clean_start => 0,
        _ => u32::MAX,
    }
}
