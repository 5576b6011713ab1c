//! Packets that own what they hold, for strategies to make: a borrowed [`Packet`] is lent to a
//! closure.

use crate::codec::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// An owned will.
#[derive(Clone, Debug)]
pub struct OwnedWill {
    qos: QoS,
    retain: bool,
    properties: PropertyBuf,
    topic: String,
    payload: Vec<u8>,
}

/// An owned packet.
#[derive(Clone, Debug)]
pub enum Owned {
    Connect {
        clean_start: bool,
        keep_alive: u16,
        properties: PropertyBuf,
        client_id: String,
        will: Option<OwnedWill>,
        username: Option<String>,
        password: Option<Vec<u8>>,
    },
    Connack(bool, ReasonCode, PropertyBuf),
    Publish {
        dup: bool,
        qos: QoS,
        retain: bool,
        topic: String,
        packet_id: PacketId,
        properties: PropertyBuf,
        payload: Vec<u8>,
    },
    Ack(PacketType, PacketId, ReasonCode, PropertyBuf),
    Subscribe(PacketId, PropertyBuf, Vec<(String, SubscriptionOptions)>),
    Suback(PacketId, PropertyBuf, Vec<u8>),
    Unsubscribe(PacketId, PropertyBuf, Vec<String>),
    Unsuback(PacketId, PropertyBuf, Vec<u8>),
    Pingreq,
    Pingresp,
    Disconnect(ReasonCode, PropertyBuf),
    Auth(ReasonCode, PropertyBuf),
}

