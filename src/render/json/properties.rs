//! The properties of a message as a JSON object.

use std::mem::replace;

use super::Object;
use super::string::quoted;
use crate::codec::{Properties, PropertyId, Value};
use crate::render::digits::decimal;

/// Whose names and shapes the properties have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::render) enum Naming {
    /// `message_expiry_interval`, and User Properties as a list of pairs.
    Specification,
    /// `message-expiry-interval`, and User Properties as a list of objects, as mosquitto_sub 2.1.
    Mosquitto,
}

impl Naming {
    fn of(self, id: PropertyId) -> &'static str {
        match self {
            Self::Specification => id.snake_name(),
            Self::Mosquitto => id.kebab_name(),
        }
    }
}

/// Writes the member `properties`, if there are any: in the order of the wire, those that repeat
/// in one list where the first of them stands.
pub(in crate::render) fn write(
    object: &mut Object<'_>,
    properties: Properties<'_>,
    naming: Naming,
) {
    if properties.as_bytes().is_empty() {
        return;
    }
    object.key("properties");
    Object::write(object.out, object.escape, |object| {
        let (mut user_properties_written, mut identifiers_written) = (false, false);
        for (id, value) in properties.iter() {
            match id {
                PropertyId::UserProperty => {
                    if !replace(&mut user_properties_written, true) {
                        user_properties(object, properties, naming);
                    }
                }
                PropertyId::SubscriptionIdentifier => {
                    if !replace(&mut identifiers_written, true) {
                        subscription_identifiers(object, properties, naming);
                    }
                }
                _ => single(object, id, value, naming),
            }
        }
    });
}

fn user_properties(object: &mut Object<'_>, properties: Properties<'_>, naming: Naming) {
    object.key(match naming {
        Naming::Specification => "user_property",
        Naming::Mosquitto => "user-properties",
    });
    let escape = object.escape;
    list(
        object.out,
        properties.user_properties(),
        |out, (name, value)| {
            let (open, between, close) = match naming {
                Naming::Specification => (b'[', b',', b']'),
                Naming::Mosquitto => (b'{', b':', b'}'),
            };
            out.push(open);
            quoted(out, name, escape);
            out.push(between);
            quoted(out, value, escape);
            out.push(close);
        },
    );
}

/// A number, or a list if there are several.
fn subscription_identifiers(object: &mut Object<'_>, properties: Properties<'_>, naming: Naming) {
    let mut numbers = properties.subscription_identifiers().map(u64::from);
    object.key(naming.of(PropertyId::SubscriptionIdentifier));
    match (numbers.next(), numbers.next()) {
        (Some(only), None) => decimal(object.out, only),
        (first, second) => {
            let all = first.into_iter().chain(second).chain(numbers);
            list(object.out, all, decimal);
        }
    }
}

fn single(object: &mut Object<'_>, id: PropertyId, value: Value<'_>, naming: Naming) {
    let key = naming.of(id);
    match value {
        Value::Byte(number) => object.number(key, number.into()),
        Value::TwoByte(number) => object.number(key, number.into()),
        Value::FourByte(number) | Value::Variable(number) => object.number(key, number.into()),
        Value::String(text) => object.string(key, text),
        Value::Binary(bytes) => {
            let joint = match naming {
                Naming::Specification => '_',
                Naming::Mosquitto => '-',
            };
            object.bytes(key, &format!("{key}{joint}base64"), bytes);
        }
        // Only User Property is a pair, and it is written by itself.
        Value::Pair(..) => {}
    }
}

fn list<T>(
    out: &mut Vec<u8>,
    items: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::PropertyBuf;

    fn written(properties: &[(PropertyId, Value<'_>)], naming: Naming) -> String {
        let mut buf = PropertyBuf::default();
        for (id, value) in properties {
            buf.push(*id, *value);
        }
        let mut out = Vec::new();
        Object::write(&mut out, false, |object| {
            write(object, buf.as_properties(), naming);
        });
        String::from_utf8(out).expect("JSON is UTF-8")
    }

    const SEVERAL: [(PropertyId, Value<'static>); 7] = [
        (PropertyId::UserProperty, Value::Pair("b", "1")),
        (PropertyId::MessageExpiryInterval, Value::FourByte(60)),
        (PropertyId::UserProperty, Value::Pair("a", "\"2\"")),
        (PropertyId::PayloadFormatIndicator, Value::Byte(1)),
        (PropertyId::UserProperty, Value::Pair("b", "3")),
        (PropertyId::SubscriptionIdentifier, Value::Variable(7)),
        (PropertyId::CorrelationData, Value::Binary(b"c1")),
    ];

    #[test]
    fn user_properties_keep_their_order_and_repetitions() {
        assert_eq!(
            written(&SEVERAL, Naming::Specification),
            concat!(
                r#"{"properties":{"user_property":[["b","1"],["a","\"2\""],["b","3"]],"#,
                r#""message_expiry_interval":60,"payload_format_indicator":1,"#,
                r#""subscription_identifier":7,"correlation_data":"c1"}}"#
            )
        );
    }

    #[test]
    fn mosquittos_names_have_dashes() {
        assert_eq!(
            written(&SEVERAL, Naming::Mosquitto),
            concat!(
                r#"{"properties":{"user-properties":[{"b":"1"},{"a":"\"2\""},{"b":"3"}],"#,
                r#""message-expiry-interval":60,"payload-format-indicator":1,"#,
                r#""subscription-identifier":7,"correlation-data":"c1"}}"#
            )
        );
    }

    #[test]
    fn several_subscription_identifiers_are_a_list() {
        let id = PropertyId::SubscriptionIdentifier;
        let several = [(id, Value::Variable(7)), (id, Value::Variable(300))];
        assert_eq!(
            written(&several, Naming::Specification),
            r#"{"properties":{"subscription_identifier":[7,300]}}"#
        );
    }

    #[test]
    fn binary_that_is_not_text_is_base64() {
        let binary = [(PropertyId::CorrelationData, Value::Binary(b"\xff"))];
        assert_eq!(
            written(&binary, Naming::Specification),
            r#"{"properties":{"correlation_data_base64":"/w=="}}"#
        );
        assert_eq!(
            written(&binary, Naming::Mosquitto),
            r#"{"properties":{"correlation-data-base64":"/w=="}}"#
        );
    }

    #[test]
    fn no_properties_no_member() {
        assert_eq!(written(&[], Naming::Specification), "{}");
    }
}
