//! The thread that commits, so that the broker's own need not wait for the disk.

use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::batch::Batch;
use super::record::Clock;
use super::store::{Store, StoreError};

/// The thread that has the store.
#[derive(Debug)]
pub(in crate::broker) struct Disk {
    batches: Option<Sender<Batch>>,
    thread: Option<JoinHandle<()>>,
}

impl Clock {
    /// What the clocks say.
    pub(in crate::broker) fn tell() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            now: Instant::now(),
            wall: wall.unwrap_or_default(),
        }
    }
}

/// What became of each batch, in order.
pub(in crate::broker) type Commits = UnboundedReceiver<Result<(), StoreError>>;

impl Disk {
    pub(in crate::broker) fn start(mut store: Store) -> Result<(Self, Commits), StoreError> {
        let (batches, asked) = channel::<Batch>();
        let (done, commits) = unbounded_channel();
        let thread = thread::Builder::new()
            .name("mqtk-store".into())
            .spawn(move || {
                for mut batch in asked {
                    batch.sort();
                    if done.send(store.commit(&batch)).is_err() {
                        break;
                    }
                    if let Err(error) = store.compact_if_wasted(true) {
                        let _nobody_listens = done.send(Err(error));
                        break;
                    }
                }
            })
            .map_err(|error| StoreError::Thread { error })?;
        let disk = Self {
            batches: Some(batches),
            thread: Some(thread),
        };
        Ok((disk, commits))
    }

    /// Has a batch committed. When the thread is gone, [`Commits`] end.
    pub(in crate::broker) fn commit(&self, batch: Batch) {
        if let Some(batches) = &self.batches {
            let _gone = batches.send(batch);
        }
    }
}

impl Drop for Disk {
    /// Waits until the store is closed, so that another broker can open it at once.
    fn drop(&mut self) {
        self.batches.take();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported when it happened.
            let _ = thread.join();
        }
    }
}
