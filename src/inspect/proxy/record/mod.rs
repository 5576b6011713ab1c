//! A capture of what went through: pcapng, with TCP made up around the bytes.
//!
//! What was inside of TLS and WebSocket is recorded as plain MQTT over TCP, which every tool
//! reads. Addresses, ports and times are real; sequence numbers count what was said.

mod headers;

use std::collections::HashMap;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::inspect::{Direction, Origin};
use headers::{ip_header, tcp, tcp_header};

/// The numbers of pcapng.
mod number {
    pub const SECTION_HEADER: u32 = 0x0A0D_0D0A;
    pub const BYTE_ORDER: u32 = 0x1A2B_3C4D;
    pub const INTERFACE_DESCRIPTION: u32 = 1;
    pub const ENHANCED_PACKET: u32 = 6;
    /// Raw IPv4 and IPv6.
    pub const LINKTYPE_RAW: u16 = 101;
    pub const IF_TSRESOL: u16 = 9;
    pub const SHB_USERAPPL: u16 = 4;
}

/// The most that one segment carries: with its headers it fits into an IPv4 packet.
const MAX_SEGMENT: usize = 32 * 1024;

/// Writes a capture.
#[derive(Debug)]
pub struct Recorder<W> {
    out: W,
    connections: HashMap<u32, Connection>,
    block: Vec<u8>,
}

/// A connection that was recorded.
#[derive(Debug)]
struct Connection {
    /// The client and the broker.
    ends: [SocketAddr; 2],
    /// The number of the next byte of each.
    next: [u32; 2],
    ended: [bool; 2],
}

impl<W: Write> Recorder<W> {
    /// A recorder that has written the beginning of the capture.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn new(out: W) -> io::Result<Self> {
        let mut recorder = Recorder {
            out,
            connections: HashMap::new(),
            block: Vec::new(),
        };
        recorder.block(number::SECTION_HEADER, |body| {
            body.extend(number::BYTE_ORDER.to_le_bytes());
            body.extend([1, 0, 0, 0]);
            // The length of the section is not known.
            body.extend([0xFF; 8]);
            option(body, number::SHB_USERAPPL, b"mqtk");
        })?;
        recorder.block(number::INTERFACE_DESCRIPTION, |body| {
            body.extend(number::LINKTYPE_RAW.to_le_bytes());
            body.extend([0; 2 + 4]);
            option(body, number::IF_TSRESOL, &[9]);
        })?;
        Ok(recorder)
    }

    /// Bytes of a direction.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn bytes(&mut self, origin: &Origin, bytes: &[u8]) -> io::Result<()> {
        self.open(origin)?;
        for segment in bytes.chunks(MAX_SEGMENT) {
            self.segment(origin, tcp::PSH | tcp::ACK, segment)?;
            self.advance(origin, segment.len() as u64);
        }
        Ok(())
    }

    /// Notes that `len` bytes of a direction are not recorded.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn left_out(&mut self, origin: &Origin, len: u64) -> io::Result<()> {
        self.open(origin)?;
        self.advance(origin, len);
        Ok(())
    }

    /// A direction has come to its end.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn end(&mut self, origin: &Origin) -> io::Result<()> {
        self.open(origin)?;
        self.segment(origin, tcp::FIN | tcp::ACK, &[])?;
        self.advance(origin, 1);
        let from = sender(origin);
        let over = self
            .connections
            .get_mut(&origin.stream)
            .is_some_and(|connection| {
                if let Some(ended) = connection.ended.get_mut(from) {
                    *ended = true;
                }
                connection.ended == [true; 2]
            });
        if over {
            self.segment(&reversed(origin), tcp::ACK, &[])?;
            self.connections.remove(&origin.stream);
        }
        Ok(())
    }

    /// Writes what waits to be written.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// The handshake of a connection that is new.
    fn open(&mut self, origin: &Origin) -> io::Result<()> {
        if self.connections.contains_key(&origin.stream) {
            return Ok(());
        }
        let connection = Connection {
            ends: ends(origin),
            next: [0; 2],
            ended: [false; 2],
        };
        self.connections.insert(origin.stream, connection);
        let (up, down) = match sender(origin) {
            0 => (*origin, reversed(origin)),
            _ => (reversed(origin), *origin),
        };
        self.segment(&up, tcp::SYN, &[])?;
        self.advance(&up, 1);
        self.segment(&down, tcp::SYN | tcp::ACK, &[])?;
        self.advance(&down, 1);
        self.segment(&up, tcp::ACK, &[])
    }

    fn advance(&mut self, origin: &Origin, len: u64) {
        let connection = self.connections.get_mut(&origin.stream);
        if let Some(next) = connection.and_then(|c| c.next.get_mut(sender(origin))) {
            // Sequence numbers go round.
            *next = next.wrapping_add(len as u32);
        }
    }

    fn segment(&mut self, origin: &Origin, flags: u8, payload: &[u8]) -> io::Result<()> {
        let Some(connection) = self.connections.get(&origin.stream) else {
            return Ok(());
        };
        let ([client, broker], [up, down]) = (connection.ends, connection.next);
        let (src, dst, next, acknowledged) = match sender(origin) {
            0 => (client, broker, up, down),
            _ => (broker, client, down, up),
        };
        let acknowledged = match flags & tcp::ACK {
            0 => 0,
            _ => acknowledged,
        };
        let header = tcp_header(src, dst, next, acknowledged, flags, payload);
        let ip = ip_header(src.ip(), dst.ip(), header.len() + payload.len());
        let len = (ip.len() + header.len() + payload.len()) as u32;
        let time = origin.time.map_or(0, |time| time.0);
        self.block(number::ENHANCED_PACKET, |body| {
            body.extend([0; 4]);
            body.extend(((time >> 32) as u32).to_le_bytes());
            body.extend((time as u32).to_le_bytes());
            body.extend(len.to_le_bytes());
            body.extend(len.to_le_bytes());
            body.extend(&ip);
            body.extend(header);
            body.extend(payload);
            pad(body);
        })
    }

    /// Writes a block between its two lengths.
    fn block(&mut self, kind: u32, write: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        self.block.clear();
        self.block.extend(kind.to_le_bytes());
        self.block.extend([0; 4]);
        write(&mut self.block);
        let len = (self.block.len() as u32 + 4).to_le_bytes();
        self.block.extend(len);
        if let Some(first) = self.block.get_mut(4..8) {
            first.copy_from_slice(&len);
        }
        self.out.write_all(&self.block)
    }
}

