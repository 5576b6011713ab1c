//! The client against a server in the same task that does what a test tells it, byte by byte.

use std::ops::ControlFlow;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::yield_now;

use super::*;
use crate::codec::{Connack, Publish, QoS};
use crate::session::Received;
use crate::transport::{Address, Target};

const CONNACK: &[u8] = &[0x20, 2, 0, 0];
const CONNACK_V5: &[u8] = &[0x20, 3, 0, 0, 0];
/// PUBLISH at QoS 1 to `a`, Packet Identifier 1.
const MESSAGE: &[u8] = &[0x32, 6, 0, 1, b'a', 0, 1, b'x'];
const MESSAGE_V5: &[u8] = &[0x32, 7, 0, 1, b'a', 0, 1, 0, b'x'];

/// What the handler was told.
#[derive(Default)]
struct Log {
    connected: usize,
    messages: Vec<Vec<u8>>,
    published: Vec<u16>,
    dropped: Vec<String>,
    lost: Vec<String>,
}

impl Handler for Log {
    fn connected(&mut self, _: &Connack<'_>, _: &Session, _: bool) {
        self.connected += 1;
    }

    fn message(&mut self, message: &Received<'_>) -> ControlFlow<()> {
        self.messages.push(message.publish.payload.to_vec());
        ControlFlow::Continue(())
    }

    fn published(&mut self, packet_id: PacketId, _: ReasonCode) {
        self.published.push(packet_id.get());
    }

    fn dropped(&mut self, topic: &str, why: &PublishError) {
        self.dropped.push(format!("{topic}: {why}"));
    }

    fn disconnected(&mut self, why: &Error, _: Duration) {
        self.lost.push(why.to_string());
    }
}

/// A client with its handler, and the listener it connects to.
struct Scene {
    client: Client,
    log: Log,
    listener: TcpListener,
}

impl Scene {
    async fn new(version: Version, change: impl FnOnce(&mut Options)) -> Scene {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut options = Options::new(Target::new(Address::tcp("127.0.0.1", port)));
        options.version = version;
        options.reconnect = Some(Reconnect {
            min_delay: Duration::from_millis(1),
            max_delay: Duration::from_millis(1),
            window: Some(Duration::from_secs(30)),
        });
        change(&mut options);
        let client = Client::new(options).unwrap();
        let log = Log::default();
        Scene {
            client,
            log,
            listener,
        }
    }

    /// Turns until the log is as wanted.
    async fn until(&mut self, wanted: impl Fn(&Log) -> bool) {
        while !wanted(&self.log) {
            self.client.turn(&mut self.log).await.unwrap();
        }
    }

    /// Turns until the client cannot go on.
    async fn error(&mut self) -> Error {
        loop {
            if let Err(error) = self.client.turn(&mut self.log).await {
                return error;
            }
        }
    }

    /// The server's end of the next connection, and its CONNECT, answered with these bytes.
    async fn accept(&mut self, answer: &[u8]) -> (Peer, Vec<u8>) {
        let accepted = async {
            let (stream, _) = self.listener.accept().await.unwrap();
            let mut peer = Peer(stream);
            let connect = peer.packet().await;
            peer.0.write_all(answer).await.unwrap();
            (peer, connect)
        };
        tokio::select! {
            accepted = accepted => accepted,
            () = async { loop { self.client.turn(&mut self.log).await.unwrap() } } => unreachable!(),
        }
    }

    async fn connected(&mut self, answer: &[u8]) -> Peer {
        let (peer, _) = self.accept(answer).await;
        let before = self.log.connected;
        if !self.client.is_connected() {
            self.until(|log| log.connected > before).await;
        }
        peer
    }

    /// The next packet that the client sends.
    async fn packet(&mut self, peer: &mut Peer) -> Vec<u8> {
        tokio::select! {
            packet = peer.packet() => packet,
            () = async { loop { self.client.turn(&mut self.log).await.unwrap() } } => unreachable!(),
        }
    }

