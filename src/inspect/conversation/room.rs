//! A bound on what all conversations together remember.

/// How many messages, requests, aliases and identifiers are remembered at once.
const MAX: usize = 256 * 1024;

/// How much may still be remembered.
#[derive(Debug)]
pub(in crate::inspect) struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Room(MAX)
    }
}

impl Room {
    /// Takes a place, if there is one.
    #[must_use]
    pub fn take(&mut self) -> bool {
        let free = self.0 > 0;
        self.0 -= usize::from(free);
        free
    }

    /// Takes this many places, if there are as many.
    #[must_use]
    pub fn take_many(&mut self, places: usize) -> bool {
        let rest = self.0.checked_sub(places);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Gives places back.
    pub fn give_back(&mut self, places: usize) {
        self.0 += places;
    }
}
