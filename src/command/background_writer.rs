//! Writing a stream on a thread of its own, so that a slow reader holds nobody up.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::mem;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};

/// Memory that is kept when everything is written.
const KEEP: usize = 64 * 1024;
/// How long to gather pieces after some were written: to wake the thread for each costs both threads
/// more than all the rest.
const GATHER: Duration = Duration::from_millis(10);

/// What can go wrong with the reader of a stream.
pub(super) enum Trouble {
    /// It does not keep up: this many pieces were dropped.
    Dropped(u64),
    /// It is gone, and nothing more will be written.
    Gone,
}

/// A stream that takes pieces, such as lines, and never makes the caller wait. While its reader is
/// behind by more than a limit, whole pieces are dropped and counted.
pub(super) struct BackgroundWriter {
    shared: Arc<Shared>,
    limit: usize,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// What the thread has not taken yet.
    pending: Vec<u8>,
    /// How many pieces did not fit after that.
    dropped: u64,
    /// How many pending bytes the thread waits for, if it waits.
    wakes_at: Option<usize>,
    /// Nothing more comes.
    ended: bool,
    /// The thread has written everything, or never will.
    finished: bool,
}

impl State {
    /// Whether there are so many bytes to write, or there is something to report.
    fn has(&self, bytes: usize) -> bool {
        self.pending.len() >= bytes || self.dropped > 0
    }
}

impl BackgroundWriter {
    /// Begins to write to `fd`, as long as no more than `limit` bytes wait. `on_trouble` runs on
    /// the thread, and may append to what is written next.
    ///
    /// # Errors
    ///
    /// The system has no thread to give.
    pub(super) fn start(
        fd: OwnedFd,
        limit: usize,
        on_trouble: impl Fn(Trouble, &mut Vec<u8>) + Send + 'static,
    ) -> io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let of_thread = Arc::clone(&shared);
        thread::Builder::new()
            .name("mqtk-writer".into())
            .spawn(move || of_thread.write_to(File::from(fd), limit / 2, &on_trouble))?;
        Ok(Self { shared, limit })
    }

    /// Queues the piece to be written, or drops it.
    pub(super) fn put(&self, piece: &[u8]) {
        let mut state = self.shared.lock();
        if state.finished {
            return;
        }
        if state.pending.len() + piece.len() > self.limit {
            state.dropped += 1;
        } else {
            state.pending.extend_from_slice(piece);
        }
        if state.wakes_at.is_some_and(|bytes| state.has(bytes)) {
            state.wakes_at = None;
            drop(state);
            self.shared.changed.notify_all();
        }
    }

    /// Takes no more pieces, and waits until all are written, but no longer than `patience`.
    pub(super) fn finish(&self, patience: Duration) {
        let mut state = self.shared.lock();
        state.ended = true;
        self.shared.changed.notify_all();
        let waited = self
            .shared
            .changed
            .wait_timeout_while(state, patience, |state| !state.finished);
        drop(waited);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The thread: writes what comes until it is told that no more does. It gathers up to `enough` bytes.
    fn write_to(&self, mut file: File, enough: usize, on_trouble: &dyn Fn(Trouble, &mut Vec<u8>)) {
        let mut batch = Vec::new();
        while let Some(dropped) = self.take(&mut batch) {
            if dropped > 0 {
                on_trouble(Trouble::Dropped(dropped), &mut batch);
            }
            if write_all(&mut file, &batch).is_err() {
                self.finish();
                on_trouble(Trouble::Gone, &mut batch);
                return;
            }
            let gathering = self.lock();
            drop(self.wait(gathering, enough, GATHER));
        }
        self.finish();
    }

    /// Waits for the next batch; returns how many pieces were dropped after it, or `None` if there will be
    /// no more.
    fn take(&self, batch: &mut Vec<u8>) -> Option<u64> {
        batch.clear();
        batch.shrink_to(KEEP);
        let mut state = self.wait(self.lock(), 1, Duration::MAX);
        if !state.has(1) {
            return None;
        }
        mem::swap(batch, &mut state.pending);
        Some(mem::take(&mut state.dropped))
    }

    /// Waits until so many bytes are pending or no more will come, but no longer than `patience`.
    fn wait<'a>(
        &self,
        mut state: MutexGuard<'a, State>,
        bytes: usize,
        patience: Duration,
    ) -> MutexGuard<'a, State> {
        state.wakes_at = Some(bytes);
        let waited = self
            .changed
            .wait_timeout_while(state, patience, |state| !state.ended && !state.has(bytes));
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.wakes_at = None;
        state
    }

    fn finish(&self) {
        let mut state = self.lock();
        state.finished = true;
        state.pending = Vec::new();
        self.changed.notify_all();
    }
}

/// Writes everything, also to what another process has made non-blocking.
fn write_all(file: &mut File, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.write(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                poll(&mut [PollFd::new(file, PollFlags::OUT)], None)?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read};
    use std::sync::mpsc;
    use std::time::Instant;

    use rustix::pipe::pipe;

    use super::*;

    const LIMIT: usize = 1000;
    const LONG: Duration = Duration::from_secs(30);

    /// A writer into a pipe, and the pipe's other end.
    fn writer() -> (BackgroundWriter, File) {
        let (reader, writer) = pipe().unwrap();
        let writer = BackgroundWriter::start(writer, LIMIT, |trouble, out| {
            if let Trouble::Dropped(count) = trouble {
                out.extend_from_slice(format!("dropped {count}\n").as_bytes());
            }
        });
        (writer.unwrap(), File::from(reader))
    }

    #[test]
    fn everything_is_written_in_order() {
        let (writer, mut reader) = writer();
        for line in ["one\n", "two\n", "three\n"] {
            writer.put(line.as_bytes());
        }
        writer.finish(LONG);
        drop(writer);
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "one\ntwo\nthree\n");
    }

    #[test]
    fn what_nobody_reads_is_dropped_and_counted_where_it_is_missing() {
        let (writer, reader) = writer();
        let sent = 100_000;
        for number in 0..sent {
            writer.put(format!("{number}\n").as_bytes());
        }
        let started = Instant::now();
        writer.finish(Duration::from_millis(10));
        assert!(started.elapsed() < LONG, "the reader is not waited for");

        let (mut next, mut dropped) = (0, 0);
        for line in BufReader::new(reader).lines() {
            let line = line.unwrap();
            match line.strip_prefix("dropped ") {
                Some(count) => {
                    dropped += count.parse::<u32>().unwrap();
                    next += count.parse::<u32>().unwrap();
                }
                None => {
                    assert_eq!(line.parse(), Ok(next));
                    next += 1;
                }
            }
        }
        assert_eq!(next, sent);
        assert!(dropped > 0);
    }

    #[test]
    fn a_piece_that_never_fits_is_reported_though_nothing_follows() {
        let (writer, mut reader) = writer();
        writer.put(&[b'x'; LIMIT + 1]);
        writer.finish(LONG);
        drop(writer);
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "dropped 1\n");
    }

    #[test]
    fn a_reader_that_is_gone_is_noticed_once() {
        let (reader, end) = pipe().unwrap();
        let (told, noticed) = mpsc::channel();
        drop(reader);
        let writer = BackgroundWriter::start(end, LIMIT, move |trouble, _| {
            if matches!(trouble, Trouble::Gone) {
                told.send(()).unwrap();
            }
        });
        let writer = writer.unwrap();
        writer.put(b"x");
        assert_eq!(noticed.recv_timeout(LONG), Ok(()));
        writer.put(b"y");
        writer.finish(LONG);
        assert!(noticed.try_recv().is_err());
    }
}
