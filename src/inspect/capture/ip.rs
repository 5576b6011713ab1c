//! IP and TCP headers: from an IP packet to the TCP segment in it.

use core::net::{IpAddr, SocketAddr};

use etherparse::{IpNumber, Ipv6ExtensionSlice, LaxIpSlice, TcpSlice};

use super::fragments::{Fragment, Fragments};
use super::tunnel;
use crate::inspect::Time;

/// Tunnels within tunnels go no deeper.
const MAX_TUNNELS: usize = 4;

/// A TCP segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    pub src: SocketAddr,
    pub dst: SocketAddr,
    /// The number of its first byte, or of the SYN before it.
    pub sequence: u32,
    /// What was received of the other direction: all before this number.
    pub acknowledged: Option<u32>,
    pub syn: bool,
    pub fin: bool,
    pub rst: bool,
    pub payload: &'a [u8],
    /// How much of the payload was not captured: it would follow.
    pub missing: usize,
}

/// The TCP segment in an IP packet, or in the fragments that this packet completes.
#[inline]
pub(super) fn segment<'a>(
    packet: &'a [u8],
    time: Option<Time>,
    fragments: &'a mut Fragments,
) -> Option<Segment<'a>> {
    let mut packet = packet;
    for _ in 0..=MAX_TUNNELS {
        let (ip, _) = LaxIpSlice::from_slice(packet).ok()?;
        let payload = ip.payload();
        let (src, dst) = (ip.source_addr(), ip.destination_addr());
        if payload.fragmented {
            let fragment = fragment(&ip, src, dst)?;
            return tcp(src, dst, fragments.add(fragment, time)?, 0);
        }
        match payload.ip_number {
            IpNumber::TCP => {
                let missing = match payload.incomplete {
                    true => length_of(&ip).saturating_sub(packet.len()),
                    false => 0,
                };
                return tcp(src, dst, payload.payload, missing);
            }
            IpNumber::IPV4 | IpNumber::IPV6 => packet = payload.payload,
            IpNumber::GRE => packet = tunnel::gre(payload.payload)?,
            IpNumber::UDP => packet = tunnel::vxlan(payload.payload)?,
            _ => return None,
        }
    }
    None
}

/// The length of the whole packet, as its header says it.
fn length_of(ip: &LaxIpSlice<'_>) -> usize {
    match ip {
        LaxIpSlice::Ipv4(ip) => ip.header().total_len().into(),
        LaxIpSlice::Ipv6(ip) => 40 + usize::from(ip.header().payload_length()),
    }
}

#[inline]
fn tcp(src: IpAddr, dst: IpAddr, bytes: &[u8], missing: usize) -> Option<Segment<'_>> {
    let tcp = TcpSlice::from_slice(bytes).ok()?;
    Some(Segment {
        src: SocketAddr::new(src, tcp.source_port()),
        dst: SocketAddr::new(dst, tcp.destination_port()),
        sequence: tcp.sequence_number(),
        acknowledged: tcp.ack().then(|| tcp.acknowledgment_number()),
        syn: tcp.syn(),
        fin: tcp.fin(),
        rst: tcp.rst(),
        payload: tcp.payload(),
        missing,
    })
}

/// What the headers say of a fragment; `None` unless it is one of TCP.
fn fragment<'a>(ip: &LaxIpSlice<'a>, src: IpAddr, dst: IpAddr) -> Option<Fragment<'a>> {
    let payload = ip.payload();
    if payload.ip_number != IpNumber::TCP || payload.incomplete {
        return None;
    }
    let (id, offset, more) = match ip {
        LaxIpSlice::Ipv4(ip) => {
            let header = ip.header();
            (
                header.identification().into(),
                header.fragments_offset(),
                header.more_fragments(),
            )
        }
        LaxIpSlice::Ipv6(ip) => {
            let header = ip.extensions().clone().into_iter();
            let header = header.filter_map(|extension| match extension {
                Ipv6ExtensionSlice::Fragment(header) => Some(header),
                _ => None,
            });
            let header = header.last()?;
            (
                header.identification(),
                header.fragment_offset(),
                header.more_fragments(),
            )
        }
    };
    Some(Fragment {
        id: (src, dst, id),
        offset: offset.byte_offset().into(),
        more,
        bytes: payload.payload,
    })
}
