//! What the flags say about listening, and why that fails.

use std::env;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::cli::BrokerTls;
use crate::exit::ExitStatus;
use crate::metrics::MetricsListener;
use crate::transport::{ListenError, ServerTlsOptions};

use super::failure::Failure;

/// The files that the flags name, and where the CA of `--self-signed` is kept.
pub(super) fn tls(options: BrokerTls) -> Result<ServerTlsOptions, Failure> {
    let self_signed = match options.self_signed {
        true => Some(self_signed_directory()?),
        false => None,
    };
    Ok(ServerTlsOptions {
        identities: options.identities,
        self_signed,
        client_ca: options.client_ca,
        crlfile: options.crlfile,
    })
}

/// Where the CA of `--self-signed` is kept.
pub(super) fn self_signed_directory() -> Result<PathBuf, Failure> {
    Ok(state_directory()?.join("mqtk").join("self-signed"))
}

/// `$XDG_STATE_HOME`, or `$HOME/.local/state`.
fn state_directory() -> Result<PathBuf, Failure> {
    let directory = |name| env::var_os(name).filter(|value| !value.is_empty());
    directory("XDG_STATE_HOME")
        .map(PathBuf::from)
        .or_else(|| directory("HOME").map(|home| PathBuf::from(home).join(".local/state")))
        .ok_or_else(|| {
            Failure::new(
                ExitStatus::Usage,
                "--self-signed has no place for its CA: set HOME or XDG_STATE_HOME",
            )
        })
}

/// A place where metrics are served.
pub(super) fn metrics(address: SocketAddr) -> Result<MetricsListener, Failure> {
    MetricsListener::bind(address).map_err(|error| {
        let what = format!("cannot serve metrics at {address}");
        Failure::io(&what, &error)
    })
}

/// Why nothing listens: wrong options, or an address that cannot be had.
pub(super) fn failure(error: &ListenError) -> Failure {
    let status = match error {
        ListenError::Options(_) => ExitStatus::Usage,
        _ => ExitStatus::Failure,
    };
    Failure::new(status, error.to_string())
}
