//! Where in a configuration file an option stands.

use std::path::Path;

use super::config_file::Entry;

/// The options that a configuration file has set, each with its place, as in `broker.toml:3`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(Vec<(String, String)>);

impl Places {
    pub(super) fn add(&mut self, path: &Path, entry: &Entry) {
        let place = format!("{}:{}", path.display(), entry.line);
        self.0.push((entry.key.clone(), place));
    }

    /// What is wrong with options, after the place of the first `--option` that it names.
    pub fn blame(&self, message: String) -> String {
        let is_name = |character: char| character.is_ascii_lowercase() || character == '-';
        let names = message.split("--").skip(1);
        let mut names = names.map(|rest| rest.split(|c: char| !is_name(c)).next().unwrap_or(rest));
        match names.find_map(|name| self.of(name)) {
            Some(place) => format!("{place}: {message}"),
            None => message,
        }
    }

    /// What is wrong with this option, which the message does not name.
    pub fn blame_on(&self, option: &str, message: String) -> String {
        match self.of(option) {
            Some(place) => format!("{place}: {option}: {message}"),
            None => message,
        }
    }

    fn of(&self, option: &str) -> Option<&str> {
        let (_, place) = self.0.iter().find(|(key, _)| key == option)?;
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_gets_the_place_of_the_option_that_it_names() {
        let mut places = Places::default();
        for (line, key) in [(3, "acl-file"), (5, "listen")] {
            let (key, args) = (key.to_owned(), Vec::new());
            places.add(Path::new("b.toml"), &Entry { line, key, args });
        }
        for (message, blamed) in [
            (
                "cannot read --acl-file x: no such file",
                "b.toml:3: cannot read --acl-file x: no such file",
            ),
            ("--acl needs '--listen'", "b.toml:5: --acl needs '--listen'"),
            ("--acl-files -- no", "--acl-files -- no"),
        ] {
            assert_eq!(places.blame(message.to_owned()), blamed);
        }
        let blamed = places.blame_on("listen", "no host".to_owned());
        assert_eq!(blamed, "b.toml:5: listen: no host");
        assert_eq!(places.blame_on("port", "taken".to_owned()), "taken");
    }
}
