//! Two Sessions joined by a pipe that is cut at each packet of the handshakes in turn: QoS 1
//! arrives at least once, QoS 2 exactly once, in order (sections 4.3, 4.4 and 4.6).

use super::pair::*;
use crate::codec::*;
use crate::session::*;

/// Both ends, and what their applications saw.
struct Pipe {
    client: End,
    server: End,
    version: Version,
    /// Packets until the connection is cut; the one at which it is cut is lost.
    cuts: Vec<usize>,
    received: Vec<String>,
    published: Vec<(u16, ReasonCode)>,
}

impl Pipe {
    fn new(version: Version, cuts: &[usize]) -> Pipe {
        let mut pipe = Pipe {
            client: End::new(Role::Client, Config::default()),
            server: End::new(
                Role::Server,
                Config {
                    queue_messages: 10,
                    queue_bytes: 1000,
                    ..Config::default()
                },
            ),
            version,
            cuts: cuts.iter().rev().copied().collect(),
            received: Vec::new(),
            published: Vec::new(),
        };
        pipe.join(false);
        pipe
    }

    fn end(&mut self, role: Role) -> &mut End {
        match role {
            Role::Client => &mut self.client,
            Role::Server => &mut self.server,
        }
    }

    /// A new Network Connection.
    fn join(&mut self, session_present: bool) {
        let opening = Opening {
            session_present,
            ..Opening::new(self.version)
        };
        for end in [&mut self.client, &mut self.server] {
            end.session.connection_lost();
            end.out.clear();
        }
        opening.packets(|connect, connack| {
            self.client
                .session
                .connect(self.client.now, connect, &mut self.client.out);
            self.client.out.clear();
            self.server
                .session
                .accept(self.server.now, connect, connack, &mut self.server.out);
        });
    }

    /// Moves packets until both ends are silent, over as many connections as it takes.
    fn run(&mut self) {
        for _ in 0..200 {
            let moved = [Role::Client, Role::Server].map(|from| self.carry(from));
            match moved {
                [Some(0), Some(0)] => return,
                [None, _] | [_, None] => self.join(true),
                _ => {}
            }
        }
        panic!("the handshake does not end");
    }

    /// Carries what one end has written to the other. `None`: the connection is cut.
    fn carry(&mut self, from: Role) -> Option<usize> {
        let to = if from == Role::Client {
            Role::Server
        } else {
            Role::Client
        };
        let bytes = drain(&mut self.end(from).out);
        let mut moved = 0;
        for frame in frames_in(&bytes) {
            // CONNECT and CONNACK are not part of the handshake.
            if frame.packet_type() != PacketType::Connack {
                match self.cuts.last_mut() {
                    Some(0) => {
                        self.cuts.pop();
                        return None;
                    }
                    Some(left) => *left -= 1,
                    None => {}
                }
            }
            let end = self.end(to);
            let event = end.session.receive(end.now, frame, &mut end.out).unwrap();
            match event {
                Event::Message(received) => {
                    end.session
                        .acknowledge(&received, ReasonCode::SUCCESS, &mut end.out);
                    let payload = String::from_utf8_lossy(received.publish.payload);
                    self.received.push(payload.into_owned());
                }
                Event::Published { packet_id, reason } => {
                    self.published.push((packet_id.get(), reason));
                }
                _ => {}
            }
            moved += 1;
        }
        Some(moved)
    }
}

