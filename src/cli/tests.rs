//! Whole command lines, from arguments to options.

use std::fs;
use std::time::Duration;

use super::*;
use crate::client::Secret;
use crate::codec::{PropertyId, QoS, RetainHandling, Value, Version};
use crate::exit::ExitStatus;
use crate::transport::{Address, TlsVersion};

fn environment(variables: &[(&str, &str)]) -> Environment {
    Environment::new(variables.iter().map(|(k, v)| (k.into(), v.into())))
}

fn run(args: &[&str], variables: &[(&str, &str)]) -> Result<Command, Stop> {
    let args = std::iter::once(&"mqtk").chain(args).map(OsString::from);
    parse(args, &environment(variables))
}

#[track_caller]
fn publish_with(args: &[&str], variables: &[(&str, &str)]) -> PubOptions {
    let args = [&["pub"], args].concat();
    match run(&args, variables) {
        Ok(Command::Pub(options)) => *options,
        other => panic!("{args:?}: {other:?}"),
    }
}

#[track_caller]
fn publish(args: &[&str]) -> PubOptions {
    publish_with(args, &[])
}

#[track_caller]
fn subscribe(args: &[&str]) -> SubOptions {
    let args = [&["sub"], args].concat();
    match run(&args, &[]) {
        Ok(Command::Sub(options)) => *options,
        other => panic!("{args:?}: {other:?}"),
    }
}

/// The error of a wrong command line, which must be one line with a hint.
#[track_caller]
fn refused(args: &[&str]) -> String {
    refused_with(args, &[])
}

#[track_caller]
fn refused_with(args: &[&str], variables: &[(&str, &str)]) -> String {
    match run(args, variables) {
        Err(stop @ Stop::Usage(_)) => {
            assert_eq!(stop.status(), ExitStatus::Usage);
            let Stop::Usage(line) = stop else {
                unreachable!()
            };
            assert!(!line.contains('\n'), "{line}");
            assert!(
                line.starts_with("mqtk") && line.ends_with("--help)"),
                "{line}"
            );
            line
        }
        other => panic!("{args:?}: {other:?}"),
    }
}

/// Broker, topic and message: what every `pub` needs.
const PUB: [&str; 4] = ["-t", "a", "-m", "x"];

#[test]
fn every_option_of_mosquitto_pub_is_taken() {
    for option in [
        "-h x",
        "--host x",
        "-p 1884",
        "--port 1884",
        "--unix /s",
        "-A 127.0.0.1",
        "--nodelay",
        "-k 5",
        "--keepalive 5",
        "-i x",
        "--id x",
        "-I x",
        "--id-prefix x",
        "-u x",
        "--username x",
        "-u x -P y",
        "-u x --pw y",
        "-V 31",
        "-V 311",
        "-V 5",
        "-V mqttv31",
        "-V mqttv311",
        "--protocol-version mqttv5",
        "-c -i x",
        "--disable-clean-session -i x",
        "-x 9",
        "-x -1",
        "-x ∞",
        "--session-expiry-interval 9",
        "-M 5",
        "-d",
        "--debug",
        "--quiet",
        "-o /dev/null",
        "-L mqtt://u:p@x:1/t",
        "--url ws://x",
        "--cafile x",
        "--capath x",
        "--tls-use-os-certs",
        "--cafile x --cert x --key x",
        "--cafile x --cert x --key x --keyform pem",
        "--ciphers TLS13_AES_128_GCM_SHA256",
        "--insecure",
        "--tls-alpn mqtt",
        "--tls-version tlsv1.2",
        "--tls-keylog x",
        "--no-tls",
        "--ws",
        "--proxy socks5h://x",
        "--will-topic x",
        "--will-topic x --will-payload y --will-qos 1 --will-retain",
        "-D publish content-type x",
        "--property connect user-property a b",
        "-q 1",
        "--qos 2",
        "-r",
        "--retain",
        "--repeat 5",
        "--repeat 5 --repeat-delay 0.5",
    ] {
        publish(&[&PUB[..], &option.split(' ').collect::<Vec<_>>()].concat());
    }
    for source in [
        "-m x",
        "--message x",
        "-f x",
        "--file x",
        "-n",
        "--null-message",
        "-s",
        "--stdin-file",
        "-l",
        "--stdin-line",
    ] {
        publish(&[&["-t", "a"][..], &source.split(' ').collect::<Vec<_>>()].concat());
    }
}

