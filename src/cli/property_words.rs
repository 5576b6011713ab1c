//! The words of `-D COMMAND NAME VALUE`: the one option whose number of values depends on the
//! first ones.
//!
//! clap cannot count them, so [`fold`] joins them into one value before clap sees them.

use std::ffi::OsString;

use clap::Command;

use crate::codec::PropertyId;

/// Between the words of one `-D` after [`fold`]: the one character no argument can hold.
const JOINT: char = '\0';

/// Joins the words after each `-D` or `--property` into one argument `--property=…`.
pub(super) fn fold(
    command: &Command,
    args: impl Iterator<Item = OsString>,
) -> Result<Vec<OsString>, String> {
    let mut args = args;
    let mut folded = Vec::with_capacity(args.size_hint().0);
    while let Some(arg) = args.next() {
        let kind = arg.to_str().map_or(Kind::Other, |text| kind(command, text));
        match kind {
            Kind::Other => folded.push(arg),
            Kind::TakesNext => {
                folded.push(arg);
                folded.extend(args.next());
            }
            Kind::Property { before } => {
                folded.extend(before.map(OsString::from));
                folded.push(join(&mut args)?);
            }
            Kind::End => {
                folded.push(arg);
                folded.extend(args.by_ref());
            }
        }
    }
    Ok(folded)
}

/// What an argument means for those after it.
enum Kind {
    /// `--`: no options follow.
    End,
    /// An option whose value is the next argument, whatever that looks like.
    TakesNext,
    /// `-D`, with the short options that stand before it (`-v` of `-vD`).
    Property { before: Option<String> },
    /// Anything that stands for itself.
    Other,
}

fn kind(command: &Command, arg: &str) -> Kind {
    let takes_value = |arg: &clap::Arg| arg.get_action().takes_values();
    if arg == "--" {
        return Kind::End;
    }
    if let Some(long) = arg.strip_prefix("--") {
        let option = command.get_arguments().find(|option| {
            option.get_long() == Some(long)
                || option
                    .get_all_aliases()
                    .is_some_and(|aliases| aliases.contains(&long))
        });
        return match option {
            Some(option) if option.get_id() == "property" => Kind::Property { before: None },
            Some(option) if takes_value(option) => Kind::TakesNext,
            _ => Kind::Other,
        };
    }
    let Some(shorts) = arg.strip_prefix('-') else {
        return Kind::Other;
    };
    for (at, short) in shorts.char_indices() {
        let option = command
            .get_arguments()
            .find(|option| option.get_short() == Some(short));
        let is_last = at + short.len_utf8() == shorts.len();
        match option {
            Some(option) if takes_value(option) => {
                return match (is_last, option.get_id() == "property") {
                    (false, _) => Kind::Other,
                    (true, false) => Kind::TakesNext,
                    (true, true) => Kind::Property {
                        before: (at > 0).then(|| format!("-{}", &shorts[..at])),
                    },
                };
            }
            Some(_) => {}
            None => return Kind::Other,
        }
    }
    Kind::Other
}

/// Takes the words of one `-D` and makes one argument of them.
fn join(args: &mut impl Iterator<Item = OsString>) -> Result<OsString, String> {
    let mut next = || {
        let word = args.next().ok_or_else(|| {
            "-D takes a command, a name and a value, as in -D publish content-type text/plain"
                .to_owned()
        })?;
        word.into_string()
            .map_err(|word| format!("-D takes UTF-8, which {word:?} is not"))
    };
    let (carrier, name, mut value) = (next()?, next()?, next()?);
    if PropertyId::from_name(&name) == Some(PropertyId::UserProperty) {
        value.push(JOINT);
        value.push_str(&next().map_err(|_| {
            "-D … user-property takes a name and a value, as in -D publish user-property unit celsius"
        })?);
    }
    Ok(format!("--property={carrier}{JOINT}{name}{JOINT}{value}").into())
}

/// Takes the words of one `-D` apart: a command, a name and the rest. What comes from a file
/// or the environment has spaces between the words.
pub(super) fn split(text: &str) -> (&str, &str, &str) {
    if text.contains(JOINT) {
        let (carrier, rest) = text.split_once(JOINT).unwrap_or((text, ""));
        let (name, value) = rest.split_once(JOINT).unwrap_or((rest, ""));
        return (carrier, name, value);
    }
    let (carrier, rest) = word(text);
    let (name, value) = word(rest);
    (carrier, name, value.trim_start())
}

/// Takes the name and the value of a `user-property` apart.
pub(super) fn split_pair(text: &str) -> Option<(&str, &str)> {
    text.split_once(JOINT)
        .or_else(|| text.split_once(char::is_whitespace))
}

/// The first word and what follows the space after it.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::subscribe::SubFlags;

    fn folded(args: &[&str]) -> Result<Vec<String>, String> {
        let folded = fold(&SubFlags::command(), args.iter().map(OsString::from))?;
        let text = |arg: OsString| arg.into_string().expect("UTF-8").replace(JOINT, "|");
        Ok(folded.into_iter().map(text).collect())
    }

    #[test]
    fn three_words_are_one_value_and_a_user_property_has_four() {
        assert_eq!(
            folded(&["-D", "connect", "receive-maximum", "5", "-t", "a"]),
            Ok(vec![
                "--property=connect|receive-maximum|5".into(),
                "-t".into(),
                "a".into()
            ])
        );
        assert_eq!(
            folded(&["--property", "connect", "user-property", "-D", "-v", "a"]),
            Ok(vec![
                "--property=connect|user-property|-D|-v".into(),
                "a".into()
            ])
        );
    }

    #[test]
    fn it_may_end_a_group_of_short_options() {
        assert_eq!(
            folded(&["-vD", "subscribe", "subscription-identifier", "7"]),
            Ok(vec![
                "-v".into(),
                "--property=subscribe|subscription-identifier|7".into()
            ])
        );
    }

    #[test]
    fn the_value_of_another_option_is_left_alone() {
        for args in [
            &["-t", "-D", "-v"][..],
            &["--format", "-D", "x"],
            &["-vF", "-D"],
            &["--pw", "-D"],
            &["--", "-D"],
            &["-F-D"],
            &["--format=-D"],
        ] {
            assert_eq!(folded(args).expect("nothing to fold"), args);
        }
    }

    #[test]
    fn missing_words_are_an_error_with_an_example() {
        for args in [&["-D"][..], &["-D", "connect", "receive-maximum"]] {
            let error = folded(args).expect_err("too few");
            assert!(
                error.contains("-D publish content-type text/plain"),
                "{error}"
            );
        }
        let error = folded(&["-D", "connect", "user-property", "a"]).expect_err("too few");
        assert!(
            error.contains("-D publish user-property unit celsius"),
            "{error}"
        );
    }

    #[test]
    fn words_from_a_file_are_divided_by_spaces() {
        assert_eq!(
            split("publish  user-property  a b c"),
            ("publish", "user-property", "a b c")
        );
        assert_eq!(split("publish"), ("publish", "", ""));
        assert_eq!(split_pair("a b c"), Some(("a", "b c")));
        assert_eq!(split_pair("a\0b c"), Some(("a", "b c")));
        assert_eq!(split_pair("a"), None);
    }
}
