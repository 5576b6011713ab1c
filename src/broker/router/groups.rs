//! The share groups: those who share one Shared Subscription.
//!
//! Each keeps its members in two circles. Most messages are for one who is present, and must not
//! cost a look at thousands who are not; so who turns out to be away is put aside until it is back.

use std::collections::HashMap;
use std::rc::Rc;

use rapidhash::fast::RandomState;

use super::ClientKey;
use super::subscription::{GroupKey, Subscription};
use super::targets::Target;
use crate::broker::slab::Slab;

/// Whether a member may be given a message, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// It keeps up.
    Ready,
    /// It is connected, and slow.
    Slow,
    /// It has no connection.
    Away,
    /// It may not have the message.
    Forbidden,
    /// The same, and it has no connection.
    ForbiddenAway,
}

impl Standing {
    fn is_away(self) -> bool {
        matches!(self, Self::Away | Self::ForbiddenAway)
    }
}

/// The share groups.
#[derive(Default)]
pub(super) struct Groups {
    by_filter: HashMap<Rc<str>, GroupKey>,
    groups: Slab<GroupKey, Group>,
    /// Where each member stands in its group.
    places: HashMap<(GroupKey, ClientKey), Place, RandomState>,
    /// The groups in which clients are put aside.
    aside: HashMap<ClientKey, Vec<GroupKey>, RandomState>,
}

struct Group {
    /// As it is subscribed to: `$share/NAME/FILTER`.
    shared_filter: Rc<str>,
    /// Those of whom it is not known that they are away.
    present: Circle,
    /// Those who were away when it was their turn, and are not back.
    absent: Circle,
}

/// Members who take turns.
#[derive(Default)]
struct Circle {
    members: Vec<(ClientKey, Subscription)>,
    /// Whose turn it is.
    next: usize,
}

#[derive(Clone, Copy)]
struct Place {
    is_absent: bool,
    index: u32,
}

impl Group {
    fn circle(&mut self, is_absent: bool) -> &mut Circle {
        match is_absent {
            true => &mut self.absent,
            false => &mut self.present,
        }
    }
}

impl Groups {
    /// Adds a member, or replaces its subscription; says which group that is.
    pub(super) fn join(
        &mut self,
        shared_filter: &str,
        client: ClientKey,
        subscription: Subscription,
    ) -> GroupKey {
        let key = match self.by_filter.get(shared_filter) {
            Some(&key) => key,
            None => {
                let shared_filter = Rc::<str>::from(shared_filter);
                let key = self.groups.insert(Group {
                    shared_filter: Rc::clone(&shared_filter),
                    present: Circle::default(),
                    absent: Circle::default(),
                });
                self.by_filter.insert(shared_filter, key);
                key
            }
        };
        let member = (client, subscription);
        match self.places.get(&(key, client)) {
            None => self.put(key, member, false),
            Some(place) => {
                let group = self.groups.get_mut(key);
                let circle = group.map(|group| group.circle(place.is_absent));
                let old = circle.and_then(|it| it.members.get_mut(place.index as usize));
                old.into_iter().for_each(|old| *old = member);
            }
        }
        key
    }

    /// Removes a member; says whether it was the last, so that the group is gone.
    pub(super) fn leave(&mut self, shared_filter: &str, client: ClientKey) -> bool {
        let Some(key) = self.find(shared_filter) else {
            return false;
        };
        if self.take(key, client).is_none() {
            return false;
        }
        if let Some(groups) = self.aside.get_mut(&client) {
            groups.retain(|other| *other != key);
            if groups.is_empty() {
                self.aside.remove(&client);
            }
        }
        let group = self.groups.get(key);
        if group.is_none_or(|it| !it.present.members.is_empty() || !it.absent.members.is_empty()) {
            return false;
        }
        self.groups.remove(key);
        self.by_filter.remove(shared_filter);
        true
    }

