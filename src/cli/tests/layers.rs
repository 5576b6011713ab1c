//! Command line over environment over options file.

use std::fs;

use super::*;
use crate::client::Secret;
use crate::codec::{QoS, Version};
use crate::transport::Address;

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
    let pairs = options.properties.as_properties().user_properties();
    assert!(pairs.eq([("a", "b c")]));
}

#[test]
fn a_layer_below_gives_way_to_what_would_contradict_it() {
    let payload = |variables| publish_with(&["a", "-m", "x"], variables).payload;
    assert_eq!(
        payload(&[("MQTK_STDIN_LINE", "1")]),
        PayloadFrom::Text(b"x".to_vec())
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
    assert_eq!(address(&["-S", "-h", "x"], &set), "x (SRV)");
    assert_eq!(address(&["-h", "x"], &[("MQTK_SRV", "1")]), "x (SRV)");
    assert_eq!(address(&["-p", "8"], &[("MQTK_SRV", "1")]), "localhost:8");
    let embedded = publish_with(&[&PUB[..], &["--embedded"]].concat(), &set);
    assert!(embedded.embedded.is_some());
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

    let url = [variables[0], ("MQTK_URL", "mqtt://env/said")];
    let options = publish_with(&["-l"], &url);
    assert_eq!(options.client.target.address, Address::tcp("env", 1883));
    assert_eq!(options.topics, ["said"]);

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
