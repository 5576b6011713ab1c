//! The router under a clock of the test's own.

mod any_input;
mod authenticating;
mod catching_up;
mod crash;
mod expiring;
mod handing_over;
mod in_all;
mod interrupted;
mod leaving;
mod packets;
mod peer;
mod persistent;
mod restart;
mod shared;
mod simulation;
mod time;
mod turns;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use super::{ConnectionKey, Router};
use crate::broker::origin::Origin;
use crate::broker::{Capabilities, Limits};
use crate::codec::{Frame, Output};

/// A router with sockets that the test plays.
struct World {
    router: Router,
    now: Instant,
    /// Nothing is sent that promises what is not durable yet.
    holds_back: bool,
}

impl World {
    fn new(limits: Limits) -> Self {
        Self {
            router: Router::new(Capabilities::default(), limits, None, 0),
            now: Instant::now(),
            holds_back: true,
        }
    }

    fn open(&mut self) -> ConnectionKey {
        let origin = Origin {
            peer: SocketAddr::from((Ipv4Addr::LOCALHOST, 1)).into(),
            listener: 0,
            certificate: None,
            is_for_v3_1: false,
        };
        let key = self.router.open(self.now, origin);
        self.router.arm_connection(key);
        key
    }

    /// Nothing is unread in the socket of a connection that is taken over.
    fn receive(&mut self, key: ConnectionKey, frame: Frame<'_>) {
        self.router.receive(self.now, key, frame);
        for successor in self.router.take_successors() {
            self.router.succeed(self.now, &successor);
        }
    }

    /// Hands the whole Frames at the start of `bytes` to the router, and keeps the rest.
    fn feed(&mut self, key: ConnectionKey, bytes: &mut Vec<u8>) {
        let mut consumed = 0;
        while self.router.wants_input(key) {
            match Frame::parse(&bytes[consumed..], self.router.limits.max_packet_size) {
                Ok(Some(frame)) => {
                    consumed += frame.bytes().len();
                    self.receive(key, frame);
                }
                Ok(None) => break,
                Err(violation) => {
                    let rest = &bytes[consumed..];
                    self.router.on_unreadable(self.now, key, &violation, rest);
                }
            }
        }
        bytes.drain(..consumed);
        self.router.take_dirty(&mut Vec::new());
    }

    /// What the router has for the connection.
    fn drain(&mut self, key: ConnectionKey) -> Vec<u8> {
        let mut output = Output::default();
        let mut bytes = Vec::new();
        loop {
            if !self.holds_back {
                self.router.forget_to_hold(key);
            }
            self.router.take_output(key, &mut output);
            if output.is_empty() {
                return bytes;
            }
            drain(&mut output, &mut bytes);
            self.router.sent(self.now, key, 0);
            self.router.take_dirty(&mut Vec::new());
        }
    }

    /// Lets the router do what it has put off, turn by turn; says how many turns that took.
    fn settle(&mut self) -> usize {
        let mut turns = 0;
        while self
            .router
            .poll_timeout()
            .is_some_and(|due| due <= self.now)
        {
            self.router.handle_timeout(self.now);
            self.router.take_dirty(&mut Vec::new());
            turns += 1;
        }
        turns
    }

    /// Lets time pass, deadline by deadline.
    fn pass(&mut self, time: std::time::Duration) {
        let end = self.now + time;
        while let Some(due) = self.router.poll_timeout().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.router.handle_timeout(self.now);
            self.router.take_dirty(&mut Vec::new());
        }
        self.now = end;
    }
}

fn drain(output: &mut Output, into: &mut Vec<u8>) {
    while !output.is_empty() {
        let chunk = output.chunk();
        into.extend_from_slice(chunk);
        let count = chunk.len();
        output.advance(count);
    }
}
