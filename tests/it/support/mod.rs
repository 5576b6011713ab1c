//! What the tests stand on: programs with deadlines, brokers, scripted peers, proxies.

pub mod broker;
pub mod certificates;
mod collected;
pub mod cutting_proxy;
pub mod deliveries;
pub mod finished;
pub mod mosquitto;
pub mod mqtk_broker;
pub mod ports;
pub mod process;
pub mod raw_server;
pub mod socks;
pub mod websocket;
pub mod wire;

pub use deliveries::{assert_same_lines, numbered_lines};
pub use mosquitto::Mosquitto;
pub use process::{mosquitto_pub, mosquitto_sub, mqtk, shell};
pub use raw_server::RawServer;

/// What a run of the tests seeds its random choices with: the same each time, unless
/// `MQTK_TEST_SEED` says otherwise.
pub fn seed() -> u64 {
    let seed = std::env::var("MQTK_TEST_SEED")
        .map_or(1, |seed| seed.parse().expect("MQTK_TEST_SEED is a number"));
    println!("to repeat: MQTK_TEST_SEED={seed}");
    seed
}
