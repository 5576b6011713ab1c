//! Who is judged next, where judging takes a while: networks take turns, and so do the users of each.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::Login;
use crate::broker::abuse::network;
use crate::transport::Peer;

/// The most who are remembered as let in; then all are forgotten.
const MAX_KNOWN: usize = 100_000;

/// Lets only so many clients be judged at a time, for an [`Authenticator`](super::Authenticator) that takes a
/// while.
///
/// The addresses that clients come from take turns (of IPv6, their first 64 bits), so that a flood
/// from one of them does not keep the others waiting. Who comes from the same address as a flood
/// waits as little, if its User Name has been let in from there before ([`Turn::succeeded`]): such
/// names take every second turn of the address, one after the other. The others share the rest,
/// again name by name.
///
/// ```
/// use mqtk::broker::{Login, Turns, Verdict};
///
/// /// Asks no more than two at a time.
/// async fn ask(turns: &std::sync::Arc<Turns>, login: &Login) -> Verdict {
///     let turn = turns.take(login).await;
///     // What takes a while.
///     turn.succeeded();
///     Verdict::accept()
/// }
///
/// let turns = Turns::new(2);
/// ```
#[derive(Debug)]
pub struct Turns {
    state: Mutex<State>,
    hasher: RandomState,
}

#[derive(Debug, Default)]
struct State {
    /// How many more may come in at once.
    free: usize,
    /// Those who wait, by where they come from; nobody waits while there is a free place.
    waiting: Circle<Option<IpAddr>, Crowd>,
    /// Who was let in, by user and address.
    known: HashSet<u64>,
}

/// The right to be judged, for as long as it is kept.
#[derive(Debug)]
#[must_use]
pub struct Turn {
    turns: Option<Arc<Turns>>,
    /// Whose it is: a user at an address.
    user: u64,
}

/// Somebody who waits.
#[derive(Debug)]
struct Waiting {
    user: u64,
    sender: oneshot::Sender<Turn>,
}

/// Those who wait, in some order.
trait Line: Default {
    fn pop(&mut self) -> Option<Waiting>;
    fn is_empty(&self) -> bool;
}

/// First come, first served.
type Queue = VecDeque<Waiting>;

/// Lines that take turns.
#[derive(Debug)]
struct Circle<K, L> {
    lines: HashMap<K, L>,
    /// Where somebody waits, in the order of their turns.
    order: VecDeque<K>,
}

/// Those from one address, by their User Names.
#[derive(Debug, Default)]
struct Crowd {
    known: Circle<Option<Box<str>>, Queue>,
    strangers: Circle<Option<Box<str>>, Queue>,
    /// It is the turn of the strangers.
    strangers_are_next: bool,
}

impl Turns {
    /// Turns for so many at a time, at least one.
    pub fn new(at_a_time: usize) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                free: at_a_time.max(1),
                ..State::default()
            }),
            hasher: RandomState::new(),
        })
    }

    /// Waits for its turn.
    pub async fn take(self: &Arc<Self>, login: &Login) -> Turn {
        self.take_as(login.peer, login.username.as_deref()).await
    }

    async fn take_as(self: &Arc<Self>, peer: Peer, username: Option<&str>) -> Turn {
        let from = network(peer);
        let user = self.hasher.hash_one((from, username));
        let turn = {
            let mut state = self.state();
            if state.free > 0 {
                state.free -= 1;
                return self.turn_of(user);
            }
            let (sender, turn) = oneshot::channel();
            let is_known = state.known.contains(&user);
            let crowd = state.waiting.line(from);
            let lines = match is_known {
                true => &mut crowd.known,
                false => &mut crowd.strangers,
            };
            let line = lines.line(username.map(Box::from));
            line.push_back(Waiting { user, sender });
            turn
        };
        // The sender is in the queue until it is used.
        turn.await.unwrap_or(Turn { turns: None, user })
    }

    fn turn_of(self: &Arc<Self>, user: u64) -> Turn {
        let turns = Some(Arc::clone(self));
        Turn { turns, user }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The next one who still waits.
    fn next(&mut self) -> Option<Waiting> {
        loop {
            let next = self.waiting.pop()?;
            if !next.sender.is_closed() {
                return Some(next);
            }
        }
    }
}

impl Turn {
    /// The client was let in: its User Name is known at its address from now on.
    pub fn succeeded(&self) {
        if let Some(turns) = &self.turns {
            let known = &mut turns.state().known;
            if known.len() == MAX_KNOWN {
                known.clear();
            }
            known.insert(self.user);
        }
    }
}

