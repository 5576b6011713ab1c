//! What a packet costs: `cargo bench --bench codec`. Other crates, side by side, are in
//! `benches/peers/src/bin/codec.rs`.

use divan::{Bencher, black_box};
use mqtk::codec::{
    Ack, Frame, Output, Packet, PacketId, Properties, PropertyBuf, PropertyId, Publish, QoS, Sink,
    Trace, Value, Version,
};

fn main() {
    divan::main();
}

const VERSIONS: [Version; 2] = [Version::V3_1_1, Version::V5];

/// Three properties in 5.0, none before.
fn properties(version: Version) -> PropertyBuf {
    let mut properties = PropertyBuf::default();
    if version == Version::V5 {
        properties.push(PropertyId::PayloadFormatIndicator, Value::Byte(1));
        properties.push(PropertyId::MessageExpiryInterval, Value::FourByte(60));
        properties.push(PropertyId::UserProperty, Value::Pair("unit", "celsius"));
    }
    properties
}

/// A PUBLISH as sensors send them: QoS 1, a payload of 16 bytes.
fn publish(properties: Properties<'_>) -> Publish<'_> {
    Publish {
        dup: false,
        qos: QoS::AtLeastOnce,
        retain: false,
        topic: "sensors/room1/temperature",
        packet_id: Some(PacketId::MIN),
        properties,
        payload: b"0123456789abcdef",
    }
}

fn publish_bytes(version: Version) -> Vec<u8> {
    let mut bytes = Vec::new();
    publish(properties(version).as_properties()).encode(version, &mut bytes);
    bytes
}

#[divan::bench(args = VERSIONS, sample_size = 1000)]
fn decode_publish(bencher: Bencher, version: Version) {
    let bytes = publish_bytes(version);
    bencher.bench_local(|| {
        let frame = Frame::parse(black_box(&bytes), usize::MAX).ok().flatten();
        frame.map(|frame| black_box(frame.decode(version)).is_ok())
    });
}

#[divan::bench(args = VERSIONS, sample_size = 1000)]
fn encode_publish(bencher: Bencher, version: Version) {
    let properties = properties(version);
    let mut out = Vec::with_capacity(4096);
    bencher.bench_local(|| {
        out.clear();
        black_box(publish(properties.as_properties())).encode(version, &mut out);
        black_box(&out).len()
    });
}

#[divan::bench(args = VERSIONS, sample_size = 1000)]
fn encode_publish_to_output(bencher: Bencher, version: Version) {
    let properties = properties(version);
    let mut out = Output::default();
    out.reserve(4096);
    bencher.bench_local(|| {
        black_box(publish(properties.as_properties())).encode(version, &mut out);
        out.advance(out.len());
    });
}

#[divan::bench(args = VERSIONS, sample_size = 1000)]
fn decode_puback(bencher: Bencher, version: Version) {
    let bytes = [0x40, 0x02, 0x00, 0x01];
    bencher.bench_local(|| {
        let frame = Frame::parse(black_box(&bytes), usize::MAX).ok().flatten();
        frame.map(|frame| black_box(frame.decode(version)).is_ok())
    });
}

#[divan::bench(args = VERSIONS, sample_size = 1000)]
fn encode_puback(bencher: Bencher, version: Version) {
    let mut out = Vec::with_capacity(4096);
    bencher.bench_local(|| {
        out.clear();
        Packet::Puback(black_box(Ack::success(PacketId::MIN))).encode(version, &mut out);
        black_box(&out).len()
    });
}

#[divan::bench(args = VERSIONS, sample_size = 1000)]
fn trace_publish(bencher: Bencher, version: Version) {
    let bytes = publish_bytes(version);
    bencher.bench_local(|| Trace::of(black_box(&bytes), version));
}