    /// The client has a connection again: it takes its turns like the others.
    pub(super) fn welcome(&mut self, client: ClientKey) {
        for key in self.aside.remove(&client).unwrap_or_default() {
            if let Some(member) = self.take(key, client) {
                self.put(key, member, false);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// Members of all of them.
    pub(super) fn member_count(&self) -> usize {
        self.places.len()
    }

    /// The group of a Shared Subscription, while it has members.
    pub(super) fn find(&self, shared_filter: &str) -> Option<GroupKey> {
        self.by_filter.get(shared_filter).copied()
    }

    /// The copy of the member that gets the next message: round robin among those whose `standing`
    /// is best.
    pub(super) fn choose(
        &mut self,
        key: GroupKey,
        mut standing: impl FnMut(ClientKey) -> Standing,
    ) -> Option<Target> {
        let (mut best, mut away) = (None, Vec::new());
        for &(member, _) in self.groups.get(key)?.present.in_turn() {
            let its = standing(member);
            if its.is_away() {
                away.push(member);
                continue;
            }
            if best.is_none_or(|(highest, _)| its < highest) {
                best = Some((its, member));
            }
            if its == Standing::Ready {
                break;
            }
        }
        for member in away {
            self.put_aside(key, member);
        }
        let group = self.groups.get(key)?;
        let chosen = match best.filter(|(its, _)| *its != Standing::Forbidden) {
            Some((_, member)) => Some(member),
            // One who is away may still queue it.
            None => {
                let mut members = group.absent.in_turn().map(|(member, _)| *member);
                members.find(|member| standing(*member) == Standing::Away)
            }
        }?;
        let place = *self.places.get(&(key, chosen))?;
        let group = self.groups.get_mut(key)?;
        let shared_filter = Rc::clone(&group.shared_filter);
        let (member, subscription) = group.circle(place.is_absent).take_turn(place.index)?;
        Some(Target::shared(member, &subscription, shared_filter))
    }

    /// Whether a Shared Subscription has a member that is not away.
    pub(super) fn has_present(
        &mut self,
        shared_filter: &str,
        is_away: impl Fn(ClientKey) -> bool,
    ) -> bool {
        let Some(key) = self.find(shared_filter) else {
            return false;
        };
        let first = |group: &Group| group.present.in_turn().next().map(|(member, _)| *member);
        while let Some(member) = self.groups.get(key).and_then(first) {
            if !is_away(member) {
                return true;
            }
            self.put_aside(key, member);
        }
        false
    }

    /// The member is away: it is passed over until it is back.
    fn put_aside(&mut self, key: GroupKey, client: ClientKey) {
        if let Some(member) = self.take(key, client) {
            self.put(key, member, true);
            self.aside.entry(client).or_default().push(key);
        }
    }

    fn put(&mut self, key: GroupKey, member: (ClientKey, Subscription), is_absent: bool) {
        if let Some(group) = self.groups.get_mut(key) {
            let members = &mut group.circle(is_absent).members;
            let index = members.len() as u32;
            members.push(member);
            let place = Place { is_absent, index };
            self.places.insert((key, member.0), place);
        }
    }

    fn take(&mut self, key: GroupKey, client: ClientKey) -> Option<(ClientKey, Subscription)> {
        let place = self.places.remove(&(key, client))?;
        let circle = self.groups.get_mut(key)?.circle(place.is_absent);
        let member = circle.members.swap_remove(place.index as usize);
        // The last one has its place now.
        if let Some((moved, _)) = circle.members.get(place.index as usize)
            && let Some(of_moved) = self.places.get_mut(&(key, *moved))
        {
            of_moved.index = place.index;
        }
        Some(member)
    }
}

impl Circle {
    /// All members, beginning with the one whose turn it is.
    fn in_turn(&self) -> impl Iterator<Item = &(ClientKey, Subscription)> {
        let (before, after) = self.members.split_at(self.next.min(self.members.len()));
        after.iter().chain(before)
    }

    /// The member at this place, after which it is the next one's turn.
    fn take_turn(&mut self, index: u32) -> Option<(ClientKey, Subscription)> {
        self.next = (index as usize + 1) % self.members.len().max(1);
        self.members.get(index as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::broker::slab::Key;

    const FILTER: &str = "$share/g/a";

    fn group(size: u32) -> (Groups, GroupKey) {
        let mut groups = Groups::default();
        let mut key = None;
        for number in 0..size {
            let client = ClientKey::new(number);
            key = Some(groups.join(FILTER, client, Subscription::default()));
        }
        (groups, key.expect("a member"))
    }

    /// The number of the member that gets the next message, with these away.
    fn take(groups: &mut Groups, key: GroupKey, away: &[u32]) -> Option<usize> {
        let standing = |member: ClientKey| match away.contains(&(member.index() as u32)) {
            true => Standing::Away,
            false => Standing::Ready,
        };
        groups.choose(key, standing).map(|it| it.client.index())
    }

    #[test]
    fn members_take_turns_and_the_absent_are_passed_over() {
        let (mut groups, key) = group(3);
        groups.join(FILTER, ClientKey::new(2), Subscription::default());
        assert_eq!((groups.len(), groups.member_count()), (1, 3));
        let mut turns = |away: &[u32], count| -> Vec<_> {
            let takes = (0..count).filter_map(|_| take(&mut groups, key, away));
            takes.collect()
        };
        assert_eq!(turns(&[], 4), [0, 1, 2, 0]);
        assert_eq!(turns(&[1], 3), [2, 0, 2]);
        let mut all = turns(&[0, 1, 2], 3);
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2], "an absent member may still queue it");

        // They are back, one after the other.
        groups.welcome(ClientKey::new(1));
        assert_eq!(take(&mut groups, key, &[0, 2]), Some(1));
        groups.welcome(ClientKey::new(2));
        groups.welcome(ClientKey::new(0));
        let mut all: Vec<_> = (0..3).filter_map(|_| take(&mut groups, key, &[])).collect();
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2]);

        take(&mut groups, key, &[0, 1]);
        for number in [0, 1] {
            assert!(!groups.leave(FILTER, ClientKey::new(number)));
        }
        assert!(groups.leave(FILTER, ClientKey::new(2)));
        assert!(!groups.leave(FILTER, ClientKey::new(2)));
        assert_eq!((groups.len(), groups.member_count()), (0, 0));
        assert!(groups.aside.is_empty());
    }

    #[test]
    fn who_may_not_have_it_gets_it_in_no_case() {
        let (mut groups, key) = group(4);
        let all = [
            Standing::Forbidden,
            Standing::ForbiddenAway,
            Standing::Slow,
            Standing::Away,
        ];
        let mut chosen = |all: [Standing; 4]| {
            let target = groups.choose(key, |member| all[member.index()]);
            target.map(|target| target.client.index())
        };
        assert_eq!(chosen(all), Some(2));
        let [forbidden, forbidden_away, ..] = all;
        assert_eq!(chosen([all[0], all[1], forbidden, all[3]]), Some(3));
        assert_eq!(chosen([all[0], all[1], forbidden, forbidden_away]), None);
    }

    /// However many are away, they are looked at once each.
    #[test]
    fn the_absent_cost_nothing() {
        let (mut groups, key) = group(10_000);
        let looks = Cell::new(0);
        let standing = |member: ClientKey| {
            looks.set(looks.get() + 1);
            match member.index() {
                9_999 => Standing::Ready,
                _ => Standing::Away,
            }
        };
        for _ in 0..100 {
            let target = groups.choose(key, standing).expect("one is there");
            assert_eq!(target.client.index(), 9_999);
        }
        assert_eq!(looks.get(), 10_000 + 99);
        let is_away = |member| standing(member).is_away();
        assert!(groups.has_present(FILTER, is_away));
        assert!(
            groups.leave(FILTER, ClientKey::new(9_999)) || !groups.has_present(FILTER, is_away)
        );
        assert_eq!(looks.get(), 10_000 + 100);
        for number in 0..9_999 {
            groups.leave(FILTER, ClientKey::new(number));
        }
        assert_eq!((groups.len(), groups.member_count()), (0, 0));
    }
}
