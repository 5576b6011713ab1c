//! ns per PUBLISH of 16 bytes, decoded and encoded by mqtk and by other codecs.

use std::hint::black_box;
use std::time::Instant;

use bytes::BytesMut;
use mqtk::codec::{Frame, Output, Packet, Properties, PropertyBuf, PropertyId, Publish, QoS};
use mqtk::codec::{Value, Version};

/// Packets in a batch, as one read of a socket may bring them.
const BATCH: usize = 64;
const TOPIC: &str = "sensors/kitchen/temperature";
const PAYLOAD: &[u8; 16] = b"0123456789abcdef";

fn main() {
    println!(
        "{:<28} {:>12} {:>12}",
        "PUBLISH, 16 B", "decode ns", "encode ns"
    );
    v3_1_1();
    v5();
}

/// The best of some rounds, in ns per packet.
fn nanoseconds(mut batch: impl FnMut()) -> f64 {
    let round = |batch: &mut dyn FnMut()| {
        let start = Instant::now();
        for _ in 0..2_000 {
            batch();
        }
        start.elapsed().as_nanos() as f64 / (2_000 * BATCH) as f64
    };
    (0..20)
        .map(|_| round(&mut batch))
        .fold(f64::INFINITY, f64::min)
}

fn row(what: &str, decode: f64, encode: f64) {
    println!("{what:<28} {decode:>12.1} {encode:>12.1}");
}

fn v3_1_1() {
    let publish = publish(Properties::default());
    row(
        "3.1.1    mqtk",
        decode(&publish, Version::V3_1_1),
        encode(&publish, Version::V3_1_1),
    );

    let packet = mqttrs::Packet::Publish(mqttrs::Publish {
        dup: false,
        qospid: mqttrs::QosPid::AtMostOnce,
        retain: false,
        topic_name: TOPIC,
        payload: PAYLOAD,
    });
    let bytes = encoded(&publish, Version::V3_1_1);
    let one = bytes.len() / BATCH;
    row(
        "         mqttrs",
        nanoseconds(|| {
            for bytes in black_box(&bytes).chunks_exact(one) {
                black_box(mqttrs::decode_slice(bytes).expect("a PUBLISH"));
            }
        }),
        {
            let mut out = vec![0; bytes.len()];
            nanoseconds(|| {
                for bytes in out.chunks_exact_mut(one) {
                    black_box(mqttrs::encode_slice(black_box(&packet), bytes).expect("room"));
                }
            })
        },
    );

    let packet = mqttbytes::v4::Publish::new(TOPIC, mqttbytes::QoS::AtMostOnce, PAYLOAD.as_slice());
    let mut out = BytesMut::with_capacity(bytes.len());
    row(
        "         mqttbytes",
        nanoseconds(|| {
            let mut bytes = BytesMut::from(&black_box(&bytes)[..]);
            for _ in 0..BATCH {
                black_box(mqttbytes::v4::read(&mut bytes, usize::MAX).expect("a PUBLISH"));
            }
        }),
        nanoseconds(|| {
            out.clear();
            for _ in 0..BATCH {
                black_box(black_box(&packet).write(&mut out).expect("room"));
            }
        }),
    );
}

fn v5() {
    let mut properties = PropertyBuf::default();
    properties.push(PropertyId::PayloadFormatIndicator, Value::Byte(1));
    properties.push(PropertyId::MessageExpiryInterval, Value::FourByte(60));
    properties.push(PropertyId::ContentType, Value::String("text/plain"));
    let publish = publish(properties.as_properties());
    row(
        "5.0      mqtk",
        decode(&publish, Version::V5),
        encode(&publish, Version::V5),
    );

    let bytes = encoded(&publish, Version::V5);
    let mut packet =
        mqttbytes::v5::Publish::new(TOPIC, mqttbytes::QoS::AtMostOnce, PAYLOAD.as_slice());
    packet.properties = Some(mqttbytes::v5::PublishProperties {
        payload_format_indicator: Some(1),
        message_expiry_interval: Some(60),
        topic_alias: None,
        response_topic: None,
        correlation_data: None,
        user_properties: Vec::new(),
        subscription_identifiers: Vec::new(),
        content_type: Some("text/plain".to_owned()),
    });
    let mut out = BytesMut::with_capacity(bytes.len());
    row(
        "         mqttbytes",
        nanoseconds(|| {
            let mut bytes = BytesMut::from(&black_box(&bytes)[..]);
            for _ in 0..BATCH {
                black_box(mqttbytes::v5::read(&mut bytes, usize::MAX).expect("a PUBLISH"));
            }
        }),
        nanoseconds(|| {
            out.clear();
            for _ in 0..BATCH {
                black_box(black_box(&packet).write(&mut out).expect("room"));
            }
        }),
    );
}

fn publish(properties: Properties<'_>) -> Publish<'_> {
    Publish {
        dup: false,
        qos: QoS::AtMostOnce,
        retain: false,
        topic: TOPIC,
        packet_id: None,
        properties,
        payload: PAYLOAD,
    }
}

/// A batch of the packet.
fn encoded(publish: &Publish<'_>, version: Version) -> Vec<u8> {
    let mut out = Output::default();
    publish.encode(version, &mut out);
    out.chunk().repeat(BATCH)
}

fn decode(publish: &Publish<'_>, version: Version) -> f64 {
    let bytes = encoded(publish, version);
    nanoseconds(|| {
        let mut rest = &black_box(&bytes)[..];
        while let Some(frame) = Frame::parse(rest, usize::MAX).expect("a Frame") {
            rest = &rest[frame.bytes().len()..];
            let packet = frame.decode(version).expect("a PUBLISH");
            assert!(matches!(black_box(packet), Packet::Publish(_)));
        }
    })
}

fn encode(publish: &Publish<'_>, version: Version) -> f64 {
    let mut out = Output::default();
    nanoseconds(|| {
        out.clear();
        for _ in 0..BATCH {
            black_box(publish).encode(version, &mut out);
        }
        black_box(out.chunk());
    })
}
