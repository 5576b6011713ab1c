//! The text of topic levels, each kept once: `temperature` under a million devices is one string.

use super::table::Table;

/// The number that stands for a level's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct LevelId(u32);

impl LevelId {
    /// `+`, always known.
    pub(super) const SINGLE: Self = Self(0);
    /// `#`, always known.
    pub(super) const MULTI: Self = Self(1);
    /// The first number that is given to other text.
    const FIRST: u32 = 2;
}

/// Counted references from texts to numbers.
#[derive(Default)]
pub(super) struct Levels {
    ids: Table<Box<str>, u32>,
    /// How many tree nodes carry each number, from [`LevelId::FIRST`] on.
    uses: Vec<u32>,
    free: Vec<u32>,
}

impl Levels {
    /// The number of a text, if any node carries it.
    pub(super) fn find(&self, text: &str) -> Option<LevelId> {
        match text {
            "+" => Some(LevelId::SINGLE),
            "#" => Some(LevelId::MULTI),
            _ => self.ids.get(text).copied().map(LevelId),
        }
    }

    /// The number of a text that one more node is going to carry.
    pub(super) fn acquire(&mut self, text: &str) -> LevelId {
        if let Some(id) = self.find(text) {
            if let Some(uses) = self.uses_mut(id) {
                *uses += 1;
            }
            return id;
        }
        let id = self.free.pop().unwrap_or_else(|| {
            self.uses.push(0);
            LevelId::FIRST + self.uses.len() as u32 - 1
        });
        self.uses[(id - LevelId::FIRST) as usize] = 1;
        self.ids.insert(text.into(), id);
        LevelId(id)
    }

    /// Takes back one use of a text; the last one forgets it.
    pub(super) fn release(&mut self, text: &str) {
        let Some(id) = self.find(text) else { return };
        let Some(uses) = self.uses_mut(id) else {
            return;
        };
        *uses -= 1;
        if *uses == 0 {
            self.ids.remove(text);
            self.free.push(id.0);
        }
    }

    /// Frees memory that is no longer needed.
    pub(super) fn shrink(&mut self) {
        self.ids.shrink();
    }

    fn uses_mut(&mut self, id: LevelId) -> Option<&mut u32> {
        let index = id.0.checked_sub(LevelId::FIRST)?;
        self.uses.get_mut(index as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_number_until_its_last_use() {
        let mut levels = Levels::default();
        let temperature = levels.acquire("temperature");
        assert_eq!(levels.acquire("temperature"), temperature);
        let humidity = levels.acquire("humidity");
        assert_ne!(humidity, temperature);

        levels.release("temperature");
        assert_eq!(levels.find("temperature"), Some(temperature));
        levels.release("temperature");
        assert_eq!(levels.find("temperature"), None);
        assert_eq!(
            levels.acquire("pressure"),
            temperature,
            "the number is free again"
        );
        assert_eq!(levels.find("humidity"), Some(humidity));
    }

    #[test]
    fn wildcards_are_known_without_being_acquired() {
        let mut levels = Levels::default();
        assert_eq!(levels.acquire("+"), LevelId::SINGLE);
        levels.release("+");
        assert_eq!(levels.find("+"), Some(LevelId::SINGLE));
        assert_eq!(levels.find("#"), Some(LevelId::MULTI));
    }
}
