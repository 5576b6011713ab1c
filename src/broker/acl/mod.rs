//! Access control lists in Mosquitto's syntax, without files: text in, verdicts out.
//!
//! # The file
//!
//! ```text
//! # Those who give no User Name: the rules before the first user
//! topic read news/#
//!
//! user ann
//! topic readwrite ann/#
//! topic deny ann/private/#
//!
//! # Everybody, with the Client Identifier for %c and the User Name for %u
//! pattern write status/%u/%c
//!
//! # Not in Mosquitto: only clients of these networks
//! address 10.0.0.0/8 loopback
//! pattern read maintenance/#
//! ```
//!
//! * `topic [read|write|readwrite|deny] FILTER` lets the clients of its section receive or publish
//!   what the Topic Filter matches, both if nothing is said, or forbids both. A `deny` overrides
//!   the other topic rules of its section, wherever it stands.
//! * `user NAME` begins the section of a User Name; the one before the first is that of clients
//!   without one. A section may be continued further down.
//! * `pattern …` is a rule for all clients, wherever it stands, looked at after those of the
//!   section; among patterns, too, `deny` comes first. A pattern with `%u` says nothing about
//!   clients without User Name. A client whose Client Identifier or User Name has a `+` or `#` in
//!   it, which would be a wildcard in its place, has no patterns at all.
//! * `address PLACE …` restricts the rules that follow, to the next `address` or `user`, to clients
//!   that connect from one of the places: an address, a network such as `10.0.0.0/8`, `loopback`,
//!   `unix` (a Unix socket), or `any`.
//! * Lines that begin with `#` are comments. Words are separated by spaces.
//!
//! What no rule allows is forbidden, so an empty file forbids everything. As for Mosquitto, a
//! subscription is allowed whatever its Topic Filter, and what its client may not read is not
//! delivered; [`Acl::refusing_subscriptions`] also refuses those that can bring nothing.

mod line;
mod network;
mod overlap;
mod parse;
mod rules;
mod section;

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use self::rules::{Patterns, Rules};
use self::section::Section;
use super::authorizer::{Authorizer, Identity, Permissions};

/// Rules about who may publish and receive what; see [Mosquitto's syntax](self) for the text it
/// is parsed from.
///
/// ```
/// use mqtk::broker::{Acl, Action, Authorizer, Identity};
///
/// let acl: Acl = "topic read news/#\nuser ann\ntopic news/#".parse()?;
/// let peer = "192.0.2.1:50222".parse::<std::net::SocketAddr>()?;
/// let nobody = Identity { client_id: "c1", username: None, peer: peer.into() };
/// let ann = Identity { username: Some("ann"), ..nobody };
///
/// let publish = Action::Publish { topic: "news/today" };
/// assert!(!acl.permissions(&nobody).allow(publish));
/// assert!(acl.permissions(&ann).allow(publish));
///
/// let error = "topic red news/#".parse::<Acl>().unwrap_err();
/// assert_eq!(error.line, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acl {
    /// The rules of clients without User Name.
    anonymous: Arc<Section>,
    users: HashMap<Box<str>, Arc<Section>>,
    patterns: Arc<Section>,
    refuses_subscriptions: bool,
}

/// A line that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclError {
    /// Counted from 1.
    pub line: usize,
    what: String,
}

impl AclError {
    /// What is wrong with the line.
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for AclError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for AclError {}

impl FromStr for Acl {
    type Err = AclError;

    fn from_str(text: &str) -> Result<Self, AclError> {
        parse::parse(text)
    }
}

impl Acl {
    /// The same rules; besides, subscriptions are refused by which the client could receive
    /// nothing: no rule lets it read anything that the Topic Filter matches.
    #[must_use]
    pub fn refusing_subscriptions(self, refuses_subscriptions: bool) -> Self {
        Self {
            refuses_subscriptions,
            ..self
        }
    }

    /// The rules about one client, in the order in which they are looked at.
    pub(super) fn rules(&self, client: &Identity<'_>) -> Rules {
        let section = match client.username {
            None => Some(&self.anonymous),
            Some(name) => self.users.get(name),
        };
        self.of_section(section, client)
    }

    /// The rules where they are those of one client: its section is the one before the first user.
    pub(super) fn own_rules(&self, client: &Identity<'_>) -> Rules {
        self.of_section(Some(&self.anonymous), client)
    }

    fn of_section(&self, section: Option<&Arc<Section>>, client: &Identity<'_>) -> Rules {
        let is_wildcard = |name: &str| name.contains(['+', '#']);
        let has_patterns =
            !is_wildcard(client.client_id) && !client.username.is_some_and(is_wildcard);
        let patterns = has_patterns.then(|| self.patterns_of(client));
        let refuses_subscriptions = self.refuses_subscriptions;
        Rules::new(
            client.peer,
            section.cloned(),
            patterns,
            refuses_subscriptions,
        )
    }

    fn patterns_of(&self, client: &Identity<'_>) -> Patterns {
        let rules = self.patterns.rules();
        let with_names = rules.filter(|(_, rule)| rule.has_names() && rule.is_about(client.peer));
        let named = with_names.filter_map(|(place, rule)| {
            let filter = substitute(&rule.filter, client.client_id, client.username)?;
            Some((place, filter))
        });
        Patterns {
            all: Arc::clone(&self.patterns),
            named: named.collect(),
        }
    }
}

impl Authorizer for Acl {
    fn permissions(&self, client: &Identity<'_>) -> Box<dyn Permissions> {
        Box::new(self.rules(client))
    }
}

/// The filter with the client's names in it; `None`: it has no User Name, and needs one.
fn substitute(pattern: &str, client_id: &str, username: Option<&str>) -> Option<Arc<str>> {
    let mut filter = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        filter.push_str(before);
        let (name, skipped) = match after.as_bytes().first() {
            Some(b'c') => (client_id, 1),
            Some(b'u') => (username?, 1),
            _ => ("%", 0),
        };
        filter.push_str(name);
        rest = &after[skipped..];
    }
    filter.push_str(rest);
    Some(filter.into())
}

#[cfg(test)]
mod tests;
