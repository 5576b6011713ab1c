//! Flags of `mqtk broker` about who may connect.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::listen_place::{Judge, ListenPlace};
use super::values;

/// Who may connect.
#[derive(Args)]
#[command(next_help_heading = "Access")]
pub(super) struct AccessFlags {
    /// Let in clients without authentication; by default only listeners on loopback, on Unix sockets
    /// and with --client-ca do, and only if no authentication is set up
    #[arg(long)]
    allow_anonymous: bool,

    /// File of users and password hashes, as mqtk passwd and mosquitto_passwd make it
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,

    /// Shell command to ask about each client, which it is told as JSON on its stdin
    ///
    /// The object has client_id, username, password (or password_base64), version, peer, listener
    /// and common_name (of a certificate). Exit status 0 lets the client in, 1 does not, and 2 says
    /// that the client is not known; the --password-file is asked first. With 0, it may also print
    /// an object with a result (allow, deny, wrong or pass), a username if it is to be another, an
    /// acl with rules for this client alone, as in an ACL file, and a reason for the log. Any other
    /// answer refuses the client, and so does none in time. At most 8 run at a time; the addresses
    /// that clients come from take turns.
    #[arg(long, value_name = "COMMAND")]
    auth_command: Option<String>,

    /// Seconds to wait for an answer of --auth-command
    #[arg(long, value_name = "SECS", default_value = "5", value_parser = values::positive_seconds)]
    auth_timeout: Duration,

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
    /// The command to ask, and how long to wait for its answer.
    pub command: Option<(String, Duration)>,
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
        if is_demanded(Judge::Command) && self.auth_command.is_none() {
            return Err(format!("{}: auth=command needs --auth-command", place.url));
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
            command: self
                .auth_command
                .clone()
                .filter(|_| is_asked(Judge::Command))
                .map(|command| (command, self.auth_timeout)),
            certificate_identity: has_certificate
                && (by_identity || is_demanded(Judge::Certificate)),
            anonymous: place.anonymous.or(self.allow_anonymous.then_some(true)),
        })
    }
}
