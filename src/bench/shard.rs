//! The part of a run that one process does, where several share it.

use std::fmt;
use std::str::FromStr;

/// Where a process stands among those that share a run: `2/4` is the third of four.
///
/// Clients are numbered over the whole run. Those whose number leaves `index` when divided by `of`
/// are this process's, so neither Client Identifiers nor Topic Names nor turns collide.
///
/// ```
/// use mqtk::bench::Shard;
///
/// let shard: Shard = "2/4".parse()?;
/// assert_eq!(shard.share(10), 2); // clients 2 and 6
/// assert_eq!(Shard::default().share(10), 10);
/// assert!("4/4".parse::<Shard>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    of: u64,
}

impl Default for Shard {
    /// One process does it all.
    fn default() -> Shard {
        Shard { index: 0, of: 1 }
    }
}

impl Shard {
    /// The shard `index` of so many, counted from 0.
    ///
    /// # Errors
    ///
    /// There is no such shard: why, in one line.
    pub fn new(index: u64, of: u64) -> Result<Shard, String> {
        match of {
            0 => Err("a run has one shard at least".into()),
            _ if index >= of => Err(format!(
                "there is no shard {index} of {of}: they are counted from 0/{of} to {}/{of}",
                of - 1
            )),
            _ => Ok(Shard { index, of }),
        }
    }

    /// Its number, from 0.
    pub fn index(self) -> u64 {
        self.index
    }

    /// How many there are.
    pub fn of(self) -> u64 {
        self.of
    }

    /// Whether others do the rest of the run.
    pub fn is_part(self) -> bool {
        self.of > 1
    }

    /// How many of the numbers from 0 to `all` are this shard's.
    pub fn share(self, all: u64) -> u64 {
        (all + (self.of - 1 - self.index)) / self.of
    }

    /// How many of the first `messages` of a run are this shard's, where `actors` take turns.
    pub(super) fn share_of_turns(self, messages: u64, actors: u64) -> u64 {
        let actors = actors.max(1);
        messages / actors * self.share(actors) + self.share(messages % actors)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text
            .split_once('/')
            .and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((index, of)) => Shard::new(index, of),
            None => Err("a shard is its number, from 0, of how many: 0/4".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_shards_together_are_the_whole() {
        for of in 1..7 {
            let shards = || (0..of).map(|index| Shard::new(index, of).unwrap());
            for all in 0..40 {
                assert_eq!(shards().map(|shard| shard.share(all)).sum::<u64>(), all);
                for actors in 1..9 {
                    for shard in shards() {
                        let mine = |n: &u64| (n % actors) % of == shard.index();
                        let counted = (0..all).filter(mine).count() as u64;
                        assert_eq!(shard.share_of_turns(all, actors), counted);
                    }
                }
            }
        }
    }

    #[test]
    fn errors_say_how_shards_are_counted() {
        for (text, error) in [
            ("3/3", "from 0/3 to 2/3"),
            ("0/0", "one shard at least"),
            ("2", "0/4"),
            ("a/b", "0/4"),
        ] {
            let said = text.parse::<Shard>().expect_err(text);
            assert!(said.contains(error), "{said}");
        }
    }
}
