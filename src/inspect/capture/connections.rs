//! The table of TCP connections: bounded in number and time.

use core::net::{IpAddr, SocketAddr};
use std::collections::HashMap;

use rapidhash::fast::RandomState;

use super::super::{Chunk, Time};
use super::connection::{Budgets, Connection};
use super::interpreter::InterpreterBudgets;
use super::ip::Segment;
use super::reassembly::Budget;

/// How many connections are known at once. When there is one more, the eighth of them that was silent
/// for longest is forgotten.
const MAX_CONNECTIONS: usize = 16 * 1024;

/// The most bytes that wait behind holes, that are held until it is clear what they are, and that
/// compressed messages may repeat.
const MAX_WAITING: usize = 8 << 20;
const MAX_UNDECIDED: usize = 4 << 20;
const MAX_INFLATING: usize = 8 << 20;

const SECOND: u64 = 1_000_000_000;

/// How often the table is swept, by the time of the capture.
const SWEEP: u64 = 10 * SECOND;

/// The silence after which connections are forgotten: closed ones, those without MQTT, and the
/// others. The longest Keep Alive is 18 hours.
const CLOSED_SILENCE: u64 = 30 * SECOND;
const OTHER_SILENCE: u64 = 600 * SECOND;
const MQTT_SILENCE: u64 = 28 * 3600 * SECOND;

/// The two ends of a connection, the same for both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Ends {
    low: (u128, u16),
    high: (u128, u16),
}

impl Ends {
    #[inline]
    fn of(segment: &Segment<'_>) -> Ends {
        let (src, dst) = (number(segment.src), number(segment.dst));
        match src <= dst {
            true => Ends {
                low: src,
                high: dst,
            },
            false => Ends {
                low: dst,
                high: src,
            },
        }
    }
}

#[inline]
fn number(end: SocketAddr) -> (u128, u16) {
    let address = match end.ip() {
        IpAddr::V4(address) => u128::from(address.to_bits()) | 0xffff << 32,
        IpAddr::V6(address) => address.to_bits(),
    };
    (address, end.port())
}

/// Every connection that is known.
#[derive(Debug)]
pub(super) struct Connections {
    known: HashMap<Ends, Connection, RandomState>,
    /// Ports on which the user expects MQTT.
    ports: Vec<u16>,
    /// The number of the first.
    first: u32,
    /// How many there were.
    count: u32,
    /// Of those that are over: how many were MQTT, and compressed messages that could not be read.
    mqtt: u64,
    unreadable: u64,
    swept: u64,
    budgets: Budgets,
}

impl Connections {
    /// None yet; on `ports`, MQTT is expected.
    pub fn new(ports: Vec<u16>, first: u32) -> Connections {
        Connections {
            known: HashMap::default(),
            ports,
            first,
            count: 0,
            mqtt: 0,
            unreadable: 0,
            swept: 0,
            budgets: Budgets {
                waiting: Budget::new(MAX_WAITING),
                interpreters: InterpreterBudgets {
                    undecided: Budget::new(MAX_UNDECIDED),
                    inflating: Budget::new(MAX_INFLATING),
                },
            },
        }
    }

    /// How many connections there were, and in how many of them MQTT.
    pub fn count(&self) -> (u64, u64) {
        let mqtt = self.known.values().filter(|known| known.is_mqtt()).count();
        (self.count.into(), self.mqtt + mqtt as u64)
    }

    /// How many messages in WebSockets could not be read, as they are compressed.
    pub fn unreadable(&self) -> u64 {
        let known = self.known.values().map(Connection::unreadable);
        self.unreadable + known.sum::<u64>()
    }

    /// Takes a segment of whatever connection.
    #[inline]
    pub fn segment(
        &mut self,
        segment: &Segment<'_>,
        time: Option<Time>,
        out: &mut impl FnMut(Chunk<'_>),
    ) {
        if let Some(Time(now)) = time
            && now.saturating_sub(self.swept) >= SWEEP
        {
            self.sweep(now, out);
        }
        let ends = Ends::of(segment);
        match self.known.get_mut(&ends) {
            Some(known) if !known.is_over_with(segment) => {
                known.segment(segment, time, &mut self.budgets, out);
            }
            _ => self.begin(ends, segment, time, out),
        }
    }

    /// Takes the first segment of a connection.
    #[cold]
    fn begin(
        &mut self,
        ends: Ends,
        segment: &Segment<'_>,
        time: Option<Time>,
        out: &mut impl FnMut(Chunk<'_>),
    ) {
        if let Some(old) = self.known.remove(&ends) {
            self.end(old, time, out);
        }
        if self.known.len() >= MAX_CONNECTIONS {
            self.forget_oldest(out);
        }
        let mut new = Connection::new(self.first.wrapping_add(self.count), segment, &self.ports);
        self.count = self.count.wrapping_add(1);
        new.segment(segment, time, &mut self.budgets, out);
        self.known.insert(ends, new);
    }

    fn end(
        &mut self,
        mut connection: Connection,
        time: Option<Time>,
        out: &mut impl FnMut(Chunk<'_>),
    ) {
        connection.finish(time, &mut self.budgets, out);
        self.mqtt += u64::from(connection.is_mqtt());
        self.unreadable += connection.unreadable();
    }

    /// Forgets what was silent for too long.
    #[cold]
    fn sweep(&mut self, now: u64, out: &mut impl FnMut(Chunk<'_>)) {
        self.swept = now;
        self.forget(out, |known| {
            let silence = now.saturating_sub(known.latest);
            silence
                > match (known.is_closed(), known.is_mqtt()) {
                    (true, _) => CLOSED_SILENCE,
                    (false, false) => OTHER_SILENCE,
                    (false, true) => MQTT_SILENCE,
                }
        });
    }

    fn forget_oldest(&mut self, out: &mut impl FnMut(Chunk<'_>)) {
        let mut latest: Vec<u64> = self.known.values().map(|known| known.latest).collect();
        let (_, &mut limit, _) = latest.select_nth_unstable(MAX_CONNECTIONS / 8);
        // Of those that fell silent at the same moment, not more than needed.
        let mut left = MAX_CONNECTIONS / 8;
        self.forget(out, |known| {
            let forgotten = known.latest <= limit && left > 0;
            left -= usize::from(forgotten);
            forgotten
        });
    }

    /// Forgets some connections, in the order in which they began.
    fn forget(
        &mut self,
        out: &mut impl FnMut(Chunk<'_>),
        mut which: impl FnMut(&Connection) -> bool,
    ) {
        let mut forgotten: Vec<Connection> = self
            .known
            .extract_if(|_, known| which(known))
            .map(|(_, known)| known)
            .collect();
        forgotten.sort_unstable_by_key(Connection::number);
        for connection in forgotten {
            let time = Some(Time(connection.latest));
            self.end(connection, time, out);
        }
    }

    /// Nothing more comes.
    pub fn finish(&mut self, out: &mut impl FnMut(Chunk<'_>)) {
        self.forget(out, |_| true);
    }
}
