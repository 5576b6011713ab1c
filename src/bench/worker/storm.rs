//! Storms: every client has one turn.

use std::rc::Rc;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::task::spawn_local;

use super::Worker;
use crate::bench::progress::Progress;
use crate::bench::schedule::Share;
use crate::bench::{Act, Load, Series, latency};

/// Turns that are had before what has come is read.
const AT_ONCE: usize = 64;

impl Worker {
    /// Lets every client do what is due, and says when the next turn is.
    pub(super) fn storm_due(
        self: &Rc<Self>,
        share: &mut Share,
        start: Instant,
        now: Instant,
    ) -> Option<Instant> {
        let context = &self.context;
        let elapsed = now.saturating_duration_since(start).as_nanos() as u64;
        let is_paced = matches!(context.plan.load, Load::Open { .. });
        for turn in 0..AT_ONCE {
            let (own, due) = share.peek()?;
            let at = start + Duration::from_nanos(due);
            if due > elapsed {
                return Some(at);
            }
            if is_paced && turn == 0 {
                latency::record(&mut self.shared.borrow_mut().stats.lag, elapsed - due);
            }
            share.advance();
            Progress::add(&context.progress.turns, 1);
            context.progress.retire(&context.plan, context.nanos(now));
            let intended = is_paced.then(|| context.nanos(at));
            let slot = self.first_actor() + own as usize;
            let number = own * self.workers + self.worker;
            match context.plan.scenario.act() {
                Act::Subscribe => self.subscribe(slot, intended),
                Act::Return => {
                    Progress::add(&context.progress.asked, 1);
                    spawn_local(Rc::clone(self).come_back(slot, number, intended));
                }
                _ => self.cut(slot, number),
            }
        }
        Some(now)
    }

    /// A client subscribes.
    fn subscribe(&self, slot: usize, intended: Option<u64>) {
        let context = &self.context;
        let mut shared = self.shared.borrow_mut();
        let mut connections = self.connections.borrow_mut();
        let Some(Some(connection)) = connections.get_mut(slot) else {
            return;
        };
        if !connection.subscribe(context, intended) {
            return;
        }
        Progress::add(&context.progress.asked, 1);
        if let Poll::Ready(Err(_)) = connection.advance(context, &mut shared) {
            // Its task finds the same, and says so.
            connection.wake();
        }
    }

    /// A client with a will is cut off, without DISCONNECT.
    fn cut(&self, slot: usize, number: u64) {
        let context = &self.context;
        let mut connections = self.connections.borrow_mut();
        let Some(place) = connections.get_mut(slot) else {
            return;
        };
        let Some(connection) = place.take_if(|connection| connection.is_ready()) else {
            return;
        };
        context.progress.dies(number, context.nanos(Instant::now()));
        connection.wake();
        drop(connection);
        Progress::add(&context.progress.sent, 1);
        let shared = &mut *self.shared.borrow_mut();
        shared.stats.sent += 1;
        shared.dead.push(Series::new(number, context.plan.qos));
    }
}
