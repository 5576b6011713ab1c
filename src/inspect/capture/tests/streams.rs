//! From segments to streams: order, loss, overlap, ends.

use super::*;

/// A session: a CONNECT, then these from the Client, and the end. The numbers of both sides wrap.
fn session(published: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut tcp = Connection::new(50000, 2000);
    tcp.next[CLIENT] = 0xffff_fff8;
    let mut packets = tcp.open();
    packets.push(tcp.packet(CLIENT, 0, CONNECT));
    packets.push(tcp.packet(SERVER, 0, CONNACK));
    for bytes in published {
        packets.push(tcp.packet(CLIENT, 0, bytes));
    }
    packets.push(tcp.packet(CLIENT, FIN, b""));
    packets.push(tcp.packet(SERVER, FIN, b""));
    packets
}

/// The transcript of that session.
fn told(published: &[&[u8]]) -> String {
    let all = published.concat();
    format!(">{}<{}>{}$<$", text(CONNECT), text(CONNACK), text(&all))
}

#[test]
fn in_order() {
    let said = [&b"one"[..], b"two", b"three"];
    assert_eq!(transcript(&session(&said)), told(&said));
}

#[test]
fn everything_twice() {
    let said = [&b"one"[..], b"two"];
    let twice: Vec<_> = session(&said)
        .into_iter()
        .flat_map(|p| [p.clone(), p])
        .collect();
    assert_eq!(transcript(&twice), told(&said));
}

#[test]
fn any_order_of_the_middle() {
    let said = [&b"one"[..], b"two", b"three"];
    let packets = session(&said);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut mixed = packets.clone();
        for (at, from) in order.into_iter().enumerate() {
            mixed[5 + at] = packets[5 + from].clone();
        }
        assert_eq!(transcript(&mixed), told(&said), "{order:?}");
        // The end before the middle.
        mixed.swap(7, 8);
        assert_eq!(transcript(&mixed), told(&said), "{order:?}, with the end");
    }
}

#[test]
fn answers_before_what_they_answer() {
    let said = [&b"one"[..], b"two"];
    let packets = session(&said);
    let mut mixed = packets.clone();
    mixed.swap(3, 4);
    assert_eq!(transcript(&mixed), told(&said));
    // All that the Server says, and then all that the Client does.
    let mut mixed = packets.clone();
    mixed[3..].rotate_left(1);
    assert_eq!(transcript(&mixed), told(&said));
}

#[test]
fn what_was_answered_and_lost_is_not_waited_for() {
    let mut tcp = Connection::new(50000, 1883);
    let mut packets = tcp.open();
    tcp.packet(CLIENT, 0, CONNECT);
    packets.push(tcp.packet(SERVER, 0, CONNACK));
    packets.push(tcp.packet(CLIENT, 0, PINGREQ));
    packets.push(tcp.packet(SERVER, 0, PINGRESP));
    let times = [0, 0, 0, 0, 2, 2];
    let timed: Vec<_> = times
        .map(|s| s * 1_000_000_000)
        .into_iter()
        .zip(&packets)
        .collect();
    let told = transcripts(&timed_pcap(&timed), &[]);
    let want = format!(
        "<{}{}>[15]{}$<$",
        text(CONNACK),
        text(PINGRESP),
        text(PINGREQ)
    );
    assert_eq!(told, [(0, want)]);
}

#[test]
fn overlaps_of_all_kinds() {
    let mut tcp = Connection::new(50000, 2000);
    let mut packets = tcp.open();
    packets.push(tcp.packet(CLIENT, 0, CONNECT));
    let at = tcp.next[CLIENT];
    for (offset, bytes) in [
        (0, &b"ab"[..]),
        (1, b"bcd"),
        (6, b"gh"),
        (7, b"hij"),
        (12, b"mn"),
        (5, b"fghijkl"),
        (3, b"de"),
        (0, b"abcdefghijklmno"),
        (2, b""),
    ] {
        tcp.next[CLIENT] = at + offset;
        packets.push(tcp.packet(CLIENT, 0, bytes));
    }
    assert_eq!(
        transcript(&packets),
        format!(">{}abcdefghijklmno$<$", text(CONNECT))
    );
}

#[test]
fn what_is_lost_is_a_gap() {
    let said = [&b"one"[..], b"two", b"three"];
    let mut packets = session(&said);
    packets.remove(6);
    let want = told(&said).replace("twothree$<$", "<$>[3]three$");
    assert_eq!(transcript(&packets), want);
    // At the end only the FIN, or what the other side acknowledged, tells.
    let mut packets = session(&said);
    packets.remove(7);
    assert_eq!(
        transcript(&packets),
        told(&said).replace("three$<$", "<$>[5]$")
    );
    packets.remove(7);
    assert_eq!(
        transcript(&packets),
        told(&said).replace("three$<$", "<$>[6]$")
    );
}

