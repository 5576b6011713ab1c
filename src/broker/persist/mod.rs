//! What survives the process: Sessions, retained messages and Will Messages.
//!
//! The router says what must be durable: it and its Sessions write to a [`Journal`]. What has
//! changed since the last commit becomes a [`Batch`], in which a message that came and went leaves
//! no trace. One batch at a time is committed by the [`Disk`]'s thread to the [`Store`]; meanwhile
//! the next one gathers, and what the router has promised in its name is held back.
//!
//! The store is one ordered map of bytes to bytes; `record` says what they mean.

mod batch;
mod disk;
mod journal;
mod reader;
mod record;
mod room;
mod shared;
mod store;

pub(super) use batch::Batch;
pub(super) use disk::{Commits, Disk};
pub(super) use journal::{Journal, SessionJournal};
pub(super) use record::{Absence, Clock, Damaged, Key, Publisher, Record, SessionRecord, Value};
pub use store::{Store, StoreError, SyncMode};
