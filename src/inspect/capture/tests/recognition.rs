//! Which conversations are MQTT, and who is who in them.

use super::*;

/// What two sides say, without or with its beginning.
fn conversation(ports: [u16; 2], opened: bool, said: &[(usize, &[u8])]) -> Vec<Vec<u8>> {
    let mut tcp = Connection::new(ports[0], ports[1]);
    let mut packets = match opened {
        true => tcp.open(),
        false => Vec::new(),
    };
    for (side, bytes) in said {
        packets.push(tcp.packet(*side, 0, bytes));
    }
    packets
}

fn told(ports: [u16; 2], opened: bool, said: &[(usize, &[u8])]) -> Vec<String> {
    let file = pcap(&conversation(ports, opened, said));
    let told = transcripts(&file, &[7777]);
    told.into_iter().map(|(_, transcript)| transcript).collect()
}

#[test]
fn from_the_beginning_on_any_port() {
    let want = format!(">{}<{}$>$", text(CONNECT), text(CONNACK));
    let said = [(CLIENT, CONNECT), (SERVER, CONNACK)];
    let told = told([50000, 2000], true, &said);
    assert_eq!(told, [want.replace("$>$", ">$<$")]);
    // A byte a segment.
    let bytes: Vec<_> = CONNECT.chunks(1).map(|byte| (CLIENT, byte)).collect();
    let told = super::recognition::told([50000, 2000], true, &bytes);
    assert_eq!(told, [format!(">{}$<$", text(CONNECT))]);
}

#[test]
fn from_the_middle_on_any_port() {
    let want = format!(">[0]{}<[0]{}>$<$", text(PINGREQ), text(PINGRESP));
    let said = [(CLIENT, PINGREQ), (SERVER, PINGRESP)];
    assert_eq!(told([2000, 3000], false, &said), [want]);
    // The end of a packet, twice, before one begins.
    let said = [
        (SERVER, &b"\0\0\xff\xff"[..]),
        (SERVER, b"end of a payload"),
        (SERVER, PUBLISH),
        (SERVER, PUBLISH),
    ];
    let want = format!("<[0]{}{}$", text(PUBLISH), text(PUBLISH));
    assert_eq!(told([50000, 2000], false, &said), [want]);
}

#[test]
fn who_is_who() {
    // By what is said, against the ports.
    let said = [(CLIENT, PINGREQ), (CLIENT, PINGREQ)];
    let pings = text(&[PINGREQ, PINGREQ].concat());
    assert_eq!(told([2000, 50000], false, &said), [format!(">[0]{pings}$")]);
    // By the port of MQTT, and by that of a system's choice.
    for (ports, arrow) in [
        ([50000, 1883], '>'),
        ([1883, 2000], '<'),
        ([2000, 50000], '<'),
        ([50000, 50001], '?'),
    ] {
        let want = format!("{arrow}[0]{}$", text(PUBLISH));
        assert_eq!(told(ports, false, &[(CLIENT, PUBLISH)]), [want]);
    }
}

#[test]
fn other_protocols_are_not_told() {
    let noise: Vec<u8> = (0..4000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    for (client, server) in [
        (
            &b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"[..],
            &b"\x16\x03\x03\0\x7a\x02"[..],
        ),
        (b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n0\r\n"),
        (b"SSH-2.0-a\r\n", b"SSH-2.0-b\r\n"),
        (b"EHLO a\r\n", b"220 example.org ESMTP\r\n"),
        (&noise, &noise),
        (&noise[..30], &noise[50..55]),
    ] {
        for opened in [true, false] {
            let said = [
                (CLIENT, client),
                (SERVER, server),
                (CLIENT, client),
                (SERVER, server),
            ];
            assert_eq!(
                told([50000, 2000], opened, &said),
                [""; 0],
                "{}",
                text(client)
            );
        }
    }
}

#[test]
fn a_port_of_mqtt_needs_no_proof() {
    let said = [(CLIENT, &b"\x55\x55nonsense"[..])];
    assert_eq!(told([50000, 1883], true, &said), [">UUnonsense$<$"]);
    // Not even against appearances, if the user says so.
    let tls = [(CLIENT, &b"\x16\x03\x01\x02\0"[..])];
    assert_eq!(told([50000, 1883], true, &tls), [""; 0]);
    assert_eq!(told([50000, 7777], true, &tls).len(), 1);
}

const UPGRADE: &[u8] =
    b"GET /mqtt HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
const SWITCHING: &[u8] = b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n";

/// In a binary frame, masked with zeroes or not at all.
fn frame(mask: bool, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x82, (u8::from(mask) << 7) | payload.len() as u8];
    frame.extend(vec![0; 4 * usize::from(mask)]);
    frame.extend_from_slice(payload);
    frame
}

#[test]
fn inside_websocket() {
    let (connect, connack) = (frame(true, CONNECT), frame(false, CONNACK));
    let want = format!(">{}<{}>$<$", text(CONNECT), text(CONNACK));
    let plain = String::from_utf8(UPGRADE.to_vec())
        .unwrap()
        .replace("mqtt\r", "\r");
    for upgrade in [UPGRADE, plain.as_bytes()] {
        let said = [
            (CLIENT, &upgrade[..20]),
            (CLIENT, &upgrade[20..]),
            (SERVER, SWITCHING),
            (CLIENT, &connect[..3]),
            (CLIENT, &connect[3..]),
            (SERVER, &connack),
        ];
        assert_eq!(told([50000, 8080], true, &said), [&want[..]]);
    }
    // From the middle.
    let (ping, pong) = (frame(true, PINGREQ), frame(false, PINGRESP));
    let said = [(CLIENT, &b"\xff\xff"[..]), (CLIENT, &ping), (SERVER, &pong)];
    let want = format!(">[0]{}<[0]{}>$<$", text(PINGREQ), text(PINGRESP));
    assert_eq!(told([2000, 3000], false, &said), [want]);
    // Another subprotocol, and no MQTT.
    let said = [
        (CLIENT, plain.as_bytes()),
        (SERVER, SWITCHING),
        (CLIENT, b"\x81\x85\0\0\0\0hello"),
    ];
    assert_eq!(told([50000, 8080], true, &said), [""; 0]);
}

#[test]
fn the_table_is_bounded() {
    let mut packets = Vec::new();
    for client in 1..=30_000 {
        packets.extend(conversation([client, 2000], true, &[(CLIENT, CONNECT)]));
    }
    let mut capture = Capture::new(CaptureOptions::default());
    let (mut begun, mut ended, mut most) = (0_i64, 0_i64, 0);
    let file = pcap(&packets);
    let mut tell = |chunk: Chunk<'_>| {
        match (chunk.origin.direction, chunk.data) {
            (Direction::ToServer, Data::Bytes(_)) => begun += 1,
            (Direction::ToServer, Data::End) => ended += 1,
            _ => {}
        }
        most = most.max(begun - ended);
    };
    let used = capture.read(&file, &mut tell).unwrap();
    capture.finish(&file[used..], &mut tell).unwrap();
    assert_eq!((begun, ended), (30_000, 30_000));
    assert!(most <= 16 * 1024, "{most}");
    let counts = capture.counts();
    assert_eq!(
        (counts.conversations, counts.mqtt_conversations),
        (30_000, 30_000)
    );
}
