//! The configuration file of the broker.

use std::fs;

use clap::{Arg, ArgAction};
use tempfile::NamedTempFile;

use super::*;
use crate::broker::{FaultRule, Limits};
use crate::codec::Version;

/// A file with this content, and its path.
fn file(content: &str) -> (NamedTempFile, String) {
    let file = NamedTempFile::new().expect("a file");
    fs::write(file.path(), content).expect("written");
    let path = file.path().to_str().expect("UTF-8").to_owned();
    (file, path)
}

#[track_caller]
fn configured(content: &str, args: &[&str]) -> BrokerOptions {
    let (_file, path) = file(content);
    broker(&[&["--config", &path], args].concat())
}

/// Values of which every option with a value takes one.
const SAMPLES: [&str; 13] = [
    "batch",
    "1",
    "5",
    "true",
    "10",
    "text",
    "unix",
    "/some/file",
    "127.0.0.1",
    "mqtt://127.0.0.1:1883",
    "10.0.0.0/8",
    "127.0.0.1:9000",
    "drop probability=0.1 packet=PUBLISH",
];

/// The options that may stand in the file.
fn options() -> Vec<Arg> {
    let is_about_files = |name: &str| matches!(name, "config" | "options-file");
    let command = tree::broker();
    let options = command.get_arguments().filter(|option| {
        crate::cli::layers::has_variable(option) && !option.get_long().is_some_and(is_about_files)
    });
    options.cloned().collect()
}

#[test]
fn every_option_may_stand_in_the_file() {
    for option in options() {
        let long = option.get_long().expect("a long name");
        let (content, arg) = match option.get_action() {
            ArgAction::SetTrue => (format!("{long} = true"), format!("--{long}")),
            _ => {
                let takes = |sample: &&&str| {
                    let attempt = ["mqtk".to_owned(), format!("--{long}={sample}")];
                    let error = tree::broker().try_get_matches_from(attempt).err();
                    error.is_none_or(|error| {
                        error.kind() == clap::error::ErrorKind::MissingRequiredArgument
                    })
                };
                let sample = SAMPLES.iter().find(takes);
                let sample = sample.unwrap_or_else(|| panic!("no sample is good for --{long}"));
                (format!("{long} = '{sample}'"), format!("--{long}={sample}"))
            }
        };
        let entries = crate::cli::config_file::parse(&content, &tree::broker())
            .unwrap_or_else(|error| panic!("{content}: {error:?}"));
        let args: Vec<_> = entries.iter().flat_map(|entry| &entry.args).collect();
        assert_eq!(args, [&*arg], "{content}");

        // In the table of its heading too.
        let heading = option.get_help_heading().unwrap_or_default();
        let table = heading.split(' ').next().unwrap_or_default().to_lowercase();
        let content = format!("[{table}]\n{content}");
        let in_table = crate::cli::config_file::parse(&content, &tree::broker());
        assert_eq!(
            in_table.expect("a table")[0].args,
            entries[0].args,
            "{content}"
        );
    }
}

#[test]
fn the_file_says_what_the_command_line_would() {
    let options = configured(
        "listen = ['mqtt://127.0.0.1:0', \"unix:///tmp/x\"] # two\n\
         protocol-versions = ['311', 5]\n\
         verbose = true\n\
         quiet = false\n\
         [announce]\n\
         retain-available = false\n\
         max-session-expiry = -1\n\
         [limits]\n\
         connect-timeout = 0.5\n\
         max-connections = 1_000\n",
        &[],
    );
    let limits = Limits {
        connect_timeout: std::time::Duration::from_millis(500),
        max_connections: 1000,
        ..Limits::default()
    };
    assert_eq!(options.limits, limits);
    assert_eq!(options.listen.len(), 2);
    let versions = [Version::V3_1_1, Version::V5];
    assert_eq!(options.capabilities.versions, versions);
    assert!(!options.capabilities.retain_available);
    assert_eq!(options.verbosity, Verbosity::Debug);
}

#[test]
fn every_other_layer_overrides_the_file() {
    let (_file, path) = file("max-connections = 1\nmax-sessions = 1\nmax-inflight = 1\n");
    let (_other, options) = file("--max-inflight 3\n");
    let broker = broker_with(
        &["--max-connections=2", "-o", &options],
        &[
            ("MQTK_BROKER_CONFIG", &path),
            ("MQTK_BROKER_MAX_SESSIONS", "2"),
        ],
    );
    let limits = &broker.limits;
    assert_eq!((limits.max_connections, limits.max_sessions), (2, 2));
    assert_eq!(limits.max_inflight, 3);
    let listen = configured(
        "listen = ['unix:///tmp/x']",
        &["--listen", "mqtt://[::1]:1"],
    )
    .listen;
    assert_eq!(listen.len(), 1);
    assert_eq!(listen[0].to_string(), "mqtt://[::1]:1");
    assert_eq!(
        configured("verbose = true", &["--quiet"]).verbosity,
        Verbosity::Quiet
    );
}

