//! JSON text in another layout: on one line, or indented. Tokens are not changed, so that numbers keep
//! their digits and objects their order.

use serde_json::Value;

/// Whether bytes are one JSON value.
pub(super) fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<Value>(text).is_ok()
}

/// Appends JSON without the white space between its tokens.
pub(super) fn compact(out: &mut Vec<u8>, json: &[u8]) {
    for token in tokens(json) {
        out.extend_from_slice(token);
    }
}

/// Appends JSON with a line for each member and two spaces for each depth.
pub(super) fn indent(out: &mut Vec<u8>, json: &[u8]) {
    fn new_line(out: &mut Vec<u8>, depth: usize) {
        out.push(b'\n');
        out.resize(out.len() + 2 * depth, b' ');
    }

    let mut depth = 0_usize;
    let mut tokens = tokens(json).peekable();
    while let Some(token) = tokens.next() {
        match token {
            b"{" | b"[" => {
                out.extend_from_slice(token);
                if tokens
                    .peek()
                    .is_some_and(|next| matches!(*next, b"}" | b"]"))
                {
                    out.extend_from_slice(tokens.next().unwrap_or_default());
                } else {
                    depth += 1;
                    new_line(out, depth);
                }
            }
            b"}" | b"]" => {
                depth = depth.saturating_sub(1);
                new_line(out, depth);
                out.extend_from_slice(token);
            }
            b"," => {
                out.push(b',');
                new_line(out, depth);
            }
            b":" => out.extend_from_slice(b": "),
            _ => out.extend_from_slice(token),
        }
    }
}

/// The tokens of valid JSON: punctuation, strings in their quotes, numbers and words.
fn tokens(json: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = json;
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        let len = match rest.first()? {
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            b'"' => string_len(rest),
            _ => rest
                .iter()
                .position(|byte| b"{}[],:\" \t\r\n".contains(byte))
                .unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(len);
        rest = after;
        Some(token)
    })
}

/// The length of the string that `json` begins with, quotes included.
fn string_len(json: &[u8]) -> usize {
    let mut at = 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', json.get(at..).unwrap_or_default()) {
        at += found;
        if json[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn white_space_goes_and_strings_stay() {
        let json = br#" { "a b" : [ 1 , -2.50e+01 , "x \" , \\" ] , "n" : null } "#;
        assert_eq!(
            text(|out| compact(out, json)),
            r#"{"a b":[1,-2.50e+01,"x \" , \\"],"n":null}"#
        );
    }

    #[test]
    fn members_are_indented() {
        assert_eq!(
            text(|out| indent(out, br#"{"a":[1,{}],"b":[]}"#)),
            "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}"
        );
        assert_eq!(text(|out| indent(out, b"12")), "12");
    }

    #[test]
    fn only_one_whole_value_is_json() {
        for json in ["{}", " [1, 2]\n", "1e400", "\"é\"", "null"] {
            assert!(is_json(json.as_bytes()), "{json}");
        }
        for other in ["", "{", "{}{}", "nul", "{'a':1}", "\"\u{1}\""] {
            assert!(!is_json(other.as_bytes()), "{other}");
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn is_what_serde_json_writes(value in value()) {
            let plain = serde_json::to_string(&value).expect("JSON");
            let pretty = serde_json::to_string_pretty(&value).expect("JSON");
            prop_assert_eq!(text(|out| indent(out, plain.as_bytes())), &*pretty);
            prop_assert_eq!(text(|out| compact(out, pretty.as_bytes())), plain);
        }

        #[test]
        fn anything_at_all_is_safe(bytes in prop::collection::vec(any::<u8>(), 0..32)) {
            let mut out = Vec::new();
            compact(&mut out, &bytes);
            indent(&mut out, &bytes);
        }
    }
}
