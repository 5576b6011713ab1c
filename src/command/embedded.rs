//! The broker inside of `mqtk pub --embedded` and `mqtk sub --embedded`.

use std::net::SocketAddr;

use crate::broker::{Broker, Config};
use crate::client;
use crate::exit::ExitStatus;
use crate::transport::{Address, Target};

use super::failure::Failure;
use super::talk::Talk;

/// Starts a broker in this process, if there is a place to `listen` at, and makes the client connect to
/// it. The broker runs until it is dropped.
///
/// # Errors
///
/// It cannot listen.
pub(super) fn start(
    listen: Option<SocketAddr>,
    client: &mut client::Options,
    talk: &Talk,
) -> Result<Option<Broker>, Failure> {
    let Some(listen) = listen else {
        return Ok(None);
    };
    let broker = Broker::start(Config {
        listen: vec![listen.into()],
        ..Config::default()
    })
    .map_err(|error| Failure::new(ExitStatus::Failure, error.to_string()))?;
    talk.note(format_args!("broker listening on {}", broker.url()));
    let address = broker.addr();
    client.target = Target::new(Address::tcp(&address.ip().to_string(), address.port()));
    Ok(Some(broker))
}
