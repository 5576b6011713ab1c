//! A client that writes and reads raw bytes, so that the broker is not tested with its own codec.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use mqtk::broker::Broker;

use super::packets::{Connect, PINGREQ, PINGRESP, PUBCOMP, PUBREL, ack, packet};

/// Longer than anything that is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client's end of a Network Connection.
pub struct Client {
    stream: TcpStream,
}

impl Client {
    /// A Network Connection on which nothing has been sent.
    pub fn open(broker: &Broker) -> Self {
        Self::open_at(broker.addr())
    }

    /// The same, to whatever listens there.
    pub fn open_at(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the broker listens");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a timeout can be set");
        stream.set_nodelay(true).expect("TCP_NODELAY can be set");
        Self { stream }
    }

    /// A client whose CONNECT was accepted, without Session Present.
    pub fn connect(broker: &Broker, connect: &Connect) -> Self {
        let (client, session_present) = Self::connect_to_session(broker, connect);
        assert!(!session_present, "the session should be new");
        client
    }

    /// A client whose CONNECT was accepted, with Session Present.
    pub fn resume(broker: &Broker, connect: &Connect) -> Self {
        let (client, session_present) = Self::connect_to_session(broker, connect);
        assert!(session_present, "the session should be there");
        client
    }

    fn connect_to_session(broker: &Broker, connect: &Connect) -> (Self, bool) {
        let mut client = Self::open(broker);
        client.send(&connect.bytes());
        let connack = client.packet();
        assert_eq!(
            (connack[0], connack[3]),
            (0x20, 0),
            "CONNACK {connack:02x?}"
        );
        (client, connack[2] == 1)
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the broker reads");
    }

    /// The next packet, whole.
    pub fn packet(&mut self) -> Vec<u8> {
        self.try_packet()
            .expect("a packet, not the end of the connection")
    }

    fn try_packet(&mut self) -> Option<Vec<u8>> {
        let mut first = [0];
        match self.stream.read(&mut first) {
            Ok(1) => {}
            Ok(_) => return None,
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
            Err(error) => panic!("nothing came: {error}"),
        }
        let (mut body, mut shift) = (0, 0);
        loop {
            let mut byte = [0];
            self.stream
                .read_exact(&mut byte)
                .expect("a Remaining Length");
            body |= usize::from(byte[0] & 0x7F) << shift;
            shift += 7;
            if byte[0] & 0x80 == 0 {
                break;
            }
        }
        let mut bytes = vec![0; body];
        self.stream
            .read_exact(&mut bytes)
            .expect("as much as the Remaining Length says");
        Some(packet(first[0], &bytes))
    }

    /// The next packet has exactly these bytes.
    #[track_caller]
    pub fn expect(&mut self, bytes: &[u8]) {
        let packet = self.packet();
        assert_eq!(packet, bytes, "{packet:02x?} instead of {bytes:02x?}");
    }

    /// Releases a message at QoS 2, which the broker then passes on.
    #[track_caller]
    pub fn release(&mut self, packet_id: u16) {
        self.send(&ack(PUBREL, packet_id));
        self.expect(&ack(PUBCOMP, packet_id));
    }

    /// The next packets are these, in any order.
    #[track_caller]
    pub fn expect_all(&mut self, packets: &[Vec<u8>]) {
        let mut expected = packets.to_vec();
        let mut came: Vec<_> = packets.iter().map(|_| self.packet()).collect();
        expected.sort();
        came.sort();
        assert_eq!(came, expected, "{came:02x?} instead of {expected:02x?}");
    }

    /// Everything that was under way before this call has come: the broker answers in order.
    #[track_caller]
    pub fn expect_nothing(&mut self) {
        self.send(&PINGREQ);
        self.expect(&PINGRESP);
    }

    /// The broker closes the connection without another packet.
    #[track_caller]
    pub fn expect_closed(&mut self) {
        if let Some(packet) = self.try_packet() {
            panic!("{packet:02x?} instead of the end of the connection");
        }
    }

    /// The broker sends DISCONNECT with this Reason Code (MQTT 5.0), then closes.
    #[track_caller]
    pub fn expect_disconnect(&mut self, reason: u8) {
        let packet = self.packet();
        assert_eq!(packet[0], 0xE0, "{packet:02x?} is no DISCONNECT");
        let body = 2 + usize::from(packet[1] >= 0x80);
        assert_eq!(packet[body], reason, "{packet:02x?}");
        self.expect_closed();
    }

    /// Says that nothing more will be sent, without DISCONNECT, and waits until the broker knows.
    pub fn vanish(mut self) {
        self.stream
            .shutdown(Shutdown::Write)
            .expect("the connection is open");
        while self.try_packet().is_some() {}
    }

    /// Sends DISCONNECT and waits until the broker has closed.
    pub fn leave(mut self) {
        self.send(&[0xE0, 0]);
        while self.try_packet().is_some() {}
    }
}
