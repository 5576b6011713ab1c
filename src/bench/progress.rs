//! How far a run has come, seen by all its threads.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Act, Plan};

/// How far all workers have come; each adds to it once a batch. What belongs to the warm-up
/// counts here too.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Connections that are ready or have failed.
    settled: AtomicU64,
    /// When the last of them did so, on the run's clock.
    settled_at: AtomicU64,
    /// Clients that are ready, and have not failed since.
    pub(super) alive: AtomicU64,
    /// Connections that broke after they were ready.
    pub(super) broken: AtomicU64,
    /// Clients that will have another turn.
    pub(super) acting: AtomicU64,
    /// Turns that clients have had, other than messages published.
    pub(super) turns: AtomicU64,
    /// Publishers that fill the broker.
    pub(super) filling: AtomicU64,
    /// Subscribers that have left their sessions.
    pub(super) away: AtomicU64,
    /// Messages handed to sockets, and clients with wills cut off.
    pub(super) sent: AtomicU64,
    /// What the broker is to answer.
    pub(super) asked: AtomicU64,
    /// What of that it has answered.
    pub(super) acked: AtomicU64,
    /// PUBRECs: the broker has a message, and the handshake goes on.
    pub(super) halfway: AtomicU64,
    /// Messages of the run that arrived, each time they did.
    pub(super) received: AtomicU64,
    /// What a run leaves in the broker: sessions, or messages retained.
    pub(super) made: AtomicU64,
    /// What of that is gone again.
    pub(super) removed: AtomicU64,
    /// Sessions whose removal was tried, with success or without.
    pub(super) tried: AtomicU64,
    /// What of `acked` is no answer: the time for one had passed.
    pub(super) expired: AtomicU64,
    /// When the last of the turns so far was had, or given up, on the run's clock.
    last_turn: AtomicU64,
    /// What had not come yet when nobody would have another turn.
    under_way: AtomicU64,
    /// When each client with a will was cut off, on the run's clock.
    deaths: Vec<AtomicU64>,
}

impl Progress {
    pub(super) fn new(plan: &Plan) -> Progress {
        let mortals = match plan.scenario.act() {
            Act::Die => plan.publishers,
            _ => 0,
        };
        let fillers = match plan.scenario.fills() {
            true => plan.shard.share(plan.publishers),
            false => 0,
        };
        Progress {
            acting: plan.shard.share(plan.actors()).into(),
            filling: fillers.into(),
            deaths: (0..mortals).map(|_| AtomicU64::new(0)).collect(),
            ..Progress::default()
        }
    }

    pub(super) fn add(counter: &AtomicU64, count: u64) {
        if count > 0 {
            counter.fetch_add(count, Ordering::Relaxed);
        }
    }

    pub(super) fn take(counter: &AtomicU64) {
        counter.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn get(counter: &AtomicU64) -> u64 {
        counter.load(Ordering::Relaxed)
    }

    /// All that came from the broker: as long as this grows, it is alive.
    pub(super) fn came(&self) -> u64 {
        [&self.acked, &self.halfway, &self.received]
            .map(Progress::get)
            .iter()
            .sum()
    }

    /// A client has had its last turn, `at` that moment.
    pub(super) fn retire(&self, plan: &Plan, at: u64) {
        self.last_turn.fetch_max(at, Ordering::Relaxed);
        if self.acting.fetch_sub(1, Ordering::AcqRel) == 1 {
            let [sent, received] = [&self.sent, &self.received].map(Progress::get);
            let [asked, acked] = [&self.asked, &self.acked].map(Progress::get);
            let under_way = match plan.copies() {
                0 => asked.saturating_sub(acked),
                _ => plan.arrivals(sent).saturating_sub(received),
            };
            self.under_way.store(under_way, Ordering::Release);
        }
    }

    /// When the last turn was had, and what had not come yet then; `None`: there are more, or there
    /// are none.
    pub(super) fn all_turns(&self) -> Option<(u64, u64)> {
        let is_over = self.acting.load(Ordering::Acquire) == 0;
        let last_turn = Some(Progress::get(&self.last_turn)).filter(|at| is_over && *at > 0);
        last_turn.map(|at| (at, Progress::get(&self.under_way)))
    }

    /// A connection became ready or failed at `now`.
    pub(super) fn settle(&self, now: u64) {
        self.settled_at.fetch_max(now, Ordering::Relaxed);
        // Who sees the number sees the time too.
        self.settled.fetch_add(1, Ordering::Release);
    }

    /// How many connections are ready or have failed, and when the last of them did so on the run's
    /// clock.
    pub(super) fn settled(&self) -> (u64, u64) {
        let settled = self.settled.load(Ordering::Acquire);
        (settled, self.settled_at.load(Ordering::Relaxed))
    }

    /// A client is about to be cut off.
    pub(super) fn dies(&self, client: u64, now: u64) {
        if let Some(death) = self.death(client) {
            death.store(now.max(1), Ordering::Release);
        }
    }

    /// When a client was cut off; `None`: it was not, by us.
    pub(super) fn died(&self, client: u64) -> Option<u64> {
        let death = self.death(client)?.load(Ordering::Acquire);
        (death > 0).then_some(death)
    }

    fn death(&self, client: u64) -> Option<&AtomicU64> {
        self.deaths.get(usize::try_from(client).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_that_is_halfway_through_its_handshakes_is_alive() {
        let progress = Progress::default();
        Progress::add(&progress.asked, 1);
        Progress::add(&progress.halfway, 1);
        assert_eq!(progress.came(), 1);
        Progress::add(&progress.acked, 1);
        assert_eq!(progress.came(), 2);
    }
}
