//! Which connection a client had last, to know what it has to send again on the next.

use std::collections::HashMap;

use crate::inspect::conversation::{Digest, Room, Unacknowledged};

/// How many clients are remembered.
const MAX_CLIENTS: usize = 16_384;

/// The clients that were seen, by their identifiers.
#[derive(Debug, Default)]
pub(super) struct Sessions(HashMap<Digest, Last>);

/// A client's last connection.
#[derive(Debug)]
pub(super) enum Last {
    /// It is not over: the stream.
    Open(u32),
    /// It is over, and left this.
    Left(Unacknowledged),
}

impl Sessions {
    /// A client has connected, on this stream. Returns what was known of it.
    pub fn open(&mut self, client_id: Digest, stream: u32, room: &mut Room) -> Option<Last> {
        if let Some(last) = self.0.get_mut(&client_id) {
            let last = std::mem::replace(last, Last::Open(stream));
            if let Last::Left(left) = &last {
                room.give_back(left.len());
            }
            return Some(last);
        }
        if self.0.len() >= MAX_CLIENTS {
            self.forget(room);
        }
        self.0.insert(client_id, Last::Open(stream));
        None
    }

    /// A client's connection is over, unless it has another by now.
    pub fn close(&mut self, client_id: Digest, stream: u32, left: Unacknowledged, room: &mut Room) {
        let is_last = |last: &Last| matches!(last, Last::Open(open) if *open == stream);
        let Some(last) = self.0.get_mut(&client_id).filter(|last| is_last(last)) else {
            return;
        };
        match !left.is_empty() && room.take_many(left.len()) {
            true => *last = Last::Left(left),
            false => drop(self.0.remove(&client_id)),
        }
    }

    /// Forgets all clients.
    fn forget(&mut self, room: &mut Room) {
        for last in self.0.drain() {
            if let (_, Last::Left(left)) = last {
                room.give_back(left.len());
            }
        }
    }
}