#[test]
fn every_option_of_mosquitto_sub_is_taken() {
    for option in [
        "-h x -p 1884",
        "--topic b",
        "-T b",
        "--filter-out b",
        "-U b",
        "--unsubscribe b",
        "-q 2",
        "--qos 1",
        "-v",
        "--verbose",
        "-N",
        "-F %t",
        "--pretty -F %j",
        "-w",
        "--watch",
        "--message-rate",
        "--random-filter 50.0",
        "-C 3",
        "-E",
        "--retained-only",
        "--remove-retained",
        "-R",
        "-V 5 --retain-as-published",
        "-V 5 --retain-handling new",
        "-W 5",
        "--quiet",
        "-d",
        "-c -i x",
        "-x 5",
        "-D subscribe subscription-identifier 5",
        "-L mqtts://x/b",
        "--will-topic w",
        "--nodelay",
        "-k 60",
        "-I x",
        "-V mqttv31",
    ] {
        subscribe(&[&["-t", "a"][..], &option.split(' ').collect::<Vec<_>>()].concat());
    }
}

#[test]
fn topics_stand_anywhere() {
    assert_eq!(
        publish(&["a", "-m", "x", "b", "-t", "c"]).topics,
        ["a", "b", "c"]
    );
    assert_eq!(
        publish(&["-L", "mqtt://h/d%20e", "-t", "a", "-n"]).topics,
        ["a", "d e"]
    );
    assert_eq!(
        subscribe(&["sensors/#", "-t", "+/x"]).filters,
        ["sensors/#", "+/x"]
    );
    assert_eq!(
        subscribe(&["-L", "mqtt://h/sensors/#"]).filters,
        ["sensors/#"]
    );
    assert!(subscribe(&["-U", "a"]).filters.is_empty());
    assert!(refused(&["pub", "-m", "x"]).contains("no topic"));
    assert!(refused(&["sub"]).contains("mqtk sub 'sensors/#'"));
}

#[test]
fn topics_are_checked() {
    assert!(refused(&["pub", "a/+", "-n"]).contains("'a/+'"));
    assert!(refused(&["sub", "a/b#"]).contains("'a/b#'"));
    assert!(refused(&["sub", "a", "-T", "#/b"]).contains("-T topic filter '#/b'"));
    assert!(refused(&["sub", "-U", ""]).contains("-U "));
    assert!(refused(&["pub", "a", "-n", "--will-topic", "#"]).contains("--will-topic '#'"));
}

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
        (&["--ws"], "localhost:80"),
        (&["--ws-path", "p", "--capath", "c"], "localhost:443"),
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
    assert!(tls.insecure);
}

#[test]
fn what_rustls_cannot_do_is_refused_with_the_reason() {
    for (args, reason) in [
        (&["--psk", "aa"][..], "rustls has no PSK"),
        (&["--psk-identity", "x"], "rustls has no PSK"),
        (&["--tls-engine", "x"], "rustls has no engines"),
        (
            &["--cafile", "x", "--keyform", "engine"],
            "rustls has no engines",
        ),
        (&["--cafile", "x", "--tls-version", "tlsv1.1"], "tlsv1.2"),
        (&["--cafile", "x", "--cert", "x"], "--key"),
        (&["--cert", "x", "--key", "x"], "--cafile"),
        (&["-S"], "SRV"),
    ] {
        let line = refused(&[&["pub"], &PUB[..], args].concat());
        assert!(line.contains(reason), "{line}");
    }
}

