//! The rules that a packet breaks by when it comes, not by what is in it: one line each.
//!
//! Identifiers are cited as by the codec: numbered statements (`MQTT-3.8.4-2`), else the version
//! and the section (`MQTT5-3.14.2.2.2`), and a dash where a version does not forbid it.

use crate::codec::rule_table;

rule_table! {
    // The order of a Network Connection.
    CONNECT_FIRST ProtocolError PROTOCOL_ERROR ["MQTT31-3.1" "MQTT-3.1.0-1" "MQTT-3.1.0-1"]
        "the first packet of a client must be CONNECT"
        "check that the client speaks MQTT, and nothing was lost at the start of the connection";
    SECOND_CONNECT ProtocolError PROTOCOL_ERROR ["MQTT31-3.1" "MQTT-3.1.0-2" "MQTT-3.1.0-2"]
        "a client must send CONNECT only once on a connection"
        "open a new connection for another CONNECT";
    CONNACK_FIRST ProtocolError PROTOCOL_ERROR ["MQTT31-3.2" "MQTT-3.2.0-1" "MQTT-3.2.0-1"]
        "the first packet of a server must be CONNACK (or AUTH)"
        "the server has to accept the CONNECT before it sends anything else";
    SECOND_CONNACK ProtocolError PROTOCOL_ERROR ["MQTT31-3.2" "MQTT311-3.2" "MQTT-3.2.0-2"]
        "a server must send CONNACK only once on a connection"
        "one CONNECT is answered by one CONNACK";
    DISCONNECT_BEFORE_CONNACK ProtocolError PROTOCOL_ERROR [- - "MQTT-3.14.0-1"]
        "a server must not send DISCONNECT before CONNACK"
        "refuse a CONNECT with the Reason Code of a CONNACK";
    CLIENT_PACKET_FROM_SERVER ProtocolError PROTOCOL_ERROR ["MQTT31-3" "MQTT311-2.2.1" "MQTT5-2.1.2"]
        "a server must not send a packet that only clients send"
        "CONNECT, SUBSCRIBE, UNSUBSCRIBE and PINGREQ (before 5.0 also DISCONNECT) go to servers";
    SERVER_PACKET_FROM_CLIENT ProtocolError PROTOCOL_ERROR ["MQTT31-3" "MQTT311-2.2.1" "MQTT5-2.1.2"]
        "a client must not send a packet that only servers send"
        "CONNACK, SUBACK, UNSUBACK and PINGRESP go to clients";
    PACKET_AFTER_DISCONNECT ProtocolError PROTOCOL_ERROR ["MQTT31-3.14" "MQTT-3.14.4-2" "MQTT-3.14.4-1"]
        "nothing must be sent after DISCONNECT"
        "close the connection after DISCONNECT";
    SESSION_PRESENT_AFTER_CLEAN_START ProtocolError PROTOCOL_ERROR [- "MQTT-3.2.2-1" "MQTT-3.2.2-2"]
        "Session Present must be 0 when the client asked for a new session"
        "the server has to discard the old session at Clean Start (3.1.1: Clean Session)";
    CLIENT_PACKET_TOO_LARGE ProtocolError PACKET_TOO_LARGE [- - "MQTT-3.2.2-15"]
        "a client must not exceed the server's Maximum Packet Size"
        "send a smaller payload, or raise the server's limit";
    SERVER_PACKET_TOO_LARGE ProtocolError PACKET_TOO_LARGE [- - "MQTT-3.1.2-24"]
        "a server must not exceed the client's Maximum Packet Size"
        "the server has to drop messages that the client cannot take";

    // Messages.
    CLIENT_RECEIVE_MAXIMUM ProtocolError RECEIVE_MAXIMUM_EXCEEDED [- - "MQTT-3.3.4-7"]
        "a client must not have more QoS 1 and 2 messages in flight than the server's Receive Maximum"
        "wait for PUBACK or PUBCOMP before the next PUBLISH";
    SERVER_RECEIVE_MAXIMUM ProtocolError RECEIVE_MAXIMUM_EXCEEDED [- - "MQTT-3.3.4-9"]
        "a server must not have more QoS 1 and 2 messages in flight than the client's Receive Maximum"
        "the server has to wait for PUBACK or PUBCOMP before the next PUBLISH";
    CLIENT_TOPIC_ALIAS ProtocolError TOPIC_ALIAS_INVALID [- - "MQTT-3.3.2-9"]
        "a client's Topic Alias must not exceed the server's Topic Alias Maximum"
        "without a Topic Alias Maximum in CONNACK the server takes no aliases";
    SERVER_TOPIC_ALIAS ProtocolError TOPIC_ALIAS_INVALID [- - "MQTT-3.3.2-11"]
        "a server's Topic Alias must not exceed the client's Topic Alias Maximum"
        "without a Topic Alias Maximum in CONNECT the client takes no aliases";
    TOPIC_ALIAS_UNKNOWN ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.3.2.3.4"]
        "a Topic Alias without a Topic Name must have been set on this connection"
        "send the Topic Name with the alias once on every connection";
    SUBSCRIPTION_IDENTIFIER_FROM_CLIENT ProtocolError PROTOCOL_ERROR [- - "MQTT-3.3.4-6"]
        "a client's PUBLISH must not contain a Subscription Identifier"
        "Subscription Identifiers belong into SUBSCRIBE";
    MAXIMUM_QOS_EXCEEDED ProtocolError QOS_NOT_SUPPORTED [- - "MQTT-3.2.2-11"]
        "a client must not publish above the server's Maximum QoS"
        "use a lower QoS";
    RETAIN_UNAVAILABLE ProtocolError RETAIN_NOT_SUPPORTED [- - "MQTT-3.2.2-14"]
        "a client must not set RETAIN where the server has no retained messages"
        "publish without RETAIN";
    WILDCARD_UNAVAILABLE ProtocolError WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED [- - "MQTT5-3.2.2.3.11"]
        "a client must not use wildcards where the server has no Wildcard Subscriptions"
        "subscribe to each topic by its name";
    SUBSCRIPTION_IDENTIFIER_UNAVAILABLE ProtocolError SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED [- - "MQTT5-3.2.2.3.12"]
        "a client must not use Subscription Identifiers where the server has none"
        "subscribe without a Subscription Identifier";
    SHARED_UNAVAILABLE ProtocolError SHARED_SUBSCRIPTIONS_NOT_SUPPORTED [- - "MQTT5-3.2.2.3.13"]
        "a client must not use $share where the server has no Shared Subscriptions"
        "subscribe to the Topic Filter without $share";

    // Acknowledgements.
    PUBREC_EXPECTED ProtocolError PROTOCOL_ERROR ["MQTT31-4.1" "MQTT-4.3.3-2" "MQTT-4.3.3-8"]
        "a message at QoS 2 must be acknowledged with PUBREC"
        "PUBACK is for QoS 1";
    PUBACK_EXPECTED ProtocolError PROTOCOL_ERROR ["MQTT31-4.1" "MQTT-4.3.2-2" "MQTT-4.3.2-4"]
        "a message at QoS 1 must be acknowledged with PUBACK"
        "PUBREC is for QoS 2";
    PUBCOMP_BEFORE_PUBREC ProtocolError PROTOCOL_ERROR ["MQTT31-4.1" "MQTT-4.3.3-2" "MQTT-4.3.3-11"]
        "PUBCOMP must answer a PUBREL"
        "a PUBLISH at QoS 2 is answered by PUBREC, its PUBREL by PUBCOMP";
    PUBREL_BEFORE_PUBREC ProtocolError PROTOCOL_ERROR ["MQTT31-4.1" "MQTT-4.3.3-1" "MQTT-4.3.3-4"]
        "PUBREL must answer a PUBREC"
        "wait for PUBREC before PUBREL";
    SUBACK_UNEXPECTED ProtocolError PROTOCOL_ERROR ["MQTT31-3.9" "MQTT-3.8.4-2" "MQTT-3.8.4-2"]
        "SUBACK must carry the Packet Identifier of a SUBSCRIBE that waits for it"
        "copy the Packet Identifier of the SUBSCRIBE, and answer each once";
    SUBACK_COUNT ProtocolError PROTOCOL_ERROR ["MQTT31-3.9" "MQTT-3.8.4-5" "MQTT-3.8.4-6"]
        "SUBACK must have one code for each Topic Filter of the SUBSCRIBE"
        "answer the filters one by one, in their order";
    UNSUBACK_UNEXPECTED ProtocolError PROTOCOL_ERROR ["MQTT31-3.11" "MQTT-3.10.4-4" "MQTT-3.10.4-5"]
        "UNSUBACK must carry the Packet Identifier of an UNSUBSCRIBE that waits for it"
        "copy the Packet Identifier of the UNSUBSCRIBE, and answer each once";
    UNSUBACK_COUNT ProtocolError PROTOCOL_ERROR [- - "MQTT-3.11.3-2"]
        "UNSUBACK must have one Reason Code for each Topic Filter of the UNSUBSCRIBE"
        "answer the filters one by one, in their order";

    // The end, and authentication.
    SESSION_EXPIRY_FROM_SERVER ProtocolError PROTOCOL_ERROR [- - "MQTT-3.14.2-2"]
        "a server's DISCONNECT must not contain a Session Expiry Interval"
        "only the client decides how long its session is kept";
    SESSION_EXPIRY_RAISED_FROM_ZERO ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.14.2.2.2"]
        "DISCONNECT must not set a Session Expiry Interval when it was 0 in CONNECT"
        "ask for the Session Expiry Interval in CONNECT";
    AUTH_FROM_SERVER ProtocolError PROTOCOL_ERROR [- - "MQTT-4.12.0-6"]
        "a server must not authenticate a client that gave no Authentication Method"
        "AUTH and Authentication Method are only for clients that asked for them in CONNECT";
    AUTH_FROM_CLIENT ProtocolError PROTOCOL_ERROR [- - "MQTT-4.12.0-7"]
        "a client must not send AUTH without an Authentication Method in CONNECT"
        "give the Authentication Method in CONNECT";
    PACKET_BEFORE_CONNACK ProtocolError PROTOCOL_ERROR [- - "MQTT-3.1.2-30"]
        "a client with an Authentication Method must send only AUTH and DISCONNECT before CONNACK"
        "wait for CONNACK before anything else";
    AUTH_OUT_OF_TURN ProtocolError PROTOCOL_ERROR [- - "MQTT5-4.12"]
        "a client's AUTH must answer one of the server with 0x18, or begin re-authentication with 0x19"
        "one AUTH of the server is answered by one of the client";
    AUTHENTICATION_METHOD_CHANGED ProtocolError PROTOCOL_ERROR [- - "MQTT-4.12.0-5"]
        "the Authentication Method must be that of the CONNECT"
        "repeat the Authentication Method of the CONNECT in every AUTH and in CONNACK";

    // What only one who looks on can tell.
    UNFINISHED MalformedPacket MALFORMED_PACKET ["MQTT31-2.1" "MQTT311-2.2.3" "MQTT5-2.1.4"]
        "a packet must have all the bytes that its Remaining Length counts"
        "the bytes end within it: it was cut, or its Remaining Length is too large";
    CLIENT_PACKET_ID_IN_USE ProtocolError PACKET_IDENTIFIER_IN_USE ["MQTT31-2.4" "MQTT-2.3.1-2" "MQTT-2.2.1-3"]
        "a client must give a new packet a Packet Identifier that is not in use"
        "an identifier is free again when PUBACK, PUBCOMP, SUBACK or UNSUBACK has come";
    SERVER_PACKET_ID_IN_USE ProtocolError PACKET_IDENTIFIER_IN_USE ["MQTT31-2.4" "MQTT-2.3.1-4" "MQTT-2.2.1-4"]
        "a server must give a new PUBLISH a Packet Identifier that is not in use"
        "an identifier is free again when PUBACK or PUBCOMP has come";
    ACKNOWLEDGED_UNKNOWN ProtocolError PACKET_IDENTIFIER_NOT_FOUND ["MQTT31-2.4" "MQTT-2.3.1-6" "MQTT-2.2.1-5"]
        "an acknowledgement must carry the Packet Identifier of a PUBLISH that waits for it"
        "copy the Packet Identifier of the PUBLISH, and acknowledge it once";
    DUP_ON_FIRST_QOS_1 ProtocolError PROTOCOL_ERROR ["MQTT31-2.1" "MQTT-4.3.2-1" "MQTT-4.3.2-2"]
        "DUP must be 0 when a message at QoS 1 is sent for the first time"
        "set DUP only when the same message is sent again";
    DUP_ON_FIRST_QOS_2 ProtocolError PROTOCOL_ERROR ["MQTT31-2.1" "MQTT-4.3.3-1" "MQTT-4.3.3-2"]
        "DUP must be 0 when a message at QoS 2 is sent for the first time"
        "set DUP only when the same message is sent again";
    RESENT_WITHOUT_DUP ProtocolError PROTOCOL_ERROR ["MQTT31-2.1" "MQTT-3.3.1-1" "MQTT-3.3.1-1"]
        "DUP must be 1 when a PUBLISH is sent again after a reconnect"
        "set bit 3 of the first byte; the connection before had the same message with this Packet Identifier, unacknowledged";
    RESENT_ON_CONNECTION ProtocolError PROTOCOL_ERROR [- - "MQTT-4.4.0-1"]
        "a PUBLISH must not be sent again on the same connection"
        "wait for the acknowledgement; send again only after a reconnect";
    PUBLISH_AFTER_PUBREL ProtocolError PROTOCOL_ERROR ["MQTT31-4.1" "MQTT-4.3.3-1" "MQTT-4.3.3-6"]
        "a PUBLISH must not be sent again after its PUBREL"
        "the receiver has the message: wait for PUBCOMP";
    PUBACK_ORDER ProtocolError PROTOCOL_ERROR [- "MQTT-4.6.0-2" "MQTT-4.6.0-2"]
        "a client must send PUBACK in the order in which the messages came"
        "acknowledge the oldest message first";
    PUBREC_ORDER ProtocolError PROTOCOL_ERROR [- "MQTT-4.6.0-3" "MQTT-4.6.0-3"]
        "a client must send PUBREC in the order in which the messages came"
        "acknowledge the oldest message first";
    SUBACK_QOS ProtocolError PROTOCOL_ERROR ["MQTT31-3.9" "MQTT-3.8.4-6" "MQTT-3.8.4-7"]
        "a server must not grant a higher QoS than was asked for"
        "grant the QoS of the SUBSCRIBE, or a lower one";
    SUBSCRIPTION_IDENTIFIER_UNKNOWN ProtocolError PROTOCOL_ERROR [- - "MQTT-3.3.4-3"]
        "a server's Subscription Identifier must be one that the client gave"
        "send the Subscription Identifiers of the subscriptions that match";
    KEEP_ALIVE_OVERRUN ProtocolError KEEP_ALIVE_TIMEOUT ["MQTT31-3.1" "MQTT-3.1.2-23" "MQTT-3.1.2-20"]
        "a client must not be silent for longer than one and a half times the Keep Alive"
        "send PINGREQ in time, or ask for a longer Keep Alive; the number is the seconds of silence";
    PACKET_AFTER_REFUSAL ProtocolError PROTOCOL_ERROR ["MQTT31-3.2" "MQTT-3.2.2-5" "MQTT-3.2.2-7"]
        "a server must send nothing after a CONNACK that refuses"
        "close the connection after the CONNACK";
    ASSIGNED_CLIENT_ID_MISSING ProtocolError PROTOCOL_ERROR [- - "MQTT-3.2.2-16"]
        "a server must answer an empty Client Identifier with an Assigned Client Identifier"
        "add the Assigned Client Identifier to the CONNACK";
    RESPONSE_INFORMATION_UNASKED ProtocolError PROTOCOL_ERROR [- - "MQTT-3.1.2-28"]
        "a server must not send Response Information that the client did not ask for"
        "leave it out without Request Response Information in CONNECT";
    PROBLEM_INFORMATION_UNWANTED ProtocolError PROTOCOL_ERROR [- - "MQTT-3.1.2-29"]
        "a server must not send a Reason String or User Properties here to a client that wants none"
        "with Request Problem Information 0 only PUBLISH, CONNACK and DISCONNECT may have them";
    PINGRESP_UNASKED ProtocolError PROTOCOL_ERROR ["MQTT31-3.13" "MQTT311-3.13" "MQTT5-3.13"]
        "PINGRESP must answer a PINGREQ"
        "answer each PINGREQ once";
    SERVER_REASON_FROM_CLIENT ProtocolError PROTOCOL_ERROR [- - "MQTT-3.14.2-1"]
        "a client's DISCONNECT must not carry a Reason Code that is the server's"
        "0x00, 0x04, 0x80 to 0x83, 0x90 and 0x93 to 0x99 are a client's";
    CLIENT_REASON_FROM_SERVER ProtocolError PROTOCOL_ERROR [- - "MQTT-3.14.2-1"]
        "a server's DISCONNECT must not carry a Reason Code that is the client's"
        "only a client can ask for its Will Message (0x04)";
    AUTH_REASON_OF_PEER ProtocolError PROTOCOL_ERROR [- - "MQTT-3.15.2-1"]
        "an AUTH must carry a Reason Code of its sender"
        "a client sends 0x18 and 0x19, a server 0x00 and 0x18";
    ACK_REASON_FROM_CLIENT ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.4.2.1"]
        "a client must not answer that there are no matching subscribers"
        "0x10 is the server's; send 0x00";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_cited_and_explained() {
        for rule in ALL {
            let [v31, v311, v5] = rule.ids;
            assert!(v5.is_some_and(|id| id.starts_with("MQTT-") || id.starts_with("MQTT5-")));
            let old = |id: &str| id.starts_with("MQTT-") || id.starts_with("MQTT311-");
            assert!(v311.is_none_or(old), "{v311:?}");
            assert!(v31.is_none_or(|id| id.starts_with("MQTT31-")), "{v31:?}");
            assert!(!rule.demand.ends_with('.') && !rule.hint.is_empty());
            assert!(rule.reason.is_error());
        }
    }
}
