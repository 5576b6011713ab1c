//! The store on disk.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::ops::Bound;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use redb::backends::FileBackend;
use redb::{
    Builder, Database, DatabaseError, ReadableTable as _, StorageBackend, TableDefinition,
    WriteTransaction,
};

use super::batch::Batch;
use super::record::Damaged;
use super::room::Room;

/// The file in the store's directory.
const FILE: &str = "broker.redb";
/// What the entries mean; raised when that changes. In format 1 no message stood by itself, and none
/// waited for PUBREL.
const FORMAT: u64 = 2;
/// The first format that means the same as far as it goes.
const OLDEST: u64 = 1;
/// Pages kept in memory. What the broker knows it does not read again.
const CACHE: usize = 16 << 20;

const ENTRIES: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("entries");
const ABOUT: TableDefinition<'_, &str, u64> = TableDefinition::new("about");

/// What a commit survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SyncMode {
    /// A power failure too: every batch is synchronised with the disk before it is acknowledged.
    #[default]
    Batch,
    /// The death of the process, but not that of the system.
    Never,
}

/// Why there is no store, or none any more.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has opened it.
    #[error("{} is in use by another broker", .0.display())]
    InUse(PathBuf),
    /// The file is not one that a broker has written, or has been damaged since.
    #[error("{} is damaged ({why}): restore it from a copy, or remove it to begin anew", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A newer broker has written it.
    #[error("{} has format {format}, and this broker reads formats up to {FORMAT}: use the broker that wrote it", file.display())]
    Format {
        /// The file.
        file: PathBuf,
        /// The version of its format.
        format: u64,
    },
    /// There is no thread to write it.
    #[error("cannot start a thread for the store: {error}")]
    Thread {
        /// What the operating system says.
        error: io::Error,
    },
    /// The thread that writes it has died.
    #[error("the store's thread has died")]
    Gone,
    /// It cannot be read or written.
    #[error("{}: {error}", file.display())]
    Io {
        /// The file or directory.
        file: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
}

/// Where Sessions and retained messages survive the broker: a directory, for one broker at a time.
///
/// ```
/// use mqtk::broker::{Broker, Config, Store, SyncMode};
///
/// # let directory = tempfile::tempdir()?;
/// # let directory = directory.path().join("store");
/// let broker = Broker::start(Config {
///     persist: Some(Store::open(&directory, SyncMode::Batch)?),
///     ..Config::default()
/// })?;
/// broker.shutdown();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Store {
    database: Database,
    file: PathBuf,
    /// Bytes of the file.
    length: Arc<AtomicU64>,
    room: Room,
}

impl Store {
    /// Opens the store in a directory, or makes one there that only this user can read.
    ///
    /// # Errors
    ///
    /// It is in use, damaged or of another format, or the operating system refuses.
    pub fn open(directory: &Path, sync: SyncMode) -> Result<Self, StoreError> {
        let path = directory.join(FILE);
        let io_error = |file: &Path, error| StoreError::Io {
            file: file.to_owned(),
            error,
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .map_err(|error| io_error(directory, error))?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|error| io_error(&path, error))?;
        let file = FileBackend::new(file).map_err(|error| explain(&path, error))?;
        let length = file.len().map_err(|error| io_error(&path, error))?;
        let length = Arc::new(AtomicU64::new(length));
        let backend = Backend {
            file,
            length: Arc::clone(&length),
            sync,
        };
        // redb takes some damage for a mistake of its own, and panics.
        let opened = panic::catch_unwind(AssertUnwindSafe(|| open_checked(backend)));
        let database = opened
            .map_err(|_| Self::contradictory(directory))?
            .map_err(|error| explain(&path, error))?;
        let store = Self {
            database,
            file: path.clone(),
            length,
            room: Room::default(),
        };
        let format = store.format()?;
        if !(OLDEST..=FORMAT).contains(&format) {
            let file = path;
            return Err(StoreError::Format { file, format });
        }
        if sync == SyncMode::Batch {
            sync_directory(directory).map_err(|error| io_error(directory, error))?;
        }
        Ok(store)
    }