#[test]
fn exclusive_options_say_so() {
    for args in [
        &["pub", "a", "-m", "x", "-n"][..],
        &["pub", "a", "-m", "x", "-l"],
        &["pub", "a", "-f", "x", "-s"],
        &["pub", "a", "-s", "-l"],
        &["pub", "a", "-n", "-i", "x", "-I", "y"],
        &["pub", "a", "-n", "--embedded", "-h", "x"],
        &["pub", "a", "-n", "--unix", "/s", "-h", "x"],
        &["sub", "a", "-F", "%p", "--json"],
        &["sub", "a", "-d", "--quiet"],
        &["sub", "a", "-P", "x", "--ask-password"],
    ] {
        let line = refused(args);
        assert!(line.contains("cannot be used with"), "{line}");
    }
}

#[test]
fn numbers_are_checked_against_their_range() {
    for (args, words) in [
        (&["-p", "0"][..], "1..=65535"),
        (&["-p", "65536"], "1..=65535"),
        (&["-p", "-1"], "1..=65535"),
        (&["-k", "65536"], "0..=65535"),
        (&["-q", "3"], "a QoS is 0, 1 or 2"),
        (&["-V", "4"], "31, 311 or 5"),
        (&["-M", "0"], "1..=65535"),
        (&["--max-packet-size", "1"], "2.."),
        (&["-x", "-2"], "never"),
        (&["--repeat", "0"], "from 1 up"),
        (&["--repeat-delay", "-1"], "number of seconds"),
        (&["--timeout", "x"], "number of seconds"),
        (&["-A", "eth0"], "--bind-address"),
    ] {
        let line = refused(&[&["pub"], &PUB[..], args].concat());
        assert!(line.contains(words), "{line}");
    }
    let line = refused(&["sub", "a", "--random-filter", "0"]);
    assert!(line.contains("a percentage"), "{line}");
}

#[test]
fn a_wrong_name_is_followed_by_the_right_one() {
    let line = refused(&["pub", "--mesage", "x"]);
    assert!(
        line.contains("'--mesage'") && line.contains("'--message"),
        "{line}"
    );
    let line = refused(&["pubb"]);
    assert!(line.contains("'pubb'") && line.contains("'pub'"), "{line}");
}

#[test]
fn a_value_may_begin_with_a_hyphen() {
    let options = publish(&["-t", "-a", "-m", "-1", "-u", "--me", "-P", "-D"]);
    assert_eq!(options.topics, ["-a"]);
    assert_eq!(options.payload, PayloadFrom::Text("-1".into()));
    assert_eq!(options.client.username.as_deref(), Some("--me"));
    assert_eq!(options.client.password, Some(Secret(b"-D".to_vec())));
}

