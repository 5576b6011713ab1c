//! Counts, as people read them.

use indicatif::HumanCount;

/// A count, its digits in groups of three.
pub(super) fn grouped(count: u64) -> String {
    HumanCount(count).to_string()
}

/// So many of a thing, in words.
pub(super) fn counted(count: u64, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", grouped(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        assert_eq!(counted(1, "message"), "1 message");
        assert_eq!(counted(1_234_567, "message"), "1,234,567 messages");
    }
}
