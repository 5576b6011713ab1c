//! Fewer, larger reads: how long a worker may rest before it looks at its sockets again.

use std::time::Duration;

/// How long is rested at most.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// One such part of the round trip.
    part: u64,
    /// So many nanoseconds.
    longest: u64,
    /// So many for a single connection; 0: as all.
    alone: u64,
    /// Whether what arrives counts like what is acknowledged.
    counts_arrivals: bool,
}

/// With a rate: five percent.
const OPEN: Bounds = Bounds {
    part: 20,
    longest: 10_000_000,
    alone: 0,
    counts_arrivals: true,
};
/// Without one: ten percent. Latencies are then as long as the window makes them.
const CLOSED: Bounds = Bounds {
    part: 10,
    longest: 250_000_000,
    alone: 2_000_000_000,
    counts_arrivals: false,
};
/// A shorter rest costs as much as it saves.
const SHORTEST: u64 = 20_000;
/// What comes during a rest is worth it from so many packets on.
const WORTH: f64 = 4.0;
/// Packets are counted for so long before their rate is judged anew.
const WINDOW: u64 = 1_000_000;

/// The shortest round trips that a reading ended, in nanoseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RoundTrips {
    /// Of messages that the broker acknowledged.
    pub(super) acknowledged: Option<u64>,
    /// Of messages that arrived.
    pub(super) arrived: Option<u64>,
}

impl RoundTrips {
    /// A message of ours was acknowledged.
    pub(super) fn acknowledged(&mut self, round_trip: u64) {
        let shortest = self.acknowledged.get_or_insert(round_trip);
        *shortest = round_trip.min(*shortest);
    }

    /// A message of ours arrived.
    pub(super) fn arrived(&mut self, round_trip: u64) {
        let shortest = self.arrived.get_or_insert(round_trip);
        *shortest = round_trip.min(*shortest);
    }
}

/// Says how long a worker may rest before it looks at its sockets again.
///
/// A broker writes acknowledgement by acknowledgement, and a fast reader wakes for each: an
/// `epoll_wait`, a read and a write for four bytes. Network cards meet the same with interrupt
/// moderation. A rest of [`pause`](Moderation::pause) lets some company arrive.
///
/// A rest is seen in the latencies, since what arrives meanwhile is read at its end. So it never
/// exceeds 5 % of the shortest round trips lately (10 % in a closed loop), nor 10 ms (250 ms).
/// Where less is to be saved than it costs, because little comes or because it comes at once, there
/// is none.
///
/// Times are in nanoseconds of the run's clock.
#[derive(Debug)]
pub(super) struct Moderation {
    bounds: Bounds,
    /// Smoothed; 0: none has been seen.
    round_trip: u64,
    /// Packets a nanosecond.
    rate: f64,
    window_from: u64,
    packets: u64,
}

impl Moderation {
    /// That of an open or of a closed loop.
    pub(super) fn new(is_open: bool) -> Moderation {
        Moderation {
            bounds: if is_open { OPEN } else { CLOSED },
            round_trip: 0,
            rate: 0.0,
            window_from: 0,
            packets: 0,
        }
    }

    /// At `now` so many packets were read at once, and ended these round trips. `false`: none that
    /// counts.
    ///
    /// In a closed loop only acknowledgements let go on. What merely arrives waits in queues, and a
    /// part of such a wait would only make the next one longer.
    pub(super) fn read(&mut self, now: u64, packets: u64, round_trips: RoundTrips) -> bool {
        let RoundTrips {
            acknowledged,
            arrived,
        } = round_trips;
        let arrived = arrived.filter(|_| self.bounds.counts_arrivals);
        let round_trip = [acknowledged, arrived].into_iter().flatten().min();
        self.packets += packets;
        let elapsed = now.saturating_sub(self.window_from);
        if elapsed >= WINDOW {
            let rate = self.packets as f64 / elapsed as f64;
            self.rate = (self.rate + rate) / 2.0;
            self.window_from = now;
            self.packets = 0;
        }
        if let Some(round_trip) = round_trip {
            self.round_trip = match self.round_trip {
                0 => round_trip,
                // Falls at once, and rises slowly.
                usual => round_trip.min(usual + (round_trip.saturating_sub(usual)) / 64),
            };
        }
        round_trip.is_some()
    }

