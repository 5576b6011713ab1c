//! Retained messages.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::time::Instant;

use crate::broker::Limits;
use crate::broker::persist::{Journal, Key, Publisher, Value};
use crate::session::Message;
use crate::topic::{self, NameTree};

/// What one retained message costs besides its bytes, roughly.
const OVERHEAD: usize = 128;
/// The most matches that are found at once.
const FEW: usize = 1000;
/// The most levels of topics that are looked at for them.
const FEW_NODES: usize = 16 * FEW;

/// The retained message of every Topic Name that has one.
#[derive(Default)]
pub(super) struct Retained {
    messages: NameTree<Rc<Entry>>,
    /// The same in the order of publication, which a search can leave and come back to.
    in_order: BTreeMap<u64, Rc<Entry>>,
    /// Those that expire, by when and by their number: to make room must not cost a walk over all.
    expiring: BTreeMap<(Instant, u64), Rc<str>>,
    bytes: usize,
    /// The number of the next message.
    next: u64,
    /// Counts how often what publishers may do has changed.
    reviews: u32,
    /// Who is told of changes.
    journal: Option<Rc<Journal>>,
}

/// A retained message and its number.
pub(super) type Numbered = (u64, Rc<Message>);

struct Entry {
    message: Rc<Message>,
    /// Counts the messages in the order of publication.
    number: u64,
    publisher: Option<Rc<Publisher>>,
    /// Whether its publisher may not publish it any more, as of which review.
    withheld: Cell<(u32, bool)>,
}

impl Entry {
    fn numbered(&self) -> Numbered {
        (self.number, Rc::clone(&self.message))
    }
}

/// A limit is reached: the message cannot be retained.
#[derive(Debug)]
pub(super) struct Full;

fn weight(message: &Message) -> usize {
    OVERHEAD
        + message.topic.len()
        + message.payload.len()
        + message.properties.as_properties().as_bytes().len()
}

impl Retained {
    /// Tells `journal` from now on what changes.
    pub(super) fn record(&mut self, journal: Rc<Journal>) {
        self.journal = Some(journal);
    }

    /// Puts back what was recorded.
    pub(super) fn restore(
        &mut self,
        message: Rc<Message>,
        publisher: Option<Rc<Publisher>>,
        number: u64,
    ) {
        self.next = self.next.max(number + 1);
        self.insert(message, publisher, number);
    }

    /// Replaces the retained message of the topic (MQTT-3.3.1-5).
    pub(super) fn set(&mut self, message: &Rc<Message>, publisher: Option<Rc<Publisher>>) {
        let number = self.next;
        self.next += 1;
        if let Some(journal) = &self.journal {
            let value = Value::Retained {
                number,
                publisher: publisher.clone(),
                message: Rc::clone(message),
            };
            journal.put(Key::Retained(Rc::clone(&message.topic)), value, false);
        }
        self.insert(Rc::clone(message), publisher, number);
    }

    /// Whether the message can be retained, after those that have expired made room for it.
    pub(super) fn make_room(
        &mut self,
        now: Instant,
        message: &Message,
        limits: &Limits,
    ) -> Result<(), Full> {
        if !self.has_room(message, limits) {
            self.drop_expired(now, message, limits);
            if !self.has_room(message, limits) {
                return Err(Full);
            }
        }
        Ok(())
    }

    fn insert(&mut self, message: Rc<Message>, publisher: Option<Rc<Publisher>>, number: u64) {
        self.bytes += weight(&message);
        let topic = Rc::clone(&message.topic);
        if let Some(expires) = message.expires {
            let topic = Rc::clone(&topic);
            self.expiring.insert((expires, number), topic);
        }
        let entry = Rc::new(Entry {
            message,
            number,
            publisher,
            withheld: Cell::new((self.reviews, false)),
        });
        self.in_order.insert(number, Rc::clone(&entry));
        let replaced = self.messages.insert(&topic, entry);
        if let Some(old) = replaced {
            self.forget(&old);
        }
    }

    fn has_room(&self, message: &Message, limits: &Limits) -> bool {
        let old = self
            .messages
            .get(&message.topic)
            .map_or(0, |old| weight(&old.message));
        let is_new = usize::from(old == 0);
        self.messages.len() + is_new <= limits.retained_messages
            && self.bytes - old + weight(message) <= limits.retained_bytes
    }

