//! Strings that differ from client to client and from message to message.

use std::fmt::Write;

/// A string with places for numbers, anywhere in it: `plant/{client}/line-{message:4}`.
///
/// | place | stands for |
/// |---|---|
/// | `{client}` | the number of the client, from 0 |
/// | `{client:N}` | that number modulo N: clients share the outcome |
/// | `{message}` | the number of the message, from 0 at each client |
/// | `{message:N}` | that number modulo N |
/// | `{random:N}` | a random number below N, anew for each message |
/// | `{{` and `}}` | braces |
///
/// ```
/// use mqtk::bench::Template;
///
/// let template: Template = "plant/{client}/line-{message:4}".parse()?;
/// assert_eq!(template.render(7, 9), "plant/7/line-1");
/// assert_eq!(template.filter(Some(7)), "plant/7/+");
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    source: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Client(Option<u64>),
    Message(Option<u64>),
    Random(u64),
}

impl Template {
    /// A template with `RUN` in it, which stands for a word that no other run has. It is shown as
    /// it was written, the same for every run.
    ///
    /// # Errors
    ///
    /// As in parsing.
    pub fn in_run(source: &str, run: &str) -> Result<Template, String> {
        let template: Template = source.replace("RUN", run).parse()?;
        let source = source.to_owned();
        Ok(Template { source, ..template })
    }

    /// The string for this message of this client.
    pub fn render(&self, client: u64, message: u64) -> String {
        let mut text = String::new();
        self.write(&mut text, client, message);
        text
    }

    /// Appends the string for this message of this client to something that takes everything.
    pub(super) fn write(&self, text: &mut impl Write, client: u64, message: u64) {
        for part in &self.parts {
            let number = match part {
                Part::Text(part) => {
                    let _ = text.write_str(part);
                    continue;
                }
                Part::Client(of) => modulo(client, *of),
                Part::Message(of) => modulo(message, *of),
                Part::Random(below) => fastrand::u64(..below),
            };
            let _ = write!(text, "{number}");
        }
    }

    /// Whether the string differs between the messages of a client.
    pub fn varies(&self) -> bool {
        let varies = |part: &Part| matches!(part, Part::Message(_) | Part::Random(_));
        self.parts.iter().any(varies)
    }

    /// Whether the strings differ for all messages of all of so many clients, without chance.
    pub fn tells_apart(&self, clients: u64, messages: Option<u64>) -> bool {
        let has = |of: &Option<u64>, all: u64| of.is_none_or(|of| of >= all);
        let messages = messages.unwrap_or(u64::MAX);
        let mut parts = self.parts.iter();
        let message = parts.any(|part| matches!(part, Part::Message(of) if has(of, messages)));
        let mut parts = self.parts.iter();
        let client = parts.any(|part| matches!(part, Part::Client(of) if has(of, clients)));
        // 1 beside 11 is 11 beside 1.
        let is_text = |part: &Part| matches!(part, Part::Text(_));
        let apart = (self.parts.windows(2)).all(|pair| pair.iter().any(is_text));
        message && (clients == 1 || client && apart)
    }

    /// The Topic Filter that matches what a client, or any client, publishes: a level that is
    /// not the same for every message becomes `+`.
    pub fn filter(&self, client: Option<u64>) -> String {
        // A character that no Topic Name may contain marks the levels that vary.
        const VARIES: char = '\0';
        let mut text = String::new();
        for part in &self.parts {
            match (part, client) {
                (Part::Text(part), _) => text.push_str(part),
                (Part::Client(of), Some(client)) => {
                    let _ = write!(text, "{}", modulo(client, *of));
                }
                _ => text.push(VARIES),
            }
        }
        let level = |level: &str| match level.contains(VARIES) {
            true => "+".to_owned(),
            false => level.to_owned(),
        };
        text.split('/').map(level).collect::<Vec<_>>().join("/")
    }
}

fn modulo(number: u64, of: Option<u64>) -> u64 {
    of.map_or(number, |of| number % of)
}

impl std::fmt::Display for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.source)
    }
}

impl std::str::FromStr for Template {
    type Err = String;

    fn from_str(source: &str) -> Result<Template, String> {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut rest = source;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, found) = rest.split_at(at);
            text.push_str(before);
            if let Some(after) = found.strip_prefix("{{") {
                text.push('{');
                rest = after;
            } else if let Some(after) = found.strip_prefix("}}") {
                text.push('}');
                rest = after;
            } else if let Some((place, after)) = found
                .strip_prefix('{')
                .and_then(|found| found.split_once('}'))
            {
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                }
                parts.push(part(place)?);
                rest = after;
            } else {
                return Err("a brace stands alone: write {{ or }} for one".into());
            }
        }
        text.push_str(rest);
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(Template {
            source: source.to_owned(),
            parts,
        })
    }
}

fn part(place: &str) -> Result<Part, String> {
    let (name, of) = match place.split_once(':') {
        None => (place, None),
        Some((name, number)) => match number.parse() {
            Ok(number) if number > 0 => (name, Some(number)),
            _ => {
                return Err(format!(
                    "{{{place}}}: what follows the colon is a number from 1 on"
                ));
            }
        },
    };
    match (name, of) {
        ("client", of) => Ok(Part::Client(of)),
        ("message", of) => Ok(Part::Message(of)),
        ("random", Some(below)) => Ok(Part::Random(below)),
        ("random", None) => Err("{random} needs a bound: {random:1000}".into()),
        _ => Err(format!(
            "unknown place {{{place}}}: there are {{client}}, {{client:N}}, {{message}}, {{message:N}} and {{random:N}}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(source: &str) -> Template {
        source.parse().unwrap()
    }

    #[test]
    fn places_may_stand_anywhere() {
        assert_eq!(
            template("a{client}b/{{x}}/{message:3}").render(12, 7),
            "a12b/{x}/1"
        );
        assert_eq!(template("").render(1, 1), "");
        assert_eq!(template("{client:5}").render(12, 0), "2");
        let random = template("r{random:10}").render(0, 0);
        assert!(random[1..].parse::<u64>().unwrap() < 10, "{random}");
    }

    #[test]
    fn a_filter_leaves_open_what_varies() {
        let topic = template("a/x{client}/m{message}/z");
        assert_eq!(topic.filter(Some(3)), "a/x3/+/z");
        assert_eq!(topic.filter(None), "a/+/+/z");
        assert!(topic.varies());
    }

    #[test]
    fn topics_of_their_own_are_told_from_others() {
        for (source, clients, is_apart) in [
            ("a/{message}", 1, true),
            ("a/{message}", 2, false),
            ("a/{client}/{message}", 2, true),
            ("a/{client}{message}", 2, false),
            ("a/{client:2}/{message:100}", 2, true),
            ("a/{client:2}/{message:100}", 3, false),
            ("a/{message:99}", 1, false),
            ("a/{random:1000000}", 1, false),
        ] {
            let found = template(source).tells_apart(clients, Some(100));
            assert_eq!(found, is_apart, "{source}, {clients}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (source, hint) in [
            ("a/{", "a brace stands alone"),
            ("a}", "a brace stands alone"),
            ("{client:0}", "a number from 1 on"),
            ("{random}", "{random:1000}"),
            ("{topic}", "there are {client}"),
        ] {
            let error = source.parse::<Template>().unwrap_err();
            assert!(error.contains(hint), "{source}: {error}");
        }
    }
}
