//! Control Packets by hand, of MQTT 3.1.1 (4) and 5.0 (5).

use std::ops::Range;

fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![first];
    let mut length = body.len();
    while length > 127 {
        packet.push(length as u8 | 0x80);
        length >>= 7;
    }
    packet.push(length as u8);
    packet.extend_from_slice(body);
    packet
}

fn string(body: &mut Vec<u8>, text: &str) {
    body.extend((text.len() as u16).to_be_bytes());
    body.extend(text.as_bytes());
}

fn no_properties(body: &mut Vec<u8>, version: u8) {
    if version == 5 {
        body.push(0);
    }
}

/// CONNECT with Clean Start and a Keep Alive of ten minutes.
pub fn connect(version: u8, client_id: &str) -> Vec<u8> {
    let mut body = b"\x00\x04MQTT".to_vec();
    body.extend([version, 2]);
    body.extend(600_u16.to_be_bytes());
    no_properties(&mut body, version);
    string(&mut body, client_id);
    packet(0x10, &body)
}

pub const DISCONNECT: [u8; 2] = [0xE0, 0];

/// SUBSCRIBE to some filters.
pub fn subscribe(version: u8, qos: u8, filters: &[String]) -> Vec<u8> {
    let mut body = vec![0, 1];
    no_properties(&mut body, version);
    for filter in filters {
        string(&mut body, filter);
        body.push(qos);
    }
    packet(0x82, &body)
}

/// PUBLISH of so many bytes, of which the first four are the publisher's number.
pub fn publish(version: u8, qos: u8, topic: &str, publisher: u32, size: usize) -> Publish {
    let mut body = Vec::new();
    string(&mut body, topic);
    let id = 2 + body.len();
    if qos > 0 {
        body.extend([0, 0]);
    }
    no_properties(&mut body, version);
    body.extend(publisher.to_be_bytes());
    body.resize(body.len() + size - 4, b'x');
    Publish {
        bytes: packet(0x30 | qos << 1, &body),
        id: (qos > 0).then_some(id..id + 2),
    }
}

/// A PUBLISH with a place for the Packet Identifier.
pub struct Publish {
    bytes: Vec<u8>,
    id: Option<Range<usize>>,
}

impl Publish {
    pub fn write(&mut self, output: &mut Vec<u8>, packet_id: u16) {
        if let Some(id) = &self.id {
            self.bytes[id.clone()].copy_from_slice(&packet_id.to_be_bytes());
        }
        output.extend_from_slice(&self.bytes);
    }
}

/// PUBACK, PUBREC, PUBREL or PUBCOMP.
pub fn acknowledge(output: &mut Vec<u8>, first: u8, packet_id: [u8; 2]) {
    output.extend([first, 2, packet_id[0], packet_id[1]]);
}

/// The first whole packet: its first byte, its body, and how long all of it is.
pub fn first(input: &[u8]) -> Option<(u8, &[u8], usize)> {
    let (mut length, mut at) = (0, 1);
    loop {
        let byte = *input.get(at)?;
        length |= usize::from(byte & 0x7F) << (7 * (at - 1));
        at += 1;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let body = input.get(at..at + length)?;
    Some((input[0], body, at + length))
}
