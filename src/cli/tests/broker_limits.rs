//! Flags that restrict the broker.

use super::*;
use crate::broker::{Capabilities, Limits};
use crate::codec::{QoS, Version};

#[track_caller]
fn broker(args: &[&str]) -> BrokerOptions {
    match run(&[&["broker"], args].concat(), &[]) {
        Ok(Command::Broker(options)) => options,
        other => panic!("{args:?}: {other:?}"),
    }
}

#[test]
fn the_broker_announces_what_it_is_told_to() {
    let restricted = broker(&[
        "--protocol-versions=311,5",
        "--maximum-qos=1",
        "--retain-available=false",
        "--wildcard-available=0",
        "--shared-available=false",
        "--subscription-ids-available=false",
        "--server-keep-alive=60",
    ]);
    assert_eq!(
        restricted.capabilities,
        Capabilities {
            versions: vec![Version::V3_1_1, Version::V5],
            maximum_qos: QoS::AtLeastOnce,
            retain_available: false,
            wildcard_subscription_available: false,
            shared_subscription_available: false,
            subscription_identifier_available: false,
            server_keep_alive: Some(60),
        }
    );
    let limits = broker(&[
        "--receive-maximum=10",
        "--max-packet-size=1000",
        "--topic-alias-maximum=0",
        "--max-session-expiry=3600",
    ]);
    assert_eq!(
        limits.limits,
        Limits {
            receive_maximum: 10,
            max_packet_size: 1000,
            topic_alias_maximum: 0,
            max_session_expiry: 3600,
            ..Limits::default()
        }
    );
    for wrong in [
        "--receive-maximum=0",
        "--max-packet-size=1",
        "--maximum-qos=3",
    ] {
        refused(&["broker", wrong]);
    }
}
