//! Captures that are broken in any way.

use proptest::prelude::*;

use super::*;

/// A capture with all there is: opened and caught, both versions of IP, a WebSocket.
fn seed() -> Vec<u8> {
    let mut packets = Vec::new();
    for (port, v6) in [(2000, false), (1883, true)] {
        let mut tcp = Connection::new(50000, port);
        tcp.is_v6 = v6;
        packets.extend(tcp.open());
        for (side, bytes) in [
            (CLIENT, CONNECT),
            (SERVER, CONNACK),
            (CLIENT, PUBLISH),
            (SERVER, PUBLISH),
        ] {
            packets.push(tcp.packet(side, 0, bytes));
        }
        packets.push(tcp.packet(CLIENT, FIN, b""));
    }
    let mut tcp = Connection::new(50001, 8080);
    packets.push(tcp.packet(CLIENT, 0, b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"));
    packets.push(tcp.packet(CLIENT, 0, b"\x82\x82\x01\x02\x03\x04\xc1\x02"));
    packets.push(tcp.packet(SERVER, RST, b"\x82\x02\xd0\x00"));
    pcap(&packets)
}

/// Reads a file in pieces of this size; returns how many bytes were told.
fn read(file: &[u8], piece: usize) -> usize {
    let mut capture = Capture::new(CaptureOptions::default());
    let mut told = 0;
    let mut tell = |chunk: Chunk<'_>| {
        if let Data::Bytes(bytes) = chunk.data {
            told += bytes.len();
        }
    };
    let (mut from, mut to) = (0, 0);
    while to < file.len() {
        to = file.len().min(to + piece);
        match capture.read(&file[from..to], &mut tell) {
            Ok(used) => from += used,
            Err(_) => break,
        }
    }
    let _ = capture.finish(&file[from..to], &mut tell);
    told
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn noise_behind_any_magic(
        magic in prop::sample::select(vec![
            &b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x01\0\0\0"[..],
            b"\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0",
            b"",
        ]),
        noise in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let file = [magic, &noise].concat();
        prop_assert!(read(&file, 64) <= file.len());
    }

    #[test]
    fn mutated_captures(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in any::<prop::sample::Index>(),
        piece in 1..2000_usize,
    ) {
        let mut file = seed();
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        file.truncate(cut.index(file.len()) + 1);
        prop_assert!(read(&file, piece) <= file.len());
    }

    #[test]
    fn pieces_of_any_size_tell_the_same(piece in 1..3000_usize) {
        let file = seed();
        prop_assert_eq!(read(&file, piece), read(&file, usize::MAX / 2));
    }
}