    fn publish(&mut self, payload: &'static str) {
        let message = Message {
            topic: "t".into(),
            payload: payload.into(),
            qos: QoS::AtLeastOnce,
            retain: false,
            properties: PropertyBuf::default(),
            expires: None,
        };
        let delivery = Delivery::new(QoS::AtLeastOnce, false);
        self.client.publish(&Rc::new(message), delivery).unwrap();
    }

    async fn close(mut self) {
        let patience = Duration::from_secs(30);
        self.client
            .close(ReasonCode::SUCCESS, patience, &mut self.log)
            .await
            .unwrap();
    }
}

/// The server's end of a connection.
struct Peer(TcpStream);

impl Peer {
    async fn packet(&mut self) -> Vec<u8> {
        self.next().await.expect("a packet")
    }

    /// The next packet, all shorter than 128 bytes; `None` at the end.
    async fn next(&mut self) -> Option<Vec<u8>> {
        let mut packet = vec![0; 2];
        self.0.read_exact(&mut packet).await.ok()?;
        packet.resize(2 + usize::from(packet[1]), 0);
        self.0.read_exact(&mut packet[2..]).await.ok()?;
        Some(packet)
    }

    /// Everything until the client has ended its side.
    async fn rest(mut self) -> Vec<Vec<u8>> {
        let mut packets = Vec::new();
        while let Some(packet) = self.next().await {
            packets.push(packet);
        }
        packets
    }

    async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }
}

fn payloads(packets: &[Vec<u8>]) -> Vec<u8> {
    packets
        .iter()
        .filter_map(|packet| packet.last())
        .copied()
        .collect()
}

#[tokio::test]
async fn what_is_withheld_goes_out_after_its_release_and_before_disconnect() {
    for (is_released, expected) in [
        (true, [&[0x40, 2, 0, 1][..], &[0xe0, 0]].to_vec()),
        (false, [&[0xe0, 0][..]].to_vec()),
    ] {
        let mut scene = Scene::new(Version::V3_1_1, |_| {}).await;
        scene.client.hold_acknowledgements();
        // In one segment with CONNACK: the first read is no exception.
        let (peer, _) = scene.accept(&[CONNACK, MESSAGE].concat()).await;
        scene.until(|log| log.messages.len() == 1).await;
        if is_released {
            scene.client.release();
        }
        let ((), packets) = tokio::join!(scene.close(), peer.rest());
        assert_eq!(packets, expected);
    }
}

#[tokio::test]
async fn a_pause_keeps_alive_and_sends_nothing_that_is_withheld() {
    let mut scene = Scene::new(Version::V3_1_1, |options| options.keep_alive = 1).await;
    scene.client.hold_acknowledgements();
    let (mut peer, _) = scene.accept(&[CONNACK, MESSAGE].concat()).await;
    scene.until(|log| log.messages.len() == 1).await;
    let packet = tokio::select! {
        packet = peer.packet() => packet,
        () = scene.client.pause() => panic!("the connection stands"),
    };
    assert_eq!(packet, [0xc0, 0]);
    scene.client.release();
    assert_eq!(scene.packet(&mut peer).await, [0x40, 2, 0, 1]);
}

#[tokio::test]
async fn a_violation_is_answered_without_what_is_withheld() {
    let mut scene = Scene::new(Version::V5, |_| {}).await;
    scene.client.hold_acknowledgements();
    let (peer, _) = scene
        .accept(&[CONNACK_V5, MESSAGE_V5, &[0x00, 0x00]].concat())
        .await;
    let error = scene.error().await;
    assert!(matches!(error, Error::Violation(_)), "{error}");
    assert_eq!(scene.log.messages, [b"x"], "what came before counts");
    drop(scene);
    let packets = peer.rest().await;
    assert_eq!(packets.len(), 1, "{packets:02x?}");
    assert_eq!(packets[0][0], 0xe0);
}

