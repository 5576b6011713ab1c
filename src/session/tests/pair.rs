//! Two Sessions, one for each end, and what tests need to talk to one of them in raw packets.

use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::codec::*;
use crate::session::*;

/// An instant to count from. It is read once; after that, time is what the test says.
#[allow(clippy::disallowed_methods)]
pub fn start() -> Instant {
    Instant::now()
}

pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub fn id(packet_id: u16) -> PacketId {
    PacketId::new(packet_id).unwrap()
}

pub fn message(topic: &str, payload: &str, qos: QoS) -> Rc<Message> {
    let payload = Bytes::copy_from_slice(payload.as_bytes());
    let topic = Rc::from(topic);
    Rc::new(Message::new(
        start(),
        topic,
        payload,
        qos,
        false,
        Properties::EMPTY,
    ))
}

pub fn properties<'a>(list: impl IntoIterator<Item = (PropertyId, Value<'a>)>) -> PropertyBuf {
    let mut properties = PropertyBuf::default();
    properties.extend(list);
    properties
}

/// A CONNECT with Clean Start 0 and, in 5.0, a session that does not expire.
pub struct Opening {
    pub version: Version,
    pub clean_start: bool,
    pub keep_alive: u16,
    pub connect: Vec<(PropertyId, Value<'static>)>,
    pub connack: Vec<(PropertyId, Value<'static>)>,
    pub session_present: bool,
}

impl Opening {
    pub fn new(version: Version) -> Opening {
        let expiry = (PropertyId::SessionExpiryInterval, Value::FourByte(u32::MAX));
        Opening {
            version,
            clean_start: false,
            keep_alive: 0,
            connect: if version == Version::V5 {
                vec![expiry]
            } else {
                Vec::new()
            },
            connack: Vec::new(),
            session_present: false,
        }
    }

    pub fn resumed(version: Version) -> Opening {
        Opening {
            session_present: true,
            ..Opening::new(version)
        }
    }

    pub fn with_connect(mut self, id: PropertyId, value: Value<'static>) -> Opening {
        self.connect.push((id, value));
        self
    }

    pub fn with_connack(mut self, id: PropertyId, value: Value<'static>) -> Opening {
        self.connack.push((id, value));
        self
    }

    /// Lends the packets to `with`.
    pub fn packets<T>(&self, with: impl FnOnce(&Connect<'_>, &Connack<'_>) -> T) -> T {
        let connect = properties(self.connect.iter().copied());
        let connack = properties(self.connack.iter().copied());
        let connect = Connect {
            version: self.version,
            clean_start: self.clean_start,
            keep_alive: self.keep_alive,
            properties: connect.as_properties(),
            client_id: "client",
            will: None,
            username: None,
            password: None,
        };
        let connack = Connack {
            session_present: self.session_present,
            reason: ReasonCode::SUCCESS,
            properties: connack.as_properties(),
        };
        with(&connect, &connack)
    }
}

/// One Session and its output, played against by hand.
pub struct End {
    pub session: Session,
    pub out: Output,
    pub now: Instant,
}

impl End {
    pub fn new(role: Role, config: Config) -> End {
        End {
            session: Session::new(role, config),
            out: Output::default(),
            now: start(),
        }
    }

    /// An open end; nothing is in its output.
    pub fn open(role: Role, opening: &Opening) -> End {
        let mut end = End::new(
            role,
            Config {
                queue_messages: 100,
                queue_bytes: 1 << 20,
                ..Config::default()
            },
        );
        end.reopen(opening);
        end.sent();
        end
    }

    /// A Network Connection; what the end says at its beginning stays in the output.
    pub fn reopen(&mut self, opening: &Opening) {
        self.session.connection_lost();
        self.out.clear();
        opening.packets(|connect, connack| match self.session.role() {
            Role::Client => {
                self.session.connect(self.now, connect, &mut self.out);
                assert!(self.receive(&Packet::Connack(*connack)).is_ok());
            }
            Role::Server => self
                .session
                .accept(self.now, connect, connack, &mut self.out),
        });
        assert!(self.session.is_connected());
    }

    /// Lets the end receive a packet.
    pub fn receive(&mut self, packet: &Packet<'_>) -> Result<Seen, Violation> {
        let mut bytes = Vec::new();
        packet.encode(self.session.version(), &mut bytes);
        self.receive_bytes(&bytes)
    }

    /// Lets the end receive a message at QoS 2 and keep it.
    pub fn keep(&mut self, packet_id: u16, kept: &Rc<Message>) {
        let mut bytes = Vec::new();
        let packet = Packet::Publish(publish(packet_id, QoS::ExactlyOnce, "x"));
        packet.encode(self.session.version(), &mut bytes);
        let frame = Frame::parse(&bytes, usize::MAX).unwrap();
        let frame = frame.expect("a whole packet");
        let event = self.session.receive(self.now, frame, &mut self.out);
        let Ok(Event::Message(received)) = event else {
            panic!("{event:?}");
        };
        let (kept, reason) = (Rc::clone(kept), ReasonCode::SUCCESS);
        self.session.keep(&received, kept, reason, &mut self.out);
    }

    pub fn receive_bytes(&mut self, bytes: &[u8]) -> Result<Seen, Violation> {
        let frame = Frame::parse(bytes, usize::MAX)
            .unwrap()
            .expect("a whole packet");
        let event = self.session.receive(self.now, frame, &mut self.out)?;
        Ok(Seen::of(&event))
    }

    /// Lets the end receive a message and acknowledge it.
    pub fn take(&mut self, packet: &Packet<'_>, reason: ReasonCode) -> Result<Seen, Violation> {
        let mut bytes = Vec::new();
        packet.encode(self.session.version(), &mut bytes);
        let frame = Frame::parse(&bytes, usize::MAX)
            .unwrap()
            .expect("a whole packet");
        let event = self.session.receive(self.now, frame, &mut self.out)?;
        if let Event::Message(received) = &event {
            self.session.acknowledge(received, reason, &mut self.out);
        }
        Ok(Seen::of(&event))
    }

    /// The id of the rule that the peer broke by sending a packet.
    pub fn broken_by(&mut self, packet: &Packet<'_>) -> (&'static str, ReasonCode) {
        let violation = self.receive(packet).expect_err("a violation");
        (violation.id(), violation.reason())
    }

    pub fn publish(&mut self, payload: &str, qos: QoS) -> Outcome {
        let message = message("t", payload, qos);
        self.session
            .publish(self.now, &message, Delivery::new(qos, false), &mut self.out)
    }

    /// The packets in the output, in words; empties it.
    pub fn sent(&mut self) -> Vec<String> {
        let bytes = drain(&mut self.out);
        packets_in(&bytes, self.session.version())
            .iter()
            .map(describe)
            .collect()
    }
}

/// All bytes of an output.
pub fn drain(out: &mut Output) -> Vec<u8> {
    let mut bytes = Vec::new();
    while !out.is_empty() {
        let chunk = out.chunk();
        bytes.extend_from_slice(chunk);
        let taken = chunk.len();
        out.advance(taken);
    }
    bytes
}

pub fn frames_in(mut bytes: &[u8]) -> Vec<Frame<'_>> {
    let mut frames = Vec::new();
    while let Some(frame) = Frame::parse(bytes, usize::MAX).unwrap() {
        bytes = &bytes[frame.bytes().len()..];
        frames.push(frame);
    }
    assert!(bytes.is_empty(), "a packet is cut off");
    frames
}

pub fn packets_in(bytes: &[u8], version: Version) -> Vec<Packet<'_>> {
    frames_in(bytes)
        .iter()
        .map(|frame| frame.decode(version).unwrap())
        .collect()
}

