//! The file, line by line.

use std::sync::Arc;

use super::line::Line;
use super::{Acl, AclError, Rule};

/// Reads the whole text.
pub(super) fn parse(text: &str) -> Result<Acl, AclError> {
    let mut acl = Acl::default();
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
            Line::Pattern(right, filter) => acl.patterns.push(rule(right, filter)),
            Line::Topic(right, filter) => {
                let section = match user {
                    None => &mut acl.anonymous,
                    Some(name) => acl.users.entry(name.into()).or_default(),
                };
                section.push(rule(right, filter));
            }
        }
    }
    Ok(acl)
}
