//! IP and TCP headers.

use std::net::{IpAddr, SocketAddr};

/// TCP's flags.
pub(super) mod tcp {
    pub const FIN: u8 = 1;
    pub const SYN: u8 = 2;
    pub const PSH: u8 = 8;
    pub const ACK: u8 = 16;
}

/// TCP, in the header of IP.
const TCP: u8 = 6;

/// The header of an IP packet that carries `len` bytes of TCP.
pub(super) fn ip_header(src: IpAddr, dst: IpAddr, len: usize) -> Vec<u8> {
    match (src, dst) {
        (IpAddr::V4(src), IpAddr::V4(dst)) => {
            let total = (20 + len) as u16;
            let mut header = vec![0x45, 0];
            header.extend(total.to_be_bytes());
            // No identification, not to be fragmented, time to live.
            header.extend([0, 0, 0x40, 0, 64, TCP, 0, 0]);
            header.extend(src.octets());
            header.extend(dst.octets());
            let sum = checksum(&[&header]).to_be_bytes();
            if let Some(field) = header.get_mut(10..12) {
                field.copy_from_slice(&sum);
            }
            header
        }
        (src, dst) => {
            let mut header = vec![0x60, 0, 0, 0];
            header.extend((len as u16).to_be_bytes());
            header.extend([TCP, 64]);
            for ip in [src, dst] {
                header.extend(v6(ip));
            }
            header
        }
    }
}

fn v6(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
        IpAddr::V6(ip) => ip.octets(),
    }
}

/// The header of a TCP segment.
pub(super) fn tcp_header(
    src: SocketAddr,
    dst: SocketAddr,
    sequence: u32,
    acknowledged: u32,
    flags: u8,
    payload: &[u8],
) -> [u8; 20] {
    let mut header = [0; 20];
    let fields = [
        &src.port().to_be_bytes()[..],
        &dst.port().to_be_bytes(),
        &sequence.to_be_bytes(),
        &acknowledged.to_be_bytes(),
        // Five words of header, and the largest window.
        &[0x50, flags, 0xFF, 0xFF],
    ]
    .concat();
    for (byte, field) in header.iter_mut().zip(fields) {
        *byte = field;
    }
    let len = (header.len() + payload.len()) as u32;
    let addresses = match (src.ip(), dst.ip()) {
        (IpAddr::V4(src), IpAddr::V4(dst)) => [src.octets(), dst.octets()].concat(),
        (src, dst) => [v6(src), v6(dst)].concat(),
    };
    let rest = [&len.to_be_bytes()[..], &[0, 0, 0, TCP]].concat();
    let sum = checksum(&[&addresses, &rest, &header, payload]).to_be_bytes();
    if let Some(field) = header.get_mut(16..18) {
        field.copy_from_slice(&sum);
    }
    header
}

/// The Internet checksum; all parts but the last have an even length.
pub(super) fn checksum(parts: &[&[u8]]) -> u16 {
    let mut sum = 0_u64;
    for part in parts {
        let (pairs, rest) = part.as_chunks::<2>();
        sum += pairs
            .iter()
            .map(|pair| u64::from(u16::from_be_bytes(*pair)))
            .sum::<u64>();
        sum += rest.iter().map(|byte| u64::from(*byte) << 8).sum::<u64>();
    }
    while sum > 0xFFFF {
        sum = (sum >> 16) + (sum & 0xFFFF);
    }
    !(sum as u16)
}