/// A packet in a few words: `PUBLISH 1 q1 dup hello`.
pub fn describe(packet: &Packet<'_>) -> String {
    let name = packet.packet_type().name();
    match packet {
        Packet::Publish(publish) => {
            let id = publish
                .packet_id
                .map_or(String::new(), |id| format!(" {id}"));
            let dup = if publish.dup { " dup" } else { "" };
            let payload = String::from_utf8_lossy(publish.payload);
            format!("{name}{id} q{}{dup} {payload}", publish.qos)
        }
        Packet::Puback(ack) | Packet::Pubrec(ack) | Packet::Pubrel(ack) | Packet::Pubcomp(ack) => {
            match ack.reason {
                ReasonCode::SUCCESS => format!("{name} {}", ack.packet_id),
                reason => format!("{name} {} {reason}", ack.packet_id),
            }
        }
        Packet::Disconnect(disconnect) => format!("{name} {}", disconnect.reason),
        _ => name.to_string(),
    }
}

/// An Event without its borrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    Handled,
    Connected,
    Refused,
    Message { topic: String, payload: String },
    Published(u16, ReasonCode),
    Released,
    Other,
}

impl Seen {
    pub fn of(event: &Event<'_>) -> Seen {
        match event {
            Event::Handled => Seen::Handled,
            Event::Connected(_) => Seen::Connected,
            Event::Refused(_) => Seen::Refused,
            Event::Message(received) => Seen::Message {
                topic: received.topic().to_string(),
                payload: String::from_utf8_lossy(received.publish.payload).into_owned(),
            },
            Event::Published { packet_id, reason } => Seen::Published(packet_id.get(), *reason),
            Event::Released(_) => Seen::Released,
            _ => Seen::Other,
        }
    }
}

pub fn publish<'a>(packet_id: u16, qos: QoS, payload: &'a str) -> Publish<'a> {
    Publish {
        dup: false,
        qos,
        retain: false,
        topic: "t",
        packet_id: PacketId::new(packet_id),
        properties: Properties::EMPTY,
        payload: payload.as_bytes(),
    }
}

pub fn ack(packet_id: u16) -> Ack<'static> {
    ack_with(packet_id, ReasonCode::SUCCESS)
}

pub fn ack_with(packet_id: u16, reason: ReasonCode) -> Ack<'static> {
    Ack {
        packet_id: id(packet_id),
        reason,
        properties: Properties::EMPTY,
    }
}

/// An opening in which the peer of this role announces a property.
pub fn peer_says(role: Role, id: PropertyId, value: Value<'static>) -> Opening {
    let opening = Opening::new(Version::V5);
    match role {
        Role::Client => opening.with_connack(id, value),
        Role::Server => opening.with_connect(id, value),
    }
}

/// An opening in which the end of this role announces a property.
pub fn own_says(role: Role, id: PropertyId, value: Value<'static>) -> Opening {
    let opening = Opening::new(Version::V5);
    match role {
        Role::Client => opening.with_connect(id, value),
        Role::Server => opening.with_connack(id, value),
    }
}
