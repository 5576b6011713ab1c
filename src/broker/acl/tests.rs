use std::net::SocketAddr;

use super::*;
use crate::broker::Action;
use crate::transport::Peer;

const NOBODY: (&str, Option<&str>) = ("c", None);
const ANN: (&str, Option<&str>) = ("c", Some("ann"));

fn identity<'a>((client_id, username): (&'a str, Option<&'a str>)) -> Identity<'a> {
    Identity {
        client_id,
        username,
        peer: Peer::Tcp(SocketAddr::from(([10, 0, 0, 1], 1))),
    }
}

/// What the client may do with the topic: `r`, `w`, both or nothing.
#[track_caller]
fn allowed(text: &str, who: (&str, Option<&str>), topic: &str) -> String {
    let acl: Acl = text.parse().expect("a good file");
    let permissions = acl.permissions(&identity(who));
    let mut allowed = String::new();
    if permissions.allow(Action::Receive { topic }) {
        allowed.push('r');
    }
    if permissions.allow(Action::Publish { topic }) {
        allowed.push('w');
    }
    allowed
}

#[test]
fn nothing_is_allowed_that_no_rule_allows() {
    assert_eq!(allowed("", NOBODY, "a"), "");
    assert_eq!(allowed("topic a", NOBODY, "a"), "rw");
    assert_eq!(allowed("topic read a/+", NOBODY, "a/b"), "r");
    assert_eq!(allowed("topic write #", NOBODY, "a/b"), "w");
    assert_eq!(allowed("topic a", NOBODY, "b"), "");
    assert_eq!(allowed("topic #", NOBODY, "$SYS/a"), "");
    assert_eq!(allowed("topic read $SYS/#", NOBODY, "$SYS/a"), "r");
}

#[test]
fn the_sections_of_users_are_theirs_alone() {
    let text = "topic x\nuser ann\ntopic y\npattern p\nuser bob\ntopic z\nuser ann\ntopic yy";
    for (who, topics) in [
        (NOBODY, ["rw", "", "rw", "", ""]),
        (ANN, ["", "rw", "rw", "", "rw"]),
        (("c", Some("bob")), ["", "", "rw", "rw", ""]),
        (("c", Some("eve")), ["", "", "rw", "", ""]),
    ] {
        let seen = ["x", "y", "p", "z", "yy"].map(|topic| allowed(text, who, topic));
        assert_eq!(seen, topics, "{who:?}");
    }
}

#[test]
fn a_deny_comes_first_within_its_section_and_sections_before_patterns() {
    for text in ["topic a/#\ntopic deny a/b", "topic deny a/b\ntopic a/#"] {
        assert_eq!(allowed(text, NOBODY, "a/b"), "");
        assert_eq!(allowed(text, NOBODY, "a/c"), "rw");
    }
    let patterns = "topic write a/b\npattern read a/#\npattern deny a/#";
    assert_eq!(allowed(patterns, NOBODY, "a/b"), "w");
    let sections = "topic deny a/b\npattern a/#";
    assert_eq!(allowed(sections, NOBODY, "a/b"), "");
    assert_eq!(allowed(sections, NOBODY, "a"), "rw");
}

#[test]
fn patterns_hold_the_names_of_the_client() {
    let text = "pattern %c/%u/%%c%\npattern x%c";
    assert_eq!(allowed(text, ANN, "c/ann/%c%"), "rw");
    assert_eq!(allowed(text, NOBODY, "c/ann/%c%"), "");
    assert_eq!(allowed(text, NOBODY, "xc"), "rw");
    // What the names hold is not looked at again.
    assert_eq!(
        allowed("pattern %c/%u", ("%u", Some("ann")), "%u/ann"),
        "rw"
    );
    assert_eq!(allowed("pattern a/%c", ("b/c", None), "a/b/c"), "rw");
    // In a topic rule they are text.
    assert_eq!(allowed("topic %c", NOBODY, "%c"), "rw");
    assert_eq!(allowed("topic %c", NOBODY, "c"), "");
}

