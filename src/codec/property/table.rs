//! The table of properties (MQTT 5.0 table 2-4).

use super::ValueType;
use crate::codec::PacketType;
use crate::codec::violation::Name;

/// Where properties stand: in a kind of packet, or with the Will Message of a CONNECT. Several
/// together form a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(u16);

impl Place {
    /// The Will Properties of a CONNECT.
    pub const WILL: Place = Place(1);

    /// The properties of a packet of this type.
    #[must_use]
    pub const fn packet(packet_type: PacketType) -> Place {
        Place(1 << packet_type as u16)
    }

    const fn and(self, other: Place) -> Place {
        Place(self.0 | other.0)
    }

    const fn meets(self, other: Place) -> bool {
        self.0 & other.0 != 0
    }
}

impl From<PacketType> for Place {
    fn from(packet_type: PacketType) -> Self {
        Place::packet(packet_type)
    }
}

const CONNECT: Place = Place::packet(PacketType::Connect);
const CONNACK: Place = Place::packet(PacketType::Connack);
const PUBLISH: Place = Place::packet(PacketType::Publish);
const SUBSCRIBE: Place = Place::packet(PacketType::Subscribe);
const UNSUBSCRIBE: Place = Place::packet(PacketType::Unsubscribe);
const DISCONNECT: Place = Place::packet(PacketType::Disconnect);
const AUTH: Place = Place::packet(PacketType::Auth);
const WILL: Place = Place::WILL;
/// Every packet that answers another with a Reason Code.
const ACKS: Place = Place::packet(PacketType::Puback)
    .and(Place::packet(PacketType::Pubrec))
    .and(Place::packet(PacketType::Pubrel))
    .and(Place::packet(PacketType::Pubcomp))
    .and(Place::packet(PacketType::Suback))
    .and(Place::packet(PacketType::Unsuback));
const NOWHERE: Place = Place(0);

/// What the table says of a property.
pub(super) struct Entry {
    pub id: PropertyId,
    pub value_type: ValueType,
    name: &'static str,
    kebab: &'static str,
    snake: &'static str,
    places: Place,
    repeats: Place,
}

impl Entry {
    /// The name behind a thin pointer.
    #[inline(always)]
    pub fn id_name(&'static self) -> Name {
        &self.name
    }

    #[inline(always)]
    pub fn may_stand_in(&self, place: Place) -> bool {
        self.places.meets(place)
    }

    #[inline(always)]
    pub fn may_repeat_in(&self, place: Place) -> bool {
        self.repeats.meets(place)
    }
}

/// A name in lower case, with its spaces replaced.
const fn lowered<const N: usize>(name: &str, gap: u8) -> [u8; N] {
    let bytes = name.as_bytes();
    let mut out = [0; N];
    let mut i = 0;
    while i < N {
        out[i] = match bytes[i] {
            b' ' => gap,
            byte => byte.to_ascii_lowercase(),
        };
        i += 1;
    }
    out
}

macro_rules! spelled {
    ($name:literal, $gap:literal) => {{
        const BYTES: &[u8; $name.len()] = &lowered($name, $gap);
        match str::from_utf8(BYTES) {
            Ok(text) => text,
            Err(_) => panic!("property names are ASCII"),
        }
    }};
}

macro_rules! properties {
    ($($id:literal $variant:ident $type:ident $name:literal [$first:ident $($more:ident)*] $($repeats:ident)?;)*) => {
        /// A property's identifier.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum PropertyId {
            $(
                #[doc = concat!($name, ".")]
                $variant = $id,
            )*
        }

        impl PropertyId {
            /// Every property, in the order of the identifiers.
            pub const ALL: [PropertyId; 27] = [$(PropertyId::$variant),*];
        }

        impl PropertyId {
            const fn entry(self) -> &'static Entry {
                match self {
                    $(
                        PropertyId::$variant => const {
                            &Entry {
                                id: PropertyId::$variant,
                                value_type: ValueType::$type,
                                name: $name,
                                kebab: spelled!($name, b'-'),
                                snake: spelled!($name, b'_'),
                                places: $first$(.and($more))*,
                                repeats: NOWHERE$(.and($repeats))?,
                            }
                        },
                    )*
                }
            }
        }

        /// The entries by their identifiers.
        static TABLE: [Option<&Entry>; 0x2B] = {
            let mut table = [None; 0x2B];
            $(table[$id] = Some(PropertyId::$variant.entry());)*
            table
        };
    };
}

/// Where User Property may stand, and so repeat.
const EVERYWHERE: Place = CONNECT
    .and(CONNACK)
    .and(PUBLISH)
    .and(ACKS)
    .and(SUBSCRIBE)
    .and(UNSUBSCRIBE)
    .and(DISCONNECT)
    .and(AUTH)
    .and(WILL);

