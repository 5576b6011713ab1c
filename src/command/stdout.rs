//! Standard output that never blocks the connection.
//!
//! The descriptor may be shared with other processes, so it stays in blocking mode; nothing is written
//! but what the system can take at once.

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
    /// A pipe, a socket or a terminal: it may not be ready.
    Waits {
        fd: AsyncFd<OwnedFd>,
        /// The capacity of a pipe; 0 for anything else.
        pipe_size: usize,
    },
    /// A file, which is always ready.
    Takes(OwnedFd),
}

impl Stdout {
    /// The standard output of this process.
    ///
    /// # Errors
    ///
    /// It is closed.
    pub(super) fn new() -> io::Result<Stdout> {
        Ok(Stdout::over(io::stdout().as_fd().try_clone_to_owned()?))
    }

    fn over(fd: OwnedFd) -> Stdout {
        let pipe_size = pipe_size(&fd);
        // What epoll refuses, such as a file or /dev/null, is always ready.
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
        Stdout {
            fd,
            pending: Vec::new(),
            written: 0,
        }
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

/// The capacity of a pipe; 0 for anything else, and where the system does not say.
fn pipe_size(fd: &OwnedFd) -> usize {
    #[cfg(target_os = "linux")]
    return rustix::pipe::fcntl_getpipe_size(fd).unwrap_or(0);
    #[cfg(not(target_os = "linux"))]
    return 0;
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Read;
    use std::thread;

    use rustix::pipe::pipe;
    use tokio::task::yield_now;

    use super::*;

    /// More than any pipe of the tests holds.
    const MUCH: usize = 1 << 20;

    fn bytes(length: usize) -> Vec<u8> {
        (0..length).map(|at| (at % 251) as u8).collect()
    }

    /// Polls a flush a few times; whether it came to its end.
    async fn try_flush(stdout: &mut Stdout) -> bool {
        let waited = async {
            for _ in 0..8 {
                yield_now().await;
            }
        };
        tokio::select! {
            biased;
            flushed = stdout.flush() => { flushed.unwrap(); true }
            () = waited => false,
        }
    }

    #[tokio::test]
    async fn a_slow_reader_gets_everything_and_blocks_nobody() {
        let (reader, writer) = pipe().unwrap();
        let mut stdout = Stdout::over(writer);
        stdout.pending = bytes(MUCH);
        // Dropped while it waits, again and again.
        for _ in 0..3 {
            assert!(!try_flush(&mut stdout).await);
        }
        let held = stdout.written;
        assert!(0 < held && held < MUCH, "{held}");
        let reading = thread::spawn(move || {
            let mut read = Vec::new();
            File::from(reader).read_to_end(&mut read).unwrap();
            read
        });
        stdout.flush().await.unwrap();
        assert!(!stdout.is_pending());
        drop(stdout);
        assert!(reading.join().unwrap() == bytes(MUCH));
    }

    #[tokio::test]
    async fn what_fits_into_the_pipe_needs_no_reader() {
        let (reader, writer) = pipe().unwrap();
        let mut stdout = Stdout::over(writer);
        for _ in 0..3 {
            stdout.pending = bytes(1000);
            assert!(try_flush(&mut stdout).await);
        }
        drop(stdout);
        let mut read = Vec::new();
        File::from(reader).read_to_end(&mut read).unwrap();
        assert_eq!(read.len(), 3000);
    }

    #[tokio::test]
    async fn a_reader_that_leaves_is_noticed_with_nothing_to_write() {
        let (reader, writer) = pipe().unwrap();
        let mut stdout = Stdout::over(writer);
        drop(reader);
        stdout.closed().await;
        stdout.pending = bytes(1);
        let error = stdout.flush().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[tokio::test]
    async fn a_reader_that_leaves_a_full_pipe_is_noticed() {
        let (reader, writer) = pipe().unwrap();
        let mut stdout = Stdout::over(writer);
        stdout.pending = bytes(MUCH);
        assert!(!try_flush(&mut stdout).await);
        drop(reader);
        let error = stdout.flush().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[tokio::test]
    async fn a_file_takes_everything() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut stdout = Stdout::over(file.reopen().unwrap().into());
        stdout.pending = bytes(MUCH);
        assert!(try_flush(&mut stdout).await);
        assert!(std::fs::read(file.path()).unwrap() == bytes(MUCH));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_full_disk_is_an_error() {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut stdout = Stdout::over(full.into());
        stdout.pending = bytes(1);
        let error = stdout.flush().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