/// 0: the client; 1: the broker.
fn sender(origin: &Origin) -> usize {
    usize::from(origin.direction == Direction::ToClient)
}

fn reversed(origin: &Origin) -> Origin {
    let direction = match origin.direction {
        Direction::ToClient => Direction::ToServer,
        Direction::ToServer | Direction::Unknown => Direction::ToClient,
    };
    Origin {
        direction,
        src: origin.dst,
        dst: origin.src,
        ..*origin
    }
}

/// The addresses of client and broker, of one family. A Unix socket gets one that says no more
/// than which conversation it is.
fn ends(origin: &Origin) -> [SocketAddr; 2] {
    let (client, broker) = match sender(origin) {
        0 => (origin.src, origin.dst),
        _ => (origin.dst, origin.src),
    };
    let port = 1024 + (origin.stream % 60_000) as u16;
    let client = client.unwrap_or((Ipv4Addr::LOCALHOST, port).into());
    let broker = broker.unwrap_or((Ipv4Addr::LOCALHOST, 1883).into());
    match client.is_ipv4() == broker.is_ipv4() {
        true => [client, broker],
        false => [client, broker].map(|end| match end.ip() {
            IpAddr::V4(ip) => (ip.to_ipv6_mapped(), end.port()).into(),
            IpAddr::V6(_) => end,
        }),
    }
}

fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    body.extend(code.to_le_bytes());
    body.extend((value.len() as u16).to_le_bytes());
    body.extend(value);
    pad(body);
    // No more options.
    body.extend([0; 4]);
}

fn pad(body: &mut Vec<u8>) {
    body.resize(body.len().next_multiple_of(4), 0);
}

#[cfg(test)]
mod tests {
    use super::headers::checksum;
    use super::*;
    use crate::inspect::Time;

