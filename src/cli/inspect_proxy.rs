//! Flags of `mqtk inspect` for looking at traffic as it goes through.

use std::path::PathBuf;

use clap::Args;

use super::listen_tls::{BrokerTls, ListenTlsFlags};
use super::values;
use crate::transport::{ListenUrl, Target, TlsOptions, Url, UrlError};

/// Where clients connect, and where they are passed on to.
#[derive(Args)]
#[command(next_help_heading = "Proxy")]
pub(super) struct ProxyFlags {
    /// Stand between clients and a broker: listen at mqtt://, mqtts://, ws:// or
    /// wss://ADDRESS[:PORT], or at unix://PATH; may be repeated
    ///
    /// What comes goes on to --to, unchanged and without delay, whatever it is; what it says is
    /// shown as it goes by. Ctrl-C ends it.
    #[arg(long, value_name = "URL", value_parser = listen_url, requires = "to", conflicts_with = "input")]
    pub listen: Vec<ListenUrl>,

    /// The broker that --listen passes on to: mqtt(s)|ws(s)://host[:port], or unix:///path
    #[arg(long, value_name = "URL", requires = "listen")]
    pub to: Option<Url>,

    /// Record what goes through, as plain MQTT, for Wireshark and for mqtk inspect
    ///
    /// Passwords that go through are in it: only its owner can read the file.
    #[arg(long, value_name = "FILE.pcapng", requires = "listen")]
    pub record: Option<PathBuf>,

    /// File of CA certificates to trust (PEM), for --to with TLS [default: those of the system]
    #[arg(long, value_name = "FILE", requires = "to")]
    pub cafile: Option<PathBuf>,

    /// Accept any certificate of the broker of --to
    #[arg(long, requires = "to")]
    pub insecure: bool,

    /// Client certificate with its chain (PEM), for --to; its key may stand in the same file
    #[arg(long, value_name = "FILE", requires = "to")]
    pub to_cert: Option<PathBuf>,

    /// Private key of --to-cert (PEM)
    #[arg(long, value_name = "FILE", requires = "to_cert")]
    pub to_key: Option<PathBuf>,

    /// Protocol to offer to --to by ALPN; may be repeated
    #[arg(long, value_name = "PROTOCOL", requires = "to")]
    pub tls_alpn: Vec<String>,

    /// Header of the WebSocket request to --to; may be repeated
    #[arg(long, value_name = "NAME: VALUE", value_parser = values::header, requires = "to")]
    pub ws_header: Vec<(String, String)>,

    #[command(flatten)]
    pub tls: ListenTlsFlags,
}

/// What `mqtk inspect --listen` is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyOptions {
    /// Where to listen; at least one place.
    pub listen: Vec<ListenUrl>,
    /// The certificates, if a place to listen at needs one.
    pub tls: Option<BrokerTls>,
    /// The broker.
    pub to: Target,
    /// Where to record.
    pub record: Option<PathBuf>,
}

impl ProxyFlags {
    /// The proxy, if there is to be one.
    pub fn options(self) -> Result<Option<ProxyOptions>, String> {
        let tls = self.tls.options(&self.listen)?;
        let Some(url) = self.to else {
            return Ok(None);
        };
        if url.user.is_some() || url.topic.is_some() {
            return Err(
                "--to: a proxy adds nothing to what clients send: leave user, password and topic \
                 out of the URL"
                    .into(),
            );
        }
        let mut to = url.target();
        match &mut to.tls {
            Some(tls) => {
                *tls = TlsOptions {
                    cafile: self.cafile,
                    insecure: self.insecure,
                    cert: self.to_cert,
                    key: self.to_key,
                    alpn: self.tls_alpn,
                    ..TlsOptions::default()
                };
            }
            None => {
                let given = [
                    ("--cafile", self.cafile.is_some()),
                    ("--insecure", self.insecure),
                    ("--to-cert", self.to_cert.is_some()),
                    ("--tls-alpn", !self.tls_alpn.is_empty()),
                ];
                if let Some((flag, _)) = given.into_iter().find(|(_, given)| *given) {
                    return Err(format!(
                        "{flag} is for TLS: give --to as mqtts:// or wss://"
                    ));
                }
            }
        }
        match &mut to.websocket {
            Some(websocket) => websocket.headers = self.ws_header,
            None if self.ws_header.is_empty() => {}
            None => return Err("--ws-header: give --to as ws:// or wss://".into()),
        }
        Ok(Some(ProxyOptions {
            listen: self.listen,
            tls,
            to,
            record: self.record,
        }))
    }
}

fn listen_url(text: &str) -> Result<ListenUrl, UrlError> {
    text.parse()
}
