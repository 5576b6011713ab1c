//! Link layers: from the frame of a network to the IP packet in it.

/// `LINKTYPE_` numbers, as the tcpdump group assigns them.
mod linktype {
    pub const NULL: u16 = 0;
    pub const ETHERNET: u16 = 1;
    pub const PPP: u16 = 9;
    /// Raw IP, as three systems number it.
    pub const RAW_BSD: u16 = 12;
    pub const RAW_OPENBSD: u16 = 14;
    pub const RAW: u16 = 101;
    pub const LOOP: u16 = 108;
    pub const LINUX_SLL: u16 = 113;
    pub const IPV4: u16 = 228;
    pub const IPV6: u16 = 229;
    pub const NFLOG: u16 = 239;
    pub const PKTAP: u16 = 258;
    pub const LINUX_SLL2: u16 = 276;
}

pub(super) use linktype::ETHERNET;

/// What an EtherType says that the payload is.
mod ethertype {
    pub const IPV4: u16 = 0x0800;
    pub const IPV6: u16 = 0x86dd;
    pub const VLAN: u16 = 0x8100;
    pub const PROVIDER_VLAN: u16 = 0x88a8;
    pub const OLD_PROVIDER_VLAN: u16 = 0x9100;
    pub const MPLS: u16 = 0x8847;
    pub const PPPOE: u16 = 0x8864;
}

/// The IP packet in a frame: its first byte says which version.
///
/// `Err`: this kind of network is not known. `Ok(None)`: something else than IP.
#[inline]
pub(super) fn ip_packet(link: u16, frame: &[u8]) -> Result<Option<&[u8]>, u16> {
    Ok(match link {
        linktype::ETHERNET => frame.get(12..).and_then(ethertype),
        linktype::RAW
        | linktype::RAW_BSD
        | linktype::RAW_OPENBSD
        | linktype::IPV4
        | linktype::IPV6 => Some(frame),
        // The number of the address family differs from system to system, IP's version does not.
        linktype::NULL | linktype::LOOP => frame.get(4..),
        linktype::LINUX_SLL => frame.get(14..).and_then(ethertype),
        linktype::LINUX_SLL2 => match (u16_at(frame, 0), frame.get(20..)) {
            (Some(kind), Some(payload)) => of_type(kind, payload),
            _ => None,
        },
        linktype::PPP => frame
            .get(match frame {
                [0xff, 0x03, ..] => 2..,
                _ => 0..,
            })
            .and_then(ppp),
        linktype::NFLOG => nflog(frame),
        linktype::PKTAP => return pktap(frame),
        unknown => return Err(unknown),
    })
}

#[inline]
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|pair| u16::from_be_bytes(*pair))
}

/// An EtherType and what follows it.
#[inline]
fn ethertype(bytes: &[u8]) -> Option<&[u8]> {
    of_type(u16_at(bytes, 0)?, bytes.get(2..)?)
}

/// The IP packet in what an EtherType says that the payload is.
#[inline]
pub(super) fn of_type(kind: u16, payload: &[u8]) -> Option<&[u8]> {
    match kind {
        ethertype::IPV4 | ethertype::IPV6 => Some(payload),
        kind => wrapped(kind, payload),
    }
}

/// IP under tags, labels or PPP.
fn wrapped(mut kind: u16, mut payload: &[u8]) -> Option<&[u8]> {
    loop {
        match kind {
            ethertype::IPV4 | ethertype::IPV6 => return Some(payload),
            ethertype::VLAN | ethertype::PROVIDER_VLAN | ethertype::OLD_PROVIDER_VLAN => {
                kind = u16_at(payload, 2)?;
                payload = payload.get(4..)?;
            }
            ethertype::MPLS => loop {
                let label = *payload.first_chunk::<4>()?;
                payload = payload.get(4..)?;
                if label[2] & 1 == 1 {
                    return Some(payload);
                }
            },
            ethertype::PPPOE => return ppp(payload.get(6..)?),
            _ => return None,
        }
    }
}

