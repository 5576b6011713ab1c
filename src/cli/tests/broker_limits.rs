//! Flags that restrict the broker.

use std::time::Duration;

use super::*;
use crate::broker::{AbuseLimits, Capabilities, Limits, Redirect};
use crate::codec::{QoS, Version};

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
        "--max-keep-alive=0",
        "--response-information=r/",
        "--use-another-server=other:1884",
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
            max_keep_alive: 0,
            response_information: Some("r/".into()),
            redirect: Some(Redirect {
                server_reference: "other:1884".into(),
                is_permanent: false,
            }),
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
    let bounded = broker(&[
        "--max-connections=1",
        "--max-sessions=2",
        "--connect-timeout=0.5",
        "--max-connection-age=90",
        "--max-inflight=3",
        "--max-queued-messages=4",
        "--max-queued-bytes=5",
        "--max-inflight-in-all=11",
        "--max-inflight-bytes-in-all=12",
        "--max-queued-messages-in-all=13",
        "--max-queued-bytes-in-all=14",
        "--max-output-in-all=15",
        "--max-subscriptions=6",
        "--max-subscription-bytes=16",
        "--max-subscription-bytes-in-all=17",
        "--max-topic-levels=7",
        "--max-retained-messages=8",
        "--max-retained-bytes=9",
        "--max-message-rate=10",
    ]);
    assert_eq!(
        bounded.limits,
        Limits {
            max_connections: 1,
            max_sessions: 2,
            connect_timeout: Duration::from_millis(500),
            max_connection_age: Some(Duration::from_secs(90)),
            max_inflight: 3,
            queue_messages: 4,
            queue_bytes: 5,
            inflight_in_all: 11,
            inflight_bytes_in_all: 12,
            queue_messages_in_all: 13,
            queue_bytes_in_all: 14,
            output_in_all: 15,
            max_subscriptions: 6,
            subscription_bytes: 16,
            subscription_bytes_in_all: 17,
            max_topic_levels: 7,
            retained_messages: 8,
            retained_bytes: 9,
            message_rate: 10,
            ..Limits::default()
        }
    );
    let abuse = broker(&[
        "--abuse-window=1",
        "--abuse-block=2",
        "--abuse-address-connects=3",
        "--abuse-no-connects=4",
        "--abuse-failed-logins=5",
        "--abuse-client-connects=6",
        "--abuse-abnormal-ends=7",
        "--abuse-refusals=8",
        "--abuse-unwanted-messages=9",
        "--abuse-loopback",
    ]);
    assert_eq!(
        abuse.limits.abuse,
        AbuseLimits {
            window: Duration::from_secs(1),
            block: Duration::from_secs(2),
            address_connects: 3,
            no_connects: 4,
            failed_logins: 5,
            client_connects: 6,
            abnormal_ends: 7,
            refusals: 8,
            unwanted_messages: 9,
            watches_loopback: true,
            ..AbuseLimits::default()
        }
    );
    for wrong in [
        "--receive-maximum=0",
        "--max-packet-size=1",
        "--maximum-qos=3",
        "--connect-timeout=0",
    ] {
        refused(&["broker", wrong]);
    }
}
