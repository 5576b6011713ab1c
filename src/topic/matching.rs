//! One Topic Filter against one Topic Name.

/// Whether a Topic Filter matches a Topic Name (section 4.7).
///
/// Both are taken to be valid, and the filter to be without its `$share/NAME/`. One pass over
/// the bytes, no allocation.
///
/// ```
/// use mqtk::topic::matches;
///
/// assert!(matches("sport/+/player1", "sport/tennis/player1"));
/// assert!(matches("sport/#", "sport"));
/// assert!(!matches("#", "$SYS/uptime"));
/// ```
pub fn matches(filter: &str, name: &str) -> bool {
    let (mut filter, mut name) = (filter.as_bytes(), name.as_bytes());
    // MQTT-4.7.2-1: what begins with `$` is hidden from a leading wildcard.
    if let ([b'+' | b'#', ..], [b'$', ..]) = (filter, name) {
        return false;
    }
    loop {
        let same = filter.iter().zip(name).take_while(|(f, n)| f == n).count();
        (filter, name) = (&filter[same..], &name[same..]);
        match (filter, name) {
            ([], []) | ([b'#', ..], _) => return true,
            // `a/#` matches its parent level `a` too.
            ([b'/', b'#'], []) => return true,
            ([b'+', rest @ ..], _) => {
                let level = name.iter().take_while(|&&byte| byte != b'/').count();
                (filter, name) = (rest, &name[level..]);
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::topic::strategies;

    /// The rules as section 4.7 tells them, level by level.
    fn matches_by_levels(filter: &str, name: &str) -> bool {
        if name.starts_with('$') && filter.starts_with(['+', '#']) {
            return false;
        }
        let mut levels = name.split('/');
        for wanted in filter.split('/') {
            match (wanted, levels.next()) {
                ("#", _) => return true,
                (_, None) => return false,
                ("+", Some(_)) => {}
                (wanted, Some(level)) if wanted == level => {}
                _ => return false,
            }
        }
        levels.next().is_none()
    }

    #[test]
    fn literal_filters_match_themselves_alone() {
        assert!(matches("a/b", "a/b"));
        assert!(!matches("a/b", "a"));
        assert!(!matches("a", "a/b"));
        assert!(!matches("a/b", "a/c"));
        assert!(!matches("ab", "a"));
    }

    #[test]
    fn multi_level_wildcard_matches_the_parent_and_all_below() {
        for name in ["sport", "sport/", "sport/tennis", "sport/tennis/p1"] {
            assert!(matches("sport/#", name), "{name}");
        }
        assert!(!matches("sport/#", "sports"));
        assert!(!matches("sport/#", "spor"));
        assert!(matches("#", "/"));
        assert!(matches("+/#", "a"));
    }

    #[test]
    fn single_level_wildcard_matches_exactly_one_level() {
        assert!(matches("sport/+", "sport/"));
        assert!(!matches("sport/+", "sport"));
        assert!(!matches("sport/+", "sport/a/b"));
        assert!(matches("+/+", "/finance"));
        assert!(matches("/+", "/finance"));
        assert!(!matches("+", "/finance"));
        assert!(matches("a/+/c", "a//c"));
    }

    #[test]
    fn mqtt_4_7_2_1_leading_wildcards_do_not_see_dollar_topics() {
        for filter in ["#", "+/uptime", "+/#"] {
            assert!(!matches(filter, "$SYS/uptime"), "{filter}");
        }
        assert!(!matches("+", "$"));
        assert!(matches("$SYS/#", "$SYS/uptime"));
        assert!(matches("$SYS/+", "$SYS/uptime"));
        assert!(matches("a/+", "a/$b"));
        assert!(matches("#", "a/$SYS"));
    }

    #[test]
    fn mqtt_4_7_3_4_nothing_is_normalised() {
        assert!(!matches("a", "A"));
        assert!(!matches("a/", "a"));
        assert!(!matches("a//b", "a/b"));
        assert!(!matches("a\u{30a}", "\u{e5}"));
    }

    proptest! {
        #[test]
        fn agrees_with_the_rules_level_by_level(
            filter in strategies::filter(),
            name in strategies::name(),
        ) {
            prop_assert_eq!(matches(&filter, &name), matches_by_levels(&filter, &name));
        }

        #[test]
        fn any_text_is_safe(filter in ".{0,8}", name in ".{0,8}") {
            matches(&filter, &name);
        }
    }
}
