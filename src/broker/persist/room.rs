//! When the file of a store has become too large for what is in it.

/// A smaller file is left as it is.
const SMALL: u64 = 16 << 20;
/// How many times as large as its entries a file may be.
const WASTE: u64 = 4;
/// While clients wait for commits, no more than this is moved.
const MOVABLE: u64 = 64 << 20;

/// Bytes of the entries of a store.
#[derive(Debug, Default)]
pub(super) struct Room {
    entries: u64,
    /// The file that the last compaction left may grow to twice its size: what it could not win
    /// is not tried for at every commit.
    at_least: u64,
}

impl Room {
    pub(super) fn add(&mut self, bytes: usize) {
        self.entries += bytes as u64;
    }

    pub(super) fn subtract(&mut self, bytes: usize) {
        self.entries = self.entries.saturating_sub(bytes as u64);
    }

    /// Whether a file of this size is to be made smaller now.
    pub(super) fn is_wasted(&self, file: u64, is_serving: bool) -> bool {
        file >= SMALL.max(self.at_least)
            && file / WASTE >= self.entries
            && (!is_serving || self.entries <= MOVABLE)
    }

    /// The file was made as small as it gets.
    pub(super) fn compacted(&mut self, file: u64) {
        self.at_least = file.saturating_mul(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1 << 20;

    fn room(mib: usize) -> Room {
        let mut room = Room::default();
        room.add((mib + 1) * MIB);
        room.subtract(MIB);
        room
    }

    #[test]
    fn a_file_is_compacted_when_most_of_it_is_free() {
        for (entries, file, at_start, serving) in [
            (0, 15, false, false),
            (0, 16, true, true),
            (10, 39, false, false),
            (10, 40, true, true),
            // This would take its time.
            (65, 1000, true, false),
        ] {
            let (room, file) = (room(entries), (file * MIB) as u64);
            assert_eq!(room.is_wasted(file, false), at_start, "{entries} in {file}");
            assert_eq!(room.is_wasted(file, true), serving, "{entries} in {file}");
        }
    }

    #[test]
    fn what_was_in_vain_is_not_tried_again_at_once() {
        let mut room = room(1);
        let file = 20 * MIB as u64;
        room.compacted(file);
        assert!(!room.is_wasted(2 * file - 1, true));
        assert!(room.is_wasted(2 * file, true));
    }
}
