//! Topic Filters, and the Shared Subscriptions written into them.

use super::TopicError;
use super::name::check_length;
use crate::codec::{Version, check_topic_filter};

/// A valid Topic Filter, split from the ShareName if it is a Shared Subscription's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Filter<'a> {
    /// The ShareName of `$share/NAME/FILTER` (MQTT 5, section 4.8.2).
    pub share_name: Option<&'a str>,
    /// What Topic Names are matched with: the text after `$share/NAME/`, or all of it.
    pub filter: &'a str,
}

impl<'a> Filter<'a> {
    /// Checks a Topic Filter as a SUBSCRIBE or UNSUBSCRIBE carries it.
    ///
    /// Only MQTT 5 has Shared Subscriptions; to the older versions `$share/…` is a filter like
    /// any other.
    ///
    /// ```
    /// use mqtk::codec::Version;
    /// use mqtk::topic::Filter;
    ///
    /// let shared = Filter::parse("$share/workers/jobs/+", Version::V5)?;
    /// assert_eq!((shared.share_name, shared.filter), (Some("workers"), "jobs/+"));
    ///
    /// let error = Filter::parse("jobs/x+", Version::V5).unwrap_err();
    /// assert_eq!((error.id(), error.at), ("MQTT-4.7.1-2", 6));
    /// # Ok::<(), mqtk::topic::TopicError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first rule that is broken (sections 4.7 and 4.8.2).
    pub fn parse(text: &'a str, version: Version) -> Result<Self, TopicError> {
        check_length(text, version)?;
        check_topic_filter(text, version).map_err(|fault| TopicError::new(fault, version))?;
        let shared = match version {
            Version::V5 => text.strip_prefix("$share/"),
            Version::V3_1 | Version::V3_1_1 => None,
        };
        Ok(match shared.and_then(|shared| shared.split_once('/')) {
            Some((name, filter)) => Self {
                share_name: Some(name),
                filter,
            },
            None => Self {
                share_name: None,
                filter: text,
            },
        })
    }

    /// Whether it may match more than one Topic Name: a valid filter has no other use for `+`
    /// and `#`.
    pub fn has_wildcard(&self) -> bool {
        self.filter.contains(['+', '#'])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::topic::{MAX_LEN, strategies};

    fn fault(filter: &str, version: Version) -> Option<(usize, &'static str)> {
        let error = Filter::parse(filter, version).err()?;
        Some((error.at, error.id()))
    }

    #[test]
    fn multi_level_wildcard_is_alone_in_its_level_and_last() {
        let ids = [
            (Version::V3_1, "MQTT31-A"),
            (Version::V3_1_1, "MQTT-4.7.1-2"),
            (Version::V5, "MQTT-4.7.1-1"),
        ];
        for (version, id) in ids {
            for filter in ["#", "a/#", "/#", "a//#", "$SYS/#"] {
                assert_eq!(fault(filter, version), None, "{filter}");
            }
            for (filter, at) in [("a#", 1), ("a/b#", 3), ("a/b#/c", 3)] {
                let expected = Some((at, id));
                assert_eq!(fault(filter, version), expected, "{filter}");
            }
            for (filter, at) in [("#/", 0), ("a/#/b", 2), ("##", 0), ("#a", 0)] {
                let expected = Some((at, id));
                assert_eq!(fault(filter, version), expected, "{filter}");
            }
        }
    }

    #[test]
    fn single_level_wildcard_is_alone_in_its_level() {
        let ids = [
            (Version::V3_1, "MQTT31-A"),
            (Version::V3_1_1, "MQTT-4.7.1-3"),
            (Version::V5, "MQTT-4.7.1-2"),
        ];
        for (version, id) in ids {
            for filter in ["+", "+/", "/+", "+/+", "a/+/b", "+/#", "a/+"] {
                assert_eq!(fault(filter, version), None, "{filter}");
            }
            for (filter, at) in [("a+", 1), ("+a", 0), ("a/+b/c", 2), ("++", 0), ("+#", 0)] {
                let expected = Some((at, id));
                assert_eq!(fault(filter, version), expected, "{filter}");
            }
        }
    }

    #[test]
    fn mqtt_4_7_3_1_a_filter_has_a_character() {
        assert_eq!(fault("", Version::V5), Some((0, "MQTT-4.7.3-1")));
    }

    #[test]
    fn mqtt_4_7_3_2_no_null_in_a_filter() {
        assert_eq!(fault("a/\0", Version::V3_1_1), Some((2, "MQTT-4.7.3-2")));
        let shared = fault("$share/g\0/a", Version::V5);
        assert_eq!(shared, Some((8, "MQTT-4.7.3-2")));
    }

    #[test]
    fn mqtt_4_7_3_3_at_most_65535_bytes() {
        let longest = "a".repeat(MAX_LEN);
        assert_eq!(fault(&longest, Version::V5), None);
        let longer = longest + "a";
        assert_eq!(fault(&longer, Version::V5), Some((MAX_LEN, "MQTT-4.7.3-3")));
    }

    #[test]
    fn mqtt_4_8_2_1_a_shared_subscription_has_a_share_name() {
        let parsed = Filter::parse("$share/g/a/#", Version::V5);
        assert_eq!(
            parsed,
            Ok(Filter {
                share_name: Some("g"),
                filter: "a/#"
            })
        );
        for filter in ["$share/", "$share//a", "$share//"] {
            let expected = Some((7, "MQTT-4.8.2-1"));
            assert_eq!(fault(filter, Version::V5), expected, "{filter}");
        }
        // Without the slash it does not start with `$share/`, so it is an ordinary filter.
        assert_eq!(fault("$share", Version::V5), None);
    }

    #[test]
    fn mqtt_4_8_2_2_a_share_name_has_no_wildcard_and_a_filter_follows() {
        for (filter, at) in [
            ("$share/+/a", 7),
            ("$share/g#/a", 8),
            ("$share/g", 8),
            ("$share/g/", 8),
        ] {
            let expected = Some((at, "MQTT-4.8.2-2"));
            assert_eq!(fault(filter, Version::V5), expected, "{filter}");
        }
        let inner = fault("$share/g/a#", Version::V5);
        assert_eq!(inner, Some((10, "MQTT-4.7.1-1")));
    }

    #[test]
    fn only_mqtt_5_has_shared_subscriptions() {
        let parsed = Filter::parse("$share/g", Version::V3_1_1);
        assert_eq!(
            parsed,
            Ok(Filter {
                share_name: None,
                filter: "$share/g"
            })
        );
    }

    #[test]
    fn errors_say_what_where_and_which_rule() {
        let error = Filter::parse("a/b#", Version::V3_1_1).unwrap_err();
        assert_eq!(
            error.to_string(),
            "# must be the last level of a Topic Filter, alone in it (MQTT-4.7.1-2 at byte 3): \
             write sport/# or #, not sport# or sport/#/ranking"
        );
    }

    proptest! {
        #[test]
        fn well_made_filters_pass(filter in strategies::filter()) {
            prop_assert!(Filter::parse(&filter, Version::V5).is_ok());
        }

        #[test]
        fn a_filter_without_wildcards_is_a_name(text in "[a-c/+#$]{0,6}") {
            let has_wildcard = text.contains(['+', '#']);
            if let Ok(parsed) = Filter::parse(&text, Version::V3_1_1) {
                prop_assert_eq!(
                    crate::topic::check_name(parsed.filter, Version::V3_1_1).is_ok(),
                    !has_wildcard
                );
            } else {
                prop_assert!(crate::topic::check_name(&text, Version::V3_1_1).is_err());
            }
        }
    }
}
