//! Time: when the machine wants to be called, and what it does then.

use std::time::Instant;

use super::keep_alive::Due;
use super::{Session, TimedOut};
use crate::codec::{Output, Packet};

impl Session {
    /// When [`Session::handle_timeout`] wants to be called. Packets only move it into the future, so a
    /// timer may be re-armed lazily, when it fires too early.
    pub fn poll_timeout(&self) -> Option<Instant> {
        match self.connection.is_open() {
            true => self.connection.keep_alive.deadline(),
            false => None,
        }
    }

    /// Does what is due at `now`. A client writes PINGREQ after half the Keep Alive without a
    /// packet in either direction (MQTT-3.1.2-20; 3.1.1: MQTT-3.1.2-23).
    ///
    /// # Errors
    ///
    /// Client: nothing came back in the other half. Server: the client was silent for one and a
    /// half times the Keep Alive (MQTT-3.1.2-22; 3.1.1: MQTT-3.1.2-24). Close the Network
    /// Connection as if the network had failed; in 5.0 a DISCONNECT with 0x8D may go first.
    pub fn handle_timeout(&mut self, now: Instant, out: &mut Output) -> Result<(), TimedOut> {
        if !self.connection.is_open() {
            return Ok(());
        }
        match self.connection.keep_alive.due(now) {
            Due::Nothing => Ok(()),
            Due::Ping => {
                self.connection.send(&Packet::Pingreq, out);
                self.connection.keep_alive.pinged(now);
                Ok(())
            }
            Due::TimedOut => Err(TimedOut {
                role: self.role,
                keep_alive: self.keep_alive(),
            }),
        }
    }

    /// Client, while the application does not read (its own output is blocked): when
    /// [`Session::ping_while_paused`] has to be called.
    pub fn poll_timeout_paused(&self) -> Option<Instant> {
        match self.connection.is_open() {
            true => self.connection.keep_alive.paused_deadline(),
            false => None,
        }
    }

    /// Client, while the application does not read: writes a PINGREQ that is due, without
    /// expecting the answer yet. `true` when one was written.
    pub fn ping_while_paused(&mut self, now: Instant, out: &mut Output) -> bool {
        self.connection.keep_alive.pause();
        let due = self
            .poll_timeout_paused()
            .is_some_and(|deadline| deadline <= now);
        if due {
            self.connection.send(&Packet::Pingreq, out);
            self.connection.keep_alive.sent(now);
        }
        due
    }
}