    /// How many there are, also of those that have expired since.
    pub(super) fn len(&self) -> usize {
        self.messages.len()
    }

    /// Their bytes, topics included, and something for the memory around them.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Forgets the topic's message (MQTT-3.3.1-6).
    pub(super) fn remove(&mut self, topic: &str) {
        if let Some(old) = self.messages.remove(topic) {
            self.forget(&old);
            if let Some(journal) = &self.journal {
                journal.remove(Key::Retained(Rc::clone(&old.message.topic)));
            }
        }
    }

    /// The message is no longer among them.
    fn forget(&mut self, old: &Entry) {
        self.bytes -= weight(&old.message);
        self.in_order.remove(&old.number);
        if let Some(expires) = old.message.expires {
            self.expiring.remove(&(expires, old.number));
        }
    }

    /// What publishers may do has changed: each message is looked at before it is sent next. There
    /// may be a million of them.
    pub(super) fn review(&mut self) {
        self.reviews = self.reviews.wrapping_add(1);
    }

    /// Somebody waits for messages with numbers below `end`: those that come now have higher ones.
    pub(super) fn begin_at(&mut self, end: u64) {
        self.next = self.next.max(end);
    }

    /// The number that the next message will have: those that are there have lower ones.
    pub(super) fn next_number(&self) -> u64 {
        self.next
    }

    /// The messages with numbers in the `range` that match a Topic Filter, in the order of
    /// publication, if they are few and quickly found. Those that are not to be sent may be among
    /// them.
    pub(super) fn few_matching(&self, filter: &str, range: &Range<u64>) -> Option<Vec<Numbered>> {
        let mut found = self.messages.few_matches(filter, FEW, FEW_NODES)?;
        found.retain(|entry| range.contains(&entry.number));
        found.sort_unstable_by_key(|entry| entry.number);
        Some(found.into_iter().map(|entry| entry.numbered()).collect())
    }

    /// The same for the first `count` messages with numbers in the `range`, whether they match or
    /// not; gives also the part of the range that is left.
    pub(super) fn matching_among(
        &self,
        filter: &str,
        range: Range<u64>,
        count: usize,
    ) -> (Vec<Numbered>, Option<Range<u64>>) {
        let mut entries = self.in_order.range(range.clone());
        let some = entries.by_ref().take(count).map(|(_, entry)| entry);
        let found = some.filter(|entry| topic::matches(filter, &entry.message.topic));
        let found = found.map(|entry| entry.numbered()).collect();
        (found, entries.next().map(|(&next, _)| next..range.end))
    }

    /// Whether this very message is still the topic's, and may be sent. `may` says whether a
    /// publisher may still publish to a topic.
    pub(super) fn is_to_be_sent(
        &self,
        now: Instant,
        message: &Rc<Message>,
        may: impl FnOnce(&Rc<Publisher>, &str) -> bool,
    ) -> bool {
        let current = self.messages.get(&message.topic);
        current.is_some_and(|current| {
            Rc::ptr_eq(&current.message, message)
                && !message.is_expired(now)
                && !self.is_withheld(current, may)
        })
    }

    fn is_withheld(&self, entry: &Entry, may: impl FnOnce(&Rc<Publisher>, &str) -> bool) -> bool {
        let (review, mut is_withheld) = entry.withheld.get();
        if review != self.reviews {
            let publisher = entry.publisher.as_ref();
            is_withheld = publisher.is_some_and(|publisher| !may(publisher, &entry.message.topic));
            entry.withheld.set((self.reviews, is_withheld));
        }
        is_withheld
    }

