//! Flags that say where the broker is and what CONNECT says.

use std::time::Duration;

use super::*;
use crate::client::Secret;
use crate::codec::{QoS, Version};
use crate::transport::{Address, TlsVersion};

#[test]
fn the_path_of_a_websocket_url_is_a_topic_unless_there_is_another() {
    let options = publish(&["-L", "ws://h:8080/a/b", "-n"]);
    assert_eq!(options.topics, ["a/b"]);
    let websocket = options.client.target.websocket.expect("ws");
    assert_eq!(websocket.path, "/mqtt");

    let options = subscribe(&["-L", "wss://h/broker?token=1", "-t", "#"]);
    assert_eq!(options.filters, ["#"]);
    let websocket = options.client.target.websocket.expect("wss");
    assert_eq!(websocket.path, "/broker?token=1");
    assert_eq!(options.client.target.address, Address::tcp("h", 443));
    assert!(options.client.target.tls.is_some());

    assert_eq!(subscribe(&["-L", "ws://h/a/#"]).filters, ["a/#"]);

    let options = subscribe(&["-L", "ws://h/a", "--ws-path", "p", "b"]);
    assert_eq!(options.filters, ["b", "a"]);
    let websocket = options.client.target.websocket.expect("ws");
    assert_eq!(websocket.path, "/p");
}

#[test]
fn the_port_follows_from_what_is_spoken() {
    for (args, address) in [
        (&[][..], "localhost:1883"),
        (&["-h", "x"], "x:1883"),
        (&["-h", "::1"], "[::1]:1883"),
        (&["--cafile", "c"], "localhost:8883"),
        (&["--tls-use-os-certs"], "localhost:8883"),
        (&["--cafile", "c", "--no-tls"], "localhost:1883"),
        (&["--ws"], "localhost:1883"),
        (&["--ws-path", "p", "--capath", "c"], "localhost:8883"),
        (&["-L", "ws://x"], "x:80"),
        (&["-L", "wss://x"], "x:443"),
        (&["-L", "wss://x", "--no-tls"], "x:80"),
        (&["-L", "mqtts://x"], "x:8883"),
        (&["-L", "mqtt://x", "--cafile", "c"], "x:8883"),
        (&["-L", "mqtt://x:99", "--cafile", "c"], "x:99"),
        (&["-p", "7", "-L", "mqtt://x:99"], "x:7"),
        (&["-L", "mqtt://x:99", "-p", "7", "-h", "y"], "y:7"),
        (&["--unix", "/run/s"], "/run/s"),
        (&["-L", "unix:///run/s"], "/run/s"),
    ] {
        let options = publish(&[&PUB[..], args].concat());
        assert_eq!(
            options.client.target.address.to_string(),
            address,
            "{args:?}"
        );
    }
    let tls = |args: &[&str]| publish(&[&PUB[..], args].concat()).client.target.tls;
    assert!(tls(&["-p", "8883"]).is_some());
    assert!(tls(&["-p", "8883", "--no-tls"]).is_none());
    assert!(tls(&["-p", "1883"]).is_none());
}

#[test]
fn srv_records_are_those_of_the_host() {
    for (args, is_tls) in [
        (&["-S", "-h", "x"][..], false),
        (&["-S", "-h", "x", "--cafile", "c"], true),
        (&["-S", "-L", "mqtt://x"], false),
        (&["-S", "-L", "mqtts://x"], true),
        (&["-S", "-L", "mqtt://y", "-h", "x"], false),
    ] {
        let target = publish(&[&PUB[..], args].concat()).client.target;
        let domain = "x".to_owned();
        assert_eq!(target.address, Address::Srv { domain }, "{args:?}");
        assert_eq!(target.tls.is_some(), is_tls, "{args:?}");
    }
    for (url, words) in [
        ("mqtt://x:1883", "leave it out of the URL"),
        ("unix:///s", "a Unix socket has no SRV record"),
    ] {
        let line = refused(&[&["pub"], &PUB[..], &["-S", "-L", url]].concat());
        assert!(line.contains(words), "{line}");
    }
}

#[test]
fn tls_options_arrive() {
    let args = "--cafile a --capath b --cert c --key d --crlfile e --insecure --tls-alpn mqtt \
                --tls-alpn x --tls-version tlsv1.3 --ciphers N --tls-keylog f";
    let options = publish(&[&PUB[..], &args.split_whitespace().collect::<Vec<_>>()].concat());
    let tls = options.client.target.tls.expect("TLS");
    assert_eq!(tls.cafile, Some("a".into()));
    assert_eq!(tls.capath, Some("b".into()));
    assert_eq!((tls.cert, tls.key), (Some("c".into()), Some("d".into())));
    assert_eq!(
        (tls.crlfile, tls.keylog),
        (Some("e".into()), Some("f".into()))
    );
    assert_eq!(tls.alpn, ["mqtt", "x"]);
    assert_eq!(tls.version, Some(TlsVersion::V1_3));
    assert_eq!(tls.ciphers.as_deref(), Some("N"));
    assert!(tls.insecure && !tls.system_roots);
    let options = publish(&[&PUB[..], &["--tls-use-os-certs", "--cafile", "c"]].concat());
    assert!(options.client.target.tls.expect("TLS").system_roots);
}

