//! A fault rule as a table of the configuration file: `[[fault]]`, `action = "delay"`.

use toml::de::{DeTable, DeValue};

use super::config_file::{Wrong, line_of, plain};
use crate::broker::FaultRule;

/// The option that is a rule.
pub(super) const OPTION: &str = "fault";
/// The key that says what happens.
const ACTION: &str = "action";

/// The rule as the command line has it. `line` is that of the table, in `text`.
pub(super) fn rule(text: &str, line: usize, table: &DeTable<'_>) -> Result<String, Wrong> {
    let wrong = |line, message| Wrong { line, message };
    let Some((action_line, action)) = table.iter().find_map(|(key, value)| {
        let line = line_of(text, Some(key.span()));
        (key.get_ref() == ACTION).then_some((line, value.get_ref().as_str()?))
    }) else {
        let message = format!("{OPTION}: {ACTION} = \"delay\" or another is expected");
        return Err(wrong(line, message));
    };
    FaultRule::check(action, None)
        .map_err(|why| wrong(action_line, format!("{OPTION}: {ACTION}: {why}")))?;
    let mut pairs = Vec::new();
    let mut keys: Vec<_> = table
        .iter()
        .filter(|(key, _)| key.get_ref() != ACTION)
        .collect();
    keys.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in keys {
        let line = line_of(text, Some(key.span()));
        let key = key.get_ref().as_ref();
        let value = listed(value.get_ref()).ok_or_else(|| {
            wrong(
                line,
                format!("{OPTION}: {key}: a string or a number is expected"),
            )
        })?;
        FaultRule::check(action, Some((key, &value)))
            .map_err(|why| wrong(line, format!("{OPTION}: {key}: {why}")))?;
        pairs.push((key, value));
    }
    let pairs = pairs.iter().map(|(key, value)| (*key, value.as_str()));
    let rule = FaultRule::new(action, pairs);
    let rule = rule.map_err(|why| wrong(line, format!("{OPTION}: {why}")))?;
    Ok(rule.to_string())
}

/// A value, or several with commas between them.
fn listed(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Array(values) => {
            let values = values.iter().map(|value| plain(value.get_ref()));
            Some(values.collect::<Option<Vec<_>>>()?.join(","))
        }
        value => plain(value),
    }
}