#[test]
fn a_hole_is_waited_for_only_so_long() {
    let said = [&b"one"[..], b"two", b"three", b"four"];
    let mut packets = session(&said);
    packets.truncate(9);
    let two = packets.remove(6);
    let nobody = |at: u64| at * 1_000_000;
    let mut timed: Vec<_> = (0..).map(nobody).zip(&packets).collect();
    // Nothing is acknowledged: the capture may have seen only one side.
    timed[7].0 += 1_500_000_000;
    timed.push((timed[7].0 + 1, &two));
    let told = transcripts(&timed_pcap(&timed), &[]);
    assert!(told[0].1.ends_with(">one[3]threefour$<$"), "{told:?}");
    // The receiver says that it still waits.
    let mut tcp = Connection::new(50000, 2000);
    let mut packets = tcp.open();
    packets.push(tcp.packet(CLIENT, 0, CONNECT));
    let lost = tcp.packet(CLIENT, 0, b"two");
    let mut receiver = tcp.clone();
    receiver.next[CLIENT] -= 3;
    for bytes in [&b"three"[..], b"four"] {
        packets.push(tcp.packet(CLIENT, 0, bytes));
        packets.push(receiver.packet(SERVER, 0, b""));
    }
    packets.push(lost);
    let mut timed: Vec<_> = (0..).map(nobody).zip(&packets).collect();
    for late in &mut timed[6..] {
        late.0 += 5_000_000_000;
    }
    let told = transcripts(&timed_pcap(&timed), &[]);
    assert!(told[0].1.ends_with("atwothreefour$<$"), "{told:?}");
}

#[test]
fn a_snap_length_cuts_each_packet() {
    let said = [&b"onetwo"[..], b"x", b"threefour"];
    let mut packets = session(&said);
    packets[5].truncate(43);
    packets[7].truncate(40);
    let want = told(&said)
        .replace("onetwo", "one[3]")
        .replace("threefour", "[9]");
    assert_eq!(transcript(&packets), want);
}

#[test]
fn a_reset_ends_both_directions() {
    let mut tcp = Connection::new(50000, 2000);
    let mut packets = tcp.open();
    packets.push(tcp.packet(CLIENT, 0, CONNECT));
    packets.push(tcp.packet(SERVER, RST, b""));
    packets.push(tcp.packet(CLIENT, 0, b"late"));
    assert_eq!(transcript(&packets), format!(">{}$<$", text(CONNECT)));
}

#[test]
fn ports_are_used_again() {
    let mut tcp = Connection::new(50000, 2000);
    let mut packets = Vec::new();
    for connection in 0..3 {
        // The second is reset, the third begins while the second is open.
        tcp.next = [1000 + 100_000 * connection, 77 + connection];
        packets.extend(tcp.open());
        let syn = packets[packets.len() - 3].clone();
        packets.push(syn);
        packets.push(tcp.packet(CLIENT, 0, CONNECT));
        if connection == 0 {
            packets.push(tcp.packet(CLIENT, FIN, b""));
            packets.push(tcp.packet(SERVER, FIN, b""));
        }
    }
    let one = format!(">{}$<$", text(CONNECT));
    let told = transcripts(&pcap(&packets), &[]);
    assert_eq!(told, [0, 1, 2].map(|number| (number, one.clone())));
}

#[test]
fn ip_version_6_with_extension_headers() {
    let mut tcp = Connection::new(50000, 2000).v6();
    let mut packets = tcp.open();
    packets.push(tcp.packet(CLIENT, 0, CONNECT));
    assert_eq!(transcript(&packets), format!(">{}$<$", text(CONNECT)));
}

#[test]
fn fragments_of_both_versions_in_any_order() {
    for v6 in [false, true] {
        let mut tcp = Connection::new(50000, 2000);
        tcp.is_v6 = v6;
        let mut packets = tcp.open();
        let whole = tcp.packet(CLIENT, 0, CONNECT);
        let (header, payload) = whole.split_at(if v6 { 48 } else { 20 });
        let parts: Vec<_> = payload.chunks(16).enumerate().collect();
        for (at, part) in parts.iter().rev() {
            let more = at + 1 < parts.len();
            let mut fragment = header.to_vec();
            match v6 {
                false => {
                    fragment[2..4].copy_from_slice(&(20 + part.len() as u16).to_be_bytes());
                    fragment[6] = 0x20 * u8::from(more);
                    fragment[7] = 2 * *at as u8;
                }
                true => {
                    let next = std::mem::replace(&mut fragment[40], 44);
                    fragment[4..6].copy_from_slice(&(16 + part.len() as u16).to_be_bytes());
                    let place = (16 * *at as u16) | u16::from(more);
                    fragment.extend([next, 0]);
                    fragment.extend(place.to_be_bytes());
                    fragment.extend([0, 0, 0, 9]);
                }
            }
            fragment.extend_from_slice(part);
            packets.push(fragment);
        }
        assert_eq!(
            transcript(&packets),
            format!(">{}$<$", text(CONNECT)),
            "{v6}"
        );
    }
}

#[test]
fn tunnels_and_padding() {
    let mut tcp = Connection::new(50000, 2000);
    let mut packets = tcp.open();
    let mut padded = tcp.packet(CLIENT, 0, CONNECT);
    padded.extend([0; 9]);
    packets.push(padded);
    for packet in &mut packets {
        let mut outer = packet[..20].to_vec();
        outer[2..4].copy_from_slice(&(20 + packet.len() as u16).to_be_bytes());
        outer[9] = 4;
        outer.append(packet);
        *packet = outer;
    }
    assert_eq!(transcript(&packets), format!(">{}$<$", text(CONNECT)));
}
