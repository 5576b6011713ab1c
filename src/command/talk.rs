//! What a command says on stderr while it runs.

use std::fmt::Display;
use std::time::Duration;

use crate::cli::Verbosity;
use crate::client::{Direction, Error};
use crate::codec::Frame;
use crate::render;
use crate::session::Session;

/// Says as much on stderr as the user wants to hear.
#[derive(Clone, Copy, Debug)]
pub(super) struct Talk {
    verbosity: Verbosity,
}

impl Talk {
    /// Says as much as this verbosity allows.
    pub(super) const fn new(verbosity: Verbosity) -> Talk {
        Talk { verbosity }
    }

    /// Why the command failed.
    pub(super) fn error(&self, message: impl Display) {
        if self.verbosity != Verbosity::Quiet {
            render::error(&message);
        }
    }

    /// Something the user should know, although the command goes on.
    pub(super) fn warn(&self, message: impl Display) {
        if self.verbosity != Verbosity::Quiet {
            render::warning(&message);
        }
    }

    /// Something that happens as it should.
    pub(super) fn note(&self, message: impl Display) {
        if self.verbosity != Verbosity::Quiet {
            render::note(&message);
        }
    }

    /// Something that is said with `-d` only.
    pub(super) fn info(&self, message: impl Display) {
        if self.is_debug() {
            render::note(&message);
        }
    }

    pub(super) fn is_debug(&self) -> bool {
        self.verbosity == Verbosity::Debug
    }

    /// A packet was sent or received.
    pub(super) fn packet(&self, direction: Direction, frame: Frame<'_>, session: &Session) {
        let (arrow, version) = match direction {
            Direction::Sent => ("->", session.version()),
            Direction::Received => ("<-", session.version_of(frame)),
        };
        self.info(format_args!(
            "{arrow} {}",
            render::PacketLine { frame, version }
        ));
    }

    pub(super) fn disconnected(&self, why: &Error, retry_in: Duration) {
        self.warn(format_args!(
            "{why}; trying again in {:.1} s",
            retry_in.as_secs_f32()
        ));
    }

    pub(super) fn reconnected(&self, resumed: bool) {
        self.warn(match resumed {
            true => "connected again, in the same session",
            false => "connected again, in a new session",
        });
    }
}
