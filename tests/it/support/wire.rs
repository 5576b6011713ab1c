//! Control Packets written and read by hand, so that the tests trust no code of their subject.

/// CONNACK, accepted, for 3.1 and 3.1.1.
pub const CONNACK: [u8; 4] = [0x20, 2, 0, 0];
/// CONNACK, accepted, with Session Present, for 3.1.1.
pub const CONNACK_RESUMED: [u8; 4] = [0x20, 2, 1, 0];
/// CONNACK, accepted, without properties, for 5.0.
pub const CONNACK_V5: [u8; 5] = [0x20, 3, 0, 0, 0];
pub const PINGREQ: [u8; 2] = [0xC0, 0];
pub const PINGRESP: [u8; 2] = [0xD0, 0];
pub const DISCONNECT: [u8; 2] = [0xE0, 0];

pub const CONNECT: u8 = 1;
pub const PUBLISH: u8 = 3;
pub const PUBACK: u8 = 4;
pub const PUBREC: u8 = 5;
pub const PUBREL: u8 = 6;
pub const PUBCOMP: u8 = 7;
pub const SUBSCRIBE: u8 = 8;

/// A Control Packet: the first byte and all that follows the Remaining Length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    pub first: u8,
    pub body: Vec<u8>,
}

impl Packet {
    pub fn kind(&self) -> u8 {
        self.first >> 4
    }

    /// The Packet Identifier of a packet that begins with it.
    pub fn packet_id(&self) -> u16 {
        u16::from_be_bytes([self.body[0], self.body[1]])
    }

    /// The fields of a PUBLISH; `properties`: whether it has (5.0), and then skips, them.
    pub fn publish(&self, properties: bool) -> Publish {
        assert_eq!(self.kind(), PUBLISH, "{self:?} is not a PUBLISH");
        let qos = self.first >> 1 & 3;
        let topic_length = usize::from(self.packet_id());
        let (topic, mut rest) = self.body[2..].split_at(topic_length);
        let mut packet_id = None;
        if qos > 0 {
            packet_id = Some(u16::from_be_bytes([rest[0], rest[1]]));
            rest = &rest[2..];
        }
        if properties {
            rest = &rest[1 + usize::from(rest[0])..];
        }
        Publish {
            dup: self.first & 8 != 0,
            qos,
            retain: self.first & 1 != 0,
            topic: String::from_utf8(topic.to_vec()).expect("a Topic Name is UTF-8"),
            packet_id,
            payload: rest.to_vec(),
        }
    }
}

/// What a PUBLISH says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    pub dup: bool,
    pub qos: u8,
    pub retain: bool,
    pub topic: String,
    pub packet_id: Option<u16>,
    pub payload: Vec<u8>,
}

/// A packet with its Remaining Length.
pub fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    let mut length = body.len();
    loop {
        let byte = (length % 128) as u8;
        length /= 128;
        bytes.push(if length > 0 { byte | 128 } else { byte });
        if length == 0 {
            break;
        }
    }
    bytes.extend_from_slice(body);
    bytes
}

/// CONNACK of 5.0, accepted, with these properties.
pub fn connack_v5(properties: &[u8]) -> Vec<u8> {
    let mut body = vec![0, 0, properties.len() as u8];
    body.extend_from_slice(properties);
    packet(0x20, &body)
}

/// PUBACK, PUBREC, PUBREL or PUBCOMP with success.
pub fn acknowledgement(kind: u8, packet_id: u16) -> Vec<u8> {
    let flags = if kind == PUBREL { 2 } else { 0 };
    packet(kind << 4 | flags, &packet_id.to_be_bytes())
}

/// SUBACK of 3.1.1 to a SUBSCRIBE, with these return codes.
pub fn suback(subscribe: &Packet, codes: &[u8]) -> Vec<u8> {
    let mut body = subscribe.packet_id().to_be_bytes().to_vec();
    body.extend_from_slice(codes);
    packet(0x90, &body)
}

/// SUBACK of 5.0 to a SUBSCRIBE, without properties.
pub fn suback_v5(subscribe: &Packet, codes: &[u8]) -> Vec<u8> {
    let mut body = subscribe.packet_id().to_be_bytes().to_vec();
    body.push(0);
    body.extend_from_slice(codes);
    packet(0x90, &body)
}

/// PUBLISH of 3.1.1; at QoS 0 without the Packet Identifier.
pub fn publish(topic: &str, qos: u8, packet_id: u16, payload: &[u8]) -> Vec<u8> {
    let mut body = (topic.len() as u16).to_be_bytes().to_vec();
    body.extend_from_slice(topic.as_bytes());
    if qos > 0 {
        body.extend_from_slice(&packet_id.to_be_bytes());
    }
    body.extend_from_slice(payload);
    packet(0x30 | qos << 1, &body)
}
