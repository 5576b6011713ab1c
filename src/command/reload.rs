//! SIGHUP: the broker reads its files again.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use signal_hook::flag;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::broker::{Authorizer, Changes, Control};
use crate::cli::{AclOptions, BrokerAccess};
use crate::transport::ServerTlsOptions;

use super::failure::Failure;
use super::log::Log;
use super::{access, acl_file};

/// Reads passwords, rules and certificates again whenever SIGHUP comes.
pub(super) struct Reload {
    hangup: Signal,
    /// There is a terminal, which sends SIGHUP when it is closed.
    has_terminal: bool,
    control: Control,
    files: Files,
    log: Arc<Log>,
}

/// What is read again.
pub(super) struct Files {
    pub access: Vec<BrokerAccess>,
    pub acl: Option<AclOptions>,
    pub tls: Option<ServerTlsOptions>,
}

impl Reload {
    /// Catches SIGHUP for the broker that `control` belongs to.
    ///
    /// # Errors
    ///
    /// The system has no handler to give.
    pub(super) fn new(control: Control, files: Files, log: Arc<Log>) -> Result<Self, Failure> {
        let kind = SignalKind::hangup();
        // A client that connects after the signal is to be judged by the new files, although it may take
        // a while to read them.
        let hangup = flag::register(kind.as_raw_value(), control.announcement())
            .and_then(|_registered| signal(kind))
            .map_err(|error| Failure::io("cannot catch signals", &error))?;
        Ok(Self {
            hangup,
            has_terminal: io::stderr().is_terminal(),
            control,
            files,
            log,
        })
    }

    /// Handles the signal until the terminal is closed in which the broker was started.
    pub(super) async fn keep(&mut self) {
        while self.hangup.recv().await.is_some() {
            if self.has_terminal && !io::stderr().is_terminal() {
                return;
            }
            let _hold = self.control.hold();
            if let Err(why) = self.reload().await {
                let text = format_args!("SIGHUP: nothing is changed: {why}");
                self.log.warn("not_reloaded", None, text);
            }
        }
    }

    /// Everything is read before anything is changed.
    async fn reload(&self) -> Result<(), String> {
        let authorizer = match &self.files.acl {
            Some(acl) => Some(Arc::new(acl_file::read(acl)?) as Arc<dyn Authorizer>),
            None => None,
        };
        let has_passwords = |access: &BrokerAccess| access.password_file.is_some();
        let access = match self.files.access.iter().any(has_passwords) {
            true => Some(access::build(&self.files.access, &self.log)),
            false => None,
        };
        let access = access.transpose().map_err(|failure| failure.message())?;
        if access.is_none() && authorizer.is_none() && self.files.tls.is_none() {
            self.log.note("SIGHUP: there is no file to read again");
            return Ok(());
        }
        let changes = Changes {
            access,
            authorizer,
            tls: self.files.tls.clone(),
        };
        let changed = self.control.change(changes).await;
        changed.map_err(|error| error.to_string())
    }
}
