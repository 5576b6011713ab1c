//! `-D COMMAND NAME VALUE`: what it may say, and the properties that come of it.

use super::property_words::{split, split_pair};
use crate::codec::{PropertyBuf, PropertyId, Value};

/// The packet that a property of `-D` belongs to, by its name there.
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
    name: &'static str,
    value: OwnedValue,
}

/// [`Value`], owned.
#[derive(Clone, Debug, PartialEq, Eq)]
enum OwnedValue {
    Byte(u8),
    TwoByte(u16),
    FourByte(u32),
    Variable(u32),
    String(String),
    Binary(Vec<u8>),
    Pair(String, String),
}

/// How a value is read.
#[derive(Clone, Copy)]
enum Kind {
    /// 0 or 1.
    Flag,
    /// A Two Byte Integer from this one up.
    TwoByte(u16),
    /// A Four Byte Integer from this one up.
    FourByte(u32),
    /// A Variable Byte Integer above 0.
    Variable,
    String,
    Binary,
    Pair,
}

/// What a client may say about each packet.
#[rustfmt::skip]
const PROPERTIES: [(&str, PropertyId, Kind, &[Carrier]); 18] = {
    use Carrier::{Connect, Disconnect, Publish, Subscribe, Unsubscribe, Will};
    use PropertyId as Id;
    const MESSAGE: &[Carrier] = &[Publish, Will];
    const ALL: &[Carrier] = &[Connect, Publish, Subscribe, Unsubscribe, Disconnect, Will];
    [
        ("payload-format-indicator", Id::PayloadFormatIndicator, Kind::Flag, MESSAGE),
        ("message-expiry-interval", Id::MessageExpiryInterval, Kind::FourByte(0), MESSAGE),
        ("content-type", Id::ContentType, Kind::String, MESSAGE),
        ("response-topic", Id::ResponseTopic, Kind::String, MESSAGE),
        ("correlation-data", Id::CorrelationData, Kind::Binary, MESSAGE),
        ("topic-alias", Id::TopicAlias, Kind::TwoByte(1), &[Publish]),
        ("subscription-identifier", Id::SubscriptionIdentifier, Kind::Variable, &[Subscribe]),
        ("session-expiry-interval", Id::SessionExpiryInterval, Kind::FourByte(0), &[Connect, Disconnect]),
        ("authentication-method", Id::AuthenticationMethod, Kind::String, &[Connect]),
        ("authentication-data", Id::AuthenticationData, Kind::Binary, &[Connect]),
        ("request-problem-information", Id::RequestProblemInformation, Kind::Flag, &[Connect]),
        ("request-response-information", Id::RequestResponseInformation, Kind::Flag, &[Connect]),
        ("receive-maximum", Id::ReceiveMaximum, Kind::TwoByte(1), &[Connect]),
        ("topic-alias-maximum", Id::TopicAliasMaximum, Kind::TwoByte(0), &[Connect]),
        ("maximum-packet-size", Id::MaximumPacketSize, Kind::FourByte(1), &[Connect]),
        ("will-delay-interval", Id::WillDelayInterval, Kind::FourByte(0), &[Will]),
        ("reason-string", Id::ReasonString, Kind::String, &[Disconnect]),
        ("user-property", Id::UserProperty, Kind::Pair, ALL),
    ]
};

impl Carrier {
    const ALL: [(&str, Self); 6] = [
        ("connect", Self::Connect),
        ("publish", Self::Publish),
        ("subscribe", Self::Subscribe),
        ("unsubscribe", Self::Unsubscribe),
        ("disconnect", Self::Disconnect),
        ("will", Self::Will),
    ];

    fn parse(text: &str) -> Result<Self, String> {
        match Self::ALL.iter().find(|(name, _)| *name == text) {
            Some((_, carrier)) => Ok(*carrier),
            None if text == "auth" => Err("mqtk sends no AUTH packet".into()),
            None => {
                let names = Self::ALL.map(|(name, _)| name).join(", ");
                Err(format!("'{text}' is not a packet with properties: {names}"))
            }
        }
    }

    fn name(self) -> &'static str {
        let named = Self::ALL.iter().find(|(_, carrier)| *carrier == self);
        named.map_or("", |(name, _)| name)
    }
}

/// Parses the words of one `-D`.
pub(super) fn parse(text: &str) -> Result<PropertyFlag, String> {
    let (carrier, name, value) = split(text);
    let carrier = Carrier::parse(carrier)?;
    let fits = |carriers: &[Carrier]| carriers.contains(&carrier);
    let Some(&(name, id, kind, _)) = PROPERTIES
        .iter()
        .find(|(known, _, _, carriers)| *known == name && fits(carriers))
    else {
        let known = PROPERTIES.iter().filter(|(.., carriers)| fits(carriers));
        let names: Vec<_> = known.map(|(name, ..)| *name).collect();
        return Err(format!(
            "{} has no property '{name}' for a client to set: {}",
            carrier.name(),
            names.join(", ")
        ));
    };
    let value = kind
        .parse(value)
        .map_err(|error| format!("{name} {error}"))?;
    Ok(PropertyFlag {
        carrier,
        id,
        name,
        value,
    })
}