#[tokio::test]
async fn a_turn_may_be_dropped_at_any_time() {
    let mut scene = Scene::new(Version::V3_1_1, |_| {}).await;
    let mut peer = scene.connected(CONNACK).await;
    let stream = [MESSAGE, MESSAGE, &[0x30, 4, 0, 1, b'a', b'y']].concat();
    for byte in stream {
        peer.send(&[byte]).await;
        for _ in 0..3 {
            tokio::select! {
                biased;
                turn = scene.client.turn(&mut scene.log) => turn.unwrap(),
                () = yield_now() => {}
            }
        }
    }
    scene.until(|log| log.messages.len() == 3).await;
    assert_eq!(scene.log.messages, [b"x", b"x", b"y"]);
    for _ in 0..2 {
        assert_eq!(scene.packet(&mut peer).await, [0x40, 2, 0, 1]);
    }
}

#[tokio::test]
async fn a_broker_that_only_answers_pings_is_found_out() {
    let mut scene = Scene::new(Version::V3_1_1, |options| {
        options.keep_alive = 1;
        options.ack_timeout = Duration::from_millis(700);
        options.reconnect = None;
    })
    .await;
    let mut peer = scene.connected(CONNACK).await;
    scene.publish("x");
    let serve = async {
        while let Some(packet) = peer.next().await {
            if packet[0] == 0xc0 {
                peer.send(&[0xd0, 0]).await;
            }
        }
        std::future::pending().await
    };
    let error = tokio::select! {
        error = scene.error() => error,
        () = serve => unreachable!(),
    };
    assert!(
        error
            .to_string()
            .contains("no acknowledgement within 0.7 s"),
        "{error}"
    );
}

#[tokio::test]
async fn a_broker_that_reads_nothing_is_found_out_at_qos_0() {
    let mut scene = Scene::new(Version::V3_1_1, |options| {
        options.keep_alive = 0;
        options.ack_timeout = Duration::from_millis(300);
        options.reconnect = None;
    })
    .await;
    let _peer = scene.connected(CONNACK).await;
    let payload = vec![0; 60_000];
    let error = loop {
        while scene.client.can_publish() {
            let publish = Publish {
                dup: false,
                qos: QoS::AtMostOnce,
                retain: false,
                topic: "t",
                packet_id: None,
                properties: Properties::EMPTY,
                payload: &payload,
            };
            scene.client.publish_at_most_once(&publish).unwrap();
        }
        if let Err(error) = scene.client.turn(&mut scene.log).await {
            break error;
        }
    };
    assert!(
        error.to_string().contains("has read nothing for 0.3 s"),
        "{error}"
    );
}

#[tokio::test]
async fn what_the_broker_forgot_is_sent_again_in_its_first_order() {
    let mut scene = Scene::new(Version::V5, |_| {}).await;
    let mut peer = scene.connected(CONNACK_V5).await;
    for payload in ["1", "2", "3"] {
        scene.publish(payload);
    }
    for _ in 0..3 {
        scene.packet(&mut peer).await;
    }
    drop(peer);
    // A Receive Maximum of 1: the others wait when the connection is lost again.
    let mut peer = scene.connected(&[0x20, 6, 0, 0, 3, 0x21, 0, 1]).await;
    assert_eq!(scene.packet(&mut peer).await.last(), Some(&b'1'));
    drop(peer);
    let mut peer = scene.connected(CONNACK_V5).await;
    let mut packets = Vec::new();
    for _ in 0..3 {
        packets.push(scene.packet(&mut peer).await);
    }
    assert_eq!(payloads(&packets), b"123");
    assert_eq!(scene.client.unacknowledged(), 3);
    assert_eq!(scene.log.lost.len(), 2);
}

