//! SUBSCRIBE, UNSUBSCRIBE and their answers.

use super::pair::*;
use crate::codec::*;
use crate::session::*;

const FILTERS: [(&str, SubscriptionOptions); 2] = {
    let options = SubscriptionOptions {
        qos: QoS::ExactlyOnce,
        no_local: false,
        retain_as_published: false,
        retain_handling: RetainHandling::Send,
    };
    [("a", options), ("b/#", options)]
};

fn subscribe(end: &mut End) -> Option<PacketId> {
    end.session
        .subscribe(end.now, &FILTERS, Properties::EMPTY, &mut end.out)
}

fn unsubscribe(end: &mut End) -> Option<PacketId> {
    end.session
        .unsubscribe(end.now, &["a", "b/#"], Properties::EMPTY, &mut end.out)
}

fn suback(packet_id: u16, codes: &[u8]) -> Packet<'_> {
    let (packet_id, properties) = (id(packet_id), Properties::EMPTY);
    Packet::Suback(Suback {
        packet_id,
        properties,
        reasons: ReasonCodes(codes),
    })
}

fn unsuback(packet_id: u16, codes: &[u8]) -> Packet<'_> {
    let (packet_id, properties) = (id(packet_id), Properties::EMPTY);
    Packet::Unsuback(Unsuback {
        packet_id,
        properties,
        reasons: ReasonCodes(codes),
    })
}

// MQTT-2.2.1-6, MQTT-3.8.4-2, MQTT-3.10.4-5 (3.1.1: MQTT-2.3.1-7, MQTT-3.8.4-2, MQTT-3.10.4-4)
#[test]
fn requests_are_answered_under_their_identifier() {
    for version in Version::ALL {
        let codes: &[u8] = if version == Version::V5 {
            &[0, 0x11]
        } else {
            &[]
        };
        let mut client = End::open(Role::Client, &Opening::new(version));
        assert_eq!(subscribe(&mut client), Some(id(1)));
        assert_eq!(unsubscribe(&mut client), Some(id(2)));
        assert_eq!(client.sent(), ["SUBSCRIBE", "UNSUBSCRIBE"]);
        assert!(!client.session.is_idle());
        assert_eq!(client.receive(&unsuback(2, codes)), Ok(Seen::Other));
        assert_eq!(client.receive(&suback(1, &[2, 0x80])), Ok(Seen::Other));
        assert!(client.session.is_idle());
    }
}

#[test]
fn the_wrong_answer_is_a_violation() {
    for (version, unexpected, count) in [
        (
            Version::V3_1_1,
            ["MQTT-3.8.4-2", "MQTT-3.10.4-4"],
            "MQTT-3.8.4-5",
        ),
        (
            Version::V5,
            ["MQTT-3.8.4-2", "MQTT-3.10.4-5"],
            "MQTT-3.8.4-6",
        ),
    ] {
        let codes: &[u8] = if version == Version::V5 { &[0, 0] } else { &[] };
        let open = || End::open(Role::Client, &Opening::new(version));
        assert_eq!(open().broken_by(&suback(1, &[0, 0])).0, unexpected[0]);
        assert_eq!(open().broken_by(&unsuback(1, codes)).0, unexpected[1]);
        let mut client = open();
        assert_eq!(subscribe(&mut client), Some(id(1)));
        assert_eq!(client.broken_by(&unsuback(1, codes)).0, unexpected[1]);
        assert_eq!(client.broken_by(&suback(1, &[0])).0, count);
        let mut client = open();
        assert_eq!(unsubscribe(&mut client), Some(id(1)));
        assert_eq!(client.broken_by(&suback(1, &[0, 0])).0, unexpected[0]);
        if version == Version::V5 {
            assert_eq!(client.broken_by(&unsuback(1, &[0])).0, "MQTT-3.11.3-2");
        }
    }
}

#[test]
fn requests_end_with_the_network_connection() {
    let mut client = End::open(Role::Client, &Opening::new(Version::V5));
    assert_eq!(subscribe(&mut client), Some(id(1)));
    client.reopen(&Opening::resumed(Version::V5));
    assert_eq!(client.sent(), ["CONNECT"]);
    assert!(client.session.is_idle());
    assert_eq!(client.broken_by(&suback(1, &[0, 0])).0, "MQTT-3.8.4-2");
}

// MQTT-3.2.2-15
#[test]
fn a_request_that_is_too_large_is_not_sent() {
    let opening =
        Opening::new(Version::V5).with_connack(PropertyId::MaximumPacketSize, Value::FourByte(10));
    let mut client = End::open(Role::Client, &opening);
    assert_eq!(subscribe(&mut client), None);
    assert!(client.out.is_empty() && client.session.is_idle());
}

// MQTT-3.8.4-1, MQTT-3.10.4-4, MQTT-3.9.3-1, MQTT-3.11.3-1 (3.1.1: MQTT-3.8.4-1, MQTT-3.9.3-2)
#[test]
fn a_server_answers_in_the_words_of_the_version() {
    let reasons = [ReasonCode::GRANTED_QOS_1, ReasonCode::NOT_AUTHORIZED];
    for version in Version::ALL {
        let v5 = version == Version::V5;
        let mut server = End::open(Role::Server, &Opening::new(version));
        let mut bytes = Vec::new();
        let request = Subscribe {
            packet_id: id(7),
            properties: Properties::EMPTY,
            filters: Filters::List(&FILTERS),
        };
        request.encode(version, &mut bytes);
        let frame = frames_in(&bytes)[0];
        let event = server
            .session
            .receive(server.now, frame, &mut server.out)
            .unwrap();
        assert!(matches!(event, Event::Subscribe(subscribe) if subscribe.packet_id == id(7)));
        server
            .session
            .suback(id(7), &reasons, Properties::EMPTY, &mut server.out);
        server.session.unsuback(
            id(8),
            &[ReasonCode::SUCCESS],
            Properties::EMPTY,
            &mut server.out,
        );
        let bytes = drain(&mut server.out);
        let [Packet::Suback(suback), Packet::Unsuback(unsuback)] = packets_in(&bytes, version)[..]
        else {
            panic!()
        };
        assert_eq!((suback.packet_id, unsuback.packet_id), (id(7), id(8)));
        assert_eq!(suback.reasons.0, [1, if v5 { 0x87 } else { 0x80 }]);
        assert_eq!(unsuback.reasons.0.len(), usize::from(v5));
    }
}
