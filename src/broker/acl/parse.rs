//! The file, line by line.

use std::collections::HashMap;
use std::sync::Arc;

use super::line::Line;
use super::section::{Rule, Section};
use super::{Acl, AclError};

/// Reads the whole text.
pub(super) fn parse(text: &str) -> Result<Acl, AclError> {
    let (mut anonymous, mut patterns) = (Vec::new(), Vec::new());
    let mut users = HashMap::<Box<str>, Vec<Rule>>::new();
    let (mut user, mut places) = (None, None);
    for (index, line) in text.lines().enumerate() {
        let line = Line::parse(line).map_err(|what| AclError {
            line: index + 1,
            what,
        })?;
        let rule = |right, filter: &str| Rule {
            right,
            filter: filter.into(),
            places: places.clone(),
        };
        match line {
            Line::Empty => {}
            Line::User(name) => {
                user = Some(name);
                places = None;
            }
            Line::Address(named) => places = named.map(Arc::new),
            Line::Pattern(right, filter) => patterns.push(rule(right, filter)),
            Line::Topic(right, filter) => {
                let section = match user {
                    None => &mut anonymous,
                    Some(name) => users.entry(name.into()).or_default(),
                };
                section.push(rule(right, filter));
            }
        }
    }
    let section = |rules| Arc::new(Section::new(rules, |_| false));
    Ok(Acl {
        anonymous: section(anonymous),
        users: users
            .into_iter()
            .map(|(name, rules)| (name, section(rules)))
            .collect(),
        patterns: Arc::new(Section::new(patterns, Rule::has_names)),
        ..Acl::default()
    })
}
