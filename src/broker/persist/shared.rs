//! Messages that many Sessions keep, in the store once.
//!
//! A large payload would otherwise be written for each Session, and again when it gets a Packet
//! Identifier. How many refer to a message is counted here and not in the store: whoever reads the
//! store counts again.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use rapidhash::fast::RandomState;

use crate::session::Message;

/// Bytes of a payload from which on a message stands by itself.
const FROM: usize = 1024;

/// A message that a Session keeps: the number of the Session, and of the message in it.
type Place = (u64, u64);

/// The messages that stand by themselves, and where they belong.
#[derive(Debug, Default)]
pub(super) struct SharedMessages {
    /// By their numbers in the store.
    stored: HashMap<u64, Stored, RandomState>,
    /// Their numbers; `stored` keeps the addresses from being used again.
    numbers: HashMap<*const Message, u64, RandomState>,
    places: BTreeMap<Place, u64>,
    /// The number of the last one.
    last: u64,
}

#[derive(Debug)]
struct Stored {
    message: Rc<Message>,
    references: usize,
}

/// Where a message is to be found in the store.
pub(super) enum Found {
    /// It is too small to stand by itself.
    InPlace,
    /// Under this number, as others have it too.
    Known(u64),
    /// Under this number, from now on.
    New(u64),
}

impl SharedMessages {
    /// The Session keeps this message at `place`, where nothing else is.
    pub(super) fn keep(&mut self, place: Place, message: &Rc<Message>) -> Found {
        if message.payload.len() < FROM {
            return Found::InPlace;
        }
        let known = self.numbers.get(&Rc::as_ptr(message)).copied();
        let number = known.unwrap_or(self.last + 1);
        if known.is_none() {
            self.restore(number, Rc::clone(message));
        }
        self.refer(place, number);
        match known {
            Some(number) => Found::Known(number),
            None => Found::New(number),
        }
    }

    /// There is nothing at `place` any more. Gives the message's number if nobody refers to it.
    pub(super) fn release(&mut self, place: Place) -> Option<u64> {
        let number = self.places.remove(&place)?;
        let stored = self.stored.get_mut(&number)?;
        stored.references -= 1;
        if stored.references > 0 {
            return None;
        }
        self.forget(number);
        Some(number)
    }

    /// The same for everything in a Session.
    pub(super) fn release_all(&mut self, session: u64) -> Vec<u64> {
        let places = self.places.range((session, 0)..=(session, u64::MAX));
        let places: Vec<_> = places.map(|(place, _)| *place).collect();
        let mut unused = Vec::new();
        for place in places {
            unused.extend(self.release(place));
        }
        unused
    }

    /// The store has this message under this number.
    pub(super) fn restore(&mut self, number: u64, message: Rc<Message>) {
        self.last = self.last.max(number);
        self.numbers.insert(Rc::as_ptr(&message), number);
        let references = 0;
        let stored = Stored {
            message,
            references,
        };
        self.stored.insert(number, stored);
    }

    /// The store says that the message at `place` is the one under this number.
    pub(super) fn restore_reference(&mut self, place: Place, number: u64) -> Option<Rc<Message>> {
        let message = Rc::clone(&self.stored.get(&number)?.message);
        self.refer(place, number);
        Some(message)
    }

    /// The numbers of those that nobody has referred to, which are forgotten.
    pub(super) fn sweep(&mut self) -> Vec<u64> {
        let stored = self.stored.iter();
        let unused = stored.filter(|(_, stored)| stored.references == 0);
        let unused: Vec<_> = unused.map(|(number, _)| *number).collect();
        unused.iter().for_each(|&number| self.forget(number));
        unused
    }

    fn refer(&mut self, place: Place, number: u64) {
        if let Some(stored) = self.stored.get_mut(&number)
            && self.places.insert(place, number).is_none()
        {
            stored.references += 1;
        }
    }

    fn forget(&mut self, number: u64) {
        if let Some(Stored { message, .. }) = self.stored.remove(&number) {
            self.numbers.remove(&Rc::as_ptr(&message));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::codec::{Properties, Publish, QoS};

    fn message(size: usize) -> Rc<Message> {
        let publish = Publish {
            dup: false,
            qos: QoS::AtLeastOnce,
            retain: false,
            topic: "t",
            packet_id: None,
            properties: Properties::EMPTY,
            payload: &vec![0; size],
        };
        Rc::new(Message::from_publish(Instant::now(), &publish, "t"))
    }

    fn number(found: &Found) -> Option<u64> {
        match *found {
            Found::InPlace => None,
            Found::Known(number) | Found::New(number) => Some(number),
        }
    }

    #[test]
    fn a_message_is_stored_for_the_first_and_removed_with_the_last() {
        let (mut shared, message) = (SharedMessages::default(), message(FROM));
        assert!(matches!(shared.keep((1, 1), &message), Found::New(1)));
        assert!(matches!(shared.keep((2, 7), &message), Found::Known(1)));
        // It gets a Packet Identifier.
        assert!(matches!(shared.keep((2, 7), &message), Found::Known(1)));
        assert_eq!(shared.release((2, 7)), None);
        assert_eq!(shared.release((2, 7)), None, "it is not there any more");
        assert_eq!(shared.release_all(1), [1]);
        assert!(matches!(shared.keep((3, 1), &message), Found::New(2)));
    }

    #[test]
    fn a_small_message_stands_where_it_is_kept() {
        let (mut shared, message) = (SharedMessages::default(), message(FROM - 1));
        assert_eq!(number(&shared.keep((1, 1), &message)), None);
        assert_eq!(shared.release((1, 1)), None);
    }

    #[test]
    fn references_are_counted_again_after_a_restart() {
        let mut shared = SharedMessages::default();
        for number in [4, 5] {
            shared.restore(number, message(FROM));
        }
        let one = shared.restore_reference((1, 1), 4);
        let same = shared.restore_reference((2, 1), 4);
        assert!(one.is_some_and(|one| same.is_some_and(|same| Rc::ptr_eq(&one, &same))));
        assert!(shared.restore_reference((2, 2), 6).is_none());
        assert_eq!(shared.sweep(), [5]);
        assert_eq!(number(&shared.keep((3, 1), &message(FROM))), Some(6));
        assert!(shared.release_all(1).is_empty());
        assert_eq!(shared.release_all(2), [4]);
    }
}
