//! `-D COMMAND NAME VALUE`: what it may say, and the properties that come of it.

use super::property_words::{split, split_pair};
use crate::codec::{PacketType, Place, PropertyBuf, PropertyId, Value, ValueType, Version};
use crate::topic::check_name;

/// The packet that a property of `-D` belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Connect,
    Publish,
    Subscribe,
    Unsubscribe,
    Disconnect,
    Will,
}

/// The property of one `-D`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PropertyFlag {
    pub carrier: Carrier,
    pub id: PropertyId,
    /// This property alone.
    encoded: PropertyBuf,
}

impl Carrier {
    const ALL: [Self; 6] = [
        Self::Connect,
        Self::Publish,
        Self::Subscribe,
        Self::Unsubscribe,
        Self::Disconnect,
        Self::Will,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Publish => "publish",
            Self::Subscribe => "subscribe",
            Self::Unsubscribe => "unsubscribe",
            Self::Disconnect => "disconnect",
            Self::Will => "will",
        }
    }

    const fn place(self) -> Place {
        match self {
            Self::Connect => Place::packet(PacketType::Connect),
            Self::Publish => Place::packet(PacketType::Publish),
            Self::Subscribe => Place::packet(PacketType::Subscribe),
            Self::Unsubscribe => Place::packet(PacketType::Unsubscribe),
            Self::Disconnect => Place::packet(PacketType::Disconnect),
            Self::Will => Place::WILL,
        }
    }

    /// Whether a client may send the property in this packet.
    fn takes(self, id: PropertyId) -> bool {
        let servers_only = matches!(
            (self, id),
            (Self::Publish, PropertyId::SubscriptionIdentifier)
                | (Self::Disconnect, PropertyId::ServerReference)
        );
        id.allowed_in(self.place()) && !servers_only
    }

    fn parse(text: &str) -> Result<Self, String> {
        let named = |carrier: &Self| carrier.name().eq_ignore_ascii_case(text);
        match Self::ALL.into_iter().find(named) {
            Some(carrier) => Ok(carrier),
            None if text.eq_ignore_ascii_case("auth") => Err("mqtk sends no AUTH packet".into()),
            None => {
                let names = Self::ALL.map(Self::name).join(", ");
                Err(format!("'{text}' is not a packet with properties: {names}"))
            }
        }
    }
}

/// Parses the words of one `-D`.
pub(super) fn parse(text: &str) -> Result<PropertyFlag, String> {
    let (carrier, name, value) = split(text);
    let carrier = Carrier::parse(carrier)?;
    let Some(id) = PropertyId::from_name(name).filter(|id| carrier.takes(*id)) else {
        let known = PropertyId::ALL.into_iter().filter(|id| carrier.takes(*id));
        let names: Vec<_> = known.map(PropertyId::kebab_name).collect();
        return Err(format!(
            "{} has no property '{name}' for a client to set: {}",
            carrier.name(),
            names.join(", ")
        ));
    };
    let wrong = |error: &dyn std::fmt::Display| format!("{name} '{value}': {error}");
    let parsed = read(id.value_type(), value).map_err(|error| wrong(&error))?;
    if id == PropertyId::ResponseTopic {
        check_name(value, Version::V5).map_err(|error| wrong(&error))?;
    }
    let mut encoded = PropertyBuf::default();
    encoded
        .try_push(id, parsed)
        .map_err(|error| wrong(&error))?;
    Ok(PropertyFlag {
        carrier,
        id,
        encoded,
    })
}

/// Reads a value of a type.
fn read(value_type: ValueType, text: &str) -> Result<Value<'_>, String> {
    let number = |max: u32| {
        let number = text.parse().ok().filter(|number| *number <= max);
        number.ok_or_else(|| format!("it is a number, {max} at most"))
    };
    Ok(match value_type {
        ValueType::Byte => Value::Byte(number(u8::MAX.into())? as u8),
        ValueType::TwoByte => Value::TwoByte(number(u16::MAX.into())? as u16),
        ValueType::FourByte => Value::FourByte(number(u32::MAX)?),
        ValueType::Variable => Value::Variable(number(268_435_455)?),
        ValueType::String => Value::String(text),
        ValueType::Binary => Value::Binary(text.as_bytes()),
        ValueType::Pair => {
            let (name, value) = split_pair(text).ok_or("it takes a name and a value")?;
            Value::Pair(name, value)
        }
    })
}