impl Drop for Turn {
    /// It is the next one's turn.
    fn drop(&mut self) {
        let Some(turns) = self.turns.take() else {
            return;
        };
        loop {
            let mut state = turns.state();
            let Some(next) = state.next() else {
                state.free += 1;
                return;
            };
            drop(state);
            match next.sender.send(turns.turn_of(next.user)) {
                Ok(()) => return,
                // It has gone just now, and must not pass the turn on itself.
                Err(mut unused) => drop(unused.turns.take()),
            }
        }
    }
}

impl Line for Queue {
    fn pop(&mut self) -> Option<Waiting> {
        self.pop_front()
    }

    fn is_empty(&self) -> bool {
        VecDeque::is_empty(self)
    }
}

impl<K: Clone + Eq + Hash, L: Line> Circle<K, L> {
    /// The line of this name, where somebody is going to wait.
    fn line(&mut self, name: K) -> &mut L {
        self.lines.entry(name).or_insert_with_key(|name| {
            self.order.push_back(name.clone());
            L::default()
        })
    }
}

impl<K, L> Default for Circle<K, L> {
    fn default() -> Self {
        Self {
            lines: HashMap::new(),
            order: VecDeque::new(),
        }
    }
}

impl<K: Clone + Eq + Hash, L: Line> Line for Circle<K, L> {
    fn pop(&mut self) -> Option<Waiting> {
        let name = self.order.pop_front()?;
        let line = self.lines.get_mut(&name)?;
        let next = line.pop();
        if line.is_empty() {
            self.lines.remove(&name);
        } else {
            self.order.push_back(name);
        }
        next
    }

    fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}

impl Line for Crowd {
    fn pop(&mut self) -> Option<Waiting> {
        self.strangers_are_next = match (self.known.is_empty(), self.strangers.is_empty()) {
            (true, _) => true,
            (_, true) => false,
            _ => self.strangers_are_next,
        };
        let next = match self.strangers_are_next {
            true => self.strangers.pop(),
            false => self.known.pop(),
        };
        self.strangers_are_next ^= true;
        next
    }

    fn is_empty(&self) -> bool {
        self.known.is_empty() && self.strangers.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    type Coming<'a> = Pin<Box<dyn Future<Output = Turn> + 'a>>;

    const UNIX: Peer = Peer::Unix { process: None };

    fn from(number: u8) -> Peer {
        Peer::Tcp(([192, 0, 2, number], 1).into())
    }

    /// The turn, if it has come.
    fn poll(waiting: &mut Coming<'_>) -> Option<Turn> {
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
            .map(|from| Box::pin(turns.take_as(*from, None)) as Coming<'_>)
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
        let mut waiting: Vec<Coming<'_>> = (0..5)
            .map(|_| Box::pin(turns.take_as(from(1), None)) as Coming<'_>)
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
        assert!(turns.state().waiting.lines.is_empty());
    }

    /// Thousands of guesses wait, each for another name, when somebody comes who was here before.
    #[test]
    fn who_was_let_in_before_does_not_wait_behind_a_flood_from_its_address() {
        let turns = Turns::new(1);
        let mut busy = poll(&mut (Box::pin(turns.take_as(from(1), Some("ann"))) as Coming<'_>));
        busy.as_ref().expect("nobody waits").succeeded();
        let names: Vec<_> = (0..1000).map(|number| format!("guess{number}")).collect();
        let flood = names.iter().map(|name| turns.take_as(from(1), Some(name)));
        let mut flood: Vec<Coming<'_>> = flood.map(|it| Box::pin(it) as _).collect();
        assert!(flood.iter_mut().all(|waiting| poll(waiting).is_none()));
        let mut ann: Coming<'_> = Box::pin(turns.take_as(from(1), Some("ann")));
        assert!(poll(&mut ann).is_none());
        drop(busy.take());
        let hers = poll(&mut ann);
        assert!(hers.is_some());
        // Every second turn is for the others.
        let mut ann: Coming<'_> = Box::pin(turns.take_as(from(1), Some("ann")));
        assert!(poll(&mut ann).is_none());
        drop(hers);
        let theirs: Vec<_> = flood.iter_mut().filter_map(poll).collect();
        assert_eq!(theirs.len(), 1);
        drop(theirs);
        assert!(poll(&mut ann).is_some());
    }

    /// Those who guess the password of one user do not keep another waiting.
    #[test]
    fn the_names_of_an_address_take_turns() {
        let turns = Turns::new(1);
        let names = ["x", "x", "x", "x", "ann"];
        let all = names.map(|name| turns.take_as(from(1), Some(name)));
        let mut all = all.map(|it| Box::pin(it) as Coming<'_>);
        let mut turn = all.each_mut().map(poll).into_iter().flatten().next();
        assert!(turn.is_some());
        for expected in [1, 4] {
            drop(turn.take());
            turn = poll(&mut all[expected]);
            assert!(turn.is_some(), "{expected}");
        }
    }
}
