//! Keep Alive (section 3.1.2.10): until when the peer has to be heard from.

use std::fmt;
use std::time::{Duration, Instant};

use super::Role;

/// The peer was not heard from in time: the Network Connection is to be treated as lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedOut {
    /// Who waited.
    pub role: Role,
    /// The Keep Alive in force, in seconds.
    pub keep_alive: u16,
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.role {
            Role::Client => write!(
                f,
                "the server did not answer PINGREQ within half the Keep Alive of {} s",
                self.keep_alive
            ),
            Role::Server => write!(
                f,
                "the client sent nothing for one and a half times its Keep Alive of {} s",
                self.keep_alive
            ),
        }
    }
}

impl std::error::Error for TimedOut {}

/// What has to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    Ping,
    TimedOut,
}

/// The Keep Alive timers of one Network Connection.
///
/// A client pings half a Keep Alive after the last packet in *either* direction: one that only
/// receives has to show that it is alive (MQTT-3.1.2-20; 3.1.1: MQTT-3.1.2-23), and one that only
/// sends wants to know that somebody is listening. Any packet counts as an answer: a PINGRESP may be
/// late because it is behind a large packet.
#[derive(Debug)]
pub(super) struct KeepAlive {
    role: Role,
    /// Seconds; 0 turns it off.
    seconds: u16,
    /// A PINGREQ has been sent and nothing has come since.
    awaiting: bool,
    last: Option<Last>,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    /// While a PINGREQ has no answer: when it was sent.
    sent: Instant,
    received: Instant,
}

impl KeepAlive {
    pub fn new(role: Role) -> KeepAlive {
        KeepAlive {
            role,
            seconds: 0,
            awaiting: false,
            last: None,
        }
    }

    /// Begins a Network Connection.
    pub fn start(&mut self, now: Instant, seconds: u16) {
        self.seconds = seconds;
        self.awaiting = false;
        self.last = Some(Last {
            sent: now,
            received: now,
        });
    }

    pub fn seconds(&self) -> u16 {
        self.seconds
    }

    /// The server's own value (MQTT-3.1.2-21).
    pub fn set_seconds(&mut self, seconds: u16) {
        self.seconds = seconds;
    }

    pub fn received(&mut self, now: Instant) {
        if let Some(last) = &mut self.last {
            last.received = now;
            self.awaiting = false;
        }
    }

    pub fn sent(&mut self, now: Instant) {
        // What is sent after a PINGREQ does not put off its answer.
        if let Some(last) = &mut self.last
            && !self.awaiting
        {
            last.sent = now;
        }
    }

    /// An answer has been sent: not before the last packet that was received.
    pub fn answered(&mut self) {
        if let Some(last) = &mut self.last {
            last.sent = last.sent.max(last.received);
        }
    }

    /// When [`KeepAlive::due`] will want something.
    pub fn deadline(&self) -> Option<Instant> {
        let last = self.running()?;
        Some(match self.role {
            Role::Server => last.received + self.half() * 3,
            Role::Client if self.awaiting => last.sent + self.half(),
            Role::Client => last.sent.min(last.received) + self.half(),
        })
    }

    pub fn due(&self, now: Instant) -> Due {
        match self.deadline() {
            Some(deadline) if deadline <= now => match self.role {
                Role::Client if !self.awaiting => Due::Ping,
                _ => Due::TimedOut,
            },
            _ => Due::Nothing,
        }
    }

    /// A PINGREQ left at `now`, and something has to come back.
    pub fn pinged(&mut self, now: Instant) {
        self.sent(now);
        self.awaiting = true;
    }

    /// The next PINGREQ of a client that is not reading.
    pub fn paused_deadline(&self) -> Option<Instant> {
        let last = self.running()?;
        (self.role == Role::Client).then(|| last.sent + self.half())
    }

    /// Nothing can be expected from a peer that is not read.
    pub fn pause(&mut self) {
        self.awaiting = false;
    }

    fn running(&self) -> Option<Last> {
        self.last.filter(|_| self.seconds != 0)
    }

    fn half(&self) -> Duration {
        Duration::from_millis(u64::from(self.seconds) * 500)
    }
}
