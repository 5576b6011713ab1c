//! What the specifications demand of a Server, byte by byte over a socket; each test carries the
//! identifier of its statement (`v3_1_1` where that version's number differs).

mod abuse;
mod answers;
mod authentication;
mod authorizing;
mod capabilities;
mod client;
mod closing;
mod connecting;
mod enhanced_authentication;
mod limits;
mod malformed_connects;
mod malformed_requests;
mod packets;
mod publishing;
mod quotas;
mod releasing;
mod retained;
mod sending_away;
mod sessions;
mod shared;
mod slow_subscribers;
mod statements;
mod subscribing;
mod wills;

use mqtk::broker::{Broker, Config};

use client::Client;
use packets::{Connect, suback, subscribe};

fn broker() -> Broker {
    Broker::start(Config::default()).expect("the broker starts")
}

/// A connected client with a subscription.
fn subscriber(broker: &Broker, version: u8, client_id: &str, filter: &str, options: u8) -> Client {
    let mut client = Client::connect(broker, &Connect::new(version, client_id));
    client.send(&subscribe(version, 1, &[(filter, options)]));
    client.expect(&suback(version, 1, &[options & 3]));
    client
}