/// The properties of one packet, in the order of the flags.
pub(super) fn properties(flags: &[PropertyFlag], carrier: Carrier) -> Result<PropertyBuf, String> {
    let mut all = PropertyBuf::default();
    for flag in flags.iter().filter(|flag| flag.carrier == carrier) {
        let again = all.as_properties().get(flag.id).is_some();
        if again && !flag.id.repeats_in(carrier.place()) {
            let (carrier, name) = (carrier.name(), flag.id.kebab_name());
            return Err(format!("-D {carrier} {name} is given twice"));
        }
        all.extend(flag.encoded.as_properties().iter());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_by_their_type() {
        for (text, id, value) in [
            (
                "publish payload-format-indicator 1",
                PropertyId::PayloadFormatIndicator,
                Value::Byte(1),
            ),
            (
                "connect receive-maximum 65535",
                PropertyId::ReceiveMaximum,
                Value::TwoByte(65_535),
            ),
            (
                "will will-delay-interval 4294967295",
                PropertyId::WillDelayInterval,
                Value::FourByte(u32::MAX),
            ),
            (
                "subscribe subscription-identifier 268435455",
                PropertyId::SubscriptionIdentifier,
                Value::Variable(268_435_455),
            ),
            (
                "publish content-type text/plain; x",
                PropertyId::ContentType,
                Value::String("text/plain; x"),
            ),
            (
                "publish correlation-data ab",
                PropertyId::CorrelationData,
                Value::Binary(b"ab"),
            ),
            (
                "disconnect user-property a b c",
                PropertyId::UserProperty,
                Value::Pair("a", "b c"),
            ),
        ] {
            let flag = parse(text).expect(text);
            assert_eq!(flag.encoded.as_properties().get(id), Some(value), "{text}");
        }
    }

    #[test]
    fn wrong_words_are_named() {
        for (text, expected) in [
            ("puback reason-string x", "'puback' is not a packet"),
            ("auth reason-string x", "no AUTH"),
            (
                "publish receive-maximum 1",
                "publish has no property 'receive-maximum'",
            ),
            (
                "publish subscription-identifier 1",
                "publish has no property",
            ),
            (
                "disconnect server-reference x",
                "disconnect has no property",
            ),
            ("publish content-typ x", "content-type"),
            (
                "publish payload-format-indicator 2",
                "payload-format-indicator '2'",
            ),
            ("connect receive-maximum 0", "receive-maximum '0'"),
            ("connect receive-maximum 65536", "65535 at most"),
            (
                "subscribe subscription-identifier 268435456",
                "268435455 at most",
            ),
            ("publish response-topic a/#", "response-topic 'a/#'"),
            ("publish user-property a", "a name and a value"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn only_a_user_property_may_be_repeated() {
        let flags = |texts: &[&str]| -> Vec<_> {
            let parsed = texts.iter().map(|text| parse(text));
            parsed.map(|flag| flag.expect("a property")).collect()
        };
        let users = flags(&["publish user-property a b", "publish user-property a c"]);
        let users = properties(&users, Carrier::Publish).expect("both");
        let pairs = users.as_properties().user_properties();
        assert!(pairs.eq([("a", "b"), ("a", "c")]));

        let types = flags(&["publish content-type a", "will content-type b"]);
        assert!(properties(&types, Carrier::Publish).is_ok());
        let twice = flags(&["publish content-type a", "publish content-type b"]);
        let error = properties(&twice, Carrier::Publish).expect_err("twice");
        assert_eq!(error, "-D publish content-type is given twice");
    }
}
