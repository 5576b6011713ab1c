//! Properties to be encoded.

use super::table::entry;
use super::{Properties, PropertyId, Value};
use crate::codec::MAX_REMAINING_LENGTH;
use std::fmt;

/// Properties to be encoded.
///
/// ```
/// use mqtk::codec::{PropertyBuf, PropertyId, Value};
///
/// let mut properties = PropertyBuf::default();
/// properties.push(PropertyId::SessionExpiryInterval, Value::FourByte(60));
/// assert_eq!(properties.as_properties().session_expiry_interval(), Some(60));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PropertyBuf {
    bytes: Vec<u8>,
}

/// Why a value cannot be a property's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyError {
    /// The value is not of the property's data type.
    WrongType(PropertyId),
    /// The number is not one that the property may have.
    OutOfRange(PropertyId),
    /// The text or data is longer than 65,535 bytes.
    TooLong(PropertyId),
    /// The text contains U+0000.
    NullCharacter(PropertyId),
}

impl fmt::Display for PropertyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PropertyError::WrongType(id) => {
                let wanted = id.value_type();
                write!(f, "{} takes a value of type {wanted:?}", id.name())
            }
            PropertyError::OutOfRange(id) => write!(f, "{} cannot have this value", id.name()),
            PropertyError::TooLong(id) => write!(f, "{} is longer than 65,535 bytes", id.name()),
            PropertyError::NullCharacter(id) => write!(f, "{} contains U+0000", id.name()),
        }
    }
}

impl std::error::Error for PropertyError {}

impl PropertyBuf {
    /// Adds a property. The value must have the right type and be in range: use
    /// [`Self::try_push`] where that is not certain.
    pub fn push(&mut self, id: PropertyId, value: Value<'_>) {
        debug_assert_eq!(value.value_type(), id.value_type(), "{}", id.name());
        self.bytes.push(id as u8);
        value.put(&mut self.bytes);
    }

    /// Adds a property after checking its value.
    ///
    /// # Errors
    /// The value has another type, is out of range or too long, or is text with U+0000.
    pub fn try_push(&mut self, id: PropertyId, value: Value<'_>) -> Result<(), PropertyError> {
        if value.value_type() != id.value_type() {
            return Err(PropertyError::WrongType(id));
        }
        let text = |text: &str| match text.len() {
            0x1_0000.. => Err(PropertyError::TooLong(id)),
            _ if text.contains('\0') => Err(PropertyError::NullCharacter(id)),
            _ => Ok(()),
        };
        match value {
            Value::String(string) => text(string)?,
            Value::Pair(name, value) => text(name).and_then(|()| text(value))?,
            Value::Binary(bytes) if bytes.len() > 0xFFFF => {
                return Err(PropertyError::TooLong(id));
            }
            Value::Variable(number) if number as usize > MAX_REMAINING_LENGTH => {
                return Err(PropertyError::OutOfRange(id));
            }
            _ if id.range_rule(value).is_some() => return Err(PropertyError::OutOfRange(id)),
            _ => {}
        }
        self.push(id, value);
        Ok(())
    }

    /// The properties of which these are the bytes, as [`Properties::as_bytes`] returned them; `None`
    /// if it cannot have returned them.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<PropertyBuf> {
        let mut rest = bytes;
        while let Some(number) = rest.split_off_first() {
            Value::skip(entry(*number)?.value_type, &mut rest)?;
        }
        let bytes = bytes.to_vec();
        Some(PropertyBuf { bytes })
    }

    /// A view for encoding.
    #[must_use]
    pub fn as_properties(&self) -> Properties<'_> {
        Properties { bytes: &self.bytes }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl<'a> Extend<(PropertyId, Value<'a>)> for PropertyBuf {
    fn extend<I: IntoIterator<Item = (PropertyId, Value<'a>)>>(&mut self, properties: I) {
        for (id, value) in properties {
            self.push(id, value);
        }
    }
}

impl From<Properties<'_>> for PropertyBuf {
    fn from(properties: Properties<'_>) -> Self {
        let bytes = properties.bytes.to_vec();
        PropertyBuf { bytes }
    }
}

impl fmt::Debug for PropertyBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_properties().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pushed_comes_out() {
        let mut buf = PropertyBuf::default();
        let all = [
            (PropertyId::TopicAlias, Value::TwoByte(7)),
            (PropertyId::UserProperty, Value::Pair("a", "b")),
            (
                PropertyId::SubscriptionIdentifier,
                Value::Variable(268_435_455),
            ),
            (PropertyId::CorrelationData, Value::Binary(b"\0\xFF")),
            (PropertyId::ContentType, Value::String("text/plain")),
            (PropertyId::MessageExpiryInterval, Value::FourByte(9)),
            (PropertyId::PayloadFormatIndicator, Value::Byte(1)),
        ];
        buf.extend(all);
        let properties = buf.as_properties();
        assert!(properties.iter().eq(all));
        assert_eq!(properties.topic_alias(), Some(7));
        assert_eq!(properties.content_type(), Some("text/plain"));
        assert_eq!(properties.payload_format_indicator(), Some(1));
        assert_eq!(properties.response_topic(), None);
        assert!(properties.user_properties().eq([("a", "b")]));
    }

    #[test]
    fn try_push_refuses_what_cannot_be() {
        use PropertyError::*;
        let mut buf = PropertyBuf::default();
        let long = "x".repeat(0x1_0000);
        let id = PropertyId::ContentType;
        assert_eq!(buf.try_push(id, Value::Byte(1)), Err(WrongType(id)));
        assert_eq!(buf.try_push(id, Value::String(&long)), Err(TooLong(id)));
        assert_eq!(
            buf.try_push(id, Value::String("\0")),
            Err(NullCharacter(id))
        );
        let id = PropertyId::ReceiveMaximum;
        assert_eq!(buf.try_push(id, Value::TwoByte(0)), Err(OutOfRange(id)));
        assert!(buf.is_empty());
        assert_eq!(buf.try_push(id, Value::TwoByte(1)), Ok(()));
    }

    #[test]
    fn debug_hides_authentication_data() {
        let mut buf = PropertyBuf::default();
        buf.push(PropertyId::AuthenticationMethod, Value::String("SCRAM"));
        buf.push(PropertyId::AuthenticationData, Value::Binary(b"secret"));
        let shown = format!("{buf:?}");
        assert!(
            shown.contains("SCRAM") && shown.contains("hidden"),
            "{shown}"
        );
        assert!(!shown.contains(&format!("{:?}", b"secret")), "{shown}");
    }
}