impl Owned {
    /// Lends the packet to `with`.
    pub fn lend<T>(&self, version: Version, with: impl FnOnce(Packet<'_>) -> T) -> T {
        let packet = match self {
            Owned::Connect {
                clean_start,
                keep_alive,
                properties,
                client_id,
                will,
                username,
                password,
            } => Packet::Connect(Connect {
                version,
                clean_start: *clean_start,
                keep_alive: *keep_alive,
                properties: properties.as_properties(),
                client_id,
                will: will.as_ref().map(|will| Will {
                    qos: will.qos,
                    retain: will.retain,
                    properties: will.properties.as_properties(),
                    topic: &will.topic,
                    payload: &will.payload,
                }),
                username: username.as_deref(),
                password: password.as_deref(),
            }),
            Owned::Connack(session_present, reason, properties) => Packet::Connack(Connack {
                session_present: *session_present,
                reason: *reason,
                properties: properties.as_properties(),
            }),
            Owned::Publish {
                dup,
                qos,
                retain,
                topic,
                packet_id,
                properties,
                payload,
            } => Packet::Publish(Publish {
                dup: *dup,
                qos: *qos,
                retain: *retain,
                topic,
                packet_id: (*qos != QoS::AtMostOnce).then_some(*packet_id),
                properties: properties.as_properties(),
                payload,
            }),
            Owned::Ack(packet_type, packet_id, reason, properties) => {
                let ack = Ack {
                    packet_id: *packet_id,
                    reason: *reason,
                    properties: properties.as_properties(),
                };
                match packet_type {
                    PacketType::Puback => Packet::Puback(ack),
                    PacketType::Pubrec => Packet::Pubrec(ack),
                    PacketType::Pubrel => Packet::Pubrel(ack),
                    _ => Packet::Pubcomp(ack),
                }
            }
            Owned::Subscribe(packet_id, properties, filters) => {
                let list: Vec<_> = filters.iter().map(|(f, o)| (f.as_str(), *o)).collect();
                return with(Packet::Subscribe(Subscribe {
                    packet_id: *packet_id,
                    properties: properties.as_properties(),
                    filters: Filters::List(&list),
                }));
            }
            Owned::Suback(packet_id, properties, reasons) => Packet::Suback(Suback {
                packet_id: *packet_id,
                properties: properties.as_properties(),
                reasons: ReasonCodes(reasons),
            }),
            Owned::Unsubscribe(packet_id, properties, filters) => {
                let list: Vec<_> = filters
                    .iter()
                    .map(|f| (f.as_str(), SubscriptionOptions::default()))
                    .collect();
                return with(Packet::Unsubscribe(Unsubscribe {
                    packet_id: *packet_id,
                    properties: properties.as_properties(),
                    filters: Filters::List(&list),
                }));
            }
            Owned::Unsuback(packet_id, properties, reasons) => Packet::Unsuback(Unsuback {
                packet_id: *packet_id,
                properties: properties.as_properties(),
                reasons: ReasonCodes(reasons),
            }),
            Owned::Pingreq => Packet::Pingreq,
            Owned::Pingresp => Packet::Pingresp,
            Owned::Disconnect(reason, properties) => Packet::Disconnect(Disconnect {
                reason: *reason,
                properties: properties.as_properties(),
            }),
            Owned::Auth(reason, properties) => Packet::Auth(Auth {
                reason: *reason,
                properties: properties.as_properties(),
            }),
        };
        with(packet)
    }
}

fn packet_id() -> impl Strategy<Value = PacketId> {
    (1..=u16::MAX).prop_map(|id| PacketId::new(id).expect("not zero"))
}

fn qos() -> impl Strategy<Value = QoS> {
    (0..=2u8).prop_map(|bits| QoS::from_bits(bits).expect("0 to 2"))
}

fn text() -> impl Strategy<Value = String> {
    "[^\0]{0,20}"
}

fn topic_name() -> impl Strategy<Value = String> {
    "[^\0+#]{1,30}"
}

fn topic_filter() -> impl Strategy<Value = String> {
    "(([^\0+#/$]{0,5}|[+])/){0,4}([^\0+#/$]{1,9}|[+#])"
}

fn reason(packet_type: PacketType, version: Version) -> impl Strategy<Value = ReasonCode> {
    let allowed = (0..=255)
        .map(ReasonCode)
        .filter(|code| code.allowed_in(packet_type, version));
    prop::sample::select(allowed.collect::<Vec<_>>())
}

/// The Reason Code of a packet that has none before 5.0.
fn v5_reason(packet_type: PacketType, version: Version) -> BoxedStrategy<ReasonCode> {
    match version {
        Version::V5 => reason(packet_type, version).boxed(),
        _ => Just(ReasonCode::SUCCESS).boxed(),
    }
}

/// One value for a property: small where it may only be 0 or 1, never 0 elsewhere.
fn push_any(buf: &mut PropertyBuf, id: PropertyId, number: u32, topic: &str, data: &[u8]) {
    let value = match id.value_type() {
        ValueType::Byte => Value::Byte((number & 1) as u8),
        ValueType::TwoByte => Value::TwoByte((number as u16).max(1)),
        ValueType::FourByte => Value::FourByte(number.max(1)),
        ValueType::Variable => Value::Variable((number & 0xFFF_FFFF).max(1)),
        ValueType::String => Value::String(topic),
        ValueType::Binary => Value::Binary(data),
        ValueType::Pair => Value::Pair(topic, topic),
    };
    buf.try_push(id, value).expect("in range");
}

/// Properties that may stand in a place; before 5.0 none.
pub fn properties(place: impl Into<Place>, version: Version) -> BoxedStrategy<PropertyBuf> {
    let place = place.into();
    if version != Version::V5 {
        return Just(PropertyBuf::default()).boxed();
    }
    let allowed: Vec<_> = PropertyId::ALL
        .into_iter()
        .filter(|id| id.allowed_in(place))
        .collect();
    let wanted = vec((prop::sample::select(allowed), any::<u32>()), 0..6);
    let data = (topic_name(), vec(any::<u8>(), 0..9));
    (wanted, data)
        .prop_map(move |(wanted, (topic, data))| {
            let mut buf = PropertyBuf::default();
            for (id, number) in wanted {
                let seen = buf.as_properties().get(id).is_some();
                if seen && !id.repeats_in(place) {
                    continue;
                }
                let method = PropertyId::AuthenticationMethod;
                let needs_method = id == PropertyId::AuthenticationData;
                if needs_method && buf.as_properties().get(method).is_none() {
                    push_any(&mut buf, method, number, &topic, &data);
                }
                push_any(&mut buf, id, number, &topic, &data);
            }
            buf
        })
        .boxed()
}

fn connect(version: Version) -> BoxedStrategy<Owned> {
    let will = (
        qos(),
        any::<bool>(),
        properties(Place::WILL, version),
        topic_name(),
        vec(any::<u8>(), 0..20),
    )
        .prop_map(|(qos, retain, properties, topic, payload)| OwnedWill {
            qos,
            retain,
            properties,
            topic,
            payload,
        });
    let credentials = (option::of(text()), option::of(vec(any::<u8>(), 0..9)));
    (
        any::<(bool, u16)>(),
        properties(PacketType::Connect, version),
        text(),
        option::of(will),
        credentials,
    )
        .prop_map(
            move |(
                (clean_start, keep_alive),
                properties,
                client_id,
                will,
                (username, password),
            )| {
                let password = password.filter(|_| username.is_some() || version == Version::V5);
                Owned::Connect {
                    clean_start,
                    keep_alive,
                    properties,
                    client_id,
                    will,
                    username,
                    password,
                }
            },
        )
        .boxed()
}

fn publish(version: Version) -> BoxedStrategy<Owned> {
    let flags = (any::<bool>(), qos(), any::<bool>());
    let rest = (
        packet_id(),
        properties(PacketType::Publish, version),
        vec(any::<u8>(), 0..300),
    );
    (flags, topic_name(), rest)
        .prop_map(
            |((dup, qos, retain), topic, (packet_id, properties, payload))| Owned::Publish {
                dup: dup && qos != QoS::AtMostOnce,
                qos,
                retain,
                topic,
                packet_id,
                properties,
                payload,
            },
        )
        .boxed()
}

fn subscribe(version: Version) -> BoxedStrategy<Owned> {
    let options = (qos(), any::<bool>(), any::<bool>(), 0..=2u8).prop_map(
        move |(qos, no_local, retain_as_published, handling)| match version {
            Version::V5 => SubscriptionOptions {
                qos,
                no_local,
                retain_as_published,
                retain_handling: RetainHandling::from_bits(handling).expect("0 to 2"),
            },
            _ => SubscriptionOptions {
                qos,
                ..SubscriptionOptions::default()
            },
        },
    );
    let filters = vec((topic_filter(), options), 1..5);
    (
        packet_id(),
        properties(PacketType::Subscribe, version),
        filters,
    )
        .prop_map(|(packet_id, properties, filters)| {
            Owned::Subscribe(packet_id, properties, filters)
        })
        .boxed()
}

fn reasons(packet_type: PacketType, version: Version) -> impl Strategy<Value = Vec<u8>> {
    vec(
        reason(packet_type, version).prop_map(ReasonCode::value),
        1..5,
    )
}

fn unsuback(version: Version) -> BoxedStrategy<Owned> {
    let properties = properties(PacketType::Unsuback, version);
    match version {
        Version::V5 => (
            packet_id(),
            properties,
            reasons(PacketType::Unsuback, version),
        )
            .prop_map(|(id, properties, reasons)| Owned::Unsuback(id, properties, reasons))
            .boxed(),
        _ => (packet_id(), properties)
            .prop_map(|(id, properties)| Owned::Unsuback(id, properties, Vec::new()))
            .boxed(),
    }
}

fn auth() -> BoxedStrategy<Owned> {
    let with_method = properties(PacketType::Auth, Version::V5).prop_map(|mut buf| {
        let method = PropertyId::AuthenticationMethod;
        if buf.as_properties().get(method).is_none() {
            push_any(&mut buf, method, 1, "method", b"");
        }
        buf
    });
    (reason(PacketType::Auth, Version::V5), with_method)
        .prop_map(|(reason, properties)| Owned::Auth(reason, properties))
        .boxed()
}

/// Any packet that the version has and allows.
pub fn packet(version: Version) -> BoxedStrategy<Owned> {
    let ack = prop::sample::select(vec![
        PacketType::Puback,
        PacketType::Pubrec,
        PacketType::Pubrel,
        PacketType::Pubcomp,
    ])
    .prop_flat_map(move |packet_type| {
        let (reason, properties) = (
            v5_reason(packet_type, version),
            properties(packet_type, version),
        );
        (packet_id(), reason, properties).prop_map(move |(id, reason, properties)| {
            Owned::Ack(packet_type, id, reason, properties)
        })
    });
    let connack = (
        any::<bool>(),
        reason(PacketType::Connack, version),
        properties(PacketType::Connack, version),
    )
        .prop_map(move |(present, reason, properties)| {
            let present = present && reason == ReasonCode::SUCCESS && version != Version::V3_1;
            Owned::Connack(present, reason, properties)
        });
    let suback = (
        packet_id(),
        properties(PacketType::Suback, version),
        reasons(PacketType::Suback, version),
    )
        .prop_map(|(id, properties, reasons)| Owned::Suback(id, properties, reasons));
    let unsubscribe = (
        packet_id(),
        properties(PacketType::Unsubscribe, version),
        vec(topic_filter(), 1..5),
    )
        .prop_map(|(id, properties, filters)| Owned::Unsubscribe(id, properties, filters));
    let disconnect = (
        v5_reason(PacketType::Disconnect, version),
        properties(PacketType::Disconnect, version),
    )
        .prop_map(|(reason, properties)| Owned::Disconnect(reason, properties));
    let every_version = prop_oneof![
        connect(version),
        connack,
        publish(version),
        ack,
        subscribe(version),
        suback,
        unsubscribe,
        unsuback(version),
        Just(Owned::Pingreq),
        Just(Owned::Pingresp),
        disconnect,
    ];
    match version {
        Version::V5 => prop_oneof![11 => every_version, 1 => auth()].boxed(),
        _ => every_version.boxed(),
    }
}
