//! Who a Topic Filter is subscribed for, and how.

use std::collections::HashMap;
use std::rc::Rc;

use super::ClientKey;
use super::targets::Target;
use crate::broker::slab::{Slab, key};
use crate::codec::{QoS, SubscriptionOptions};

key! {
    /// A share group's number.
    GroupKey
}

/// Who gets what a subscription matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subscriber {
    /// One client.
    Client(ClientKey),
    /// One member of a share group.
    Group(GroupKey),
}

/// What routing needs to know of a subscription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::broker) struct Subscription {
    pub(in crate::broker) qos: QoS,
    pub(in crate::broker) no_local: bool,
    pub(in crate::broker) retain_as_published: bool,
    /// Subscription Identifier; 0: none.
    pub(in crate::broker) id: u32,
}

impl Subscription {
    pub(super) fn new(options: SubscriptionOptions, id: Option<u32>) -> Self {
        Self {
            qos: options.qos,
            no_local: options.no_local,
            retain_as_published: options.retain_as_published,
            id: id.unwrap_or(0),
        }
    }
}

/// The Topic Filter in `$share/NAME/FILTER`.
pub(super) fn unshared(shared_filter: &str) -> &str {
    shared_filter.splitn(3, '/').nth(2).unwrap_or_default()
}

/// The share groups: those who share one Shared Subscription.
#[derive(Default)]
pub(super) struct Groups {
    by_filter: HashMap<Rc<str>, GroupKey>,
    groups: Slab<GroupKey, Group>,
    /// Members of all of them.
    members: usize,
}

struct Group {
    /// As it is subscribed to: `$share/NAME/FILTER`.
    shared_filter: Rc<str>,
    members: Vec<(ClientKey, Subscription)>,
    /// Whose turn it is.
    next: usize,
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
                    members: Vec::new(),
                    next: 0,
                });
                self.by_filter.insert(shared_filter, key);
                key
            }
        };
        if let Some(group) = self.groups.get_mut(key) {
            match group
                .members
                .iter_mut()
                .find(|(member, _)| *member == client)
            {
                Some((_, old)) => *old = subscription,
                None => {
                    group.members.push((client, subscription));
                    self.members += 1;
                }
            }
        }
        key
    }

    /// Removes a member; says whether it was the last, so that the group is gone.
    pub(super) fn leave(&mut self, shared_filter: &str, client: ClientKey) -> bool {
        let key = self.by_filter.get(shared_filter).copied();
        let Some((key, group)) = key.and_then(|key| Some((key, self.groups.get_mut(key)?))) else {
            return false;
        };
        let before = group.members.len();
        group.members.retain(|(member, _)| *member != client);
        self.members -= before - group.members.len();
        if !group.members.is_empty() {
            return false;
        }
        self.groups.remove(key);
        self.by_filter.remove(shared_filter);
        true
    }

    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    pub(super) fn member_count(&self) -> usize {
        self.members
    }

    /// The group of a Shared Subscription, while it has members.
    pub(super) fn find(&self, shared_filter: &str) -> Option<GroupKey> {
        self.by_filter.get(shared_filter).copied()
    }

    /// Whether a Shared Subscription has such a member.
    pub(super) fn has_member(
        &self,
        shared_filter: &str,
        is_wanted: impl Fn(ClientKey) -> bool,
    ) -> bool {
        let group = self
            .find(shared_filter)
            .and_then(|key| self.groups.get(key));
        group.is_some_and(|group| group.members.iter().any(|(member, _)| is_wanted(*member)))
    }

    /// The copy of the member that gets the next message: round robin among those that `rank` puts
    /// lowest.
    pub(super) fn choose(
        &mut self,
        key: GroupKey,
        mut rank: impl FnMut(ClientKey) -> u8,
    ) -> Option<Target> {
        let group = self.groups.get_mut(key)?;
        let count = group.members.len();
        let mut best: Option<(u8, usize)> = None;
        for step in 0..count {
            let at = (group.next + step) % count;
            let rank = rank(group.members[at].0);
            if best.is_none_or(|(lowest, _)| rank < lowest) {
                best = Some((rank, at));
            }
            if rank == 0 {
                break;
            }
        }
        let (_, at) = best?;
        group.next = (at + 1) % count;
        let (member, subscription) = group.members.get(at)?;
        let shared_filter = Rc::clone(&group.shared_filter);
        Some(Target::shared(*member, subscription, shared_filter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::slab::Key;

    #[test]
    fn members_take_turns_and_the_absent_are_passed_over() {
        let client = ClientKey::new;
        let mut groups = Groups::default();
        let filter = "$share/g/a";
        let key = groups.join(filter, client(1), Subscription::default());
        for member in [2, 3, 3] {
            assert_eq!(
                groups.join(filter, client(member), Subscription::default()),
                key
            );
        }

        let mut take = |absent: &[ClientKey]| {
            let rank = |member| u8::from(absent.contains(&member));
            groups.choose(key, rank).map(|target| target.client)
        };
        let turns: Vec<_> = (0..4).filter_map(|_| take(&[])).collect();
        assert_eq!(turns, [client(1), client(2), client(3), client(1)]);
        let turns: Vec<_> = (0..3).filter_map(|_| take(&[client(2)])).collect();
        assert_eq!(turns, [client(3), client(1), client(3)]);
        let all = [client(1), client(2), client(3)];
        assert_eq!(
            take(&all),
            Some(client(1)),
            "an absent member may still queue it"
        );

        assert_eq!((groups.len(), groups.member_count()), (1, 3));
        assert!(!groups.leave(filter, client(1)));
        assert!(!groups.leave(filter, client(2)));
        assert!(groups.leave(filter, client(3)));
        assert!(!groups.leave(filter, client(3)));
        assert_eq!((groups.len(), groups.member_count()), (0, 0));
    }
}