    fn origin(direction: Direction, src: &str, dst: &str) -> Origin {
        Origin {
            stream: 0,
            direction,
            time: Some(Time(1_700_000_000_123_456_789)),
            src: src.parse().ok(),
            dst: dst.parse().ok(),
        }
    }

    /// The bodies of the blocks, with their kinds.
    fn blocks(mut bytes: &[u8]) -> Vec<(u32, Vec<u8>)> {
        let word = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().expect("four bytes"));
        let mut blocks = Vec::new();
        while !bytes.is_empty() {
            let len = word(&bytes[4..8]) as usize;
            assert_eq!(len % 4, 0);
            assert_eq!(word(&bytes[len - 4..len]) as usize, len);
            blocks.push((word(&bytes[..4]), bytes[8..len - 4].to_vec()));
            bytes = &bytes[len..];
        }
        blocks
    }

    #[test]
    fn a_conversation_is_recorded_with_its_tcp() {
        for (a, b, ip) in [
            ("127.0.0.1:5000", "127.0.0.1:1883", 20),
            ("[::1]:5000", "10.0.0.1:1883", 40),
        ] {
            let up = origin(Direction::ToServer, a, b);
            let down = origin(Direction::ToClient, b, a);
            let mut recorder = Recorder::new(Vec::new()).expect("a buffer");
            recorder.bytes(&up, b"hello").expect("a buffer");
            recorder.left_out(&up, 10).expect("a buffer");
            recorder.bytes(&down, b"you").expect("a buffer");
            recorder.end(&up).expect("a buffer");
            recorder.end(&down).expect("a buffer");
            assert!(recorder.connections.is_empty());

            let blocks = blocks(&recorder.out);
            let kinds: Vec<_> = blocks.iter().map(|(kind, _)| *kind).collect();
            assert_eq!(kinds, [0x0A0D_0D0A, 1, 6, 6, 6, 6, 6, 6, 6, 6]);
            let time = 1_700_000_000_123_456_789_u64;
            let mut segments = Vec::new();
            for (_, body) in &blocks[2..] {
                assert_eq!(body[4..8], ((time >> 32) as u32).to_le_bytes());
                assert_eq!(body[8..12], (time as u32).to_le_bytes());
                let len = u32::from_le_bytes(body[12..16].try_into().expect("four"));
                let packet = &body[20..20 + len as usize];
                let tcp = &packet[ip..];
                let sequence = u32::from_be_bytes(tcp[4..8].try_into().expect("four"));
                let port = u16::from_be_bytes([tcp[0], tcp[1]]);
                segments.push((port, sequence, tcp[13], tcp[20..].to_vec()));
                // A sum over what has its own sum in it is nothing.
                let addresses = &packet[if ip == 20 { 12 } else { 8 }..ip];
                let rest = [0, 6, (tcp.len() >> 8) as u8, tcp.len() as u8];
                assert_eq!(checksum(&[addresses, &rest, tcp]), 0);
                if ip == 20 {
                    assert_eq!(checksum(&[&packet[..20]]), 0);
                }
            }
            let expected = [
                (5000, 0, tcp::SYN, &b""[..]),
                (1883, 0, tcp::SYN | tcp::ACK, b""),
                (5000, 1, tcp::ACK, b""),
                (5000, 1, tcp::PSH | tcp::ACK, b"hello"),
                (1883, 1, tcp::PSH | tcp::ACK, b"you"),
                (5000, 16, tcp::FIN | tcp::ACK, b""),
                (1883, 4, tcp::FIN | tcp::ACK, b""),
                (5000, 17, tcp::ACK, b""),
            ];
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(port, sequence, flags, bytes)| (port, sequence, flags, bytes.to_vec()))
                .collect();
            assert_eq!(segments, expected);
        }
    }

    #[test]
    fn large_reads_become_several_segments() {
        let up = origin(Direction::ToServer, "127.0.0.1:1", "127.0.0.1:2");
        let mut recorder = Recorder::new(Vec::new()).expect("a buffer");
        recorder.bytes(&up, &vec![7; 100_000]).expect("a buffer");
        assert_eq!(blocks(&recorder.out).len(), 2 + 3 + 4);
    }
}