    /// Forgets what has expired, but no more than it has to: a million may have, all at once.
    fn drop_expired(&mut self, now: Instant, message: &Message, limits: &Limits) {
        while !self.has_room(message, limits)
            && let Some(first) = self.expiring.first_entry()
            && first.key().0 <= now
        {
            let topic = first.remove();
            self.remove(&topic);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::codec::{Properties, Publish, QoS};

    fn message(now: Instant, topic: &str, payload: &[u8], expiry: Option<u64>) -> Rc<Message> {
        let publish = Publish {
            dup: false,
            qos: QoS::AtMostOnce,
            retain: true,
            topic,
            packet_id: None,
            properties: Properties::EMPTY,
            payload,
        };
        let expires = expiry.map(|seconds| now + Duration::from_secs(seconds));
        Rc::new(Message {
            expires,
            ..Message::from_publish(now, &publish, topic)
        })
    }

    fn topics(retained: &Retained, now: Instant) -> Vec<String> {
        let all = retained.few_matching("#", &(0..u64::MAX));
        let all = all.expect("they are few");
        let (again, rest) = retained.matching_among("#", 0..u64::MAX, 10);
        let same = |((one, a), (two, b)): (&(u64, _), &(u64, _))| one == two && Rc::ptr_eq(a, b);
        assert!(all.len() == again.len() && all.iter().zip(&again).all(same));
        assert_eq!(rest, None);
        let sent = all
            .iter()
            .filter(|(_, message)| retained.is_to_be_sent(now, message, |_, _| true));
        sent.map(|(_, message)| message.topic.to_string()).collect()
    }

    /// Retains the message if there is room for it.
    fn set(retained: &mut Retained, now: Instant, message: &Rc<Message>, limits: &Limits) -> bool {
        let room = retained.make_room(now, message, limits);
        room.map(|()| retained.set(message, None)).is_ok()
    }

    #[test]
    fn they_are_found_in_the_order_of_publication() {
        let now = Instant::now();
        let mut retained = Retained::default();
        for topic in ["m/2", "m", "a", "m/1", "z", "a"] {
            let message = message(now, topic, b"x", None);
            retained.set(&message, None);
        }
        assert_eq!(topics(&retained, now), ["m/2", "m", "m/1", "z", "a"]);

        // A search that is left and gone on with sees each once, and none that came later.
        let end = retained.next_number();
        let (some, rest) = retained.matching_among("m/#", 0..end, 3);
        assert_eq!(some.len(), 3);
        retained.set(&message(now, "m/3", b"x", None), None);
        let rest = rest.expect("there are two more");
        let (none, rest) = retained.matching_among("m/#", rest, 3);
        assert!(none.is_empty() && rest.is_none());
    }

    #[test]
    fn limits_hold_and_the_expired_make_room() {
        let now = Instant::now();
        let limits = Limits {
            retained_messages: 2,
            ..Limits::default()
        };
        let mut retained = Retained::default();
        let first = message(now, "a", b"1", Some(5));
        assert!(set(&mut retained, now, &first, &limits));
        assert!(set(
            &mut retained,
            now,
            &message(now, "b", b"2", None),
            &limits
        ));
        assert!(!set(
            &mut retained,
            now,
            &message(now, "c", b"3", None),
            &limits
        ));
        assert!(set(
            &mut retained,
            now,
            &message(now, "b", b"4", None),
            &limits
        ));
        assert!(retained.is_to_be_sent(now, &first, |_, _| true));
        assert_eq!(topics(&retained, now), ["a", "b"]);

        let later = now + Duration::from_secs(6);
        assert_eq!(topics(&retained, later), ["b"]);
        assert!(set(
            &mut retained,
            later,
            &message(later, "c", b"3", None),
            &limits
        ));
        assert!(!retained.is_to_be_sent(now, &first, |_, _| true));
        retained.remove("b");
        retained.remove("c");
        assert_eq!((retained.bytes, retained.messages.len()), (0, 0));
        assert!(retained.in_order.is_empty());

        for seconds in [9, 7] {
            let message = message(now, "a", b"x", Some(seconds));
            assert!(set(&mut retained, now, &message, &limits));
            assert_eq!(retained.expiring.len(), 1);
        }
        retained.remove("a");
        assert!(retained.expiring.is_empty());
    }

    #[test]
    fn bytes_are_limited_too() {
        let now = Instant::now();
        let limits = Limits {
            retained_bytes: 1000,
            ..Limits::default()
        };
        let mut retained = Retained::default();
        assert!(set(
            &mut retained,
            now,
            &message(now, "a", &[0; 800], None),
            &limits
        ));
        assert!(!set(
            &mut retained,
            now,
            &message(now, "b", &[0; 800], None),
            &limits
        ));
        assert!(set(
            &mut retained,
            now,
            &message(now, "a", &[0; 801], None),
            &limits
        ));
    }
}
