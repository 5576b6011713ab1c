//! `mqtk broker`, and the broker inside of `pub` and `sub`.

use std::io::{self, Write};
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::broker::{Broker, Config, serve};
use crate::cli::BrokerOptions;
use crate::client;
use crate::exit::ExitStatus;
use crate::transport::{Address, Target};

use super::event_log::report;
use super::failure::Failure;
use super::signals::Signals;
use super::talk::Talk;

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
///
/// It cannot listen.
pub(super) async fn run(options: BrokerOptions) -> Result<(), Failure> {
    let mut signals = Signals::new(true)?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| cannot_listen(options.listen, &error))?;
    let address = listener.local_addr().unwrap_or(options.listen);
    announce(address)?;
    let (talk, format) = (Talk::new(options.verbosity), options.log_format);
    let config = Config {
        capabilities: options.capabilities,
        limits: options.limits,
        log: Some(Box::new(move |event| report(talk, format, event))),
        ..Config::default()
    };
    serve(config, listener, signals.recv()).await;
    Ok(())
}

/// Starts a broker in this process, and makes the client connect to it.
///
/// # Errors
///
/// It cannot listen.
pub(super) fn embed(
    listen: Option<SocketAddr>,
    client: &mut client::Options,
    talk: &Talk,
) -> Result<Option<Broker>, Failure> {
    let Some(listen) = listen else {
        return Ok(None);
    };
    let broker = Broker::start(Config {
        listen,
        ..Config::default()
    })
    .map_err(|error| cannot_listen(listen, &error))?;
    talk.note(format_args!("broker listening on {}", broker.url()));
    let address = broker.addr();
    client.target = Target::new(Address::tcp(&address.ip().to_string(), address.port()));
    Ok(Some(broker))
}

/// Tells scripts where to connect.
fn announce(address: SocketAddr) -> Result<(), Failure> {
    match writeln!(io::stdout(), "mqtt://{address}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::io("cannot write to stdout", &error))
        }
        _ => Ok(()),
    }
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> Failure {
    let hint = match error.kind() {
        io::ErrorKind::AddrInUse => ": another broker runs there; -p chooses a port, 0 a free one",
        io::ErrorKind::PermissionDenied => ": ports below 1024 are the administrator's",
        _ => "",
    };
    Failure::new(
        ExitStatus::Failure,
        format!("cannot listen on {address}: {error}{hint}"),
    )
}
