//! Flags for TLS, for WebSocket and for the proxy.

use std::path::PathBuf;

use clap::Args;

use super::values;
use crate::transport::{Proxy, TlsOptions, TlsVersion, WebSocketOptions};

/// How to trust the broker, and how to be trusted.
#[derive(Args)]
#[command(next_help_heading = "TLS")]
pub(super) struct TlsFlags {
    /// File of CA certificates to trust (PEM); turns TLS on
    #[arg(long, value_name = "FILE")]
    pub cafile: Option<PathBuf>,

    /// Directory of CA certificates to trust (PEM); turns TLS on
    #[arg(long, value_name = "DIR")]
    pub capath: Option<PathBuf>,

    /// Trust the CA certificates of the system, as is the default; turns TLS on
    #[arg(long)]
    pub tls_use_os_certs: bool,

    /// Client certificate with its chain (PEM); its key may stand in the same file
    #[arg(long, value_name = "FILE")]
    pub cert: Option<PathBuf>,

    /// Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,

    /// Form of the private key: pem
    #[arg(long, value_name = "FORM", hide = true)]
    pub keyform: Option<String>,

    /// File of certificate revocation lists (PEM)
    #[arg(long, value_name = "FILE")]
    pub crlfile: Option<PathBuf>,

    /// Accept any certificate: anyone on the way can then read and change the traffic
    #[arg(long)]
    pub insecure: bool,

    /// Protocol to offer by ALPN; may be repeated
    #[arg(long, value_name = "PROTOCOL")]
    pub tls_alpn: Vec<String>,

    /// The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]
    #[arg(long, value_name = "VERSION", value_parser = values::tls_version(),
          hide_possible_values = true)]
    pub tls_version: Option<TlsVersion>,

    /// Cipher suites to offer, by their names in rustls, with commas between
    #[arg(long, value_name = "NAMES")]
    pub ciphers: Option<String>,

    /// Append the session secrets to this file, for Wireshark
    #[arg(long, value_name = "FILE")]
    pub tls_keylog: Option<PathBuf>,

    /// No TLS, whatever the other options say
    #[arg(long)]
    pub no_tls: bool,

    /// Refused: rustls has no PSK cipher suites
    #[arg(long, value_name = "KEY", hide = true)]
    pub psk: Option<String>,

    /// Refused: rustls has no PSK cipher suites
    #[arg(long, value_name = "IDENTITY", hide = true)]
    pub psk_identity: Option<String>,

    /// Refused: rustls has no engines
    #[arg(long, value_name = "ENGINE", hide = true)]
    pub tls_engine: Option<String>,

    /// Refused: rustls has no engines
    #[arg(long, value_name = "SHA1", hide = true)]
    pub tls_engine_kpass_sha1: Option<String>,
}

/// What lies between the client and the broker.
#[derive(Args)]
#[command(next_help_heading = "WebSocket and proxy")]
pub(super) struct TunnelFlags {
    /// Speak MQTT over WebSocket
    #[arg(long, conflicts_with = "unix")]
    pub ws: bool,

    /// Path of the WebSocket request (implies --ws) [default: /mqtt]
    #[arg(long, value_name = "PATH")]
    pub ws_path: Option<String>,

    /// Header of the WebSocket request (implies --ws); may be repeated
    #[arg(long, value_name = "NAME: VALUE", value_parser = values::header)]
    pub ws_header: Vec<(String, String)>,

    /// SOCKS5 proxy: socks5h://[user[:password]@]host[:port]
    #[arg(long, value_name = "URL", conflicts_with = "unix")]
    pub proxy: Option<Proxy>,
}

impl TlsFlags {
    /// TLS options, if TLS was asked for by a flag or `by_others`.
    pub fn options(&self, by_others: bool) -> Result<Option<TlsOptions>, String> {
        if self.psk.is_some() || self.psk_identity.is_some() {
            return Err(
                "--psk: rustls has no PSK cipher suites; use certificates (--cafile)".into(),
            );
        }
        if self.tls_engine.is_some()
            || self.tls_engine_kpass_sha1.is_some()
            || self.keyform.as_ref().is_some_and(|form| form != "pem")
        {
            return Err("rustls has no engines: give the private key as a PEM file (--key)".into());
        }
        if self.key.is_some() && self.cert.is_none() {
            return Err("--key needs the certificate it belongs to: --cert".into());
        }
        let asked = self.cafile.is_some() || self.capath.is_some() || self.tls_use_os_certs;
        if self.no_tls {
            return Ok(None);
        }
        if !(asked || by_others) {
            // Without it, what was meant to be secret would go out in the clear.
            return match self.needs_tls() {
                Some(option) => Err(format!(
                    "{option} is for TLS: add --tls-use-os-certs, --cafile or --capath, \
                     or give the URL of the broker as mqtts://"
                )),
                None => Ok(None),
            };
        }
        Ok(Some(TlsOptions {
            no_resumption: false,
            cafile: self.cafile.clone(),
            capath: self.capath.clone(),
            system_roots: self.tls_use_os_certs,
            cert: self.cert.clone(),
            key: self.key.clone(),
            insecure: self.insecure,
            alpn: self.tls_alpn.clone(),
            version: self.tls_version,
            keylog: self.tls_keylog.clone(),
            crlfile: self.crlfile.clone(),
            ciphers: self.ciphers.clone(),
        }))
    }
}

impl TlsFlags {
    /// An option that means nothing without TLS, and does not turn it on.
    fn needs_tls(&self) -> Option<&'static str> {
        [
            ("--cert", self.cert.is_some()),
            ("--crlfile", self.crlfile.is_some()),
            ("--insecure", self.insecure),
            ("--tls-alpn", !self.tls_alpn.is_empty()),
            ("--tls-version", self.tls_version.is_some()),
            ("--ciphers", self.ciphers.is_some()),
            ("--tls-keylog", self.tls_keylog.is_some()),
        ]
        .into_iter()
        .find_map(|(option, given)| given.then_some(option))
    }
}

impl TunnelFlags {
    /// WebSocket options, if a flag or the URL (which may give the path) asks for WebSocket.
    pub fn options(&self, from_url: Option<WebSocketOptions>) -> Option<WebSocketOptions> {
        let asked = self.ws || self.ws_path.is_some() || !self.ws_header.is_empty();
        let mut options = match from_url {
            None if !asked => return None,
            options => options.unwrap_or_default(),
        };
        if let Some(path) = &self.ws_path {
            options.path = if path.starts_with('/') {
                path.clone()
            } else {
                format!("/{path}")
            };
        }
        options.headers.extend(self.ws_header.iter().cloned());
        Some(options)
    }
}
