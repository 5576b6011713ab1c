//! Reason Codes (MQTT 5.0 section 2.4) and the CONNACK return codes of 3.1 and 3.1.1.

/// A Reason Code or CONNACK return code as it stands on the wire; unknown values survive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ReasonCode(pub u8);