    /// How long to rest; 0: not at all.
    pub(super) fn pause(&self) -> u64 {
        let pause = self.part().min(self.bounds.longest);
        let is_worth_it = pause >= SHORTEST && self.rate * pause as f64 >= WORTH;
        if is_worth_it { pause } else { 0 }
    }

    /// How late a message may be sent, so that others fall due and go out with it: the same part of
    /// the round trip as a rest, since that shows in the latencies too.
    pub(super) fn tick(&self) -> Duration {
        Duration::from_nanos(self.part())
    }

    /// How long a connection that has just been read is left alone; 0: not at all.
    ///
    /// It is the same part of the round trip as a rest, where that is longer than the worker as a
    /// whole may rest: so many connections share the broker that each gets a packet now and then.
    /// In an open loop every connection is read at once.
    pub(super) fn gather(&self) -> u64 {
        let Bounds { longest, alone, .. } = self.bounds;
        match self.part().min(alone) {
            part if part > longest => part,
            _ => 0,
        }
    }

    /// The part of the round trip that may be rested.
    fn part(&self) -> u64 {
        self.round_trip / self.bounds.part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: u64 = 1_000_000;

    fn after(round_trip: u64) -> RoundTrips {
        RoundTrips {
            acknowledged: Some(round_trip),
            arrived: None,
        }
    }

    /// What is said after `packets` of a tenth of a second came evenly, one by one.
    fn trickle(packets: u64, round_trip: u64) -> Moderation {
        let mut moderation = Moderation::new(true);
        for packet in 0..packets {
            let now = packet * 100 * MILLISECOND / packets;
            moderation.read(now, 1, after(round_trip));
        }
        moderation
    }

    #[test]
    fn a_trickle_is_read_in_pieces_of_five_percent_of_the_round_trip() {
        assert_eq!(trickle(10_000, 10 * MILLISECOND).pause(), MILLISECOND / 2);
        assert_eq!(trickle(10_000, MILLISECOND).pause(), 50_000);
        assert_eq!(trickle(10_000, 1_000 * MILLISECOND).pause(), OPEN.longest);
        let closed = Moderation {
            bounds: CLOSED,
            ..trickle(10_000, MILLISECOND)
        };
        assert_eq!(closed.pause(), 100_000);
    }

    #[test]
    fn who_waits_for_little_does_not_rest() {
        assert_eq!(trickle(100, 10 * MILLISECOND).pause(), 0, "a packet a ms");
        assert_eq!(trickle(10_000, 200_000).pause(), 0, "a short round trip");
        assert_eq!(Moderation::new(true).pause(), 0);
    }

    #[test]
    fn one_short_round_trip_ends_the_rest() {
        let mut moderation = trickle(10_000, 10 * MILLISECOND);
        moderation.read(100 * MILLISECOND, 1, after(100_000));
        assert_eq!(moderation.pause(), 0);
        for read in 0..1_000 {
            let now = 100 * MILLISECOND + read * 10_000;
            moderation.read(now, 1, after(10 * MILLISECOND));
        }
        assert!(moderation.pause() > MILLISECOND * 49 / 100);
    }

    #[test]
    fn a_connection_is_left_alone_where_the_worker_may_not_rest_so_long() {
        let closed = |round_trip| Moderation {
            bounds: CLOSED,
            ..trickle(10_000, round_trip)
        };
        assert_eq!(closed(2_490 * MILLISECOND).gather(), 0);
        assert_eq!(closed(3_000 * MILLISECOND).gather(), 300 * MILLISECOND);
        assert_eq!(closed(60_000 * MILLISECOND).gather(), CLOSED.alone);
        assert_eq!(trickle(10_000, 2_000 * MILLISECOND).gather(), 0, "open");
    }

    #[test]
    fn a_message_is_late_by_five_percent_of_the_round_trip_at_most() {
        let tick = trickle(10_000, 10 * MILLISECOND).tick();
        assert_eq!(tick, Duration::from_micros(500));
        assert_eq!(Moderation::new(true).tick(), Duration::ZERO);
    }

    #[test]
    fn packets_that_end_no_round_trip_do_not_begin_a_rest() {
        let mut moderation = Moderation::new(true);
        for read in 0..10_000 {
            moderation.read(read * 10_000, 1, RoundTrips::default());
        }
        assert_eq!(moderation.pause(), 0);
    }
}