/// Sends messages over a pipe with these cuts and checks what arrives. `true`: all cuts were made.
fn check(version: Version, from: Role, levels: &[QoS], cuts: &[usize]) -> bool {
    let mut pipe = Pipe::new(version, cuts);
    pipe.run();
    let names: Vec<String> = (0..levels.len()).map(|n| format!("message {n}")).collect();
    for (name, qos) in names.iter().zip(levels) {
        let outcome = pipe.end(from).publish(name, *qos);
        assert!(matches!(outcome, Outcome::Sent(Some(_))), "{outcome:?}");
    }
    pipe.run();

    let context = format!("{version} from {from:?} {levels:?} cut at {cuts:?}");
    for (name, qos) in names.iter().zip(levels) {
        let times = pipe
            .received
            .iter()
            .filter(|received| *received == name)
            .count();
        match qos {
            QoS::ExactlyOnce => assert_eq!(times, 1, "{context}: {:?}", pipe.received),
            _ => assert!(times >= 1, "{context}: {:?}", pipe.received),
        }
    }
    let mut in_order = Vec::new();
    for name in &pipe.received {
        if !in_order.contains(name) {
            in_order.push(name.clone());
        }
    }
    assert_eq!(in_order, names, "{context}: {:?}", pipe.received);

    let mut done = pipe.published.clone();
    done.sort_by_key(|(packet_id, _)| *packet_id);
    let all: Vec<_> = (1..=levels.len() as u16)
        .map(|id| (id, ReasonCode::SUCCESS))
        .collect();
    assert_eq!(done, all, "{context}: each message is done once, and well");
    assert!(
        pipe.client.session.is_idle() && pipe.server.session.is_idle(),
        "{context}"
    );
    pipe.cuts.is_empty()
}

const MIXES: [&[QoS]; 4] = [
    &[QoS::AtLeastOnce],
    &[QoS::ExactlyOnce],
    &[QoS::AtLeastOnce, QoS::AtLeastOnce, QoS::AtLeastOnce],
    &[QoS::ExactlyOnce, QoS::ExactlyOnce, QoS::ExactlyOnce],
];

#[test]
fn a_cut_at_each_packet_loses_and_doubles_nothing() {
    for version in Version::ALL {
        for from in [Role::Client, Role::Server] {
            for levels in MIXES {
                let cuts = (0..)
                    .take_while(|cut| check(version, from, levels, &[*cut]))
                    .count();
                let packets = if levels[0] == QoS::AtLeastOnce { 2 } else { 4 };
                assert_eq!(cuts, packets * levels.len(), "every packet was lost once");
            }
        }
    }
}

#[test]
fn two_cuts_lose_and_double_nothing() {
    for version in Version::ALL {
        for from in [Role::Client, Role::Server] {
            for levels in MIXES {
                for first in (0..).take_while(|cut| check(version, from, levels, &[*cut])) {
                    for second in 0.. {
                        if !check(version, from, levels, &[first, second]) {
                            break;
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn mixed_levels_survive_cuts_too() {
    let levels = [
        QoS::ExactlyOnce,
        QoS::AtLeastOnce,
        QoS::ExactlyOnce,
        QoS::AtLeastOnce,
    ];
    for version in Version::ALL {
        for from in [Role::Client, Role::Server] {
            for first in 0..14 {
                for second in 0..14 {
                    check(version, from, &levels, &[first, second]);
                }
            }
        }
    }
}

// What a server forgot is handed back to the client, whatever step it had reached, and nothing
// else: MQTT-3.2.2-5.
#[test]
fn messages_that_the_server_forgot_are_lost_not_gone() {
    for version in [Version::V3_1_1, Version::V5] {
        for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
            for cut in 0..4 {
                let mut pipe = Pipe::new(version, &[]);
                pipe.run();
                assert!(matches!(pipe.client.publish("x", qos), Outcome::Sent(_)));
                for step in 0..cut {
                    pipe.carry(if step % 2 == 0 {
                        Role::Client
                    } else {
                        Role::Server
                    });
                }
                pipe.join(false);
                pipe.run();
                let lost = pipe.client.session.take_lost();
                assert_eq!(
                    lost.len() + pipe.published.len(),
                    1,
                    "{version} {qos} {cut}"
                );
                assert!(pipe.client.session.is_idle());
                for (message, delivery) in lost {
                    assert_eq!((&message.payload[..], delivery.qos), (&b"x"[..], qos));
                }
            }
        }
    }
}
