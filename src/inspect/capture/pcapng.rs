//! The newer form of capture files: pcapng.
//!
//! Blocks, each between two copies of its length. A Section Header Block begins a section and
//! tells its order of bytes, Interface Description Blocks the networks and units of time, and three
//! kinds of block hold packets. Other blocks (names, statistics, secrets for decryption) are
//! passed over without being held.

use super::super::Time;
use super::record::{MAX_RECORD, Order, Record, Step};

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
/// Of the first drafts; some programs still write it.
const OBSOLETE_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;

/// Options of an Interface Description Block.
const END_OF_OPTIONS: u16 = 0;
const TIME_RESOLUTION: u16 = 9;
const TIME_OFFSET: u16 = 14;

/// The longest block that is read: a packet and what may stand around it.
const MAX_BLOCK: usize = MAX_RECORD + 0x1_0000;

/// No section describes more interfaces.
const MAX_INTERFACES: usize = 4096;

/// Reads pcapng.
#[derive(Debug, Default)]
pub(super) struct PcapNg {
    order: Order,
    interfaces: Vec<Interface>,
}

#[derive(Debug, PartialEq, Eq)]
struct Interface {
    link: u16,
    /// The most bytes captured of a packet; 0: no limit.
    snap_len: u32,
    clock: Clock,
}

/// What the times of an interface count.
#[derive(Debug, PartialEq, Eq)]
struct Clock {
    /// Units in a second.
    units: u64,
    /// Seconds between 1970 and the zero of the times.
    offset: i64,
}

impl Clock {
    /// A time in nanoseconds since 1970; `None` if that is no time we can say.
    #[inline]
    fn time(&self, high: u32, low: u32) -> Option<Time> {
        const NANOS: u64 = 1_000_000_000;
        let units = u64::from(high) << 32 | u64::from(low);
        let nanos = match self.units {
            NANOS => units,
            1_000_000 => units.checked_mul(1000)?,
            per_second => {
                let nanos = u128::from(units) * u128::from(NANOS) / u128::from(per_second);
                u64::try_from(nanos).ok()?
            }
        };
        let offset = self.offset.unsigned_abs().checked_mul(NANOS)?;
        match self.offset < 0 {
            true => nanos.checked_sub(offset),
            false => nanos.checked_add(offset),
        }
        .map(Time)
    }
}

impl PcapNg {
    /// How a file begins, in either order of bytes.
    pub const MAGIC: [u8; 4] = SECTION.to_le_bytes();