impl Kind {
    fn parse(self, text: &str) -> Result<OwnedValue, String> {
        let range = |from: u32, to: u32| {
            let number = text
                .parse()
                .ok()
                .filter(|number| (from..=to).contains(number));
            number.ok_or_else(|| format!("is a number from {from} to {to}, not '{text}'"))
        };
        let fits = |text: &str| match text.len() {
            0..=65_535 => Ok(text.to_owned()),
            _ => Err("is longer than 65535 bytes".to_owned()),
        };
        Ok(match self {
            Self::Flag => OwnedValue::Byte(range(0, 1)? as u8),
            Self::TwoByte(from) => OwnedValue::TwoByte(range(from.into(), u16::MAX.into())? as u16),
            Self::FourByte(from) => OwnedValue::FourByte(range(from, u32::MAX)?),
            Self::Variable => OwnedValue::Variable(range(1, 268_435_455)?),
            Self::String => OwnedValue::String(fits(text)?),
            Self::Binary => OwnedValue::Binary(fits(text)?.into_bytes()),
            Self::Pair => {
                let (name, value) = split_pair(text).ok_or("takes a name and a value")?;
                OwnedValue::Pair(fits(name)?, fits(value)?)
            }
        })
    }
}

impl OwnedValue {
    fn borrow(&self) -> Value<'_> {
        match self {
            Self::Byte(byte) => Value::Byte(*byte),
            Self::TwoByte(number) => Value::TwoByte(*number),
            Self::FourByte(number) => Value::FourByte(*number),
            Self::Variable(number) => Value::Variable(*number),
            Self::String(text) => Value::String(text),
            Self::Binary(bytes) => Value::Binary(bytes),
            Self::Pair(name, value) => Value::Pair(name, value),
        }
    }
}

/// The properties of one packet, in the order of the flags.
pub(super) fn properties(flags: &[PropertyFlag], carrier: Carrier) -> Result<PropertyBuf, String> {
    let mut buf = PropertyBuf::default();
    let of_carrier = || flags.iter().filter(move |flag| flag.carrier == carrier);
    for (index, flag) in of_carrier().enumerate() {
        let again = of_carrier().take(index).any(|other| other.id == flag.id);
        if again && flag.id != PropertyId::UserProperty {
            return Err(format!(
                "-D {} {} is given twice",
                carrier.name(),
                flag.name
            ));
        }
        buf.push(flag.id, flag.value.borrow());
    }
    Ok(buf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_parses_where_it_may_stand() {
        for (name, id, kind, carriers) in PROPERTIES {
            let value = match kind {
                Kind::Pair => "unit celsius",
                _ => "1",
            };
            for carrier in carriers {
                let flag = parse(&format!("{} {name} {value}", carrier.name())).expect(name);
                assert_eq!((flag.carrier, flag.id), (*carrier, id));
            }
        }
    }

    #[test]
    fn values_are_read_by_their_type() {
        for (text, expected) in [
            ("publish payload-format-indicator 1", OwnedValue::Byte(1)),
            ("connect receive-maximum 65535", OwnedValue::TwoByte(65_535)),
            ("publish message-expiry-interval 0", OwnedValue::FourByte(0)),
            (
                "subscribe subscription-identifier 268435455",
                OwnedValue::Variable(268_435_455),
            ),
            (
                "publish content-type text/plain; x",
                OwnedValue::String("text/plain; x".into()),
            ),
            (
                "publish correlation-data ab",
                OwnedValue::Binary(b"ab".to_vec()),
            ),
            (
                "will user-property a b c",
                OwnedValue::Pair("a".into(), "b c".into()),
            ),
        ] {
            assert_eq!(parse(text).expect(text).value, expected);
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
            ("publish content-typ x", "content-type"),
            ("publish payload-format-indicator 2", "from 0 to 1, not '2'"),
            ("connect receive-maximum 0", "from 1 to 65535"),
            (
                "subscribe subscription-identifier 268435456",
                "to 268435455",
            ),
            ("publish user-property a", "a name and a value"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn only_a_user_property_may_be_repeated() {
        let flags = |texts: &[&str]| -> Vec<_> {
            texts.iter().map(|text| parse(text).expect(text)).collect()
        };
        let users = flags(&["publish user-property a b", "publish user-property a c"]);
        assert!(properties(&users, Carrier::Publish).is_ok());
        let types = flags(&["publish content-type a", "will content-type b"]);
        assert!(properties(&types, Carrier::Publish).is_ok());
        let twice = flags(&["publish content-type a", "publish content-type b"]);
        let error = properties(&twice, Carrier::Publish).expect_err("twice");
        assert_eq!(error, "-D publish content-type is given twice");
    }
}
