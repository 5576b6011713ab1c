//! Faults between the socket of a connection and the router.

use std::pin::Pin;
use std::rc::Rc;
use std::task::Context;
use std::time::Instant;

use tokio::time::{Sleep, sleep_until};

use super::plan::Plan;
use super::rule::Direction;
use super::wire::Wire;
use crate::broker::router::{ConnectionKey, Router};
use crate::broker::{Cause, Event};
use crate::codec::{Frame, Output, Packet, Sink, Version};

/// Bytes from the client under way, above which it is not read.
const MAX_INWARD: usize = 1 << 20;

/// The faults of one connection: what stands between its socket and the router.
pub(in crate::broker) struct FaultyLink {
    plan: Rc<Plan>,
    wire: State,
    client_id: Box<str>,
    /// Fires when the wire has something to do.
    sleep: Option<Pin<Box<Sleep>>>,
    /// Packets of the router, before they go onto the wire.
    taken: Output,
    /// The client has closed its side; packets of it may be under way.
    is_gone: bool,
}

enum State {
    /// CONNECT, which says whose connection it is, has not come yet.
    Unknown,
    /// A rule is about this client.
    Faulty(Box<Wire>),
    /// No rule is.
    Sound,
}

impl FaultyLink {
    pub(in crate::broker) fn new(plan: &Rc<Plan>) -> Self {
        Self {
            plan: Rc::clone(plan),
            wire: State::Unknown,
            client_id: Box::default(),
            sleep: None,
            taken: Output::default(),
            is_gone: false,
        }
    }

    /// Whether no fault can happen here.
    pub(in crate::broker) fn is_sound(&self) -> bool {
        matches!(self.wire, State::Sound)
    }

    fn wire(&mut self) -> Option<&mut Wire> {
        match &mut self.wire {
            State::Faulty(wire) => Some(wire),
            State::Unknown | State::Sound => None,
        }
    }

    /// Whether the client is to be read at `now`.
    pub(in crate::broker) fn wants_input(&mut self, now: Instant) -> bool {
        let is_gone = self.is_gone;
        self.wire().is_none_or(|wire| {
            let has_room = wire.bytes(Direction::In) < MAX_INWARD;
            !wire.is_stalled(now) && has_room && !is_gone
        })
    }

    /// A packet of the client.
    pub(in crate::broker) fn receive(
        &mut self,
        now: Instant,
        router: &mut Router,
        key: ConnectionKey,
        frame: Frame<'_>,
    ) {
        if matches!(self.wire, State::Unknown) {
            self.begin(frame);
        }
        match self.wire() {
            Some(wire) => wire.push(now, Direction::In, frame),
            None => router.receive(now, key, frame),
        }
    }

    fn begin(&mut self, frame: Frame<'_>) {
        self.wire = State::Sound;
        if let Ok(Packet::Connect(connect)) = frame.decode(Version::V5)
            && let Some(wire) = Wire::new(&self.plan, connect.client_id, connect.version)
        {
            self.wire = State::Faulty(Box::new(wire));
            self.client_id = connect.client_id.into();
        }
    }

    /// The client has closed its side. Whether that can wait, until its packets have arrived.
    pub(in crate::broker) fn close(&mut self) -> bool {
        self.is_gone = self.is_delivering();
        self.is_gone
    }

    /// Whether packets of the client are still on their way to the router.
    pub(in crate::broker) fn is_delivering(&self) -> bool {
        match &self.wire {
            State::Faulty(wire) => wire.bytes(Direction::In) > 0,
            State::Unknown | State::Sound => false,
        }
    }

    /// Gives the router what has arrived of the client.
    pub(in crate::broker) fn deliver(
        &mut self,
        now: Instant,
        router: &mut Router,
        key: ConnectionKey,
    ) {
        let is_gone = self.is_gone;
        let Some(wire) = self.wire() else { return };
        while let Some(packet) = wire.pop(now, Direction::In) {
            match Frame::parse(&packet, usize::MAX) {
                Ok(Some(frame)) => router.receive(now, key, frame),
                Ok(None) => {}
                Err(violation) => router.on_unreadable(now, key, &violation, &packet),
            }
        }
        let (is_empty, is_cut) = (wire.bytes(Direction::In) == 0, wire.is_cut());
        router.neglect(now, key, wire.is_stalled(now));
        self.report(router);
        if is_cut {
            router.end_in_order(now, key, Cause::Fault);
        } else if is_gone && is_empty {
            router.end_in_order(now, key, Cause::Closed);
        }
    }

