//! What the broker says of its store.

use std::fs;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::mqtk;
use crate::support::mqtk_broker::MqtkBroker;

#[test]
fn a_file_that_is_made_smaller_is_reported() {
    let directory = TempDir::new().expect("a directory");
    let store = directory.path().join("store").display().to_string();
    let broker = MqtkBroker::start_with(&["--persist", &store, "--sync", "never"]);
    let retain = |topic: &str, payload: Vec<u8>| {
        mqtk(["pub", "-V", "5", "-q", "1", "-r", "-s", "-t", topic])
            .port(broker.port())
            .stdin(payload)
            .run()
            .expect_success();
    };
    let topics = ["a", "b", "c", "d", "e"];
    for topic in topics {
        retain(topic, vec![b'x'; 4 << 20]);
    }
    for topic in topics {
        retain(topic, Vec::new());
    }
    broker.await_log("the file of the store was made smaller");
    broker.stop(Signal::TERM).expect_code(0);
}

#[test]
fn a_store_that_cannot_be_opened_is_named_in_words() {
    let directory = TempDir::new().expect("a directory");
    let path = |name: &str| directory.path().join(name).display().to_string();
    fs::write(path("file"), "").expect("written");
    fs::create_dir(path("noise")).expect("made");
    fs::write(path("noise/broker.redb"), "no database").expect("written");
    for (store, why) in [
        ("file", "file: Not a directory"),
        ("file/below", "file/below: Not a directory"),
        ("noise", "noise/broker.redb is damaged ("),
    ] {
        let ended = mqtk(["broker", "-p", "0", "--persist", &path(store)]).run();
        let error = ended.expect_code(1).stderr;
        let begin = format!("error: --persist {}/{why}", directory.path().display());
        assert!(error.starts_with(&begin), "{error} is not {begin}");
        assert!(
            !error.contains("os error") && error.lines().count() == 1,
            "{error}"
        );
    }
}
