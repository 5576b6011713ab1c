//! What the proxy saw, on its way to another thread, within bounds.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::inspect::Origin;

/// How many bytes may wait to be looked at; what comes when they do is left out.
const MAX_WAITING: usize = 16 << 20;

/// What an item counts for besides its bytes.
const OVERHEAD: usize = size_of::<Item>() + 32;

/// Something that happened in the proxy.
#[derive(Debug)]
pub enum Item {
    /// Bytes of a direction.
    Bytes(Origin, Box<[u8]>),
    /// This many bytes of a direction were left out here.
    LeftOut(Origin, u64),
    /// A direction has come to its end.
    End(Origin),
    /// Something that a user wants to know.
    Note(Note),
}

impl Item {
    fn cost(&self) -> usize {
        OVERHEAD
            + match self {
                Item::Bytes(_, bytes) => bytes.len(),
                _ => 0,
            }
    }
}

/// What happened to a connection; prints as a line for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A client has connected.
    Connected {
        /// The conversation's number.
        stream: u32,
        /// Where the client is.
        client: String,
    },
    /// A client could not get through the handshake of TLS or WebSocket.
    NoHandshake {
        /// Where the client is.
        client: String,
        /// Why.
        reason: String,
    },
    /// The broker could not be reached for a client.
    NoBroker {
        /// Where the client is.
        client: String,
        /// Why.
        reason: String,
    },
    /// A connection ended otherwise than by its ends closing it.
    Broken {
        /// The conversation's number.
        stream: u32,
        /// Why.
        reason: String,
    },
    /// The system gives no more connections.
    CannotAccept(String),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Connected { stream, client } => write!(f, "stream {stream}: {client} connected"),
            Note::NoHandshake { client, reason } => {
                write!(f, "{client} was not let in: {reason}")
            }
            Note::NoBroker { client, reason } => {
                write!(f, "{client} was turned away: {reason}")
            }
            Note::Broken { stream, reason } => write!(f, "stream {stream} broke off: {reason}"),
            Note::CannotAccept(reason) => write!(f, "cannot accept connections: {reason}"),
        }
    }
}

#[derive(Debug, Default)]
struct Shared {
    waiting: AtomicUsize,
    left_out: AtomicU64,
}

/// The proxy's end of a feed.
#[derive(Clone, Debug)]
pub struct Tap {
    sender: Sender<Item>,
    shared: Arc<Shared>,
}

/// The other thread's end of a feed.
#[derive(Debug)]
pub struct Feed {
    receiver: Receiver<Item>,
    shared: Arc<Shared>,
}

/// A feed that is empty.
#[must_use]
pub fn feed() -> (Tap, Feed) {
    let (sender, receiver) = channel();
    let shared = Arc::new(Shared::default());
    let tap = Tap {
        sender,
        shared: Arc::clone(&shared),
    };
    (tap, Feed { receiver, shared })
}

impl Tap {
    fn has_room(&self, bytes: usize, items: usize) -> bool {
        let wanted = bytes + items * OVERHEAD;
        self.shared.waiting.load(Ordering::Relaxed) + wanted <= MAX_WAITING
    }

    fn put(&self, item: Item) {
        self.shared
            .waiting
            .fetch_add(item.cost(), Ordering::Relaxed);
        // Without anyone at the other end it is as if it had been looked at.
        let _ = self.sender.send(item);
    }

    /// Tells the user something, unless there is too much to tell already.
    pub(super) fn note(&self, note: Note) {
        if self.has_room(0, 1) {
            self.put(Item::Note(note));
        }
    }
}

/// A direction's place at the feed.
#[derive(Debug)]
pub(super) struct Spout {
    tap: Tap,
    /// Bytes that there was no room for, not told of yet.
    left_out: u64,
}

impl Spout {
    pub fn new(tap: Tap) -> Self {
        Spout { tap, left_out: 0 }
    }

    /// A copy of what went on, if there is room for it.
    pub fn bytes(&mut self, origin: Origin, bytes: &[u8]) {
        if self.tap.has_room(bytes.len(), 2) {
            self.tell_left_out(origin);
            self.tap.put(Item::Bytes(origin, bytes.into()));
        } else {
            let len = bytes.len() as u64;
            self.left_out += len;
            self.tap.shared.left_out.fetch_add(len, Ordering::Relaxed);
        }
    }

    /// The direction has come to its end. That is told in any case: it is small.
    pub fn end(&mut self, origin: Origin) {
        self.tell_left_out(origin);
        self.tap.put(Item::End(origin));
    }

    fn tell_left_out(&mut self, origin: Origin) {
        if self.left_out > 0 {
            let len = std::mem::take(&mut self.left_out);
            self.tap.put(Item::LeftOut(origin, len));
        }
    }
}

impl Feed {
    /// The next item. `Ok(None)`: there was none within this time. `Err`: there will be none.
    ///
    /// # Errors
    ///
    /// The proxy has ended, and all that it put in was taken.
    pub fn next(&self, patience: Duration) -> Result<Option<Item>, Ended> {
        match self.receiver.recv_timeout(patience) {
            Ok(item) => {
                let cost = item.cost();
                self.shared.waiting.fetch_sub(cost, Ordering::Relaxed);
                Ok(Some(item))
            }
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(Ended),
        }
    }

    /// How many bytes were left out so far.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.shared.left_out.load(Ordering::Relaxed)
    }
}

/// The proxy has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended;

#[cfg(test)]
mod tests {
    use super::*;

    const AT_ONCE: Duration = Duration::ZERO;

    #[test]
    fn what_nobody_takes_is_left_out_and_counted() {
        let (tap, feed) = feed();
        let (mut spout, origin) = (Spout::new(tap.clone()), Origin::default());
        let block = vec![0; 1 << 20];
        for _ in 0..20 {
            spout.bytes(origin, &block);
        }
        assert_eq!(feed.left_out(), 5 << 20, "a little over 1 MiB each, of 16");
        let mut taken = 0;
        while let Ok(Some(Item::Bytes(_, bytes))) = feed.next(AT_ONCE) {
            taken += bytes.len();
        }
        assert_eq!(taken, 15 << 20);
        // The next bytes come after what is missing.
        spout.bytes(origin, b"more");
        spout.end(origin);
        drop((spout, tap));
        assert!(matches!(feed.next(AT_ONCE), Ok(Some(Item::LeftOut(_, len))) if len == 5 << 20));
        assert!(matches!(feed.next(AT_ONCE), Ok(Some(Item::Bytes(..)))));
        assert!(matches!(feed.next(AT_ONCE), Ok(Some(Item::End(_)))));
        assert_eq!(feed.next(AT_ONCE).err(), Some(Ended));
        assert_eq!(feed.shared.waiting.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn notes_read_well() {
        let client = || "127.0.0.1:5000".to_owned();
        let stream = 3;
        let connected = Note::Connected {
            stream,
            client: client(),
        };
        assert_eq!(connected.to_string(), "stream 3: 127.0.0.1:5000 connected");
        let turned_away = Note::NoBroker {
            client: client(),
            reason: "connection refused".into(),
        };
        let expected = "127.0.0.1:5000 was turned away: connection refused";
        assert_eq!(turned_away.to_string(), expected);
    }
}