#[test]
fn version_5_is_implied_but_not_contradicted() {
    let version = |args: &[&str]| publish(&[&PUB[..], args].concat()).client.version;
    assert_eq!(version(&[]), Version::V3_1_1);
    assert_eq!(version(&["-x", "5"]), Version::V5);
    assert_eq!(
        version(&["-D", "publish", "content-type", "x"]),
        Version::V5
    );
    assert_eq!(version(&["-V", "31"]), Version::V3_1);
    let line = refused(&[&["pub"], &PUB[..], &["-V", "311", "-x", "5"]].concat());
    assert!(line.contains("-x needs MQTT 5"), "{line}");
}

#[test]
fn the_session_is_what_was_asked_for() {
    let client = |args: &[&str]| publish(&[&PUB[..], args].concat()).client;
    assert!(client(&[]).clean_start);
    let kept = client(&["-c", "-i", "me", "-k", "0"]);
    assert!(!kept.clean_start);
    assert_eq!((kept.client_id.as_str(), kept.keep_alive), ("me", 0));
    let prefixed = client(&["-I", "me-"]);
    assert_eq!(prefixed.client_id, format!("me-{}", std::process::id()));
    let line = refused(&[&["pub"], &PUB[..], &["-c"]].concat());
    assert!(line.contains("-i"), "{line}");
    assert!(!client(&["-V", "31"]).client_id.is_empty());
}

#[test]
fn the_session_expiry_is_a_property() {
    let expiry = |args: &[&str]| {
        let options = publish(&[&PUB[..], args].concat());
        let properties = options.client.properties;
        properties.as_properties().session_expiry_interval()
    };
    assert_eq!(expiry(&["-x", "-1"]), Some(u32::MAX));
    assert_eq!(expiry(&["-x", "0"]), Some(0));
    assert_eq!(expiry(&["-c", "-i", "me", "-V", "5"]), Some(u32::MAX));
    assert_eq!(expiry(&["-V", "5"]), None);
    let by_property = ["-D", "connect", "session-expiry-interval", "7"];
    assert_eq!(expiry(&by_property), Some(7));
    assert_eq!(expiry(&[&by_property[..], &["-x", "8"]].concat()), Some(7));
}

#[test]
fn version_5_tells_the_broker_the_largest_packet() {
    let client = |args: &[&str]| publish(&[&PUB[..], args].concat()).client;
    let told = client(&["-V", "5", "--max-packet-size", "1000"]);
    assert_eq!(told.max_packet_size, 1000);
    let properties = told.properties.as_properties();
    assert_eq!(properties.maximum_packet_size(), Some(1000));
    let kept = client(&["--max-packet-size", "1000"]);
    assert_eq!(kept.max_packet_size, 1000);
    assert!(kept.properties.is_empty());
}

#[test]
fn a_will_needs_its_topic() {
    let options = publish(&[&PUB[..], &["--will-topic", "w", "--will-payload", "gone"]].concat());
    let will = options.client.will.expect("a will");
    assert_eq!(
        (will.topic.as_str(), &will.payload[..]),
        ("w", &b"gone"[..])
    );
    assert_eq!((will.qos, will.retain), (QoS::AtMostOnce, false));
    for args in [
        &["--will-payload", "x"][..],
        &["--will-qos", "1"],
        &["--will-retain"],
    ] {
        let line = refused(&[&["pub"], &PUB[..], args].concat());
        assert!(line.contains("--will-topic"), "{line}");
    }
}

#[test]
fn the_url_gives_what_no_option_gives() {
    let client = |args: &[&str]| publish(&[&PUB[..], args].concat()).client;
    let from_url = client(&["-L", "mqtt://ann:s%20cret@x"]);
    assert_eq!(from_url.username.as_deref(), Some("ann"));
    assert_eq!(from_url.password, Some(Secret(b"s cret".to_vec())));
    let overridden = client(&["-u", "bob", "-P", "pw", "-L", "mqtt://ann:s@x"]);
    assert_eq!(overridden.username.as_deref(), Some("bob"));
    assert_eq!(overridden.password, Some(Secret(b"pw".to_vec())));
    let line = refused(&[&["pub"], &PUB[..], &["-P", "x"]].concat());
    assert!(line.contains("-u"), "{line}");
}

#[test]
fn patience_and_reconnecting() {
    let client = |args: &[&str]| publish(&[&PUB[..], args].concat()).client;
    let default = client(&[]);
    assert_eq!(default.connect_timeout, Duration::from_secs(30));
    let reconnect = default.reconnect.expect("by default");
    assert_eq!(reconnect.min_delay, Duration::from_secs(1));
    assert_eq!(reconnect.window, Some(Duration::from_secs(60)));
    assert_eq!(client(&["--no-reconnect"]).reconnect, None);
    let endless = subscribe(&["a"]).client.reconnect.expect("by default");
    assert_eq!(endless.window, None);
    assert!(client(&["--timeout", "0"]).ack_timeout > Duration::from_secs(1 << 28));
    let slow = client(&["--reconnect-min", "60"])
        .reconnect
        .expect("asked for");
    assert_eq!(slow.max_delay, Duration::from_secs(60));
}

#[test]
fn at_qos_2_before_5_0_fewer_messages_are_on_their_way() {
    for (args, window) in [
        (&["-q", "1"][..], 100),
        (&["-q", "2"], 20),
        (&["-q", "2", "-V", "31"], 20),
        (&["-q", "2", "-V", "5"], 100),
        (&["-q", "2", "-M", "50"], 50),
    ] {
        let options = publish(&[&["t", "-n"], args].concat());
        assert_eq!(options.client.max_inflight, window, "{args:?}");
    }
}
