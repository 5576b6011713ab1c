//! What a program writes, read by a thread as it comes.

use std::io::{ErrorKind, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Instant;

/// What a thread has read from a pipe so far.
#[derive(Clone, Default)]
pub struct Collected(Arc<(Mutex<Received>, Condvar)>);

#[derive(Default)]
pub struct Received {
    bytes: Vec<u8>,
    pub lines: usize,
    open: bool,
}

impl Collected {
    pub fn from_pipe(mut pipe: impl Read + Send + 'static) -> Self {
        let collected = Self::default();
        collected.lock().open = true;
        let writer = collected.clone();
        thread::spawn(move || {
            let mut block = vec![0; 64 * 1024];
            loop {
                let read = match pipe.read(&mut block) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    result => result.unwrap_or(0),
                };
                let mut received = writer.lock();
                received.bytes.extend_from_slice(&block[..read]);
                received.lines += memchr::memchr_iter(b'\n', &block[..read]).count();
                received.open = read > 0;
                writer.0.1.notify_all();
                if read == 0 {
                    break;
                }
            }
        });
        collected
    }

    fn lock(&self) -> MutexGuard<'_, Received> {
        self.0.0.lock().expect("no reader panics")
    }

    /// Waits until `found` says so; nothing when that cannot come any more.
    pub fn wait(&self, deadline: Instant, found: impl Fn(&Received) -> bool) -> Option<()> {
        let mut received = self.lock();
        while !found(&received) {
            let left = deadline.saturating_duration_since(Instant::now());
            if !received.open || left.is_zero() {
                return None;
            }
            received = self
                .0
                .1
                .wait_timeout(received, left)
                .expect("no reader panics")
                .0;
        }
        Some(())
    }

    pub fn wait_text(&self, deadline: Instant, found: impl Fn(&str) -> bool) -> Option<String> {
        self.wait(deadline, |received| {
            found(&String::from_utf8_lossy(&received.bytes))
        })?;
        Some(self.text())
    }

    pub fn wait_end(&self, deadline: Instant) {
        self.wait(deadline, |received| !received.open);
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.lock().bytes).into_owned()
    }

    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.lock().bytes)
    }
}