/// A PPP protocol number, of one byte or two, and what follows it.
fn ppp(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [0x00, 0x21 | 0x57, packet @ ..] | [0x21 | 0x57, packet @ ..] => Some(packet),
        _ => None,
    }
}

/// What the firewall of Linux logs: a header of four bytes, then attributes with their length and
/// kind, in the order of bytes of nearly all computers that run it. One of them is the packet.
fn nflog(frame: &[u8]) -> Option<&[u8]> {
    const PAYLOAD: u16 = 9;
    let mut attributes = frame.get(4..)?;
    loop {
        let [length, kind] = [0, 2].map(|at| {
            let number = attributes.get(at..)?.first_chunk()?;
            Some(u16::from_le_bytes(*number))
        });
        let length = usize::from(length?);
        if kind? == PAYLOAD {
            return attributes.get(4..length);
        }
        attributes = attributes.get(length.max(4).next_multiple_of(4)..)?;
    }
}

/// What macOS writes before the frame: its own length, and the kind of network.
fn pktap(frame: &[u8]) -> Result<Option<&[u8]>, u16> {
    let number = |at| {
        let bytes = frame.get(at..)?.first_chunk()?;
        usize::try_from(u32::from_le_bytes(*bytes)).ok()
    };
    let (Some(length), Some(link)) = (number(0), number(8)) else {
        return Ok(None);
    };
    match (u16::try_from(link), frame.get(length..)) {
        (Ok(link), Some(frame)) if link != linktype::PKTAP => ip_packet(link, frame),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IP: [u8; 3] = [0x45, 1, 2];

    fn found(link: u16, header: &[u8]) -> bool {
        let frame = [header, &IP].concat();
        let whole = ip_packet(link, &frame) == Ok(Some(&IP[..]));
        for short in 0..header.len() {
            assert_ne!(ip_packet(link, &frame[..short]), Ok(Some(&IP[..])));
        }
        whole
    }

    #[test]
    fn ip_is_found_in_each_kind_of_frame() {
        let ethernet = |rest: &[u8]| [&[7; 12], rest].concat();
        for header in [
            ethernet(&[8, 0]),
            ethernet(&[0x86, 0xdd]),
            ethernet(&[0x81, 0, 0, 5, 8, 0]),
            ethernet(&[0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, 8, 0]),
            ethernet(&[0x91, 0, 0, 5, 0x81, 0, 0, 6, 0x86, 0xdd]),
            ethernet(&[0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64]),
            ethernet(&[0x88, 0x64, 0x11, 0, 0, 1, 0, 9, 0, 0x21]),
        ] {
            assert!(found(1, &header), "{header:x?}");
        }
        assert!(found(0, &[2, 0, 0, 0]));
        assert!(found(108, &[0, 0, 0, 30]));
        assert!(found(9, &[0xff, 3, 0, 0x57]));
        assert!(found(9, &[0x21]));
        assert!(found(101, &[]) && found(12, &[]) && found(228, &[]));
        assert!(found(113, &[&[0; 14][..], &[8, 0]].concat()));
        assert!(found(276, &[&[8, 0][..], &[0; 18]].concat()));
        assert!(found(239, b"\x02\0\0\x01\x05\0\x0a\0x\0\0\0\x07\0\x09\0"));
        let pktap = [&[108, 0, 0, 0, 1, 0, 0, 0, 12, 0, 0, 0][..], &[0; 96]].concat();
        assert!(found(258, &pktap));
    }

    #[test]
    fn what_is_not_ip_is_passed_over() {
        let arp = [&[7; 12][..], &[8, 6], &IP].concat();
        assert_eq!(ip_packet(1, &arp), Ok(None));
        assert_eq!(ip_packet(105, &IP), Err(105));
        // A frame of macOS in a frame of macOS has no end.
        let pktap = [0, 0, 0, 0, 1, 0, 0, 0, 2, 1, 0, 0];
        assert_eq!(ip_packet(258, &pktap), Ok(None));
    }
}
