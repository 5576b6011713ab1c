//! What a command line may say, and what comes of it.

use std::time::Duration;

use super::*;
use crate::client::Secret;
use crate::codec::{QoS, RetainHandling};
use crate::exit::ExitStatus;

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
        "--cafile x --ciphers TLS13_AES_128_GCM_SHA256",
        "--cafile x --insecure",
        "--cafile x --tls-alpn mqtt",
        "--cafile x --tls-version tlsv1.2",
        "--cafile x --tls-keylog x",
        "--no-tls --insecure",
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
fn a_value_may_begin_with_a_hyphen() {
    let options = publish(&["-t", "-a", "-m", "-1", "-u", "--me", "-P", "-D"]);
    assert_eq!(options.topics, ["-a"]);
    assert_eq!(options.payload, PayloadFrom::Text(b"-1".to_vec()));
    assert_eq!(options.client.username.as_deref(), Some("--me"));
    assert_eq!(options.client.password, Some(Secret(b"-D".to_vec())));
}

#[test]
fn of_a_repeated_option_the_last_counts() {
    let options = publish(&["a", "-n", "-q", "1", "-q", "2", "-r", "-r"]);
    assert_eq!((options.qos, options.retain), (QoS::ExactlyOnce, true));
}

#[cfg(unix)]
#[test]
fn a_payload_need_not_be_text() {
    use std::os::unix::ffi::OsStringExt;

    let latin1 = OsString::from_vec(vec![0xE9]);
    let args = ["mqtk", "pub", "a", "--will-topic", "w", "-m"].map(OsString::from);
    let will = [OsString::from("--will-payload"), latin1.clone()];
    let args = args.into_iter().chain([latin1]).chain(will);
    let Ok(Command::Pub(options)) = parse(args, &Environment::default()) else {
        panic!("a payload is bytes");
    };
    assert_eq!(options.payload, PayloadFrom::Text(vec![0xE9]));
    assert_eq!(options.client.will.expect("a will").payload, [0xE9]);
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
        Ok(Command::Broker(options)) => *options,
        other => panic!("{other:?}"),
    };
    assert_eq!(broker(&[]), BrokerOptions::default());
    for (args, urls) in [
        (&["--port", "0"][..], &["mqtt://127.0.0.1:0"][..]),
        (&["-b", "::", "-v"], &["mqtt://[::]:1883"]),
        (&["--listen", "unix:///a/b"], &["unix:///a/b"]),
        (
            &[
                "--listen",
                "ws://[::1]:80",
                "-p",
                "1",
                "--listen",
                "unix://a",
            ],
            &["mqtt://127.0.0.1:1", "ws://[::1]:80", "unix://a"],
        ),
    ] {
        let listen = broker(args).listen;
        assert_eq!(
            listen.iter().map(ToString::to_string).collect::<Vec<_>>(),
            urls
        );
    }
    assert_eq!(broker(&["-b", "::", "-v"]).verbosity, Verbosity::Debug);
}

#[test]
fn help_is_no_error() {
    for args in [
        &[][..],
        &["--help"],
        &["--version"],
        &["-V"],
        &["-h"],
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
