//! What the CONNACK tells about the Server, and the CONNECTs that ask for more.

use super::connect::Refusal;
use super::{ConnectionKey, Router};
use crate::codec::{Connect, PropertyBuf, PropertyId, ReasonCode, Value, Version};

impl Router {
    /// Why this protocol version is not spoken, if it is not (MQTT-3.1.2-2).
    pub(super) fn refuse_version(&self, key: ConnectionKey, version: Version) -> Option<Refusal> {
        let connection = self.connections.get(key);
        let is_for_v3_1 = connection.is_some_and(|connection| connection.origin.is_for_v3_1);
        let why = if !self.capabilities.versions.contains(&version) {
            "this protocol version is switched off"
        } else if is_for_v3_1 && version != Version::V3_1 {
            "the WebSocket subprotocol mqttv3.1 is for MQTT 3.1, later versions ask for mqtt"
        } else {
            return None;
        };
        Some(Refusal {
            v3: Some(ReasonCode::V3_UNACCEPTABLE_PROTOCOL_VERSION),
            v5: ReasonCode::UNSUPPORTED_PROTOCOL_VERSION,
            why: why.into(),
        })
    }

    /// Where the client is sent, if all are (section 4.11).
    pub(super) fn send_away(&self) -> Option<Refusal> {
        let redirect = self.capabilities.redirect.as_ref()?;
        Some(Refusal {
            v3: Some(ReasonCode::V3_SERVER_UNAVAILABLE),
            v5: match redirect.is_permanent {
                true => ReasonCode::SERVER_MOVED,
                false => ReasonCode::USE_ANOTHER_SERVER,
            },
            why: format!("it is sent to {}", redirect.server_reference).into(),
        })
    }

    /// The properties of the CONNACK that refuses with this Reason Code of MQTT 5.0.
    pub(super) fn explain(&self, reason: ReasonCode) -> PropertyBuf {
        let mut properties = PropertyBuf::default();
        if let Some(redirect) = &self.capabilities.redirect
            && matches!(
                reason,
                ReasonCode::SERVER_MOVED | ReasonCode::USE_ANOTHER_SERVER
            )
        {
            let reference = Value::String(&redirect.server_reference);
            properties.push(PropertyId::ServerReference, reference);
        }
        properties
    }

    /// Why the Will Message could not be published, if so (MQTT-3.2.2-12, MQTT-3.2.2-13). No
    /// return code of 3.1 and 3.1.1 says that: the connection is closed (3.1.1: MQTT-3.2.2-6).
    pub(super) fn refuse_will(&self, connect: &Connect<'_>) -> Option<Refusal> {
        let will = connect.will.as_ref()?;
        let (v5, why) = if will.qos > self.capabilities.maximum_qos {
            let why = "the QoS of its Will Message is above the Maximum QoS";
            (ReasonCode::QOS_NOT_SUPPORTED, why)
        } else if will.retain && !self.capabilities.retain_available {
            let why = "its Will Message is to be retained, and nothing is";
            (ReasonCode::RETAIN_NOT_SUPPORTED, why)
        } else {
            return None;
        };
        Some(Refusal {
            v3: None,
            v5,
            why: why.into(),
        })
    }

    /// The properties of a CONNACK. What they do not tell is as the client expects.
    ///
    /// Before MQTT 5.0 they are not sent; the Session reads from them all the same what it has
    /// to hold the client to.
    pub(super) fn announce(
        &self,
        connect: &Connect<'_>,
        assigned: Option<&str>,
        authentication: Option<&PropertyBuf>,
    ) -> PropertyBuf {
        let mut properties = PropertyBuf::default();
        let capabilities = &self.capabilities;
        let maximum_qos = capabilities.maximum_qos as u8;
        if maximum_qos < 2 {
            properties.push(PropertyId::MaximumQoS, Value::Byte(maximum_qos));
        }
        if !capabilities.retain_available {
            properties.push(PropertyId::RetainAvailable, Value::Byte(0));
        }
        if connect.version == Version::V5 {
            self.announce_more(connect, assigned, &mut properties);
        }
        for (id, value) in authentication
            .iter()
            .flat_map(|it| it.as_properties().iter())
        {
            properties.push(id, value);
        }
        properties
    }

    fn announce_more(
        &self,
        connect: &Connect<'_>,
        assigned: Option<&str>,
        properties: &mut PropertyBuf,
    ) {
        let (limits, capabilities) = (&self.limits, &self.capabilities);
        let asked = connect.properties.session_expiry_interval().unwrap_or(0);
        if asked > limits.max_session_expiry {
            let granted = Value::FourByte(limits.max_session_expiry);
            properties.push(PropertyId::SessionExpiryInterval, granted);
        }
        if let Some(client_id) = assigned {
            let client_id = Value::String(client_id);
            properties.push(PropertyId::AssignedClientIdentifier, client_id);
        }
        if limits.receive_maximum < u16::MAX {
            let maximum = Value::TwoByte(limits.receive_maximum);
            properties.push(PropertyId::ReceiveMaximum, maximum);
        }
        if let Ok(maximum) = u32::try_from(limits.max_packet_size) {
            properties.push(PropertyId::MaximumPacketSize, Value::FourByte(maximum));
        }
        if limits.topic_alias_maximum > 0 {
            let maximum = Value::TwoByte(limits.topic_alias_maximum);
            properties.push(PropertyId::TopicAliasMaximum, maximum);
        }
        let longest = capabilities.max_keep_alive;
        let is_too_long = longest > 0 && connect.keep_alive >= longest;
        let keep_alive = is_too_long.then_some(longest);
        if let Some(seconds) = capabilities.server_keep_alive.or(keep_alive) {
            properties.push(PropertyId::ServerKeepAlive, Value::TwoByte(seconds));
        }
        if let Some(information) = &capabilities.response_information
            && connect.properties.request_response_information() == Some(true)
        {
            let information = Value::String(information);
            properties.push(PropertyId::ResponseInformation, information);
        }
        for (id, is_available) in [
            (
                PropertyId::WildcardSubscriptionAvailable,
                capabilities.wildcard_subscription_available,
            ),
            (
                PropertyId::SubscriptionIdentifierAvailable,
                capabilities.subscription_identifier_available,
            ),
            (
                PropertyId::SharedSubscriptionAvailable,
                capabilities.shared_subscription_available,
            ),
        ] {
            if !is_available {
                properties.push(id, Value::Byte(0));
            }
        }
    }
}
