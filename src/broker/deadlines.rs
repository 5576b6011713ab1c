//! When something is due, and for whom.

use std::collections::BTreeSet;
use std::time::Instant;

/// Deadlines of many keys, at most one each.
///
/// A key's deadline may be moved later without telling: when it fires, its owner looks whether
/// it is really due and arms it again. So a packet that puts a Keep Alive off costs nothing.
#[derive(Debug)]
pub(super) struct Deadlines<K> {
    set: BTreeSet<(Instant, K)>,
}

impl<K: Ord> Default for Deadlines<K> {
    fn default() -> Self {
        Self {
            set: BTreeSet::new(),
        }
    }
}

impl<K: Ord + Copy> Deadlines<K> {
    /// Sees to it that `key` fires at `due` or before; `armed` is the owner's record of when.
    pub(super) fn arm(&mut self, armed: &mut Option<Instant>, key: K, due: Option<Instant>) {
        let Some(due) = due else { return };
        match *armed {
            Some(at) if at <= due => return,
            Some(at) => {
                self.set.remove(&(at, key));
            }
            None => {}
        }
        self.set.insert((due, key));
        *armed = Some(due);
    }

    /// Forgets `key`, which is about to be removed.
    pub(super) fn disarm(&mut self, armed: &mut Option<Instant>, key: K) {
        if let Some(at) = armed.take() {
            self.set.remove(&(at, key));
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.set.len()
    }

    /// The earliest deadline.
    pub(super) fn next(&self) -> Option<Instant> {
        self.set.first().map(|(at, _)| *at)
    }

    /// A key that is due; its owner's record must be cleared and, if wanted, armed again.
    pub(super) fn pop_due(&mut self, now: Instant) -> Option<K> {
        (self.next()? <= now)
            .then(|| self.set.pop_first())?
            .map(|(_, key)| key)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_key_is_armed_once_and_at_its_earliest() {
        let start = Instant::now();
        let at = |seconds| Some(start + Duration::from_secs(seconds));
        let mut deadlines = Deadlines::default();
        let (mut a, mut b) = (None, None);
        deadlines.arm(&mut a, 'a', at(5));
        deadlines.arm(&mut a, 'a', at(9));
        deadlines.arm(&mut a, 'a', None);
        assert_eq!((a, deadlines.next()), (at(5), at(5)));
        deadlines.arm(&mut a, 'a', at(3));
        deadlines.arm(&mut b, 'b', at(4));
        assert_eq!(deadlines.set.len(), 2);
        assert_eq!(deadlines.pop_due(start), None);
        assert_eq!(deadlines.pop_due(start + Duration::from_secs(9)), Some('a'));
        deadlines.disarm(&mut b, 'b');
        assert_eq!((b, deadlines.next()), (None, None));
    }
}
