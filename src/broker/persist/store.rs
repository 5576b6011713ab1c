//! The store on disk.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::ops::Bound;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use redb::{
    Builder, Database, DatabaseError, ReadableTable as _, TableDefinition, WriteTransaction,
};
use rustix::fs::OFlags;
use rustix::io::Errno;

use super::backend::{Backend, FileLength, SyncMode};
use super::batch::Batch;
use super::error::{StoreError, explain};
use super::record::Damaged;
use super::room::Room;

/// The file in the store's directory.
const FILE: &str = "broker.redb";
/// What the entries mean; raised when that changes. In format 1 no message stood by itself, and none
/// waited for PUBREL.
pub(super) const FORMAT: u64 = 2;
/// The first format that means the same as far as it goes.
const OLDEST: u64 = 1;
/// Pages kept in memory. What the broker knows it does not read again.
const CACHE: usize = 16 << 20;

/// Reading and writing, for the owner alone.
const PRIVATE: u32 = 0o600;

const ENTRIES: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("entries");
const ABOUT: TableDefinition<'_, &str, u64> = TableDefinition::new("about");

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
    length: FileLength,
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
            .map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => Errno::NOTDIR.into(),
                _ => error,
            })
            .map_err(|error| io_error(directory, error))?;
        let file = open_private(&path).map_err(|error| io_error(&path, error))?;
        let (backend, length) = Backend::new(file, sync).map_err(|error| explain(&path, error))?;
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
    /// wait for commits meanwhile (`is_serving`), a store with much in it is left as it is. `None`:
    /// there was nothing to do.
    pub(in crate::broker) fn compact_if_wasted(
        &mut self,
        is_serving: bool,
    ) -> Result<Option<Compaction>, StoreError> {
        let before = self.length.get();
        if !self.room.is_wasted(before, is_serving) {
            return Ok(None);
        }
        let began = Instant::now();
        let compacted = self.database.compact();
        self.done(compacted)?;
        let after = self.length.get();
        self.room.compacted(after);
        Ok(Some(Compaction {
            before,
            after,
            took: began.elapsed(),
        }))
    }

    fn begin_write(&self) -> Result<WriteTransaction, StoreError> {
        self.done(self.database.begin_write())
    }

    fn done<T>(&self, result: Result<T, impl Into<redb::Error>>) -> Result<T, StoreError> {
        result.map_err(|error| explain(&self.file, error))
    }
}

/// The file was made smaller.
#[derive(Clone, Copy, Debug)]
pub(in crate::broker) struct Compaction {
    /// Bytes of the file before.
    pub(in crate::broker) before: u64,
    /// Bytes of the file now.
    pub(in crate::broker) after: u64,
    pub(in crate::broker) took: Duration,
}

/// Opens a file that is for this user alone, or makes it. A link in its place is somebody else's
/// idea, and refused.
fn open_private(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(PRIVATE)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)
        .map_err(|error| match Errno::from_io_error(&error) {
            Some(Errno::LOOP) => io::Error::other("it is a symbolic link, which is not followed"),
            _ => error,
        })?;
    if file.metadata()?.permissions().mode() & !PRIVATE & 0o777 != 0 {
        file.set_permissions(Permissions::from_mode(PRIVATE))?;
    }
    Ok(file)
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
        let full = store.length.get();
        assert!(full > 40 * MIB, "{full} bytes");
        assert!(store.compact_if_wasted(true).unwrap().is_some());
        let compact = store.length.get();
        assert!(compact < 10 * MIB, "{compact} bytes of {full}");
        assert_eq!(store.file.metadata().unwrap().len(), compact);
        assert_eq!(entries(&mut store), 10);
    }

    #[test]
    fn the_file_is_for_its_owner_alone_and_no_link() {
        let directory = TempDir::new().unwrap();
        let open = || Store::open(directory.path(), SyncMode::Never);
        let file = open().unwrap().file;
        let mode = || file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        drop(open().unwrap());
        assert_eq!(mode(), 0o600);
        let elsewhere = directory.path().join("elsewhere");
        std::fs::rename(&file, &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
        let error = open().unwrap_err().to_string();
        assert!(
            error.ends_with("it is a symbolic link, which is not followed"),
            "{error}"
        );
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
