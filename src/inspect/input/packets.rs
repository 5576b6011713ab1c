//! Dumps of whole network packets: their headers stand before the MQTT.

/// What a dumped network packet begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkLayer {
    /// An Ethernet header.
    Ethernet,
    /// An IPv4 or IPv6 header.
    Ip,
}

/// Whether these bytes are a network packet with TCP in it, and where it begins.
///
/// ```
/// use mqtk::inspect::input::link_layer;
///
/// assert_eq!(link_layer(&[0x10, 0x0c, 0, 4]), None);
/// ```
#[must_use]
pub fn link_layer(bytes: &[u8]) -> Option<LinkLayer> {
    if is_ip(bytes) {
        return Some(LinkLayer::Ip);
    }
    let mut rest = bytes.get(12..)?;
    // One VLAN tag, or two.
    while let [0x81, 0x00, _, _, inner @ ..] | [0x88, 0xa8, _, _, inner @ ..] = rest {
        rest = inner;
    }
    match rest {
        [0x08, 0x00, ip @ ..] | [0x86, 0xdd, ip @ ..] if is_ip(ip) => Some(LinkLayer::Ethernet),
        _ => None,
    }
}

/// Whether an IP header with TCP after it stands here, and its lengths are possible.
fn is_ip(bytes: &[u8]) -> bool {
    const TCP: u8 = 6;
    match *bytes {
        [
            first @ 0x45..=0x4f,
            _,
            high,
            low,
            _,
            _,
            flags,
            _,
            ttl,
            TCP,
            ..,
        ] => {
            let total = usize::from(u16::from_be_bytes([high, low]));
            let header = 4 * usize::from(first & 0x0f);
            bytes.len() >= header + 20
                && total >= header + 20
                && ttl > 0
                && flags & 0x80 == 0
                // A dump may be cut; Ethernet may pad it.
                && (total >= bytes.len() || bytes.len() - total <= 46)
        }
        [0x60..=0x6f, _, _, _, high, low, TCP, hops, ..] => {
            let payload = usize::from(u16::from_be_bytes([high, low]));
            bytes.len() >= 60 && payload >= 20 && hops > 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IPv4 and TCP headers before `payload`.
    fn ipv4(payload: &[u8]) -> Vec<u8> {
        let total = 40 + payload.len() as u8;
        let mut packet = vec![0x45, 0, 0, total, 0, 1, 0x40, 0, 64, 6, 0, 0];
        packet.extend([127, 0, 0, 1, 127, 0, 0, 1]);
        packet.extend([0xc0, 0, 0x07, 0x5b, 0, 0, 0, 1, 0, 0, 0, 1]);
        packet.extend([0x50, 0x18, 2, 0, 0, 0, 0, 0]);
        packet.extend(payload);
        packet
    }

    #[test]
    fn network_packets_are_told_from_mqtt() {
        let ip = ipv4(&[0xc0, 0]);
        assert_eq!(link_layer(&ip), Some(LinkLayer::Ip));
        let tagged = [&[0; 12][..], &[0x81, 0, 0, 7, 0x08, 0], &ip].concat();
        assert_eq!(link_layer(&tagged), Some(LinkLayer::Ethernet));
        let untagged = [&[0; 12][..], &[0x08, 0], &ip].concat();
        assert_eq!(link_layer(&untagged), Some(LinkLayer::Ethernet));
        assert_eq!(link_layer(b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0"), None);
        assert_eq!(link_layer(b""), None);
        for len in 0..ip.len() {
            // A cut one is one as long as its TCP header is there.
            assert_eq!(link_layer(&ip[..len]).is_some(), len >= 40, "{len}");
        }
    }
}
