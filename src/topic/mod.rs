//! Topic Names and Topic Filters: their rules, matching, and the trees a Server keeps them in.
//!
//! A Topic Name labels one Application Message; a Topic Filter says which names a subscription
//! wants. Both are levels separated by `/`, and a level may be empty. Nothing is ever normalised
//! (MQTT-4.7.3-4): `/a`, `a` and `a/` are three topics.
//!
//! * [`check_name`] and [`Filter::parse`] enforce the rules and name the one that is broken.
//! * [`matches()`] compares one filter with one name.
//! * [`SubscriptionTrie`] finds the subscriptions that want a name.
//! * [`NameTree`] finds the names that a filter wants (retained messages).
//!
//! The trees take text that has passed the checks; other text never panics, it only matches
//! unhelpfully.

mod entries;
mod error;
mod filter;
mod levels;
mod matching;
mod name;
mod name_tree;
mod subscription_trie;
mod table;
mod tree;

pub use error::TopicError;
pub use filter::Filter;
pub use matching::matches;
pub use name::check_name;
pub use name_tree::NameTree;
pub use subscription_trie::SubscriptionTrie;

/// The most bytes that a Topic Name or Topic Filter can have (MQTT-4.7.3-3).
pub const MAX_LEN: usize = 65_535;

/// How many levels a Topic Name or Topic Filter has; empty levels count.
///
/// A Server that keeps topics of strangers wants a limit on this: each level of a stored topic
/// costs memory, and 65,535 slashes are 65,536 levels.
///
/// ```
/// assert_eq!(mqtk::topic::level_count("a/b/c"), 3);
/// assert_eq!(mqtk::topic::level_count("/"), 2);
/// ```
pub fn level_count(topic: &str) -> usize {
    memchr::memchr_iter(b'/', topic.as_bytes()).count() + 1
}

#[cfg(test)]
mod strategies {
    //! Topics from a small alphabet, so that random names and filters often meet.

    use proptest::prelude::*;

    fn literal() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["", "a", "b", "ab", "$x", "é"])
    }

    pub fn name() -> impl Strategy<Value = String> {
        prop::collection::vec(literal(), 1..5)
            .prop_map(|levels| levels.join("/"))
            .prop_filter("a topic has a character", |topic| !topic.is_empty())
    }

    pub fn filter() -> impl Strategy<Value = String> {
        let level = prop_oneof![2 => literal(), 1 => Just("+")];
        (prop::collection::vec(level, 0..5), any::<bool>())
            .prop_map(|(mut levels, multi)| {
                if multi {
                    levels.push("#");
                }
                levels.join("/")
            })
            .prop_filter("a filter has a character", |filter| !filter.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_levels_count() {
        assert_eq!(level_count("a"), 1);
        assert_eq!(level_count("/a"), 2);
        assert_eq!(level_count("a//b/"), 4);
    }
}
