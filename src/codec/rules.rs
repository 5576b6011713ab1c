//! The rules that a single Control Packet can break: one line each.
//!
//! Identifiers are those of the versions' numbered statements (`MQTT-3.8.1-1`). Where a text
//! demands something without a number, the identifier is the version and the section:
//! `MQTT31-3.8`, `MQTT311-2.2.3`, `MQTT5-3.1.2.11.3`. A dash stands where a version does not
//! forbid it.

use super::rule_table;

// Fixed Header and the shape of a packet.
rule_table! {
    RESERVED_PACKET_TYPE MalformedPacket MALFORMED_PACKET ["MQTT31-2.1" "MQTT311-2.2.1" "MQTT5-2.1.2"]
        "the Packet Type must be one that the version defines"
        "types 1 to 14 exist in every version, 15 (AUTH) in 5.0 only; check that the bytes start at a packet";
    RESERVED_FLAGS MalformedPacket MALFORMED_PACKET ["MQTT31-2.6" "MQTT-2.2.2-1" "MQTT-2.1.3-1"]
        "the Fixed Header flags of this packet must be 0000"
        "set the low four bits of the first byte to 0";
    PUBREL_FLAGS MalformedPacket MALFORMED_PACKET ["MQTT31-3.6" "MQTT-3.6.1-1" "MQTT-3.6.1-1"]
        "PUBREL flags must be 0010"
        "the first byte of a PUBREL is 0x62";
    SUBSCRIBE_FLAGS MalformedPacket MALFORMED_PACKET ["MQTT31-3.8" "MQTT-3.8.1-1" "MQTT-3.8.1-1"]
        "SUBSCRIBE flags must be 0010"
        "the first byte of a SUBSCRIBE is 0x82";
    UNSUBSCRIBE_FLAGS MalformedPacket MALFORMED_PACKET ["MQTT31-3.10" "MQTT-3.10.1-1" "MQTT-3.10.1-1"]
        "UNSUBSCRIBE flags must be 0010"
        "the first byte of an UNSUBSCRIBE is 0xA2";
    DISCONNECT_FLAGS MalformedPacket MALFORMED_PACKET ["MQTT31-3.14" "MQTT-3.14.1-1" "MQTT-3.14.1-1"]
        "DISCONNECT flags must be 0000"
        "the first byte of a DISCONNECT is 0xE0";
    AUTH_FLAGS MalformedPacket MALFORMED_PACKET [- - "MQTT-3.15.1-1"]
        "AUTH flags must be 0000"
        "the first byte of an AUTH is 0xF0";
    LENGTH_OVER_FOUR_BYTES MalformedPacket MALFORMED_PACKET ["MQTT31-2.1" "MQTT311-2.2.3" "MQTT5-1.5.5"]
        "a Variable Byte Integer must end within four bytes"
        "the fourth byte must not have bit 7 set; the largest value is 268,435,455";
    LENGTH_NOT_MINIMAL MalformedPacket MALFORMED_PACKET [- - "MQTT-1.5.5-1"]
        "a Variable Byte Integer must use as few bytes as its value needs"
        "drop trailing bytes that add only zeros";
    PACKET_TOO_LARGE ProtocolError PACKET_TOO_LARGE ["MQTT31-2.1" "MQTT311-2.2.3" "MQTT5-3.1.2.11.4"]
        "the packet must not exceed the Maximum Packet Size"
        "send a smaller payload, or raise the receiver's limit";
    TRUNCATED MalformedPacket MALFORMED_PACKET ["MQTT31-2.1" "MQTT311-2.2.3" "MQTT5-2.1.4"]
        "the Remaining Length must cover every field of the packet"
        "the packet ends inside this field: count the bytes after the Fixed Header again";
    TRAILING_BYTES MalformedPacket MALFORMED_PACKET ["MQTT31-2.1" "MQTT311-2.2.3" "MQTT5-2.1.4"]
        "nothing may follow a packet's last field"
        "lower the Remaining Length, or remove the bytes; the number is how many are left over";
    PACKET_ID_ZERO ProtocolError PROTOCOL_ERROR ["MQTT31-2.4" "MQTT-2.3.1-1" "MQTT-2.2.1-3"]
        "the Packet Identifier must not be zero"
        "use 1 to 65,535";
    PACKET_ID_MISSING MalformedPacket MALFORMED_PACKET ["MQTT31-2.4" "MQTT-2.3.1-1" "MQTT-2.2.1-3"]
        "the packet must have a Packet Identifier"
        "PUBLISH at QoS 1 and 2, SUBSCRIBE and UNSUBSCRIBE carry one; QoS 0 has none";
    ACK_PACKET_ID_ZERO ProtocolError PROTOCOL_ERROR ["MQTT31-2.4" "MQTT-2.3.1-6" "MQTT-2.2.1-5"]
        "an acknowledgement must carry the Packet Identifier of the PUBLISH, which is never zero"
        "copy the Packet Identifier of the PUBLISH";
    SUBACK_PACKET_ID_ZERO ProtocolError PROTOCOL_ERROR ["MQTT31-2.4" "MQTT-2.3.1-7" "MQTT-2.2.1-6"]
        "an acknowledgement must carry the Packet Identifier of the request, which is never zero"
        "copy the Packet Identifier of the SUBSCRIBE or UNSUBSCRIBE";
    ILL_FORMED_UTF8 MalformedPacket MALFORMED_PACKET ["MQTT31-2.5" "MQTT-1.5.3-1" "MQTT-1.5.4-1"]
        "a string must be well-formed UTF-8 without surrogates"
        "encode the text as UTF-8; binary data belongs in a payload";
    NULL_CHARACTER MalformedPacket MALFORMED_PACKET [- "MQTT-1.5.3-2" "MQTT-1.5.4-2"]
        "a string must not contain U+0000"
        "remove the zero byte; strings are not terminated, their length stands before them";
    NULL_IN_TOPIC MalformedPacket MALFORMED_PACKET ["MQTT31-A" "MQTT-4.7.3-2" "MQTT-4.7.3-2"]
        "a Topic Name or Topic Filter must not contain U+0000"
        "remove the zero byte";
    CLIENT_ID_UTF8 MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.3-4" "MQTT-3.1.3-4"]
        "the Client Identifier must be a UTF-8 Encoded String"
        "encode it as UTF-8, without U+0000";
    WILL_TOPIC_UTF8 MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.3-10" "MQTT-3.1.3-11"]
        "the Will Topic must be a UTF-8 Encoded String"
        "encode it as UTF-8, without U+0000";
    USER_NAME_UTF8 MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.3-11" "MQTT-3.1.3-12"]
        "the User Name must be a UTF-8 Encoded String"
        "encode it as UTF-8, without U+0000; a Password may be binary";
    TOPIC_NAME_UTF8 MalformedPacket MALFORMED_PACKET ["MQTT31-3.3" "MQTT-3.3.2-1" "MQTT-3.3.2-1"]
        "the Topic Name must be a UTF-8 Encoded String"
        "encode it as UTF-8, without U+0000";
    RESPONSE_TOPIC_UTF8 MalformedPacket MALFORMED_PACKET [- - "MQTT-3.3.2-13"]
        "the Response Topic must be a UTF-8 Encoded String"
        "encode it as UTF-8, without U+0000";
    CONTENT_TYPE_UTF8 MalformedPacket MALFORMED_PACKET [- - "MQTT-3.3.2-19"]
        "the Content Type must be a UTF-8 Encoded String"
        "encode it as UTF-8, without U+0000";
    USER_PROPERTY_UTF8 MalformedPacket MALFORMED_PACKET [- - "MQTT-1.5.7-1"]
        "both strings of a User Property must be UTF-8 Encoded Strings"
        "encode them as UTF-8, without U+0000";
    SUBSCRIBE_UTF8 MalformedPacket MALFORMED_PACKET ["MQTT31-3.8" "MQTT-3.8.3-1" "MQTT-3.8.3-1"]
        "the Topic Filters of a SUBSCRIBE must be UTF-8 Encoded Strings"
        "encode them as UTF-8, without U+0000";
    UNSUBSCRIBE_UTF8 MalformedPacket MALFORMED_PACKET ["MQTT31-3.10" "MQTT-3.10.3-1" "MQTT-3.10.3-1"]
        "the Topic Filters of an UNSUBSCRIBE must be UTF-8 Encoded Strings"
        "encode them as UTF-8, without U+0000";
    TOPIC_MISSING MalformedPacket MALFORMED_PACKET ["MQTT31-3.3" "MQTT-3.3.2-1" "MQTT-3.3.2-1"]
        "a PUBLISH must begin with a Topic Name"
        "two bytes of length and the Topic Name come first";
    TOPIC_NAME_EMPTY ProtocolError PROTOCOL_ERROR ["MQTT31-A" "MQTT-4.7.3-1" "MQTT-4.7.3-1"]
        "a Topic Name must have at least one character"
        "name a topic; in 5.0 a PUBLISH may leave it out only with a Topic Alias";
    TOPIC_NAME_WILDCARD MalformedPacket MALFORMED_PACKET ["MQTT31-3.3" "MQTT-3.3.2-2" "MQTT-3.3.2-2"]
        "a Topic Name must not contain the wildcards + and #"
        "publish to one topic; wildcards are for subscriptions";
    WILL_TOPIC_WILDCARD MalformedPacket MALFORMED_PACKET ["MQTT31-A" "MQTT-4.7.1-1" "MQTT-4.7.0-1"]
        "a Will Topic must not contain the wildcards + and #"
        "name one topic for the Will Message";
    RESPONSE_TOPIC_WILDCARD MalformedPacket MALFORMED_PACKET [- - "MQTT-3.3.2-14"]
        "a Response Topic must not contain the wildcards + and #"
        "name one topic for the response";
    TOPIC_FILTER_EMPTY MalformedPacket MALFORMED_PACKET ["MQTT31-A" "MQTT-4.7.3-1" "MQTT-4.7.3-1"]
        "a Topic Filter must have at least one character"
        "use # to subscribe to everything";
    MULTI_LEVEL_WILDCARD MalformedPacket MALFORMED_PACKET ["MQTT31-A" "MQTT-4.7.1-2" "MQTT-4.7.1-1"]
        "# must be the last level of a Topic Filter, alone in it"
        "write sport/# or #, not sport# or sport/#/ranking";
    SINGLE_LEVEL_WILDCARD MalformedPacket MALFORMED_PACKET ["MQTT31-A" "MQTT-4.7.1-3" "MQTT-4.7.1-2"]
        "+ must stand alone in its level"
        "write sport/+ or +/tennis, not sport+";
    SHARE_NAME_EMPTY MalformedPacket MALFORMED_PACKET [- - "MQTT-4.8.2-1"]
        "a Shared Subscription must have a ShareName"
        "write $share/NAME/FILTER";
    SHARE_SYNTAX MalformedPacket MALFORMED_PACKET [- - "MQTT-4.8.2-2"]
        "a ShareName must have no + or #, and be followed by / and a Topic Filter"
        "write $share/NAME/FILTER";
    CONNECT_INCOMPLETE MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.4-1" "MQTT-3.1.4-1"]
        "a CONNECT must have every field of its variable header"
        "Protocol Name, Protocol Level, Connect Flags and Keep Alive come first: count the bytes again";
    CONNECT_TRAILING_BYTES MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.4-1" "MQTT-3.1.4-1"]
        "nothing may follow the last field of a CONNECT"
        "lower the Remaining Length, or remove the bytes; the number is how many are left over";
    PROTOCOL_NAME ProtocolError UNSUPPORTED_PROTOCOL_VERSION ["MQTT31-3.1" "MQTT-3.1.2-1" "MQTT-3.1.2-1"]
        "the Protocol Name must be MQTT (3.1: MQIsdp)"
        "check that the peer speaks MQTT and that the bytes start at the CONNECT";
    PROTOCOL_LEVEL ProtocolError UNSUPPORTED_PROTOCOL_VERSION ["MQTT31-3.1" "MQTT-3.1.2-2" "MQTT-3.1.2-2"]
        "the Protocol Level must be 4 or 5 with MQTT, 3 with MQIsdp"
        "use 3 for MQTT 3.1, 4 for 3.1.1, 5 for 5.0";
    CONNECT_RESERVED_FLAG MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.2-3" "MQTT-3.1.2-3"]
        "bit 0 of the Connect Flags is reserved and must be 0"
        "clear the lowest bit of the Connect Flags";
    WILL_QOS_WITHOUT_WILL MalformedPacket MALFORMED_PACKET [- "MQTT-3.1.2-13" "MQTT-3.1.2-11"]
        "the Will QoS must be 0 without a Will"
        "set the Will Flag, or clear the Will QoS";
    WILL_RETAIN_WITHOUT_WILL MalformedPacket MALFORMED_PACKET [- "MQTT-3.1.2-15" "MQTT-3.1.2-13"]
        "Will Retain must be 0 without a Will"
        "set the Will Flag, or clear Will Retain";
    WILL_QOS_3 MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.2-14" "MQTT-3.1.2-12"]
        "the Will QoS must be 0, 1 or 2"
        "QoS 3 does not exist";
    WILL_MISSING MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.2-9" "MQTT-3.1.2-9"]
        "with the Will Flag set, the Will fields must be in the payload"
        "add the Will Topic and payload, or clear the Will Flag";
    WILL_UNFLAGGED MalformedPacket MALFORMED_PACKET [- "MQTT-3.1.2-11" -]
        "with the Will Flag clear, no Will fields may be in the payload"
        "bytes are left after the last flagged field: set the Will Flag, or remove them";
    PASSWORD_WITHOUT_USER_NAME MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.2-22" -]
        "without a User Name there must be no Password"
        "send a User Name too, or use MQTT 5.0";
    USER_NAME_MISSING MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.2-19" "MQTT-3.1.2-17"]
        "with the User Name Flag set, a User Name must be in the payload"
        "add the User Name, or clear its flag";
    USER_NAME_UNFLAGGED MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.2-18" "MQTT-3.1.2-16"]
        "with the User Name Flag clear, no User Name may be in the payload"
        "bytes are left after the last flagged field: set the flags, or remove them";
    PASSWORD_MISSING MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.2-21" "MQTT-3.1.2-19"]
        "with the Password Flag set, a Password must be in the payload"
        "add the Password, or clear its flag";
    PASSWORD_UNFLAGGED MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.2-20" "MQTT-3.1.2-18"]
        "with the Password Flag clear, no Password may be in the payload"
        "bytes are left after the last flagged field: set the flag, or remove them";
    CLIENT_ID_MISSING MalformedPacket MALFORMED_PACKET ["MQTT31-3.1" "MQTT-3.1.3-3" "MQTT-3.1.3-3"]
        "the payload of a CONNECT must begin with the Client Identifier"
        "an empty Client Identifier is two zero bytes";
    CLIENT_ID_EMPTY ProtocolError CLIENT_IDENTIFIER_NOT_VALID ["MQTT31-3.1" "MQTT-3.1.3-7" -]
        "an empty Client Identifier needs Clean Session 1"
        "give a Client Identifier, or set Clean Session (3.1 always needs one)";
    CLIENT_ID_TOO_LONG ProtocolError CLIENT_IDENTIFIER_NOT_VALID ["MQTT31-3.1" - -]
        "a Client Identifier must have 1 to 23 characters in MQTT 3.1"
        "shorten it, or use 3.1.1";
    CONNACK_RESERVED_FLAGS MalformedPacket MALFORMED_PACKET [- "MQTT311-3.2.2.1" "MQTT-3.2.2-1"]
        "bits 7 to 1 of the Connect Acknowledge Flags are reserved and must be 0"
        "only bit 0, Session Present, has a meaning";
    SESSION_PRESENT_REFUSED ProtocolError PROTOCOL_ERROR [- "MQTT-3.2.2-4" "MQTT-3.2.2-6"]
        "a CONNACK that refuses must have Session Present 0"
        "clear Session Present";
    CONNACK_REASON ProtocolError PROTOCOL_ERROR ["MQTT31-3.2" "MQTT-3.2.2-6" "MQTT-3.2.2-8"]
        "a CONNACK must carry one of its codes"
        "3.1 and 3.1.1 have return codes 0 to 5, 5.0 has the Connect Reason Codes";
    QOS_3 MalformedPacket MALFORMED_PACKET ["MQTT31-2.1" "MQTT-3.3.1-4" "MQTT-3.3.1-4"]
        "the QoS of a PUBLISH must be 0, 1 or 2"
        "bits 2 and 1 of the first byte must not both be set";
    DUP_WITH_QOS_0 MalformedPacket MALFORMED_PACKET ["MQTT31-2.1" "MQTT-3.3.1-2" "MQTT-3.3.1-2"]
        "DUP must be 0 at QoS 0"
        "a message at QoS 0 is never sent twice: clear bit 3 of the first byte";
    PUBACK_REASON ProtocolError PROTOCOL_ERROR [- - "MQTT-3.4.2-1"]
        "a PUBACK must carry one of its Reason Codes"
        "0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97 or 0x99";
    PUBREC_REASON ProtocolError PROTOCOL_ERROR [- - "MQTT-3.5.2-1"]
        "a PUBREC must carry one of its Reason Codes"
        "0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97 or 0x99";
    PUBREL_REASON ProtocolError PROTOCOL_ERROR [- - "MQTT-3.6.2-1"]
        "a PUBREL must carry one of its Reason Codes"
        "0x00 or 0x92";
    PUBCOMP_REASON ProtocolError PROTOCOL_ERROR [- - "MQTT-3.7.2-1"]
        "a PUBCOMP must carry one of its Reason Codes"
        "0x00 or 0x92";
    NO_TOPIC_FILTER ProtocolError PROTOCOL_ERROR ["MQTT31-3.8" "MQTT-3.8.3-3" "MQTT-3.8.3-2"]
        "a SUBSCRIBE must have at least one Topic Filter"
        "add a Topic Filter and its options";
    NO_TOPIC_FILTER_TO_REMOVE ProtocolError PROTOCOL_ERROR ["MQTT31-3.10" "MQTT-3.10.3-2" "MQTT-3.10.3-2"]
        "an UNSUBSCRIBE must have at least one Topic Filter"
        "add a Topic Filter";
    SUBSCRIPTION_OPTIONS_MISSING MalformedPacket MALFORMED_PACKET ["MQTT31-3.8" "MQTT-3.8.3-3" "MQTT-3.8.3-2"]
        "each Topic Filter of a SUBSCRIBE must be followed by its options"
        "add a byte after the Topic Filter: the QoS, in 5.0 with the other Subscription Options";
    SUBSCRIPTION_QOS_3 ProtocolError PROTOCOL_ERROR ["MQTT31-3.8" "MQTT-3.8.3-4" "MQTT5-3.8.3.1"]
        "the QoS of a subscription must be 0, 1 or 2"
        "bits 1 and 0 of the options must not both be set";
    SUBSCRIPTION_RESERVED_BITS MalformedPacket MALFORMED_PACKET ["MQTT31-2.6" "MQTT-3.8.3-4" "MQTT-3.8.3-5"]
        "the reserved bits of the Subscription Options must be 0"
        "before 5.0 only bits 1 and 0 have a meaning, in 5.0 bits 5 to 0";
    RETAIN_HANDLING_3 ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.8.3.1"]
        "Retain Handling must be 0, 1 or 2"
        "bits 5 and 4 of the options must not both be set";
    NO_LOCAL_SHARED ProtocolError PROTOCOL_ERROR [- - "MQTT-3.8.3-4"]
        "No Local must be 0 on a Shared Subscription"
        "clear bit 2 of the options";
    SUBACK_REASON ProtocolError PROTOCOL_ERROR ["MQTT31-3.9" "MQTT-3.9.3-2" "MQTT-3.9.3-2"]
        "a SUBACK must carry one of its codes for each Topic Filter"
        "before 5.0: 0x00, 0x01, 0x02 or 0x80";
    SUBACK_EMPTY ProtocolError PROTOCOL_ERROR ["MQTT31-3.9" "MQTT-3.8.4-5" "MQTT-3.8.4-6"]
        "a SUBACK must answer every Topic Filter"
        "add one code for each Topic Filter of the SUBSCRIBE";
    UNSUBACK_REASON ProtocolError PROTOCOL_ERROR [- - "MQTT-3.11.3-2"]
        "an UNSUBACK must carry one of its Reason Codes for each Topic Filter"
        "0x00, 0x11, 0x80, 0x83, 0x87, 0x8F or 0x91";
    UNSUBACK_EMPTY ProtocolError PROTOCOL_ERROR [- - "MQTT-3.11.3-2"]
        "an UNSUBACK must answer every Topic Filter"
        "add one Reason Code for each Topic Filter of the UNSUBSCRIBE";
    DISCONNECT_REASON ProtocolError PROTOCOL_ERROR [- - "MQTT-3.14.2-1"]
        "a DISCONNECT must carry one of its Reason Codes"
        "0x00 is a normal end, 0x04 asks for the Will Message";
    AUTH_REASON ProtocolError PROTOCOL_ERROR [- - "MQTT-3.15.2-1"]
        "an AUTH must carry one of its Reason Codes"
        "0x00, 0x18 or 0x19";
    AUTH_WITHOUT_METHOD ProtocolError PROTOCOL_ERROR [- - "MQTT-4.12.0-5"]
        "an AUTH must carry an Authentication Method"
        "repeat the Authentication Method of the CONNECT";
    PROPERTY_LENGTH_MISSING MalformedPacket MALFORMED_PACKET [- - "MQTT-2.2.2-1"]
        "the Property Length must be there, if only as 0"
        "add a zero byte for no properties; check that the packet is meant to be MQTT 5.0";
    PROPERTY_LENGTH MalformedPacket MALFORMED_PACKET [- - "MQTT5-2.2.2.1"]
        "the Property Length must not reach past the end of the packet"
        "it counts the bytes of the properties, without itself";
    PROPERTY_OVERRUN MalformedPacket MALFORMED_PACKET [- - "MQTT5-2.2.2.1"]
        "the Property Length must end where a property ends"
        "it counts the bytes of the properties, without itself";
    PROPERTY_UNKNOWN MalformedPacket MALFORMED_PACKET [- - "MQTT5-2.2.2.2"]
        "a Property Identifier must be one of the 27 that exist"
        "check the byte and the length of the property before it";
    PROPERTY_MISPLACED MalformedPacket MALFORMED_PACKET [- - "MQTT5-2.2.2.2"]
        "a property must stand only in packets that may carry it"
        "remove the property, or move it to the packet it belongs to";
    PROPERTY_REPEATED ProtocolError PROTOCOL_ERROR [- - "MQTT5-2.2.2"]
        "a property must not be given twice"
        "only User Property, and Subscription Identifier in a PUBLISH, may repeat";
    PAYLOAD_FORMAT_INDICATOR ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.3.2.3.2"]
        "Payload Format Indicator must be 0 or 1"
        "0 means bytes, 1 means UTF-8";
    PAYLOAD_NOT_UTF8 ProtocolError PAYLOAD_FORMAT_INVALID [- - "MQTT5-3.3.2.3.2"]
        "a payload with Payload Format Indicator 1 must be well-formed UTF-8"
        "encode the payload as UTF-8, or leave the Payload Format Indicator out";
    SUBSCRIPTION_IDENTIFIER_ZERO ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.8.2.1.2"]
        "Subscription Identifier must not be 0"
        "use 1 to 268,435,455";
    REQUEST_PROBLEM_INFORMATION ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.1.2.11.7"]
        "Request Problem Information must be 0 or 1"
        "leave it out for 1";
    REQUEST_RESPONSE_INFORMATION ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.1.2.11.6"]
        "Request Response Information must be 0 or 1"
        "leave it out for 0";
    RECEIVE_MAXIMUM_ZERO ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.1.2.11.3"]
        "Receive Maximum must not be 0"
        "use 1 to 65,535; leave it out for 65,535";
    MAXIMUM_PACKET_SIZE_ZERO ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.1.2.11.4"]
        "Maximum Packet Size must not be 0"
        "leave it out for no limit";
    TOPIC_ALIAS_ZERO ProtocolError TOPIC_ALIAS_INVALID [- - "MQTT-3.3.2-8"]
        "Topic Alias must not be 0"
        "use 1 up to the peer's Topic Alias Maximum";
    MAXIMUM_QOS ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.2.2.3.4"]
        "Maximum QoS must be 0 or 1"
        "leave it out when QoS 2 is supported";
    RETAIN_AVAILABLE ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.2.2.3.5"]
        "Retain Available must be 0 or 1"
        "leave it out for 1";
    WILDCARD_SUBSCRIPTION_AVAILABLE ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.2.2.3.11"]
        "Wildcard Subscription Available must be 0 or 1"
        "leave it out for 1";
    SUBSCRIPTION_IDENTIFIER_AVAILABLE ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.2.2.3.12"]
        "Subscription Identifier Available must be 0 or 1"
        "leave it out for 1";
    SHARED_SUBSCRIPTION_AVAILABLE ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.2.2.3.13"]
        "Shared Subscription Available must be 0 or 1"
        "leave it out for 1";
    AUTHENTICATION_DATA_ALONE ProtocolError PROTOCOL_ERROR [- - "MQTT5-3.1.2.11.10"]
        "Authentication Data must come with an Authentication Method"
        "add the Authentication Method";
}