#[tokio::test]
async fn what_the_broker_no_longer_takes_is_told() {
    let mut scene = Scene::new(Version::V5, |_| {}).await;
    let mut peer = scene.connected(CONNACK_V5).await;
    scene.publish("x");
    scene.packet(&mut peer).await;
    drop(peer);
    // Maximum QoS 0.
    scene.accept(&[0x20, 5, 0, 0, 2, 0x24, 0]).await;
    scene.until(|log| !log.dropped.is_empty()).await;
    assert_eq!(scene.log.dropped, ["t: the broker supports QoS 0 at most"]);
    assert_eq!(scene.client.unacknowledged(), 0);
}

#[tokio::test]
async fn an_assigned_client_identifier_is_used_again() {
    let mut scene = Scene::new(Version::V5, |_| {}).await;
    let peer = scene
        .connected(&[0x20, 8, 0, 0, 5, 0x12, 0, 2, b'm', b'e'])
        .await;
    drop(peer);
    let (_peer, connect) = scene.accept(CONNACK_V5).await;
    assert!(connect.ends_with(b"\0\x02me"), "{connect:02x?}");
    assert_eq!(connect[9] & 2, 0, "Clean Start only once");
}

#[tokio::test]
async fn a_broker_that_ends_the_connection_with_its_connack_is_come_back_to() {
    let mut scene = Scene::new(Version::V5, |_| {}).await;
    // DISCONNECT in the same segment: Server shutting down.
    let answer = [CONNACK_V5, &[0xe0, 1, 0x8b]].concat();
    let (_first, _) = scene.accept(&answer).await;
    scene.until(|log| !log.lost.is_empty()).await;
    assert_eq!(scene.log.connected, 1);
    scene.connected(CONNACK_V5).await;
}

#[tokio::test]
async fn what_the_broker_said_before_it_closed_beats_a_failed_write() {
    let mut scene = Scene::new(Version::V5, |options| options.reconnect = None).await;
    let mut peer = scene.connected(CONNACK_V5).await;
    scene.publish("unread");
    let turned = scene.client.turn(&mut scene.log).await;
    turned.unwrap();
    scene.publish("too late");
    // DISCONNECT, Session taken over; and a reset, since a message was not read.
    peer.send(&[0xe0, 2, 0x8e, 0]).await;
    drop(peer);
    let error = scene.error().await;
    assert!(matches!(error, Error::Disconnected(_)), "{error}");
}

#[tokio::test]
async fn a_connection_that_ends_before_connack_says_what_may_be_wrong() {
    for (answer, expected) in [
        (&[][..], "does it want TLS"),
        (&[0x15, 3, 3, 0, 2, 2, 70], "TLS"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP"),
        (&[0x30, 3, 0, 1, b'a'], "no MQTT broker"),
    ] {
        let mut scene = Scene::new(Version::V3_1_1, |_| {}).await;
        let (peer, _) = scene.accept(answer).await;
        drop(peer);
        let error = scene.error().await.to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn a_first_connection_is_not_tried_again() {
    let scene = Scene::new(Version::V3_1_1, |_| {}).await;
    let Scene {
        mut client,
        mut log,
        listener,
    } = scene;
    drop(listener);
    let error = loop {
        if let Err(error) = client.turn(&mut log).await {
            break error;
        }
    };
    assert!(matches!(error, Error::Connect(_)), "{error}");
    assert!(log.lost.is_empty());
}

#[tokio::test]
async fn a_request_that_does_not_fit_is_not_awaited() {
    let mut scene = Scene::new(Version::V5, |_| {}).await;
    // Maximum Packet Size 10.
    let _peer = scene
        .connected(&[0x20, 8, 0, 0, 5, 0x27, 0, 0, 0, 10])
        .await;
    let filter = "a/long/topic/filter";
    let options = SubscriptionOptions::default();
    let client = &mut scene.client;
    assert_eq!(
        client.subscribe(&[(filter, options)], Properties::EMPTY),
        None
    );
    assert_eq!(client.unsubscribe(&[filter], Properties::EMPTY), None);
    let Phase::Open(open) = &client.phase else {
        panic!("the connection stands");
    };
    assert_eq!(open.requests, 0);
}
