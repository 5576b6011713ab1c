//! Standard output that never blocks the connection.
//!
//! The descriptor may be shared with other processes, so it stays in blocking mode; each write
//! is made only when, and only as large as, the system can take it at once.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// What a pipe that is reported writable takes without blocking (POSIX: PIPE_BUF).
const SAFE_WRITE: usize = 4096;

/// Standard output with what is not written yet.
pub(super) struct Stdout {
    fd: Kind,
    /// Bytes to write; the application appends.
    pub(super) pending: Vec<u8>,
    written: usize,
}

enum Kind {
    /// A pipe, a socket or a terminal: something that may have to be waited for.
    Waits {
        fd: AsyncFd<OwnedFd>,
        /// What an empty pipe holds; 0 for what is no pipe.
        pipe_size: usize,
    },
    /// A file, which takes everything.
    Takes(OwnedFd),
}

impl Stdout {
    /// The standard output of this process.
    ///
    /// # Errors
    ///
    /// It is closed.
    pub(super) fn new() -> io::Result<Stdout> {
        let fd = io::stdout().as_fd().try_clone_to_owned()?;
        let pipe_size = pipe_size(&fd);
        // What epoll refuses, a file or /dev/null, never has to be waited for.
        let interest = Interest::WRITABLE | Interest::ERROR;
        #[expect(
            deprecated,
            reason = "what replaces it is unsafe, for types that may change their descriptor; an OwnedFd cannot"
        )]
        let registered = AsyncFd::try_with_interest(fd, interest);
        let fd = match registered {
            Ok(fd) => Kind::Waits { fd, pipe_size },
            Err(refused) => Kind::Takes(refused.into_parts().0),
        };
        Ok(Stdout {
            fd,
            pending: Vec::new(),
            written: 0,
        })
    }

    /// Whether something waits to be written.
    pub(super) fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Waits until the reader is gone. May be dropped while waiting.
    pub(super) async fn closed(&self) {
        match &self.fd {
            Kind::Waits { fd, .. } => drop(fd.ready(Interest::ERROR).await),
            Kind::Takes(_) => std::future::pending().await,
        }
    }

    /// Writes everything. May be dropped while waiting: what was written is remembered.
    ///
    /// # Errors
    ///
    /// The reader is gone, or the disk is full.
    pub(super) async fn flush(&mut self) -> io::Result<()> {
        while self.written < self.pending.len() {
            let rest = &self.pending[self.written..];
            let written = match &self.fd {
                Kind::Takes(fd) => rustix::io::write(fd, rest),
                Kind::Waits { fd, pipe_size } => match writable(fd.get_ref(), *pipe_size)? {
                    0 => {
                        let mut ready = fd.writable().await?;
                        if writable(fd.get_ref(), *pipe_size)? == 0 {
                            ready.clear_ready();
                        }
                        continue;
                    }
                    room => rustix::io::write(fd.get_ref(), &rest[..room.min(rest.len())]),
                },
            };
            match written {
                Ok(written) => self.written += written,
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.pending.clear();
        self.written = 0;
        Ok(())
    }
}

/// How much can be written now without blocking.
fn writable(fd: &OwnedFd, pipe_size: usize) -> io::Result<usize> {
    if pipe_size > 0 && rustix::io::ioctl_fionread(fd) == Ok(0) {
        return Ok(pipe_size);
    }
    let mut fds = [PollFd::new(fd, PollFlags::OUT)];
    while let Err(error) = poll(&mut fds, Some(&Timespec::default())) {
        if error != rustix::io::Errno::INTR {
            return Err(error.into());
        }
    }
    // An error or a hang-up is found by writing.
    Ok(if fds[0].revents().is_empty() {
        0
    } else {
        SAFE_WRITE
    })
}

/// What the pipe holds when it is empty; 0 for what is no pipe, or does not say.
fn pipe_size(fd: &OwnedFd) -> usize {
    #[cfg(target_os = "linux")]
    return rustix::pipe::fcntl_getpipe_size(fd).unwrap_or(0);
    #[cfg(not(target_os = "linux"))]
    return 0;
}
