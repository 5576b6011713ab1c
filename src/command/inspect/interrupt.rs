//! Ctrl-C while reading a pipe: what has been read is summed up, as at its end.

use std::fs::File;
use std::future;
use std::io::{self, PipeReader, Read};
use std::sync::mpsc;
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use crate::command::block_on;
use crate::command::signals::Signals;

/// A pipe that ends at SIGINT or SIGTERM; a second one ends the process.
pub(super) struct Interruptible {
    file: File,
    /// Comes to its end at the signal.
    signal: PipeReader,
}

impl Interruptible {
    /// # Errors
    ///
    /// The system has no pipe or no thread to give.
    pub(super) fn new(file: File) -> io::Result<Self> {
        let (signal, open) = io::pipe()?;
        let (catching, caught) = mpsc::channel::<()>();
        thread::Builder::new().spawn(move || {
            block_on(async {
                let mut signals = Signals::new(true)?;
                drop(catching);
                signals.recv_last().await;
                drop(open);
                // The next signal ends the process, which may be waiting for the reader of stdout.
                future::pending().await
            })
        })?;
        // Nothing is printed before that: whoever sees output may interrupt it.
        let _caught = caught.recv();
        Ok(Interruptible { file, signal })
    }
}

impl Read for Interruptible {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut ready = [
                PollFd::new(&self.signal, PollFlags::IN),
                PollFd::new(&self.file, PollFlags::IN),
            ];
            match poll(&mut ready, None) {
                Ok(_) => {}
                Err(Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            }
            let [signal, _] = ready;
            return match signal.revents().is_empty() {
                true => self.file.read(buffer),
                false => Ok(0),
            };
        }
    }
}
