//! `load CASE port=PORT pid=PID [KEY=VALUE…]`: loads a broker with raw packets and prints what that
//! cost the broker's process. The same bytes for every broker, made as cheaply as can be.
//!
//! | case | keys | prints |
//! |---|---|---|
//! | `flow` | `publishers subscribers qos window messages version`, `filters`, `idle` | CPU µs a delivered message, messages a second, and KiB of user memory before, during and after it: with `settle=true` when that has stopped changing |
//! | `trips` | `messages version` | round trips a second at a window of 1, CPU µs for each |
//! | `connects` | `messages version concurrency pause` | CPU µs a connection, from accept to close |
//! | `hold` | `connections concurrency` | connections a second, opened from many addresses and held |
//! | `publish` | `connections qos window messages` | CPU µs of `load` itself a message, published over so many connections |
//! | `idle` | `connections transport cafile` | KiB of user memory a connection, and after they left |

mod broker;
mod client;
mod connects;
mod flow;
mod hold;
mod idle;
mod packets;
mod publish;
mod secure;

use std::collections::HashMap;
use std::env;
use std::fmt::Debug;
use std::str::FromStr;

/// The words of the command line.
pub struct Words(HashMap<String, String>);

impl Words {
    /// The value of a key, or what it is without one.
    pub fn get<T: FromStr<Err: Debug>>(&self, key: &str, default: T) -> T {
        match self.0.get(key) {
            Some(value) => value.parse().expect(key),
            None => default,
        }
    }
}

fn main() {
    let mut words = env::args().skip(1);
    let case = words.next().expect("a case");
    let pairs = words.map(|word| {
        let (key, value) = word.split_once('=').expect("KEY=VALUE");
        (key.to_owned(), value.to_owned())
    });
    let words = Words(pairs.collect());
    match case.as_str() {
        "flow" => flow::run(&words),
        "trips" => flow::round_trips(&words),
        "connects" => connects::run(&words),
        "hold" => hold::run(&words),
        "publish" => publish::run(&words),
        "idle" => idle::run(&words),
        _ => panic!("no such case: {case}"),
    }
}