    /// What [`Store::open`] gives for a file in `directory` that is damaged so much that reading it
    /// panics: for programs in which a panic is the end, to be said by a panic hook.
    pub fn contradictory(directory: &Path) -> StoreError {
        StoreError::Damaged {
            file: directory.join(FILE),
            why: "it contradicts itself".into(),
        }
    }

    /// The version of its format; a new store gets ours, and so does an old one that we can read.
    fn format(&self) -> Result<u64, StoreError> {
        let transaction = self.begin_write()?;
        let format = {
            self.done(transaction.open_table(ENTRIES))?;
            let mut about = self.done(transaction.open_table(ABOUT))?;
            let known = self.done(about.get("format"))?.map(|format| format.value());
            if known.is_none_or(|known| (OLDEST..FORMAT).contains(&known)) {
                self.done(about.insert("format", FORMAT))?;
            }
            known.unwrap_or(FORMAT)
        };
        self.done(transaction.commit())?;
        Ok(format)
    }

    /// Shows every entry, in the order of their keys.
    pub(in crate::broker) fn for_each(
        &mut self,
        mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), Damaged>,
    ) -> Result<(), StoreError> {
        let mut room = Room::default();
        let transaction = self.done(self.database.begin_read())?;
        let entries = self.done(transaction.open_table(ENTRIES))?;
        for entry in self.done(entries.range::<&[u8]>(..))? {
            let (key, value) = self.done(entry)?;
            let (key, value) = (key.value(), value.value());
            room.add(key.len() + value.len());
            visit(key, value).map_err(|Damaged| StoreError::Damaged {
                file: self.file.clone(),
                why: "an entry makes no sense".into(),
            })?;
        }
        self.room = room;
        Ok(())
    }

    /// Makes the changes of a batch, all or none of them.
    pub(in crate::broker) fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let mut room = std::mem::take(&mut self.room);
        let transaction = self.begin_write()?;
        {
            let mut entries = self.done(transaction.open_table(ENTRIES))?;
            for (key, value) in batch.changes() {
                let old = match value {
                    Some(value) => self.done(entries.insert(key, value))?,
                    None => self.done(entries.remove(key))?,
                };
                room.add(value.map_or(0, |value| key.len() + value.len()));
                room.subtract(old.map_or(0, |old| key.len() + old.value().len()));
            }
            for prefix in batch.ended() {
                let end = successor(prefix);
                let range = (Bound::Included(prefix), Bound::Excluded(&*end));
                let forget = |key: &[u8], value: &[u8]| {
                    room.subtract(key.len() + value.len());
                    false
                };
                self.done(entries.retain_in::<&[u8], _>(range, forget))?;
            }
        }
        self.room = room;
        self.done(transaction.commit())
    }

    /// Makes the file smaller if most of it is free: then there is little to move. Where clients
    /// wait for commits meanwhile (`is_serving`), a store with much in it is left as it is.
    pub(in crate::broker) fn compact_if_wasted(
        &mut self,
        is_serving: bool,
    ) -> Result<(), StoreError> {
        if self.room.is_wasted(self.file_length(), is_serving) {
            let compacted = self.database.compact();
            self.done(compacted)?;
            self.room.compacted(self.file_length());
        }
        Ok(())
    }

    /// Bytes of the file.
    fn file_length(&self) -> u64 {
        self.length.load(Ordering::Relaxed)
    }

    fn begin_write(&self) -> Result<WriteTransaction, StoreError> {
        self.done(self.database.begin_write())
    }

    fn done<T>(&self, result: Result<T, impl Into<redb::Error>>) -> Result<T, StoreError> {
        result.map_err(|error| explain(&self.file, error))
    }
}

