//! Flags of `mqtk broker` about who may connect.

use std::path::PathBuf;

use clap::Args;

use super::listen_place::{Judge, ListenPlace};

/// Who may connect.
#[derive(Args)]
#[command(next_help_heading = "Access")]
pub(super) struct AccessFlags {
    /// Let in clients without authentication; else only listeners on loopback, on Unix sockets and
    /// with --client-ca do, and they only if no authentication is set up
    #[arg(long)]
    allow_anonymous: bool,

    /// File of users and password hashes, as mqtk passwd and mosquitto_passwd make it
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,

    /// With --client-ca: the Common Name of a client's certificate is its User Name, and nothing
    /// else is asked for
    #[arg(long, requires = "client_ca")]
    use_identity_as_username: bool,
}

/// Who may connect to a listener.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrokerAccess {
    /// Users and their passwords.
    pub password_file: Option<PathBuf>,
    /// Whether the Common Name of a client's certificate is its User Name.
    pub certificate_identity: bool,
    /// Whether clients without authentication may; `None`: by default.
    pub anonymous: Option<bool>,
}

impl AccessFlags {
    /// What holds at a listener; `demands_certificate`: if it has TLS, clients need a certificate.
    pub fn at(
        &self,
        place: &ListenPlace,
        demands_certificate: bool,
    ) -> Result<BrokerAccess, String> {
        let has_certificate = place.url.scheme.is_tls() && demands_certificate;
        let is_asked = |judge| match &place.auth {
            Some(judges) => judges.contains(&judge),
            None => true,
        };
        let is_demanded = |judge| place.auth.is_some() && is_asked(judge);
        if is_demanded(Judge::Password) && self.password_file.is_none() {
            return Err(format!(
                "{}: auth=password needs --password-file",
                place.url
            ));
        }
        if is_demanded(Judge::Certificate) && !has_certificate {
            return Err(format!(
                "{}: auth=certificate needs mqtts:// or wss://, and --client-ca",
                place.url
            ));
        }
        let by_identity = self.use_identity_as_username && is_asked(Judge::Certificate);
        Ok(BrokerAccess {
            password_file: self
                .password_file
                .clone()
                .filter(|_| is_asked(Judge::Password)),
            certificate_identity: has_certificate
                && (by_identity || is_demanded(Judge::Certificate)),
            anonymous: place.anonymous.or(self.allow_anonymous.then_some(true)),
        })
    }
}
