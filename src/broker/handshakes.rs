//! The thread of the TLS handshakes: one signature takes as long as a thousand messages.

use std::io;
use std::pin::Pin;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime;
use tokio::sync::{mpsc, oneshot};

use crate::transport::{AcceptError, Arrival, Stream};

/// A handshake, and whom to give its stream.
type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A thread that does handshakes. The sockets stay with the event queue of the broker's thread,
/// which wakes this one for as long as the handshake lasts.
pub(super) struct Handshakes {
    /// `None` when the thread is to end.
    jobs: Option<mpsc::UnboundedSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Handshakes {
    /// Starts the thread.
    pub(super) fn start() -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_time()
            .build()?;
        let (jobs, mut queue) = mpsc::unbounded_channel::<Job>();
        let thread = thread::Builder::new()
            .name("mqtk-handshakes".into())
            .spawn(move || {
                runtime.block_on(async {
                    while let Some(job) = queue.recv().await {
                        tokio::spawn(job);
                    }
                });
            })?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Does the handshakes of an arrival, within this time over all; nothing goes on when the
    /// caller has given up.
    pub(super) async fn run(
        &self,
        arrival: Arrival,
        limit: Duration,
    ) -> Result<Stream, AcceptError> {
        let (mut done, stream) = oneshot::channel();
        let job = async move {
            let result = tokio::select! {
                result = arrival.handshake(limit) => result,
                () = done.closed() => return,
            };
            // The caller may give up at this moment too.
            let _ = done.send(result);
        };
        let sent = self
            .jobs
            .as_ref()
            .is_some_and(|jobs| jobs.send(Box::pin(job)).is_ok());
        match stream.await {
            Ok(result) if sent => result,
            _ => Err(AcceptError::Tls("the thread for it has ended".to_owned())),
        }
    }
}

impl Drop for Handshakes {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported when it happened.
            let _ = thread.join();
        }
    }
}
