//! Who is judged next, where that takes a while: networks take turns.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::broker::abuse::network;
use crate::transport::Peer;

/// Lets so many be judged at a time, for an [`Authenticator`](super::Authenticator) that takes a
/// while. The addresses that clients come from take turns (of IPv6, their first 64 bits), so that a
/// flood from one of them does not keep the others waiting.
///
/// ```
/// use mqtk::broker::{Login, Turns, Verdict};
///
/// /// Asks no more than two at a time.
/// async fn ask(turns: &std::sync::Arc<Turns>, login: &Login) -> Verdict {
///     let _turn = turns.take(login.peer).await;
///     // What takes a while.
///     Verdict::Pass
/// }
///
/// let turns = Turns::new(2);
/// ```
#[derive(Debug)]
pub struct Turns(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// How many more may come in at once.
    free: usize,
    /// Those who wait, by where they come from; nobody waits while there is a free place.
    waiting: HashMap<Option<IpAddr>, VecDeque<oneshot::Sender<Turn>>>,
    /// Where somebody waits, in the order of their turns.
    order: VecDeque<Option<IpAddr>>,
}

/// The right to be judged, for as long as it is kept.
#[derive(Debug)]
#[must_use]
pub struct Turn(Option<Arc<Turns>>);

impl Turns {
    /// Turns for so many at a time.
    pub fn new(at_a_time: usize) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State {
            free: at_a_time,
            ..State::default()
        })))
    }

    /// Waits behind those who come from there too.
    pub async fn take(self: &Arc<Self>, peer: Peer) -> Turn {
        let from = network(peer);
        let turn = {
            let mut state = self.state();
            if state.free > 0 {
                state.free -= 1;
                return Turn(Some(Arc::clone(self)));
            }
            let (sender, turn) = oneshot::channel();
            let queue = state.waiting.entry(from).or_default();
            let is_first = queue.is_empty();
            queue.push_back(sender);
            if is_first {
                state.order.push_back(from);
            }
            turn
        };
        // The sender is in the queue until it is used.
        turn.await.unwrap_or(Turn(None))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The next one who still waits.
    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        while let Some(from) = self.order.pop_front() {
            let queue = self.waiting.get_mut(&from)?;
            let next = loop {
                match queue.pop_front() {
                    // It has gone.
                    Some(sender) if sender.is_closed() => {}
                    next => break next,
                }
            };
            if queue.is_empty() {
                self.waiting.remove(&from);
            } else {
                self.order.push_back(from);
            }
            if next.is_some() {
                return next;
            }
        }
        None
    }
}

impl Drop for Turn {
    /// It is the next one's turn.
    fn drop(&mut self) {
        let Some(turns) = self.0.take() else { return };
        loop {
            let mut state = turns.state();
            let Some(next) = state.next() else {
                state.free += 1;
                return;
            };
            drop(state);
            match next.send(Turn(Some(Arc::clone(&turns)))) {
                Ok(()) => return,
                // It has gone just now, and must not pass the turn on itself.
                Err(mut unused) => drop(unused.0.take()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    type Waiting<'a> = Pin<Box<dyn Future<Output = Turn> + 'a>>;

    const UNIX: Peer = Peer::Unix { process: None };

    fn from(number: u8) -> Peer {
        Peer::Tcp(([192, 0, 2, number], 1).into())
    }

    /// The turn, if it has come.
    fn poll(waiting: &mut Waiting<'_>) -> Option<Turn> {
        match waiting
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(turn) => Some(turn),
            Poll::Pending => None,
        }
    }

    #[test]
    fn networks_take_turns() {
        let turns = Turns::new(1);
        let order = [from(1), from(1), from(1), from(1), from(2), UNIX, from(2)];
        let mut all: Vec<_> = order
            .iter()
            .map(|from| Box::pin(turns.take(*from)) as Waiting<'_>)
            .map(Some)
            .collect();
        let mut turn = None;
        // They all come before the first is done.
        for waiting in all.iter_mut().flatten() {
            turn = poll(waiting).or(turn);
        }
        all[0] = None;
        let mut served = Vec::new();
        while let Some(done) = turn.take() {
            drop(done);
            for (number, waiting) in all.iter_mut().enumerate() {
                if let Some(come) = waiting.as_mut().and_then(poll) {
                    assert!(turn.is_none(), "one at a time");
                    served.push(number);
                    turn = Some(come);
                    *waiting = None;
                }
            }
        }
        // The first was served at once.
        assert_eq!(served, [1, 4, 5, 2, 6, 3]);
        assert_eq!(turns.state().free, 1);
    }

    #[test]
    fn who_has_gone_is_passed_over() {
        let turns = Turns::new(2);
        let mut waiting: Vec<Waiting<'_>> = (0..5)
            .map(|_| Box::pin(turns.take(from(1))) as Waiting<'_>)
            .collect();
        let mut come: Vec<_> = waiting.iter_mut().map(poll).collect();
        assert!(come[1].is_some() && come[2].is_none());
        // One goes before its turn, another when that has come.
        drop(waiting.remove(2));
        drop(come[0].take());
        drop(waiting.remove(2));
        assert!(poll(&mut waiting[2]).is_some());
        drop(come);
        drop(waiting);
        assert_eq!(turns.state().free, 2);
        assert!(turns.state().waiting.is_empty());
    }
}
