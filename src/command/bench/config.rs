//! What reports say was to be done: whether it is the same, and what it is together.

use serde_json::{Value, json};

use super::saved::Saved;

/// What may differ between the shards of a run, and two runs of the same load.
const FREE: [&str; 3] = ["bind", "threads", "start_at_s"];

/// What was to be done otherwise in the second run, such as `qos 0 and 1`.
pub(super) fn differences(one: &Saved, other: &Saved, also_free: &[&str]) -> Vec<String> {
    let mut differences = Vec::new();
    let (scenario, others) = (one.report.plan.scenario, other.report.plan.scenario);
    if scenario != others {
        let (scenario, others) = (scenario.name(), others.name());
        differences.push(format!("scenario {scenario} and {others}"));
    }
    let names = one
        .config
        .as_object()
        .into_iter()
        .flat_map(|map| map.keys());
    let more = other
        .config
        .as_object()
        .into_iter()
        .flat_map(|map| map.keys());
    let more = more.filter(|name| one.config.get(name.as_str()).is_none());
    for name in names.chain(more) {
        let is_free = FREE.contains(&name.as_str()) || also_free.contains(&name.as_str());
        let values = (one.config.get(name), other.config.get(name));
        if !is_free && values.0 != values.1 {
            let text = |value: Option<&Value>| value.map_or("nothing".into(), Value::to_string);
            differences.push(format!("{name} {} and {}", text(values.0), text(values.1)));
        }
    }
    differences
}

/// What all shards were to do together. What they did with their own means is added up; what else
/// differs is `null`.
pub(super) fn together(shards: &[Saved]) -> Value {
    let mut rest = shards.iter().map(|shard| &shard.config);
    let Some(Value::Object(mut all)) = rest.next().cloned() else {
        return Value::Null;
    };
    for config in rest {
        for (name, value) in &mut all {
            let other = config.get(name).unwrap_or(&Value::Null);
            if name == "threads" {
                *value = json!(value.as_u64().zip(other.as_u64()).map(|(a, b)| a + b));
            } else if value != other {
                *value = match &**name {
                    "bind" => addresses(value, other),
                    _ => Value::Null,
                };
            }
        }
    }
    all.into()
}

/// The local addresses of two shards.
fn addresses(one: &Value, other: &Value) -> Value {
    let count = |of: &Value| of["count"].as_u64();
    match count(one).zip(count(other)) {
        Some((some, more)) => json!({
            "first": one["first"],
            "last": other["last"],
            "count": some + more,
        }),
        None => Value::Null,
    }
}
