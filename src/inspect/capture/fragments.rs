//! IP packets that were sent in fragments, put together again.

use core::net::IpAddr;

use super::super::Time;

/// How many packets are put together at once; when there is one more, the oldest is given up.
const MAX_PACKETS: usize = 64;

/// The most that one packet carries.
const MAX_PAYLOAD: usize = 0xffff;

/// How long the fragments of a packet are waited for, in nanoseconds.
const PATIENCE: u64 = 30_000_000_000;

/// A fragment of what an IP packet carries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fragment<'a> {
    /// Sender, receiver and Identification: fragments of one packet have the same.
    pub id: (IpAddr, IpAddr, u32),
    /// Where it stands in the whole.
    pub offset: usize,
    /// Whether others stand behind it.
    pub more: bool,
    pub bytes: &'a [u8],
}

/// Puts packets together from fragments, in any order.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    unfinished: Vec<Packet>,
    whole: Vec<u8>,
    given_up: u64,
}

#[derive(Debug)]
struct Packet {
    id: (IpAddr, IpAddr, u32),
    since: u64,
    bytes: Vec<u8>,
    /// What has arrived, from and up to: in order and not touching.
    arrived: Vec<(usize, usize)>,
    /// The length of the whole, once the last fragment is there.
    length: Option<usize>,
}

impl Fragments {
    /// Takes a fragment; the whole, if this completes it.
    pub fn add(&mut self, fragment: Fragment<'_>, time: Option<Time>) -> Option<&[u8]> {
        let now = time.map_or(0, |time| time.0);
        let end = fragment.offset + fragment.bytes.len();
        if end > MAX_PAYLOAD {
            return None;
        }
        let before = self.unfinished.len();
        self.unfinished
            .retain(|packet| now.saturating_sub(packet.since) < PATIENCE);
        self.given_up += (before - self.unfinished.len()) as u64;
        let known = self.unfinished.iter().position(|p| p.id == fragment.id);
        let index = known.unwrap_or_else(|| {
            if self.unfinished.len() == MAX_PACKETS {
                self.unfinished.remove(0);
                self.given_up += 1;
            }
            self.unfinished.push(Packet {
                id: fragment.id,
                since: now,
                bytes: Vec::new(),
                arrived: Vec::new(),
                length: None,
            });
            self.unfinished.len() - 1
        });
        let packet = self.unfinished.get_mut(index)?;
        packet.add(fragment.offset, end, fragment.bytes);
        if !fragment.more {
            packet.length = Some(end);
        }
        let length = packet.length?;
        match packet.arrived.first() {
            Some(&(0, arrived)) if arrived >= length => {}
            _ => return None,
        }
        self.whole = self.unfinished.remove(index).bytes;
        self.whole.get(..length)
    }

    /// How many packets never became whole.
    pub fn given_up(&self) -> u64 {
        self.given_up + self.unfinished.len() as u64
    }
}

impl Packet {
    fn add(&mut self, mut start: usize, mut end: usize, bytes: &[u8]) {
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        if let Some(place) = self.bytes.get_mut(start..end) {
            place.copy_from_slice(bytes);
        }
        self.arrived.retain(|&(from, to)| {
            let apart = to < start || end < from;
            if !apart {
                (start, end) = (start.min(from), end.max(to));
            }
            apart
        });
        let place = self.arrived.partition_point(|&(from, _)| from < start);
        self.arrived.insert(place, (start, end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::net::Ipv4Addr;

    fn fragment(id: u32, offset: usize, bytes: &[u8], more: bool) -> Fragment<'_> {
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Fragment {
            id: (here, here, id),
            offset,
            more,
            bytes,
        }
    }

    #[test]
    fn any_order_and_overlaps() {
        let parts: [(usize, &[u8], bool); 4] = [
            (0, b"abcdefgh", true),
            (8, b"ijklmnop", true),
            (8, b"ijkl", true),
            (16, b"qr", false),
        ];
        for first in 0..4 {
            let mut fragments = Fragments::default();
            let mut whole = Vec::new();
            for at in 0..4 {
                let (offset, bytes, more) = parts[(first + at) % 4];
                let fragment = fragment(1, offset, bytes, more);
                if let Some(bytes) = fragments.add(fragment, None) {
                    whole = bytes.to_vec();
                }
            }
            assert_eq!(whole, b"abcdefghijklmnopqr", "from {first}");
        }
    }

    #[test]
    fn the_table_is_bounded_in_number_and_time() {
        let mut fragments = Fragments::default();
        for id in 0..100 {
            let part = fragment(id, 0, b"abcdefgh", true);
            assert_eq!(fragments.add(part, Some(Time(0))), None);
        }
        assert_eq!(fragments.unfinished.len(), MAX_PACKETS);
        let late = fragment(99, 8, b"i", false);
        assert_eq!(fragments.add(late, Some(Time(PATIENCE))), None);
        assert_eq!(fragments.unfinished.len(), 1);
        assert_eq!(fragments.given_up(), 101);
        assert_eq!(fragments.add(fragment(1, 0xffff, b"i", false), None), None);
    }
}
