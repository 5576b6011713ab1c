//! Properties (MQTT 5.0 section 2.2.2): one table, a validated raw slice, typed getters.

/// A property's identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum PropertyId {
    PayloadFormatIndicator = 0x01,
    MessageExpiryInterval = 0x02,
    ContentType = 0x03,
    ResponseTopic = 0x08,
    CorrelationData = 0x09,
    SubscriptionIdentifier = 0x0B,
    SessionExpiryInterval = 0x11,
    AssignedClientIdentifier = 0x12,
    ServerKeepAlive = 0x13,
    AuthenticationMethod = 0x15,
    AuthenticationData = 0x16,
    RequestProblemInformation = 0x17,
    WillDelayInterval = 0x18,
    RequestResponseInformation = 0x19,
    ResponseInformation = 0x1A,
    ServerReference = 0x1C,
    ReasonString = 0x1F,
    ReceiveMaximum = 0x21,
    TopicAliasMaximum = 0x22,
    TopicAlias = 0x23,
    MaximumQoS = 0x24,
    RetainAvailable = 0x25,
    UserProperty = 0x26,
    MaximumPacketSize = 0x27,
    WildcardSubscriptionAvailable = 0x28,
    SubscriptionIdentifierAvailable = 0x29,
    SharedSubscriptionAvailable = 0x2A,
}

/// A property's value, by its data type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Byte.
    Byte(u8),
    /// Two Byte Integer.
    TwoByte(u16),
    /// Four Byte Integer.
    FourByte(u32),
    /// Variable Byte Integer.
    Variable(u32),
    /// UTF-8 Encoded String.
    String(&'a str),
    /// Binary Data.
    Binary(&'a [u8]),
    /// UTF-8 String Pair.
    Pair(&'a str, &'a str),
}

/// The properties of one packet: a slice that the decoder has validated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Properties<'a> {
    bytes: &'a [u8],
}

/// Properties being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PropertyBuf {
    bytes: Vec<u8>,
}

impl<'a> Properties<'a> {
    /// No properties.
    pub const EMPTY: Properties<'static> = Properties { bytes: &[] };

    /// All properties in the order of the wire.
    pub fn iter(&self) -> impl Iterator<Item = (PropertyId, Value<'a>)> + use<'a> {
        std::iter::empty() // codec
    }
    /// The encoded properties, without the Property Length.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }
    /// The first value of the property; for those that may occur once.
    pub fn get(&self, id: PropertyId) -> Option<Value<'a>> {
        let _ = id;
        None
    }
    // Typed getters, one for each property: session_expiry_interval() -> Option<u32>,
    // receive_maximum() -> Option<u16>, topic_alias() -> Option<u16>, reason_string() ->
    // Option<&str>, maximum_qos() -> Option<QoS>, retain_available() -> Option<bool>,
    // user_properties() -> impl Iterator<Item = (&str, &str)>,
    // subscription_identifiers() -> impl Iterator<Item = u32>, ...
}

impl PropertyBuf {
    /// Adds a property. The caller answers for the value's type.
    pub fn push(&mut self, id: PropertyId, value: Value<'_>) {
        let _ = (id, value);
    }
    /// A view for encoding.
    pub fn as_properties(&self) -> Properties<'_> {
        Properties { bytes: &self.bytes }
    }
}
