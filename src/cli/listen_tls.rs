//! Flags of `mqtk broker` for listeners with TLS.

use std::path::PathBuf;

use clap::Args;

use crate::transport::{IdentityFiles, ListenUrl};

/// Who the broker is to its clients, and whom it lets in; so too for the proxy of `mqtk inspect`.
#[derive(Args)]
#[command(next_help_heading = "TLS (mqtts and wss)")]
pub(super) struct ListenTlsFlags {
    /// Certificate to show to clients, with its chain (PEM); its key may stand in the same file;
    /// may be repeated, for several host names: without a known one the first is used
    #[arg(long, value_name = "FILE")]
    pub cert: Vec<PathBuf>,

    /// Private key of the certificate (PEM: PKCS#1, PKCS#8 or SEC1); for several certificates one
    /// each, in their order
    #[arg(long, value_name = "FILE")]
    pub key: Vec<PathBuf>,

    /// OCSP response for the certificate (DER), for clients that ask for it; for several
    /// certificates one each, in their order
    #[arg(long, value_name = "FILE")]
    pub ocsp_staple: Vec<PathBuf>,

    /// Issue a certificate for this machine by a CA of its own, which is made once and kept under
    /// $XDG_STATE_HOME or ~/.local/state; the --cafile for clients goes to stderr
    #[arg(long)]
    pub self_signed: bool,

    /// Let in only clients with a certificate by one of the CAs in this file (PEM)
    #[arg(long, value_name = "FILE")]
    pub client_ca: Option<PathBuf>,

    /// File of revocation lists (PEM), one for each CA of --client-ca that issues certificates
    #[arg(long, value_name = "FILE", requires = "client_ca")]
    pub crlfile: Option<PathBuf>,
}

/// The certificates of `mqtk broker`, and those it asks of clients.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrokerTls {
    /// Certificates with their keys; there are some, or `self_signed` is set.
    pub identities: Vec<IdentityFiles>,
    /// Whether to issue one by an own CA.
    pub self_signed: bool,
    /// CA certificates of clients.
    pub client_ca: Option<PathBuf>,
    /// Revocation lists for these.
    pub crlfile: Option<PathBuf>,
}

impl ListenTlsFlags {
    /// What the listeners with TLS need, if there are any.
    pub fn options(self, listen: &[ListenUrl]) -> Result<Option<BrokerTls>, String> {
        let Some(secure) = listen.iter().find(|url| url.scheme.is_tls()) else {
            return match self.given() {
                Some(option) => Err(format!(
                    "{option} is for TLS: add --listen mqtts://ADDRESS or wss://ADDRESS"
                )),
                None => Ok(None),
            };
        };
        if self.cert.is_empty() && !self.key.is_empty() {
            return Err("--key needs the certificate it belongs to: --cert".into());
        }
        if self.cert.is_empty() && !self.self_signed {
            return Err(format!(
                "--listen {secure} needs a certificate: --cert and --key, or --self-signed"
            ));
        }
        if !self.key.is_empty() && self.key.len() != self.cert.len() {
            return Err(format!(
                "there are {} --cert and {} --key: give one key for each certificate, \
                 or put the keys into the files of the certificates",
                self.cert.len(),
                self.key.len()
            ));
        }
        if !self.ocsp_staple.is_empty() && self.ocsp_staple.len() != self.cert.len() {
            return Err(format!(
                "there are {} --cert and {} --ocsp-staple: give one response for each certificate",
                self.cert.len(),
                self.ocsp_staple.len()
            ));
        }
        let mut keys = self.key.into_iter();
        let mut responses = self.ocsp_staple.into_iter();
        let identities = self.cert.into_iter().map(|cert| IdentityFiles {
            cert,
            key: keys.next(),
            ocsp: responses.next(),
        });
        Ok(Some(BrokerTls {
            identities: identities.collect(),
            self_signed: self.self_signed,
            client_ca: self.client_ca,
            crlfile: self.crlfile,
        }))
    }

    /// An option that means nothing without TLS.
    fn given(&self) -> Option<&'static str> {
        [
            ("--cert", !self.cert.is_empty()),
            ("--key", !self.key.is_empty()),
            ("--ocsp-staple", !self.ocsp_staple.is_empty()),
            ("--self-signed", self.self_signed),
            ("--client-ca", self.client_ca.is_some()),
            ("--crlfile", self.crlfile.is_some()),
        ]
        .into_iter()
        .find_map(|(option, given)| given.then_some(option))
    }
}
