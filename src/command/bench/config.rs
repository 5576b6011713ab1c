//! Whether two reports are of the same load.

use serde_json::Value;

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
