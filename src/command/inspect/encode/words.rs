//! `PUBLISH topic=a qos=1 payload=hi`: the words of the command line as the JSON they stand for.

use serde_json::{Map, Value, json};

use super::property::property_id;

/// The members that the words stand for.
///
/// # Errors
/// A word that is none of `key=value`.
pub(super) fn map(words: &[String]) -> Result<Map<String, Value>, String> {
    let mut map = Map::new();
    let mut filters = Vec::new();
    let mut properties = Map::new();
    for (index, word) in words.iter().enumerate() {
        let Some((key, value)) = word.split_once('=') else {
            match index {
                0 => map.insert("type".into(), json!(word.to_ascii_uppercase())),
                // A flag that is set: retain, dup, clean_start.
                _ => map.insert(word.clone(), json!(true)),
            };
            continue;
        };
        match key {
            "filter" => filters.push(json!({ "filter": value })),
            // By the names of their parts, these mean what is said.
            "flags" | "remaining_length" => {
                map.insert(format!("raw_{key}"), json!(value));
            }
            "reason_codes" => {
                let codes: Vec<&str> = value.split(',').collect();
                map.insert(key.into(), json!(codes));
            }
            _ => match key.split_once('.') {
                Some(("will", key)) => {
                    let will = map.entry("will").or_insert_with(|| json!({}));
                    insert(will, key, value)?;
                }
                _ => match property_id(key) {
                    Some(_) => property(&mut properties, key, value)?,
                    None => {
                        map.insert(key.into(), json!(value));
                    }
                },
            },
        }
    }
    if !filters.is_empty() {
        map.insert("filters".into(), Value::Array(filters));
    }
    if !properties.is_empty() {
        map.insert("properties".into(), Value::Object(properties));
    }
    Ok(map)
}

fn insert(will: &mut Value, key: &str, value: &str) -> Result<(), String> {
    let Some(will) = will.as_object_mut() else {
        return Err("will is given twice".into());
    };
    match property_id(key) {
        Some(_) => {
            let properties = will.entry("properties").or_insert_with(|| json!({}));
            if let Some(properties) = properties.as_object_mut() {
                property(properties, key, value)?;
            }
        }
        None => {
            will.insert(key.into(), json!(value));
        }
    }
    Ok(())
}

/// Adds a property; `user_property=NAME=VALUE` may come again.
fn property(properties: &mut Map<String, Value>, key: &str, value: &str) -> Result<(), String> {
    let key = key.replace('-', "_");
    if key != "user_property" {
        properties.insert(key, json!(value));
        return Ok(());
    }
    let Some((name, value)) = value.split_once('=') else {
        return Err(format!(
            "{key}={value}: give a name and a value, {key}=NAME=VALUE"
        ));
    };
    let pairs = properties.entry(key).or_insert_with(|| json!([]));
    if let Some(pairs) = pairs.as_array_mut() {
        pairs.push(json!([name, value]));
    }
    Ok(())
}