    /// Looks at what begins `bytes`.
    #[inline]
    pub fn step<'a>(&mut self, bytes: &'a [u8]) -> Result<Step<'a>, &'static str> {
        if bytes.starts_with(&Self::MAGIC) {
            return self.section(bytes);
        }
        let order = self.order;
        let (Some(kind), Some(length)) = (order.u32(bytes, 0), order.u32(bytes, 4)) else {
            return Ok(Step::More);
        };
        check_length(length)?;
        let length = length as usize;
        if !matches!(
            kind,
            INTERFACE | OBSOLETE_PACKET | SIMPLE_PACKET | ENHANCED_PACKET
        ) {
            return Ok(Step::Skip(length as u64));
        }
        if length > MAX_BLOCK {
            return Err("no packet is that long");
        }
        let Some(block) = bytes.get(..length) else {
            return Ok(Step::More);
        };
        let Some(body) = block.get(8..length - 4) else {
            return Err("a block is too short");
        };
        if order.u32(block, length - 4) != Some(length as u32) {
            return Err("a block's two lengths differ");
        }
        if kind == INTERFACE {
            self.interface(body)
                .ok_or("an interface is badly described")?;
            return Ok(Step::Skip(length as u64));
        }
        let record = match kind {
            ENHANCED_PACKET => {
                let interface = order.u32(body, 0).unwrap_or_default();
                self.packet(body, interface)
            }
            OBSOLETE_PACKET => {
                let interface = order.u16(body, 0).unwrap_or_default();
                self.packet(body, interface.into())
            }
            _ => self.simple_packet(body),
        };
        Ok(Step::Record(record?, length))
    }

    /// A Section Header Block: its own order of bytes, and no interfaces yet.
    fn section(&mut self, bytes: &[u8]) -> Result<Step<'static>, &'static str> {
        let order = match bytes.get(8..12) {
            None => return Ok(Step::More),
            Some([0x4d, 0x3c, 0x2b, 0x1a]) => Order::Little,
            Some([0x1a, 0x2b, 0x3c, 0x4d]) => Order::Big,
            Some(_) => return Err("a section has no byte-order magic"),
        };
        let length = order.u32(bytes, 4).unwrap_or_default();
        check_length(length)?;
        self.order = order;
        self.interfaces.clear();
        Ok(Step::Skip(length.into()))
    }

    /// An Interface Description Block.
    fn interface(&mut self, body: &[u8]) -> Option<()> {
        if self.interfaces.len() == MAX_INTERFACES {
            return None;
        }
        let order = self.order;
        let (link, snap_len) = (order.u16(body, 0)?, order.u32(body, 4)?);
        let (mut units, mut offset) = (1_000_000, 0);
        let mut options = body.get(8..)?;
        while let (Some(code), Some(length)) = (order.u16(options, 0), order.u16(options, 2)) {
            let length = usize::from(length);
            let value = options.get(4..4 + length)?;
            match (code, value) {
                (END_OF_OPTIONS, _) => break,
                (TIME_RESOLUTION, [resolution]) => units = units_of(*resolution)?,
                (TIME_OFFSET, value) => {
                    let value = value.try_into().ok()?;
                    offset = match order {
                        Order::Little => i64::from_le_bytes(value),
                        Order::Big => i64::from_be_bytes(value),
                    };
                }
                _ => {}
            }
            options = options
                .get(4 + length.next_multiple_of(4)..)
                .unwrap_or_default();
        }
        self.interfaces.push(Interface {
            link,
            snap_len,
            clock: Clock { units, offset },
        });
        Some(())
    }

    /// The body of an Enhanced Packet Block; that of an obsolete one differs in the first word.
    #[inline]
    fn packet<'a>(&self, body: &'a [u8], interface: u32) -> Result<Record<'a>, &'static str> {
        let interface = self.described(interface as usize)?;
        let number = |at| self.order.u32(body, at);
        let (Some(high), Some(low), Some(captured)) = (number(4), number(8), number(12)) else {
            return Err("a block is too short");
        };
        let frame = body
            .get(20..)
            .and_then(|rest| rest.get(..captured as usize));
        Ok(Record {
            time: interface.clock.time(high, low),
            link: interface.link,
            bytes: frame.ok_or("a packet is longer than its block")?,
        })
    }

    /// The body of a Simple Packet Block: no time, the first interface.
    fn simple_packet<'a>(&self, body: &'a [u8]) -> Result<Record<'a>, &'static str> {
        let interface = self.described(0)?;
        let (Some(original), Some(padded)) = (self.order.u32(body, 0), body.get(4..)) else {
            return Err("a block is too short");
        };
        let snap_len = match interface.snap_len {
            0 => u32::MAX,
            snap_len => snap_len,
        };
        let captured = padded.len().min(original.min(snap_len) as usize);
        Ok(Record {
            time: None,
            link: interface.link,
            bytes: padded.get(..captured).unwrap_or_default(),
        })
    }

    #[inline]
    fn described(&self, interface: usize) -> Result<&Interface, &'static str> {
        self.interfaces
            .get(interface)
            .ok_or("a packet is from an interface that is not described")
    }
}

fn check_length(length: u32) -> Result<(), &'static str> {
    match length >= 12 && length.is_multiple_of(4) {
        true => Ok(()),
        false => Err("no block has that length"),
    }
}

