//! Who did what, and how often.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::BuildHasher;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use rapidhash::fast::RandomState;

use super::{Abuse, AbuseLimits};
use crate::broker::counters::Kind;
use crate::transport::Peer;

/// How often, at most, a full table is searched for those who have behaved.
const SWEEP_PAUSE: Duration = Duration::from_secs(1);
/// How long whoever is slowed down is not read, each time.
const SLOWED: Duration = Duration::from_millis(500);

/// Who is watched: an address, or a Client Identifier. The latter may be long and is a stranger's,
/// so its hash stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::broker) enum Subject {
    Address(IpAddr),
    Client(u64),
}

/// What follows for whoever did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::broker) enum Measure {
    /// Nothing.
    Bear,
    /// They are not read for so long; `is_new`: from now on.
    Slow { pause: Duration, is_new: bool },
    /// They are blocked from now on.
    Block,
}

/// What one has done in the current window.
#[derive(Debug)]
struct Record {
    since: Instant,
    counts: [u32; Abuse::NAMES.len()],
    blocked: Option<(Instant, Abuse)>,
    is_slowed: bool,
}

impl Record {
    fn new(now: Instant) -> Self {
        Self {
            since: now,
            counts: [0; Abuse::NAMES.len()],
            blocked: None,
            is_slowed: false,
        }
    }

    fn is_blocked(&self, now: Instant) -> bool {
        self.blocked.is_some_and(|(until, _)| now < until)
    }

    /// Whether it says nothing any more.
    fn is_over(&self, now: Instant, window: Duration) -> bool {
        !self.is_blocked(now) && now.saturating_duration_since(self.since) >= window
    }
}

/// Who did what, and how often.
#[derive(Debug)]
pub(in crate::broker) struct Table {
    limits: AbuseLimits,
    records: HashMap<Subject, Record, RandomState>,
    /// Makes the hashes of Client Identifiers.
    secret: RandomState,
    swept: Option<Instant>,
}

impl Table {
    pub fn new(limits: AbuseLimits) -> Self {
        Self {
            limits,
            records: HashMap::default(),
            secret: RandomState::new(),
            swept: None,
        }
    }

    pub fn limits(&self) -> &AbuseLimits {
        &self.limits
    }

    /// Whether those at the other end are watched.
    pub fn watches(&self, peer: Peer) -> bool {
        let is_local = match peer {
            Peer::Tcp(from) => from.ip().to_canonical().is_loopback(),
            Peer::Unix { .. } => true,
        };
        self.limits.watches_loopback || !is_local
    }

    /// The address, if there is one.
    pub fn address(&self, peer: Peer) -> Option<Subject> {
        network(peer).map(Subject::Address)
    }

    pub fn client(&self, client_id: &str) -> Subject {
        Subject::Client(self.secret.hash_one(client_id))
    }

    /// Why they are blocked, if they are.
    pub fn blocked(&self, now: Instant, subject: Subject) -> Option<Abuse> {
        let (until, abuse) = self.records.get(&subject)?.blocked?;
        (now < until).then_some(abuse)
    }

    /// How many addresses and how many clients are blocked. It looks at everyone who is watched.
    pub fn blocked_count(&self, now: Instant) -> (usize, usize) {
        let (mut addresses, mut clients) = (0, 0);
        let blocked = self.records.iter().filter(|(_, it)| it.is_blocked(now));
        for (subject, _) in blocked {
            match subject {
                Subject::Address(_) => addresses += 1,
                Subject::Client(_) => clients += 1,
            }
        }
        (addresses, clients)
    }

    /// How long they are not read at first, if they are slowed down.
    pub fn delay(&self, now: Instant, subject: Subject) -> Option<Duration> {
        let record = self.records.get(&subject)?;
        let is_slowed = record.is_slowed && !record.is_over(now, self.limits.window);
        is_slowed.then_some(SLOWED)
    }

    /// They did it once more.
    pub fn count(&mut self, now: Instant, subject: Subject, abuse: Abuse) -> Measure {
        let limit = self.limits.limit(abuse);
        if limit == 0 {
            return Measure::Bear;
        }
        self.make_room(now);
        let is_full = self.records.len() >= self.limits.max_watched;
        let record = match self.records.entry(subject) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(_) if is_full => return Measure::Bear,
            Entry::Vacant(entry) => entry.insert(Record::new(now)),
        };
        if record.is_blocked(now) {
            return Measure::Bear;
        }
        if record.is_over(now, self.limits.window) {
            *record = Record::new(now);
        }
        let Some(count) = record.counts.get_mut(abuse as usize) else {
            return Measure::Bear;
        };
        *count += 1;
        let (count, slow) = (*count, limit.div_ceil(2));
        if count >= limit {
            *record = Record::new(now);
            record.blocked = now
                .checked_add(self.limits.block)
                .map(|until| (until, abuse));
            Measure::Block
        } else if count > slow {
            record.is_slowed = true;
            Measure::Slow {
                pause: SLOWED,
                is_new: count == slow + 1,
            }
        } else {
            Measure::Bear
        }
    }

    /// Forgets those who have behaved, if the table is full.
    fn make_room(&mut self, now: Instant) {
        let is_soon = |at: Instant| now.saturating_duration_since(at) < SWEEP_PAUSE;
        if self.records.len() < self.limits.max_watched || self.swept.is_some_and(is_soon) {
            return;
        }
        self.swept = Some(now);
        let window = self.limits.window;
        self.records
            .retain(|_, record| !record.is_over(now, window));
        self.records.shrink_to_fit();
    }
}

