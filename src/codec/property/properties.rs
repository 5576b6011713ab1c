//! The properties of a packet, as a slice.

use super::table::entry;
use super::{PropertyId, Value};
use crate::codec::QoS;
use std::fmt;

/// The properties of one packet: a slice that the decoder has validated.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Properties<'a> {
    pub(super) bytes: &'a [u8],
}

impl<'a> Properties<'a> {
    /// No properties.
    pub const EMPTY: Properties<'static> = Properties { bytes: &[] };

    /// The encoded properties, without the Property Length.
    #[must_use]
    pub fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// All properties in the order of the wire.
    pub fn iter(&self) -> impl Iterator<Item = (PropertyId, Value<'a>)> + use<'a> {
        let mut rest = self.bytes;
        std::iter::from_fn(move || {
            let entry = entry(*rest.split_off_first()?)?;
            Some((entry.id, Value::take(entry.value_type, &mut rest)?))
        })
    }

    /// The first value of the property; for those that may occur once.
    #[must_use]
    pub fn get(&self, id: PropertyId) -> Option<Value<'a>> {
        let mut rest = self.bytes;
        loop {
            let number = *rest.split_off_first()?;
            let value_type = entry(number)?.value_type;
            if number == id as u8 {
                return Value::take(value_type, &mut rest);
            }
            Value::skip(value_type, &mut rest)?;
        }
    }

    /// The encoded properties before and after the first one with this identifier; where there is
    /// none, all are before.
    #[must_use]
    pub fn around(&self, id: PropertyId) -> [&'a [u8]; 2] {
        let mut rest = self.bytes;
        loop {
            let before = self.bytes.len() - rest.len();
            let Some(number) = rest.split_off_first() else {
                break;
            };
            let Some(entry) = entry(*number) else { break };
            if Value::skip(entry.value_type, &mut rest).is_none() {
                break;
            }
            if entry.id == id {
                return [self.bytes.get(..before).unwrap_or_default(), rest];
            }
        }
        [self.bytes, &[]]
    }

    /// Name and value of each User Property, in order.
    pub fn user_properties(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.iter().filter_map(|property| match property {
            (PropertyId::UserProperty, Value::Pair(name, value)) => Some((name, value)),
            _ => None,
        })
    }

    /// Each Subscription Identifier, in order.
    pub fn subscription_identifiers(&self) -> impl Iterator<Item = u32> + use<'a> {
        self.iter().filter_map(|property| match property {
            (PropertyId::SubscriptionIdentifier, Value::Variable(id)) => Some(id),
            _ => None,
        })
    }
}

/// One getter for each property that occurs once.
macro_rules! getters {
    ($($getter:ident $id:ident $pattern:pat => $result:expr, $type:ty;)*) => {
        impl<'a> Properties<'a> {
            $(
                #[doc = concat!("The value of [`PropertyId::", stringify!($id), "`].")]
                #[must_use]
                pub fn $getter(&self) -> Option<$type> {
                    match self.get(PropertyId::$id)? {
                        $pattern => $result,
                        _ => None,
                    }
                }
            )*
        }
    };
}

getters! {
    payload_format_indicator PayloadFormatIndicator Value::Byte(v) => Some(v), u8;
    message_expiry_interval MessageExpiryInterval Value::FourByte(v) => Some(v), u32;
    content_type ContentType Value::String(v) => Some(v), &'a str;
    response_topic ResponseTopic Value::String(v) => Some(v), &'a str;
    correlation_data CorrelationData Value::Binary(v) => Some(v), &'a [u8];
    subscription_identifier SubscriptionIdentifier Value::Variable(v) => Some(v), u32;
    session_expiry_interval SessionExpiryInterval Value::FourByte(v) => Some(v), u32;
    assigned_client_identifier AssignedClientIdentifier Value::String(v) => Some(v), &'a str;
    server_keep_alive ServerKeepAlive Value::TwoByte(v) => Some(v), u16;
    authentication_method AuthenticationMethod Value::String(v) => Some(v), &'a str;
    authentication_data AuthenticationData Value::Binary(v) => Some(v), &'a [u8];
    request_problem_information RequestProblemInformation Value::Byte(v) => Some(v != 0), bool;
    will_delay_interval WillDelayInterval Value::FourByte(v) => Some(v), u32;
    request_response_information RequestResponseInformation Value::Byte(v) => Some(v != 0), bool;
    response_information ResponseInformation Value::String(v) => Some(v), &'a str;
    server_reference ServerReference Value::String(v) => Some(v), &'a str;
    reason_string ReasonString Value::String(v) => Some(v), &'a str;
    receive_maximum ReceiveMaximum Value::TwoByte(v) => Some(v), u16;
    topic_alias_maximum TopicAliasMaximum Value::TwoByte(v) => Some(v), u16;
    topic_alias TopicAlias Value::TwoByte(v) => Some(v), u16;
    maximum_qos MaximumQoS Value::Byte(v) => QoS::from_bits(v), QoS;
    retain_available RetainAvailable Value::Byte(v) => Some(v != 0), bool;
    maximum_packet_size MaximumPacketSize Value::FourByte(v) => Some(v), u32;
    wildcard_subscription_available WildcardSubscriptionAvailable Value::Byte(v) => Some(v != 0), bool;
    subscription_identifier_available SubscriptionIdentifierAvailable Value::Byte(v) => Some(v != 0), bool;
    shared_subscription_available SharedSubscriptionAvailable Value::Byte(v) => Some(v != 0), bool;
}

impl fmt::Debug for Properties<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (id, value) in self.iter() {
            match id.is_secret() {
                true => map.entry(&id, &"(hidden)"),
                false => map.entry(&id, &value),
            };
        }
        map.finish()
    }
}
