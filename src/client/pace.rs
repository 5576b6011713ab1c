//! Fewer, larger reads when a broker sends in a trickle.

use std::time::{Duration, Instant};

/// The longest a read is put off while packets trickle in.
const LONGEST: Duration = Duration::from_millis(1);
/// A shorter sleep costs as much as it saves.
const SHORTEST: Duration = Duration::from_micros(50);
/// Reads further apart than this are no trickle.
const APART: Duration = Duration::from_millis(3);
/// Reads in quick succession before the first one is put off.
const QUICK_READS: u32 = 16;
/// A read this large needs no help.
const LARGE_READ: usize = 16 * 1024;

/// Counts reads in quick succession.
///
/// A broker writes message by message, and a fast reader wakes up for each: eight system calls for
/// fifty bytes. As network cards do with interrupt moderation, each read is put off a little once
/// reads follow each other quickly. A lone message is never put off.
///
/// This must not slow down a broker that is waiting for us, because its send window is used up or
/// everything of ours is acknowledged. Such a broker can be recognised: each read brings about as many
/// packets as any read did, and not more. Then the pause is halved; otherwise it grows slowly.
#[derive(Debug)]
pub(super) struct Pace {
    last_read: Instant,
    /// The most packets that a read brought lately.
    most_packets: f32,
    quick_reads: u32,
    pause: Duration,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Pace {
        Pace {
            last_read: now,
            most_packets: 0.0,
            quick_reads: 0,
            pause: LONGEST,
        }
    }

    /// Notes a read and how many packets it brought.
    pub(super) fn read(&mut self, now: Instant, bytes: usize, packets: usize) {
        let packets = packets as f32;
        let quick = bytes < LARGE_READ && now.duration_since(self.last_read) < APART;
        self.quick_reads = if quick { self.quick_reads + 1 } else { 0 };
        if self.is_trickle() {
            self.pause = if packets >= 0.75 * self.most_packets {
                self.pause / 2
            } else {
                self.pause + self.pause / 4
            }
            .clamp(SHORTEST, LONGEST);
        }
        self.last_read = now;
        self.most_packets = packets.max(self.most_packets * (63.0 / 64.0));
    }

    /// Whether reads follow each other so quickly that the next one is worth putting off.
    pub(super) fn is_trickle(&self) -> bool {
        self.quick_reads >= QUICK_READS
    }

    /// How long to put off the read at `now`.
    pub(super) fn pause(&self, now: Instant) -> Option<Duration> {
        let useful = self.pause > SHORTEST && now.duration_since(self.last_read) < APART;
        (self.is_trickle() && useful).then_some(self.pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pace that has seen many small reads, and the time of the last.
    fn trickling() -> (Pace, Instant) {
        let mut now = Instant::now();
        let mut pace = Pace::new(now);
        for read in 0..2 * QUICK_READS as usize {
            now += Duration::from_micros(50);
            pace.read(now, 40, if read == 0 { 100 } else { 10 });
            assert_eq!(pace.pause(now).is_some(), read + 1 >= QUICK_READS as usize);
        }
        (pace, now)
    }

    #[test]
    fn only_a_trickle_is_put_off() {
        let (mut pace, now) = trickling();
        assert_eq!(pace.pause(now), Some(LONGEST));
        assert_eq!(pace.pause(now + APART), None, "it has stopped");
        pace.read(now + LONGEST, LARGE_READ, 500);
        assert_eq!(pace.pause(now + LONGEST), None, "large reads need no help");
    }

    #[test]
    fn a_lone_message_is_never_put_off() {
        let mut now = Instant::now();
        let mut pace = Pace::new(now);
        for _ in 0..100 {
            now += 2 * APART;
            pace.read(now, 40, 1);
            assert_eq!(pace.pause(now), None);
        }
    }

    #[test]
    fn a_broker_that_waits_for_us_is_not_kept_waiting() {
        let (mut pace, mut now) = trickling();
        for window in [100, 98, 100, 95, 100, 97] {
            now += Duration::from_micros(500);
            pace.read(now, 80, window);
        }
        assert_eq!(pace.pause(now), None);
        for _ in 0..3 {
            pace.read(now, 80, 40);
        }
        assert!(pace.pause(now).is_some_and(|pause| pause < LONGEST));
    }
}