/// Units in a second: a negative power of 10, or with the high bit of 2.
fn units_of(resolution: u8) -> Option<u64> {
    match resolution & 0x80 {
        0 => 10_u64.checked_pow(resolution.into()),
        _ => 1_u64.checked_shl((resolution & 0x7f).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Blocks(Order, Vec<u8>);

    impl Blocks {
        fn number(&self, number: u32) -> [u8; 4] {
            match self.0 {
                Order::Little => number.to_le_bytes(),
                Order::Big => number.to_be_bytes(),
            }
        }

        fn block(&mut self, kind: u32, words: &[u32], bytes: &[u8]) {
            let padded = bytes.len().next_multiple_of(4);
            let length = self.number((12 + 4 * words.len() + padded) as u32);
            self.1.extend(self.number(kind));
            self.1.extend(length);
            for word in words {
                self.1.extend(self.number(*word));
            }
            self.1.extend(bytes);
            self.1.resize(self.1.len() + padded - bytes.len(), 0xEE);
            self.1.extend(length);
        }

        fn section(&mut self) {
            self.block(SECTION, &[0x1a2b_3c4d, 0, u32::MAX, u32::MAX], &[]);
        }

        fn interface(&mut self, link: u16, snap_len: u32, options: &[(u16, &[u8])]) {
            let mut rest = Vec::new();
            for (code, value) in options {
                let [low, high] = match self.0 {
                    Order::Little => [0, 1],
                    Order::Big => [1, 0],
                };
                let pair = |number: u16| {
                    let bytes = number.to_le_bytes();
                    [bytes[low], bytes[high]]
                };
                rest.extend(pair(*code));
                rest.extend(pair(value.len() as u16));
                rest.extend_from_slice(value);
                rest.resize(rest.len().next_multiple_of(4), 0);
            }
            let link = match self.0 {
                Order::Little => u32::from(link),
                Order::Big => u32::from(link) << 16,
            };
            self.block(INTERFACE, &[link, snap_len], &rest);
        }
    }

    /// Time, kind of network and bytes.
    type Found<'a> = (Option<u64>, u16, &'a [u8]);

    fn records(bytes: &[u8]) -> Result<Vec<Found<'_>>, &'static str> {
        let (mut pcapng, mut rest, mut records) = (PcapNg::default(), bytes, Vec::new());
        while !rest.is_empty() {
            let used = match pcapng.step(rest)? {
                Step::Record(record, used) => {
                    records.push((record.time.map(|t| t.0), record.link, record.bytes));
                    used
                }
                Step::Skip(length) => length as usize,
                Step::More => return Err("cut short"),
            };
            rest = &rest[used..];
        }
        Ok(records)
    }

    #[test]
    fn sections_of_both_orders_with_interfaces_of_all_resolutions() {
        for order in [Order::Little, Order::Big] {
            let mut file = Blocks(order, Vec::new());
            // A section before, whose interfaces do not count any more.
            file.section();
            file.interface(101, 0, &[]);
            file.section();
            file.interface(1, 0, &[]);
            file.interface(113, 0, &[(2, b"eth0"), (9, &[9]), (0, b"")]);
            let offset = match order {
                Order::Little => 10_i64.to_le_bytes(),
                Order::Big => 10_i64.to_be_bytes(),
            };
            file.interface(276, 0, &[(9, &[0x81]), (14, &offset)]);
            // Secrets, a name, something unknown.
            file.block(10, &[0x544c_534b, 3], b"abc");
            file.block(4, &[0], b"");
            file.block(0x8000_0001, &[], b"?");
            file.block(ENHANCED_PACKET, &[0, 0, 5, 1, 9], b"a");
            file.block(ENHANCED_PACKET, &[1, 1, 5, 4, 9], b"abcd");
            file.block(ENHANCED_PACKET, &[2, 0, 5, 2, 9], b"ab");
            file.block(SIMPLE_PACKET, &[3], b"xyz");
            assert_eq!(
                records(&file.1),
                Ok(vec![
                    (Some(5000), 1, &b"a"[..]),
                    (Some((1 << 32) + 5), 113, b"abcd"),
                    (Some(12_500_000_000), 276, b"ab"),
                    (None, 1, b"xyz"),
                ])
            );
        }
    }

    #[test]
    fn a_simple_packet_ends_at_the_snap_length() {
        let mut file = Blocks(Order::Little, Vec::new());
        file.section();
        file.interface(1, 2, &[]);
        file.block(SIMPLE_PACKET, &[100], b"xyzz");
        assert_eq!(records(&file.1), Ok(vec![(None, 1, &b"xy"[..])]));
    }

    #[test]
    fn what_cannot_be_is_damage() {
        type Break = fn(&mut Blocks);
        let breaks: [(&str, Break); 5] = [
            ("no block has that length", |file| {
                file.1.extend([4, 0, 0, 0, 11, 0, 0, 0]);
            }),
            ("no packet is that long", |file| {
                file.1.extend([6, 0, 0, 0, 0, 0, 0, 0x70]);
            }),
            (
                "a packet is from an interface that is not described",
                |file| {
                    file.block(ENHANCED_PACKET, &[7, 0, 0, 0, 0], b"");
                },
            ),
            ("a packet is longer than its block", |file| {
                file.block(ENHANCED_PACKET, &[0, 0, 0, 9, 9], b"abcd");
            }),
            ("a block's two lengths differ", |file| {
                file.block(ENHANCED_PACKET, &[0, 0, 0, 4, 4], b"abcd");
                if let Some(last) = file.1.last_mut() {
                    *last = 1;
                }
            }),
        ];
        for (what, break_it) in breaks {
            let mut file = Blocks(Order::Little, Vec::new());
            file.section();
            file.interface(1, 0, &[]);
            break_it(&mut file);
            assert_eq!(records(&file.1), Err(what));
        }
    }
}
