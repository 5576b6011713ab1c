//! Where messages come from: one payload, perhaps repeated, or the lines of stdin.

use std::io;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::time::sleep_until;

use super::super::stdin::Lines;

/// A source of payloads.
pub(super) enum Source {
    /// The same payload again and again, with a delay in between.
    Repeat {
        payload: Bytes,
        left: u64,
        delay: Duration,
        due: Instant,
    },
    /// Each line of an input.
    Lines(Lines),
}

/// A payload to publish.
pub(super) enum Payload<'a> {
    /// One that lasts.
    Shared(&'a Bytes),
    /// A line in the input's buffer.
    Line(&'a [u8]),
}

impl Source {
    /// `payload`, `count` times, with `delay` between.
    pub(super) fn repeat(payload: Bytes, count: u64, delay: Duration) -> Source {
        Source::Repeat {
            payload,
            left: count,
            delay,
            due: Instant::now(),
        }
    }

    /// The next payload, if there is one now.
    pub(super) fn next(&mut self) -> Option<Payload<'_>> {
        match self {
            Source::Repeat {
                payload,
                left,
                delay,
                due,
            } => {
                if *left == 0 {
                    return None;
                }
                if !delay.is_zero() {
                    let now = Instant::now();
                    if now < *due {
                        return None;
                    }
                    *due = now + *delay;
                }
                *left -= 1;
                Some(Payload::Shared(payload))
            }
            Source::Lines(lines) => lines.next().map(Payload::Line),
        }
    }

    /// Whether nothing will come any more.
    pub(super) fn is_at_end(&self) -> bool {
        match self {
            Source::Repeat { left, .. } => *left == 0,
            Source::Lines(lines) => lines.is_at_end(),
        }
    }

    /// Waits until [`next`](Source::next) may have something. May be dropped while waiting.
    ///
    /// # Errors
    ///
    /// The input cannot be read.
    pub(super) async fn more(&mut self) -> io::Result<()> {
        match self {
            Source::Repeat { due, .. } => {
                sleep_until((*due).into()).await;
                Ok(())
            }
            Source::Lines(lines) => lines.more().await,
        }
    }
}

impl Payload<'_> {
    pub(super) fn as_slice(&self) -> &[u8] {
        match self {
            Payload::Shared(bytes) => bytes,
            Payload::Line(line) => line,
        }
    }

    /// The payload in memory of its own.
    pub(super) fn to_bytes(&self) -> Bytes {
        match self {
            Payload::Shared(bytes) => Bytes::clone(bytes),
            Payload::Line(line) => Bytes::copy_from_slice(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(source: &mut Source) -> Option<Vec<u8>> {
        source.next().map(|payload| payload.as_slice().to_vec())
    }

    #[test]
    fn a_payload_comes_as_often_as_asked_for() {
        let mut source = Source::repeat("x".into(), 3, Duration::ZERO);
        for _ in 0..3 {
            assert!(!source.is_at_end());
            assert_eq!(take(&mut source), Some(b"x".to_vec()));
        }
        assert!(source.is_at_end() && take(&mut source).is_none());
    }

    #[tokio::test]
    async fn a_delay_is_kept_between_repetitions_and_not_before_the_first() {
        let delay = Duration::from_millis(20);
        let mut source = Source::repeat("x".into(), 2, delay);
        let start = Instant::now();
        assert!(take(&mut source).is_some());
        assert!(take(&mut source).is_none() && !source.is_at_end());
        source.more().await.unwrap();
        assert!(take(&mut source).is_some() && source.is_at_end());
        assert!(start.elapsed() >= delay, "{:?}", start.elapsed());
    }

    #[tokio::test]
    async fn lines_come_one_by_one() {
        let mut source = Source::Lines(Lines::new(&b"one\ntwo"[..]));
        let mut taken = Vec::new();
        while !source.is_at_end() {
            match source.next() {
                Some(payload) => taken.push(payload.to_bytes()),
                None => source.more().await.unwrap(),
            }
        }
        assert_eq!(taken, ["one", "two"]);
    }
}