// Identifier, variant, data type, name, where it may stand; last, where it may repeat.
properties! {
    0x01 PayloadFormatIndicator Byte "Payload Format Indicator" [PUBLISH WILL];
    0x02 MessageExpiryInterval FourByte "Message Expiry Interval" [PUBLISH WILL];
    0x03 ContentType String "Content Type" [PUBLISH WILL];
    0x08 ResponseTopic String "Response Topic" [PUBLISH WILL];
    0x09 CorrelationData Binary "Correlation Data" [PUBLISH WILL];
    0x0B SubscriptionIdentifier Variable "Subscription Identifier" [PUBLISH SUBSCRIBE] PUBLISH;
    0x11 SessionExpiryInterval FourByte "Session Expiry Interval" [CONNECT CONNACK DISCONNECT];
    0x12 AssignedClientIdentifier String "Assigned Client Identifier" [CONNACK];
    0x13 ServerKeepAlive TwoByte "Server Keep Alive" [CONNACK];
    0x15 AuthenticationMethod String "Authentication Method" [CONNECT CONNACK AUTH];
    0x16 AuthenticationData Binary "Authentication Data" [CONNECT CONNACK AUTH];
    0x17 RequestProblemInformation Byte "Request Problem Information" [CONNECT];
    0x18 WillDelayInterval FourByte "Will Delay Interval" [WILL];
    0x19 RequestResponseInformation Byte "Request Response Information" [CONNECT];
    0x1A ResponseInformation String "Response Information" [CONNACK];
    0x1C ServerReference String "Server Reference" [CONNACK DISCONNECT];
    0x1F ReasonString String "Reason String" [CONNACK ACKS DISCONNECT AUTH];
    0x21 ReceiveMaximum TwoByte "Receive Maximum" [CONNECT CONNACK];
    0x22 TopicAliasMaximum TwoByte "Topic Alias Maximum" [CONNECT CONNACK];
    0x23 TopicAlias TwoByte "Topic Alias" [PUBLISH];
    0x24 MaximumQoS Byte "Maximum QoS" [CONNACK];
    0x25 RetainAvailable Byte "Retain Available" [CONNACK];
    0x26 UserProperty Pair "User Property" [EVERYWHERE] EVERYWHERE;
    0x27 MaximumPacketSize FourByte "Maximum Packet Size" [CONNECT CONNACK];
    0x28 WildcardSubscriptionAvailable Byte "Wildcard Subscription Available" [CONNACK];
    0x29 SubscriptionIdentifierAvailable Byte "Subscription Identifier Available" [CONNACK];
    0x2A SharedSubscriptionAvailable Byte "Shared Subscription Available" [CONNACK];
}

/// The entry of an identifier, if there is such a property.
#[inline(always)]
pub(super) fn entry(id: u8) -> Option<&'static Entry> {
    *TABLE.get(usize::from(id))?
}

impl PropertyId {
    /// The property with this identifier.
    #[must_use]
    pub fn from_number(id: u8) -> Option<PropertyId> {
        entry(id).map(|entry| entry.id)
    }

    /// The property with this name, written in any of the three ways; case does not matter.
    ///
    /// ```
    /// use mqtk::codec::PropertyId;
    ///
    /// let id = PropertyId::from_name("message-expiry-interval");
    /// assert_eq!(id, Some(PropertyId::MessageExpiryInterval));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<PropertyId> {
        let same = |(a, b): (u8, u8)| match a {
            b' ' | b'-' | b'_' => matches!(b, b' ' | b'-' | b'_'),
            _ => a.eq_ignore_ascii_case(&b),
        };
        PropertyId::ALL.into_iter().find(|id| {
            id.name().len() == name.len() && id.name().bytes().zip(name.bytes()).all(same)
        })
    }

    /// The specification's name: `Message Expiry Interval`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The name for command lines: `message-expiry-interval`.
    #[must_use]
    pub fn kebab_name(self) -> &'static str {
        self.entry().kebab
    }

    /// The name for JSON: `message_expiry_interval`.
    #[must_use]
    pub fn snake_name(self) -> &'static str {
        self.entry().snake
    }

    /// The data type of the value.
    #[must_use]
    pub fn value_type(self) -> ValueType {
        self.entry().value_type
    }

    /// Whether the property may stand there: a [`PacketType`] or [`Place::WILL`].
    #[must_use]
    pub fn allowed_in(self, place: impl Into<Place>) -> bool {
        self.entry().may_stand_in(place.into())
    }

    /// Whether the property may stand there more than once.
    #[must_use]
    pub fn repeats_in(self, place: impl Into<Place>) -> bool {
        self.entry().may_repeat_in(place.into())
    }

    /// Whether the value must not be shown or logged.
    #[must_use]
    pub fn is_secret(self) -> bool {
        self == PropertyId::AuthenticationData
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_has_its_own_line() {
        for id in PropertyId::ALL {
            assert_eq!(PropertyId::from_number(id as u8), Some(id));
            for name in [id.name(), id.kebab_name(), id.snake_name()] {
                assert_eq!(PropertyId::from_name(name), Some(id), "{name}");
            }
        }
        assert_eq!((0..=255).filter_map(PropertyId::from_number).count(), 27);
    }

    #[test]
    fn places_are_those_of_table_2_4() {
        use PacketType::*;
        assert!(PropertyId::TopicAlias.allowed_in(Publish));
        assert!(!PropertyId::TopicAlias.allowed_in(Place::WILL));
        assert!(PropertyId::ContentType.allowed_in(Place::WILL));
        assert!(PropertyId::ReasonString.allowed_in(Unsuback));
        assert!(!PropertyId::ReasonString.allowed_in(Subscribe));
        let users = PacketType::ALL
            .into_iter()
            .filter(|t| PropertyId::UserProperty.allowed_in(*t));
        assert_eq!(users.count(), 13, "all but PINGREQ and PINGRESP");
        assert!(PropertyId::SubscriptionIdentifier.repeats_in(Publish));
        assert!(!PropertyId::SubscriptionIdentifier.repeats_in(Subscribe));
    }
}