/// The address; one who has an IPv6 address has the 2⁶⁴ beside it as well. A Unix socket has none.
pub(in crate::broker) fn network(peer: Peer) -> Option<IpAddr> {
    let Peer::Tcp(from) = peer else { return None };
    Some(match from.ip().to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        address => address,
    })
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    const WINDOW: Duration = Duration::from_secs(60);

    fn table(set: impl FnOnce(&mut AbuseLimits)) -> Table {
        let mut limits = AbuseLimits {
            window: WINDOW,
            block: 5 * WINDOW,
            failed_logins: 4,
            refusals: 4,
            ..AbuseLimits::default()
        };
        set(&mut limits);
        Table::new(limits)
    }

    fn peer(address: &str) -> Peer {
        Peer::Tcp(SocketAddr::new(address.parse().expect("an address"), 1))
    }

    const SLOW: fn(bool) -> Measure = |is_new| Measure::Slow {
        pause: SLOWED,
        is_new,
    };

    #[test]
    fn they_are_slowed_down_then_blocked_then_free_again() {
        let (mut table, start) = (table(|limits| limits.failed_logins = 6), Instant::now());
        let one = table.client("one");
        let mut count = |now| table.count(now, one, Abuse::FailedLogin);
        let measures = [(); 6].map(|()| count(start));
        let expected = [
            Measure::Bear,
            Measure::Bear,
            Measure::Bear,
            SLOW(true),
            SLOW(false),
            Measure::Block,
        ];
        assert_eq!(measures, expected);
        assert_eq!(count(start), Measure::Bear, "it is blocked already");
        assert_eq!(table.blocked(start, one), Some(Abuse::FailedLogin));
        assert_eq!(table.blocked(start, table.client("other")), None);
        let later = start + 5 * WINDOW;
        assert_eq!(table.blocked(later, one), None);
        assert_eq!(table.count(later, one, Abuse::FailedLogin), Measure::Bear);
    }

    #[test]
    fn each_kind_counts_for_itself_and_for_a_window() {
        let (mut table, start) = (table(|_| {}), Instant::now());
        let one = table.client("one");
        for _ in 0..2 {
            assert_eq!(table.count(start, one, Abuse::FailedLogin), Measure::Bear);
            assert_eq!(table.count(start, one, Abuse::Refusal), Measure::Bear);
        }
        assert_eq!(table.count(start, one, Abuse::Refusal), SLOW(true));
        let later = start + WINDOW;
        assert_eq!(table.count(later, one, Abuse::Refusal), Measure::Bear);
    }

    #[test]
    fn without_a_limit_nothing_is_counted() {
        let mut table = table(|limits| limits.failed_logins = 0);
        let one = table.client("one");
        for _ in 0..100 {
            let measure = table.count(Instant::now(), one, Abuse::FailedLogin);
            assert_eq!(measure, Measure::Bear);
        }
        assert!(table.records.is_empty());
    }

    #[test]
    fn the_table_is_bounded_and_has_room_again_when_a_window_is_over() {
        let mut table = table(|limits| limits.max_watched = 10);
        let start = Instant::now();
        for number in 0..100 {
            table.count(start, Subject::Client(number), Abuse::Refusal);
        }
        assert_eq!(table.records.len(), 10);
        for _ in 0..3 {
            table.count(start, Subject::Client(0), Abuse::Refusal);
        }
        let later = start + WINDOW;
        table.count(later, Subject::Client(99), Abuse::Refusal);
        assert_eq!(table.records.len(), 2, "who is blocked is not forgotten");
        assert_eq!(
            table.blocked(later, Subject::Client(0)),
            Some(Abuse::Refusal)
        );
    }

    #[test]
    fn an_address_of_the_new_protocol_stands_for_its_network() {
        let table = table(|_| {});
        let address = |address| table.address(peer(address));
        assert_eq!(address("2001:db8::1"), address("2001:db8::ffff:1"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
        assert_ne!(address("192.0.2.2"), address("192.0.2.1"));
        assert_eq!(table.address(Peer::Unix { process: None }), None);
    }

    #[test]
    fn this_machine_is_watched_only_if_asked() {
        let local = [peer("127.0.0.1"), peer("::1"), Peer::Unix { process: None }];
        let (lenient, strict) = (
            table(|_| {}),
            table(|limits| limits.watches_loopback = true),
        );
        for peer in local {
            assert!(!lenient.watches(peer) && strict.watches(peer));
        }
        assert!(lenient.watches(peer("192.0.2.1")));
    }
}