#[test]
fn names_with_wildcards_have_no_patterns() {
    let text = "topic a\npattern b\npattern c/%c";
    for name in ["+", "a#", "#"] {
        assert_eq!(allowed(text, (name, None), "a"), "rw");
        assert_eq!(allowed(text, (name, None), "b"), "");
        assert_eq!(allowed(text, (name, None), "c/x"), "");
        assert_eq!(allowed(text, ("c", Some(name)), "b"), "");
    }
}

#[test]
fn an_address_restricts_the_rules_up_to_the_next_address_or_user() {
    let text = "topic a\naddress 10.0.0.0/8 unix\ntopic b\npattern p\naddress 192.0.2.1\ntopic c\n\
                pattern q\naddress any\ntopic d\naddress loopback\nuser ann\ntopic e";
    let seen = ["a", "b", "p", "c", "q", "d"].map(|topic| allowed(text, NOBODY, topic));
    assert_eq!(seen, ["rw", "rw", "rw", "", "", "rw"]);
    assert_eq!(allowed(text, ANN, "e"), "rw");
}

#[test]
fn a_subscription_is_refused_only_if_asked_and_if_it_can_bring_nothing() {
    let text =
        "topic read a/+\ntopic write w/#\ntopic deny a/x\ntopic readwrite d/#\ntopic deny d/#";
    let acl: Acl = text.parse().expect("a good file");
    let subscribe = |acl: &Acl, filter| {
        let permissions = acl.permissions(&identity(NOBODY));
        permissions.allow(Action::Subscribe { filter })
    };
    assert!(subscribe(&acl, "nothing"));
    let strict = acl.refusing_subscriptions(true);
    for filter in ["a/b", "a/+", "#", "+/b"] {
        assert!(subscribe(&strict, filter), "{filter}");
    }
    for filter in ["nothing", "w/#", "a/x", "d/e", "d/#", "$SYS/#", "a"] {
        assert!(!subscribe(&strict, filter), "{filter}");
    }
}

#[test]
fn a_wrong_line_is_named() {
    let error = "topic a\n\ntopic red b"
        .parse::<Acl>()
        .expect_err("no such right");
    assert_eq!(
        error.to_string(),
        "line 3: access is 'read', 'write', 'readwrite' or 'deny', not \"red\""
    );
}

mod many_rules {
    use proptest::prelude::*;

    use super::super::rules::Right;
    use super::*;
    use crate::topic::matches;

    fn line() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec!["topic", "pattern", "address 10.0.0.1\ntopic"]);
        let right = prop::sample::select(vec!["", "read ", "write ", "deny "]);
        let filter = prop::sample::select(vec![
            "#", "+/#", "a", "a/#", "a/b", "+/b", "%c/b", "%c", "%u/#", "a/%c", "$SYS/#", "c/+",
        ]);
        (word, right, filter).prop_map(|(word, right, filter)| format!("{word} {right}{filter}"))
    }

    proptest! {
        #[test]
        fn say_what_looking_at_each_says(lines in prop::collection::vec(line(), 0..30)) {
            let acl: Acl = lines.join("\n").parse().expect("a good file");
            for who in [NOBODY, ANN, ("a+", None)] {
                let rules = acl.own_rules(&identity(who));
                for topic in ["a", "b", "a/b", "c", "c/b", "a/c", "ann/x", "$SYS/a"] {
                    for (wanted, action) in [
                        (Right::Read, Action::Receive { topic }),
                        (Right::Write, Action::Publish { topic }),
                    ] {
                        let each = rules.all().into_iter().find_map(|(right, filter)| {
                            let said = right.about(wanted)?;
                            matches(filter, topic).then_some(said)
                        });
                        prop_assert_eq!(rules.decide(action), each, "{:?} {:?}", who, action);
                    }
                }
            }
        }
    }
}
