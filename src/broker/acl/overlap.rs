//! How two Topic Filters relate.

/// The levels of a filter in which `#` stands for itself and what follows.
type Levels<'a> = std::str::Split<'a, char>;

/// Whether some Topic Name is matched by both filters.
pub(super) fn intersects(one: &str, other: &str) -> bool {
    if hides(one, other) || hides(other, one) {
        return false;
    }
    let (mut one, mut other) = (one.split('/'), other.split('/'));
    loop {
        match (one.next(), other.next()) {
            (None, None) | (Some("#"), _) | (_, Some("#")) => return true,
            (Some(_), None) | (None, Some(_)) => return false,
            (Some(a), Some(b)) if a == b || a == "+" || b == "+" => {}
            (Some(_), Some(_)) => return false,
        }
    }
}

/// Whether `wide` matches every Topic Name that `narrow` matches.
pub(super) fn covers(wide: &str, narrow: &str) -> bool {
    if hides(wide, narrow) {
        return false;
    }
    let (mut wide, mut narrow): (Levels<'_>, Levels<'_>) = (wide.split('/'), narrow.split('/'));
    loop {
        match (wide.next(), narrow.next()) {
            (Some("#"), _) | (None, None) => return true,
            (Some("+"), Some(level)) if level != "#" => {}
            (Some(a), Some(b)) if a == b => {}
            _ => return false,
        }
    }
}

/// Whether a wildcard at the start keeps the filter from the other's topics, which begin with `$`
/// (MQTT-4.7.2-1).
fn hides(filter: &str, other: &str) -> bool {
    filter.starts_with(['+', '#']) && other.starts_with('$')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::topic::matches;

    #[test]
    fn filters_meet_where_a_topic_is_matched_by_both() {
        for (one, other) in [
            ("a/+", "+/b"),
            ("a/#", "a"),
            ("#", "a/b"),
            ("a/+/c", "a/#"),
            ("$SYS/#", "$SYS/+"),
        ] {
            assert!(
                intersects(one, other) && intersects(other, one),
                "{one} {other}"
            );
        }
        for (one, other) in [("a/+", "b/+"), ("a", "a/b"), ("a/+", "a"), ("#", "$SYS/#")] {
            assert!(
                !intersects(one, other) && !intersects(other, one),
                "{one} {other}"
            );
        }
    }

    #[test]
    fn a_filter_covers_what_is_narrower() {
        for (wide, narrow) in [("#", "a/#"), ("a/#", "a"), ("a/+", "a/b"), ("+/#", "a/+/c")] {
            assert!(covers(wide, narrow), "{wide} {narrow}");
        }
        for (wide, narrow) in [
            ("a/+", "a/#"),
            ("a/b", "a/+"),
            ("#", "$SYS/a"),
            ("+", "a/b"),
        ] {
            assert!(!covers(wide, narrow), "{wide} {narrow}");
        }
    }

    fn levels(wildcards: &'static [&'static str]) -> impl Strategy<Value = String> {
        let level = prop::sample::select(vec!["a", "b", "$x"]).prop_map(str::to_owned);
        let wild = prop::sample::select(wildcards.to_vec()).prop_map(str::to_owned);
        let level = prop_oneof![2 => level, 1 => wild];
        prop::collection::vec(level, 1..4).prop_map(|levels| {
            let end = levels.iter().position(|level| level == "#");
            levels[..end.map_or(levels.len(), |end| end + 1)].join("/")
        })
    }

    proptest! {
        #[test]
        fn no_topic_disproves_it(
            one in levels(&["+", "#"]),
            other in levels(&["+", "#"]),
            topic in levels(&["a"]),
        ) {
            if matches(&one, &topic) && matches(&other, &topic) {
                prop_assert!(intersects(&one, &other));
            }
            if covers(&one, &other) && matches(&other, &topic) {
                prop_assert!(matches(&one, &topic));
            }
        }
    }
}
