//! The thread that commits, so that the broker's own need not wait for the disk.

use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::batch::Batch;
use super::clock::Clock;
use super::error::StoreError;
use super::store::{Compaction, Store};

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

/// What the thread has done.
#[derive(Debug)]
pub(in crate::broker) enum Done {
    /// A batch is durable: the next one in order.
    Committed,
    /// The file was made smaller.
    Compacted(Compaction),
}

/// What the thread does, until it fails.
pub(in crate::broker) type Commits = UnboundedReceiver<Result<Done, StoreError>>;

impl Disk {
    pub(in crate::broker) fn start(mut store: Store) -> Result<(Self, Commits), StoreError> {
        let (batches, asked) = channel::<Batch>();
        let (done, commits) = unbounded_channel();
        let thread = thread::Builder::new()
            .name("mqtk-store".into())
            .spawn(move || {
                for mut batch in asked {
                    batch.sort();
                    let committed = store.commit(&batch).map(|()| Done::Committed);
                    if done.send(committed).is_err() {
                        break;
                    }
                    let compacted = store.compact_if_wasted(true).transpose();
                    let has_failed = matches!(compacted, Some(Err(_)));
                    if let Some(compacted) = compacted {
                        // Whoever listened may have gone.
                        let _ = done.send(compacted.map(Done::Compacted));
                    }
                    if has_failed {
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