    /// Bytes on their way to the client.
    pub(in crate::broker) fn under_way(&self) -> usize {
        match &self.wire {
            State::Faulty(wire) => wire.bytes(Direction::Out),
            State::Unknown | State::Sound => 0,
        }
    }

    /// Takes what the router has for the client, and appends what has arrived there to `output`;
    /// says whether the router had anything.
    pub(in crate::broker) fn take_output(
        &mut self,
        now: Instant,
        router: &mut Router,
        key: ConnectionKey,
        output: &mut Output,
    ) -> bool {
        router.take_output(key, &mut self.taken);
        let has_taken = !self.taken.is_empty();
        let mut packets = Vec::with_capacity(self.taken.len());
        while !self.taken.is_empty() {
            let chunk = self.taken.chunk();
            packets.extend_from_slice(chunk);
            let length = chunk.len();
            self.taken.advance(length);
        }
        self.taken.release();
        let Some(wire) = self.wire() else {
            output.put(&packets);
            return has_taken;
        };
        let mut rest = &packets[..];
        while let Ok(Some(frame)) = Frame::parse(rest, usize::MAX) {
            wire.push(now, Direction::Out, frame);
            rest = &rest[frame.bytes().len()..];
        }
        while let Some(packet) = wire.pop(now, Direction::Out) {
            output.put(&packet);
        }
        let is_cut = wire.is_cut();
        self.report(router);
        if is_cut {
            router.end_connection(now, key, Cause::Fault);
        }
        has_taken
    }

    /// Counts and logs the faults that have happened.
    fn report(&mut self, router: &mut Router) {
        let applied = self.wire().map(Wire::take_applied).unwrap_or_default();
        for fault in applied {
            let Some(planned) = self.plan.rules.get(fault.rule) else {
                continue;
            };
            let faults = &mut router.counters_mut().faults;
            *faults.entry(planned.rule.action.name()).or_default() += 1;
            router.log(&Event::Fault {
                client_id: &self.client_id,
                rule: &planned.rule,
                packet_type: fault.packet_type,
                direction: fault.direction,
            });
        }
    }

    /// Whether the wire has something to do now; if not, the task is woken when it has.
    pub(in crate::broker) fn poll_due(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(due) = self.wire().and_then(|wire| wire.poll_timeout()) else {
            self.sleep = None;
            return false;
        };
        let sleep = match &mut self.sleep {
            Some(sleep) => {
                if sleep.deadline() != due.into() {
                    sleep.as_mut().reset(due.into());
                }
                sleep
            }
            none => none.insert(Box::pin(sleep_until(due.into()))),
        };
        sleep.as_mut().poll(cx).is_ready()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use crate::broker::{Broker, Config, Faults};

    /// A packet has begun to arrive when the CONNECT before it is still delayed.
    #[test]
    fn what_begins_behind_a_delayed_connect_is_not_the_first_packet() {
        let rule = "delay by=100ms direction=in".parse().expect("a rule");
        let faults = Faults {
            rules: vec![rule],
            seed: None,
        };
        let config = Config {
            faults,
            ..Config::default()
        };
        let broker = Broker::start(config).expect("a broker");
        let mut client = TcpStream::connect(broker.addr()).expect("a connection");
        let connect_and_more = b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x00\x00\x02c1\xc0";
        client.write_all(connect_and_more).expect("it is written");
        let mut connack = [0; 4];
        client.read_exact(&mut connack).expect("a CONNACK");
        assert_eq!(connack, [0x20, 2, 0, 0]);
        client.write_all(&[0]).expect("it is written");
        let mut pingresp = [0; 2];
        client.read_exact(&mut pingresp).expect("a PINGRESP");
        broker.shutdown();
    }
}
