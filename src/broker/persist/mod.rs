//! What survives the process: Sessions, retained messages and Will Messages.
//!
//! The router says what must be durable: it and its Sessions write to a [`Journal`]. What has
//! changed since the last commit becomes a [`Batch`], in which a message that came and went leaves
//! no trace. One batch at a time is committed by the [`Disk`]'s thread to the [`Store`]; meanwhile
//! the next one gathers, and what the router has promised in its name is held back.
//!
//! The store is one ordered map of bytes to bytes; `record` says what they mean.

mod backend;
mod batch;
mod clock;
mod disk;
mod error;
mod journal;
mod reader;
mod record;
mod room;
mod shared;
mod store;

pub use backend::SyncMode;
pub use error::StoreError;
pub use store::Store;

pub(super) use batch::Batch;
pub(super) use clock::Clock;
pub(super) use disk::{Commits, Disk, Done};
pub(super) use journal::{Journal, SessionJournal};
pub(super) use record::{Absence, Damaged, Key, Publisher, Record, SessionRecord, Value};
pub(super) use store::Compaction;
