//! Why a command failed: a line for stderr and the exit status that goes with it.

use std::fmt::Display;
use std::io;

use crate::client::Error;
use crate::exit::ExitStatus;
use crate::transport::plain_io;

/// Why a command failed.
#[derive(Debug)]
pub(super) struct Failure {
    /// The exit status.
    pub(super) status: ExitStatus,
    /// What failed, where, and what to do; `None` if the user has been told.
    cause: Option<anyhow::Error>,
}

impl Failure {
    pub(super) fn new(status: ExitStatus, message: impl Into<String>) -> Failure {
        Failure {
            status,
            cause: Some(anyhow::Error::msg(message.into())),
        }
    }

    /// A failure that the user has been told of.
    pub(super) fn told(status: ExitStatus) -> Failure {
        Failure {
            status,
            cause: None,
        }
    }

    /// A failure of the operating system while doing something with `what`.
    pub(super) fn io(what: impl Display, error: &io::Error) -> Failure {
        let cause = anyhow::Error::msg(plain_io(error)).context(what.to_string());
        Failure {
            status: ExitStatus::Failure,
            cause: Some(cause),
        }
    }

    /// The same, with another message.
    pub(super) fn reworded(self, reword: impl FnOnce(String) -> String) -> Failure {
        match self.cause {
            Some(_) => Failure::new(self.status, reword(self.message())),
            None => self,
        }
    }

    /// The line for stderr; empty if the user has been told.
    pub(super) fn message(&self) -> String {
        let cause = self.cause.as_ref();
        cause.map_or_else(String::new, |cause| format!("{cause:#}"))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let status = match &error {
            // A file or value given by an option: nothing was tried yet.
            Error::Connect(error) if error.is_permanent() => ExitStatus::Usage,
            Error::Connect(_) | Error::ConnackTimeout { .. } | Error::NoConnack { .. } => {
                ExitStatus::CannotConnect
            }
            Error::Refused(_) | Error::Disconnected(_) => ExitStatus::Refused,
            Error::Lost(_) => ExitStatus::ConnectionLost,
            Error::TooLarge => ExitStatus::Failure,
            Error::Authentication(_)
            | Error::Violation(_)
            | Error::NotMqtt { .. }
            | Error::WebSocket(_) => ExitStatus::ProtocolError,
            Error::Options(_) => ExitStatus::Usage,
        };
        Failure::new(status, error.to_string())
    }
}
