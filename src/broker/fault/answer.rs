//! What a broker says that refuses a packet.

use crate::codec::{
    Ack, Connack, Disconnect, Frame, Packet, Properties, QoS, ReasonCode, ReasonCodes, Suback,
    Unsuback, Version,
};

/// The packet that refuses this one; `None`: there is none for it.
pub(super) fn refusal(
    frame: Frame<'_>,
    version: Version,
    code: Option<ReasonCode>,
) -> Option<Vec<u8>> {
    let reason = code.unwrap_or(ReasonCode::NOT_AUTHORIZED);
    let properties = Properties::EMPTY;
    let mut bytes = Vec::new();
    match frame.decode(version).ok()? {
        Packet::Connect(_) => Packet::Connack(Connack {
            session_present: false,
            reason: match version {
                Version::V5 => reason,
                Version::V3_1 | Version::V3_1_1 => return_code(code),
            },
            properties,
        })
        .encode(version, &mut bytes),
        Packet::Publish(publish) => {
            let ack = Ack {
                packet_id: publish.packet_id?,
                reason,
                properties,
            };
            let packet = match publish.qos {
                QoS::ExactlyOnce => Packet::Pubrec(ack),
                QoS::AtMostOnce | QoS::AtLeastOnce => Packet::Puback(ack),
            };
            packet.encode(version, &mut bytes);
        }
        Packet::Subscribe(subscribe) => {
            let reason = match version {
                Version::V5 => reason,
                Version::V3_1 | Version::V3_1_1 => ReasonCode::UNSPECIFIED_ERROR,
            };
            let reasons = vec![reason.value(); subscribe.filters.iter().count()];
            let suback = Suback {
                packet_id: subscribe.packet_id,
                properties,
                reasons: ReasonCodes(&reasons),
            };
            suback.encode(version, &mut bytes);
        }
        Packet::Unsubscribe(unsubscribe) => {
            let reasons = vec![reason.value(); unsubscribe.filters.iter().count()];
            let unsuback = Unsuback {
                packet_id: unsubscribe.packet_id,
                properties,
                reasons: ReasonCodes(&reasons),
            };
            unsuback.encode(version, &mut bytes);
        }
        _ => return None,
    }
    Some(bytes)
}

/// DISCONNECT with a Reason Code; before MQTT 5.0, no Server sends one.
pub(super) fn disconnect(version: Version, reason: ReasonCode) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let disconnect = Disconnect {
        reason,
        properties: Properties::EMPTY,
    };
    disconnect.encode(version, &mut bytes);
    (version == Version::V5).then_some(bytes)
}

/// The return code of MQTT 3.1 and 3.1.1 in CONNACK.
fn return_code(code: Option<ReasonCode>) -> ReasonCode {
    match code {
        None => ReasonCode::V3_NOT_AUTHORIZED,
        Some(code) if code.is_error() => ReasonCode::V3_SERVER_UNAVAILABLE,
        Some(code) => code,
    }
}