#[test]
fn a_wrong_file_is_named_with_line_and_key() {
    for (content, words) in [
        (
            "\nmax-conections = 1",
            ":2: unknown key 'max-conections'; a similar key exists: 'max-connections'",
        ),
        ("x = 1", ":1: unknown key 'x'"),
        (
            "[limmits]\nmax-connections = 1",
            ":1: unknown table 'limmits'",
        ),
        (
            "[announce]\nmax-connections = 1",
            ":2: 'max-connections' does not belong to [announce] but to [limits]",
        ),
        ("maximum-qos = 3", ":1: maximum-qos: invalid value '3'"),
        (
            "receive-maximum = 0",
            ":1: receive-maximum: invalid value '0': a number from 1 to 65535 is wanted",
        ),
        (
            "connect-timeout = 'x'",
            ":1: connect-timeout: invalid value 'x': a time is a number",
        ),
        (
            "#\nport = [1]",
            ":2: port: one value is expected, not a list",
        ),
        (
            "port = 1979-05-27",
            ":1: port: a string, a number, true or false is expected",
        ),
        ("listen = [['x']]", ":1: listen: a string, a number"),
        ("verbose = 1", ":1: verbose: true or false is expected"),
        ("config = 'x'", ":1: 'config' has no place"),
        ("help = true", ":1: 'help' has no place"),
        ("port = 1\nport = 2", ":2: duplicate key"),
        ("port 1", ":1: "),
        (
            "[[fault]]\nclient = 'a'",
            ":1: fault: action = \"delay\" or another is expected",
        ),
        (
            "[[fault]]\naction = 'drop'\n[[fault]]\naction = 'drop'\n\nprobability = 2",
            ":6: fault: probability: a probability is a number from 0 to 1",
        ),
        (
            "[[fault]]\naction = 'drop'\nby = '1s'",
            ":3: fault: by: drop knows client, topic",
        ),
        (
            "\n[[fault]]\naction = 'delay'",
            ":2: fault: delay how long?",
        ),
        (
            "fault = ['drop', { action = 'explode' }]",
            ":1: fault: action: a fault begins with what happens",
        ),
        (
            "[[fault]]\nclient = 'a'\naction = 'explode'",
            ":3: fault: action: a fault begins with what happens",
        ),
        (
            "[[limits.fault]]\naction = 'drop'",
            ":1: 'fault' does not belong to [limits] but to [faults]",
        ),
        ("[[listen]]\nurl = 'x'", ":1: listen: a string, a number"),
        ("verbose = true\nquiet = true", "cannot be used with"),
    ] {
        let (_file, path) = file(content);
        let line = refused(&["broker", "--config", &path]);
        assert!(line.contains(words), "{content:?}: {line}");
        assert!(line.contains(&path) || content.contains("quiet"), "{line}");
    }
    let line = refused(&["broker", "--config", "/nowhere/broker.toml"]);
    assert!(
        line.contains("cannot read the configuration file /nowhere/broker.toml"),
        "{line}"
    );
}

#[test]
fn fault_rules_may_be_tables() {
    let content = "
        fault = ['drop times=1', { action = 'close', after = 100 }]
        fault-seed = 7
    ";
    let inline = configured(content, &[]).faults;
    let rules: Vec<_> = inline.rules.iter().map(ToString::to_string).collect();
    assert_eq!(rules, ["drop times=1", "close after=100"]);
    assert_eq!(inline.seed, Some(7));

    let content = "
        [[fault]]
        action = 'delay'
        by = '200ms'
        jitter = '50ms'
        packet = ['PUBLISH', 'PUBACK']

        [[fault]]
        topic = 'my room/#'
        action = 'refuse'
        code = 0x97
        probability = 0.5
    ";
    let said = [
        "--fault=delay by=200ms jitter=50ms packet=PUBLISH,PUBACK",
        "--fault=refuse 'topic=my room/#' code=0x97 probability=0.5",
    ];
    let tables = configured(content, &[]).faults;
    for (table, said) in tables.rules.iter().zip(broker(&said).faults.rules) {
        let alike = |rule: &FaultRule| rule.to_string().replace("0x97", "151");
        assert_eq!(alike(table), alike(&said));
    }
    assert_eq!(tables.rules.len(), said.len());
}