#[test]
fn of_a_repeated_option_the_last_counts() {
    let options = publish(&["a", "-n", "-q", "1", "-q", "2", "-r", "-r"]);
    assert_eq!((options.qos, options.retain), (QoS::ExactlyOnce, true));
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
    let mut expected = crate::codec::PropertyBuf::default();
    expected.push(PropertyId::SessionExpiryInterval, Value::FourByte(u32::MAX));
    let client = |args: &[&str]| publish(&[&PUB[..], args].concat()).client;
    assert_eq!(client(&["-x", "-1"]).properties, expected);
    assert_eq!(client(&["-c", "-V", "5"]).properties, expected);
    assert_eq!(client(&["-V", "5"]).properties, Default::default());
    let by_property = client(&["-D", "connect", "session-expiry-interval", "4294967295"]);
    assert_eq!(by_property.properties, expected);
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
fn no_secret_is_shown() {
    for args in [
        ["-L", "mqtt://ann:hunter2@[x"],
        ["--proxy", "http://ann:hunter2@x"],
    ] {
        let line = refused(&[&["pub"], &PUB[..], &args].concat());
        assert!(line.contains(args[0]) || line.contains("--url"), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
    }
    let options = publish(&[&PUB[..], &["-u", "u", "-P", "hunter2"]].concat());
    assert!(!format!("{options:?}").contains("hunter2"));
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
fn sub_knows_what_to_print_and_when_to_stop() {
    let options = subscribe(&[
        "a",
        "-v",
        "-N",
        "-C",
        "3",
        "-W",
        "0.5",
        "--random-filter",
        "25",
    ]);
    assert_eq!(options.output.form, Form::TopicAndPayload);
    assert!(!options.output.newline);
    assert_eq!(options.output.share, 0.25);
    assert_eq!(options.exit.count.map(u64::from), Some(3));
    assert_eq!(options.exit.wait, Some(Duration::from_millis(500)));
    assert_eq!(
        subscribe(&["a", "-v", "-F", "%t"]).output.form,
        Form::Format("%t".into())
    );
    assert_eq!(subscribe(&["a", "--json"]).output.form, Form::Json);
    let handling = subscribe(&["a", "-R"]).subscription.retain_handling;
    assert_eq!(handling, RetainHandling::DoNotSend);
    assert!(refused(&["sub", "a", "--retain-as-published"]).contains("-V 5"));
}

#[test]
fn the_broker_listens_on_loopback_unless_told_otherwise() {
    let broker = |args: &[&str]| match run(&[&["broker"], args].concat(), &[("MQTK_PORT", "7")]) {
        Ok(Command::Broker(options)) => options,
        other => panic!("{other:?}"),
    };
    assert_eq!(broker(&[]), BrokerOptions::default());
    assert_eq!(broker(&["--port", "0"]).listen.to_string(), "127.0.0.1:0");
    assert_eq!(broker(&["-b", "::", "-v"]).listen.to_string(), "[::]:1883");
    assert_eq!(broker(&["-b", "::", "-v"]).verbosity, Verbosity::Debug);
}

#[test]
fn the_environment_gives_what_the_command_line_does_not() {
    let variables = [
        ("MQTK_HOST", "env"),
        ("MQTK_QOS", "1"),
        ("MQTK_RETAIN", "1"),
    ];
    let options = publish_with(&PUB, &variables);
    assert_eq!(options.client.target.address, Address::tcp("env", 1883));
    assert_eq!((options.qos, options.retain), (QoS::AtLeastOnce, true));

    let options = publish_with(&[&PUB[..], &["-h", "arg", "-q", "2"]].concat(), &variables);
    assert_eq!(options.client.target.address, Address::tcp("arg", 1883));
    assert_eq!(options.qos, QoS::ExactlyOnce);

    let options = publish_with(&PUB, &[("MQTK_RETAIN", "off")]);
    assert!(!options.retain);
    let options = publish_with(&["-n"], &[("MQTK_TOPIC", "a\nb c\n")]);
    assert_eq!(options.topics, ["a", "b c"]);
    let options = publish_with(&PUB, &[("MQTK_USERNAME", "u"), ("MQTK_PASSWORD", "-p w")]);
    assert_eq!(options.client.password, Some(Secret(b"-p w".to_vec())));
    let options = publish_with(&PUB, &[("MQTK_PROPERTY", "publish user-property a b c")]);
    assert_eq!(options.client.version, Version::V5);
}

#[test]
fn a_layer_below_gives_way_to_what_would_contradict_it() {
    let payload = |variables| publish_with(&["a", "-m", "x"], variables).payload;
    assert_eq!(
        payload(&[("MQTK_STDIN_LINE", "1")]),
        PayloadFrom::Text("x".into())
    );
    let address = |args: &[&str], variables: &[(&str, &str)]| {
        let options = publish_with(&[&PUB[..], args].concat(), variables);
        options.client.target.address.to_string()
    };
    let set = [("MQTK_HOST", "env"), ("MQTK_PORT", "7")];
    assert_eq!(address(&["-L", "mqtt://url"], &set), "url:1883");
    assert_eq!(address(&["--unix", "/s"], &set), "/s");
    assert_eq!(
        address(&["-p", "8"], &[("MQTK_URL", "mqtt://env:9")]),
        "env:8"
    );
    let embedded = publish_with(&[&PUB[..], &["--embedded"]].concat(), &set);
    assert!(embedded.embedded);
    let topics = publish_with(&["a", "-n"], &[("MQTK_TOPIC", "b")]).topics;
    assert_eq!(topics, ["a"]);
    let password = publish_with(
        &[&PUB[..], &["-L", "mqtt://u:url@h"]].concat(),
        &[("MQTK_PASSWORD", "env"), ("MQTK_USERNAME", "env")],
    );
    assert_eq!(password.client.password, Some(Secret(b"url".to_vec())));
    assert_eq!(password.client.username.as_deref(), Some("u"));
}

#[test]
fn a_wrong_variable_is_named() {
    for (name, value, words) in [
        ("MQTK_PORT", "x", "MQTK_PORT: "),
        ("MQTK_RETAIN", "maybe", "--retain is on with 1"),
        ("MQTK_PROPERTY", "publish x y", "no property 'x'"),
    ] {
        let line = refused_with(&[&["pub"], &PUB[..]].concat(), &[(name, value)]);
        assert!(line.contains(name) && line.contains(words), "{line}");
    }
}

#[test]
fn a_file_gives_what_neither_command_line_nor_environment_gives() {
    let home = tempfile::tempdir().expect("a directory");
    let dir = home.path().join("mqtk");
    fs::create_dir(&dir).expect("created");
    let file = "# mine\n-h file\n--port 7\n-q 2\n--retain\n-t from file\n\
                -D publish user-property a b c\n--message not this\n";
    fs::write(dir.join("pub"), file).expect("written");
    let config = home.path().to_str().expect("UTF-8");

    let variables = [
        ("XDG_CONFIG_HOME", config),
        ("MQTK_PORT", "8"),
        ("MQTK_RETAIN", "0"),
    ];
    let options = publish_with(&["-q", "1", "-l"], &variables);
    assert_eq!(options.client.target.address, Address::tcp("file", 8));
    assert_eq!((options.qos, options.retain), (QoS::AtLeastOnce, false));
    assert_eq!(options.topics, ["from file"]);
    assert_eq!(options.payload, PayloadFrom::Lines);
    assert_eq!(options.client.version, Version::V5);

    let other = publish_with(&[&PUB[..], &["-o", "/dev/null"]].concat(), &variables[..1]);
    assert_eq!(other.client.target.address, Address::tcp("localhost", 1883));
}

#[test]
fn a_wrong_file_is_named_with_its_line() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let path = file.path().to_str().expect("UTF-8");
    for (content, words) in [
        ("-q 1\n-p x", ":2: invalid value 'x' for '--port"),
        ("--hots x", ":1: unexpected argument '--hots'"),
        ("--retain yes", ":1: this option takes no value"),
        ("-o other", ":1: an options file cannot name another"),
        ("--help", ":1: this option has no place here"),
        ("-p", ":1: a value is required"),
        ("host x", "line 1 does not begin with an option"),
    ] {
        fs::write(path, content).expect("written");
        let line = refused(&[&["pub", "-o", path], &PUB[..]].concat());
        assert!(line.contains(path) && line.contains(words), "{line}");
    }
    let line = refused(&["pub", "-o", "/nowhere/options", "a", "-n"]);
    assert!(line.contains("/nowhere/options"), "{line}");
}

#[test]
fn help_is_no_error() {
    for args in [
        &[][..],
        &["--help"],
        &["--version"],
        &["-V"],
        &["help"],
        &["help", "sub"],
        &["pub", "--help"],
        &["sub", "--version"],
        &["broker", "--help"],
        &["completions", "--help"],
    ] {
        match run(args, &[]) {
            Err(stop @ Stop::Shown(_)) => assert_eq!(stop.status(), ExitStatus::Done),
            other => panic!("{args:?}: {other:?}"),
        }
    }
}

#[test]
fn the_clap_commands_are_sound() {
    tree::all().debug_assert();
    for command in [tree::publish(), tree::subscribe(), tree::broker()] {
        command.debug_assert();
    }
}

#[test]
fn every_option_has_a_long_name_and_a_heading() {
    for command in [tree::publish(), tree::subscribe(), tree::broker()] {
        for option in command
            .get_arguments()
            .filter(|option| !option.is_positional())
        {
            assert!(option.get_long().is_some(), "{option}");
            assert!(option.get_help_heading().is_some(), "{option}");
            assert!(option.get_help().is_some(), "{option}");
        }
    }
}
