//! Tunnels that carry whole frames or IP packets: GRE (RFC 2784 and 2890) and VXLAN (RFC 7348).

use super::link::{ETHERNET, ip_packet, of_type, u16_at};

/// What GRE carries: an Ethernet frame.
const BRIDGED: u16 = 0x6558;

/// The UDP port of VXLAN.
const VXLAN_PORT: u16 = 4789;

/// The IP packet in what follows an IP header with protocol 47.
pub(super) fn gre(bytes: &[u8]) -> Option<&[u8]> {
    let [flags, version, ..] = bytes else {
        return None;
    };
    if version & 0b111 != 0 {
        return None;
    }
    // Checksum, key and sequence number have four bytes each.
    let options = (flags & 0b1011_0000).count_ones() as usize;
    let payload = bytes.get(4 + 4 * options..)?;
    match u16_at(bytes, 2)? {
        BRIDGED => frame(payload),
        kind => of_type(kind, payload),
    }
}

/// The IP packet in a UDP datagram, if it is one of VXLAN.
pub(super) fn vxlan(datagram: &[u8]) -> Option<&[u8]> {
    match u16_at(datagram, 2)? {
        VXLAN_PORT => frame(datagram.get(8 + 8..)?),
        _ => None,
    }
}

fn frame(bytes: &[u8]) -> Option<&[u8]> {
    ip_packet(ETHERNET, bytes).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: &[u8] = b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0IP";

    #[test]
    fn gre_carries_packets_and_frames() {
        let (plain, key): (&[u8], &[u8]) =
            (b"\0\0\x08\0IP", b"\x30\0\x86\xdd\0\0\0\x01\0\0\0\x02IP");
        assert_eq!(gre(plain), Some(&b"IP"[..]));
        assert_eq!(gre(key), Some(&b"IP"[..]));
        assert_eq!(gre(&[b"\0\0\x65\x58", FRAME].concat()), Some(&b"IP"[..]));
        // PPTP has a version of its own.
        assert_eq!(gre(b"\x30\x01\x88\x0b\0\0\0\x01\0\0\0\x02IP"), None);
        assert_eq!(gre(b"\xb0\0\x08"), None);
    }

    #[test]
    fn vxlan_carries_frames() {
        let header = b"\x12\x34\x12\xb5\0\0\0\0\x08\0\0\0\0\0\x07\0";
        assert_eq!(vxlan(&[header, FRAME].concat()), Some(&b"IP"[..]));
        assert_eq!(vxlan(b"\x12\x34\0\x35\0\0\0\0"), None);
        assert_eq!(vxlan(b"\x12"), None);
    }
}