/// Opens the database and looks at all of it, for damage that would show later.
fn open_checked(backend: Backend) -> Result<Database, DatabaseError> {
    let mut database = Builder::new()
        .set_cache_size(CACHE)
        .create_with_file_format_v3(true)
        .create_with_backend(backend)?;
    let _whole_or_repaired = database.check_integrity()?;
    Ok(database)
}

/// The first key that is greater than all that begin with `prefix`.
fn successor(prefix: &[u8]) -> Vec<u8> {
    let mut next = prefix.to_vec();
    while let Some(last) = next.pop() {
        if let Some(greater) = last.checked_add(1) {
            next.push(greater);
            break;
        }
    }
    next
}

/// A new file is there after a power failure only if its directory says so.
fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// What went wrong, for people.
fn explain(file: &Path, error: impl Into<redb::Error>) -> StoreError {
    let file = file.to_owned();
    match error.into() {
        redb::Error::DatabaseAlreadyOpen => StoreError::InUse(file),
        redb::Error::Io(error) => match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => StoreError::Damaged {
                file,
                why: error.to_string(),
            },
            _ => StoreError::Io { file, error },
        },
        redb::Error::Corrupted(why) => StoreError::Damaged { file, why },
        other => StoreError::Damaged {
            file,
            why: other.to_string(),
        },
    }
}

/// The file, synchronised with the disk or not.
#[derive(Debug)]
struct Backend {
    file: FileBackend,
    length: Arc<AtomicU64>,
    sync: SyncMode,
}

impl StorageBackend for Backend {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        self.file.read(offset, len)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)?;
        self.length.store(len, Ordering::Relaxed);
        Ok(())
    }

    fn sync_data(&self, eventual: bool) -> io::Result<()> {
        match self.sync {
            SyncMode::Batch => self.file.sync_data(eventual),
            // What is written is the system's, in the order in which it was written.
            SyncMode::Never => Ok(()),
        }
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write(offset, data)
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const MIB: u64 = 1 << 20;

    /// `count` entries of 100 kB, to be put or to be removed.
    fn batch(count: u32, is_there: bool) -> Batch {
        let mut batch = Batch::default();
        for number in 0..count {
            let value =
                is_there.then_some(|into: &mut Vec<u8>| into.extend_from_slice(&[7; 100_000]));
            batch.push(|into| into.extend_from_slice(&number.to_be_bytes()), value);
        }
        batch
    }

    fn entries(store: &mut Store) -> usize {
        let mut count = 0;
        let counted = store.for_each(|_, _| {
            count += 1;
            Ok(())
        });
        counted.unwrap();
        count
    }

    #[test]
    fn a_file_shrinks_when_little_is_left_in_it() {
        let directory = TempDir::new().unwrap();
        let mut store = Store::open(directory.path(), SyncMode::Never).unwrap();
        store.commit(&batch(400, true)).unwrap();
        store.commit(&batch(390, false)).unwrap();
        let full = store.file_length();
        assert!(full > 40 * MIB, "{full} bytes");
        store.compact_if_wasted(true).unwrap();
        let compact = store.file_length();
        assert!(compact < 10 * MIB, "{compact} bytes of {full}");
        assert_eq!(store.file.metadata().unwrap().len(), compact);
        assert_eq!(entries(&mut store), 10);
    }

    #[test]
    fn what_is_in_a_store_is_known_when_it_is_opened_again() {
        let directory = TempDir::new().unwrap();
        let open = || Store::open(directory.path(), SyncMode::Never).unwrap();
        let mut store = open();
        store.commit(&batch(300, true)).unwrap();
        store.commit(&batch(5, true)).unwrap();
        let counted = format!("{:?}", store.room);
        drop(store);
        let mut store = open();
        assert_eq!(entries(&mut store), 300);
        assert_eq!(format!("{:?}", store.room), counted);
        store.commit(&batch(300, false)).unwrap();
        assert_eq!(
            format!("{:?}", store.room),
            format!("{:?}", Room::default())
        );
    }
}
