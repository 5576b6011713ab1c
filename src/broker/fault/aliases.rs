//! Which Topic Name a Topic Alias stands for, seen from the wire.

use std::collections::HashMap;

/// Bytes of Topic Names that are remembered in one direction. The broker allows few aliases, but
/// it never sees those of packets that are dropped on their way to it.
const MAX_BYTES: usize = 1 << 20;

/// The Topic Names of one direction, by their Topic Aliases.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    names: HashMap<u16, Box<str>>,
    bytes: usize,
}

impl Aliases {
    /// From now on, `alias` stands for `name`; where there is no room for that, for nothing.
    pub(super) fn set(&mut self, alias: u16, name: &str) {
        if let Some(old) = self.names.remove(&alias) {
            self.bytes -= old.len();
        }
        if self.bytes + name.len() <= MAX_BYTES {
            self.bytes += name.len();
            self.names.insert(alias, name.into());
        }
    }

    pub(super) fn get(&self, alias: u16) -> Option<&str> {
        self.names.get(&alias).map(|name| &**name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_remembered_as_far_as_there_is_room() {
        let mut aliases = Aliases::default();
        let name = "x".repeat(65_535);
        for alias in 1..=u16::MAX {
            aliases.set(alias, &name);
        }
        assert!(aliases.names.len() <= MAX_BYTES / name.len());
        assert_eq!(aliases.get(1), Some(&*name));
        aliases.set(1, "a");
        aliases.set(1, "ab");
        assert_eq!(aliases.get(1), Some("ab"));
        let bytes: usize = aliases.names.values().map(|name| name.len()).sum();
        assert_eq!(aliases.bytes, bytes);
    }
}
