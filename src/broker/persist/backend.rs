//! The file of the store, as the database sees it.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use redb::backends::FileBackend;
use redb::{DatabaseError, StorageBackend};

/// What a commit survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SyncMode {
    /// A power failure too: every batch is synchronised with the disk before it is acknowledged.
    #[default]
    Batch,
    /// The death of the process, but not that of the system.
    Never,
}

/// The file, synchronised with the disk or not.
#[derive(Debug)]
pub(super) struct Backend {
    file: FileBackend,
    length: FileLength,
    sync: SyncMode,
}

/// Bytes of the file, which the database does not tell.
#[derive(Clone, Debug)]
pub(super) struct FileLength(Arc<AtomicU64>);

impl FileLength {
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Backend {
    /// Takes a file, unless another process has it; from now on, its length is known.
    pub(super) fn new(file: File, sync: SyncMode) -> Result<(Self, FileLength), DatabaseError> {
        let file = FileBackend::new(file)?;
        let length = FileLength(Arc::new(AtomicU64::new(file.len()?)));
        let backend = Self {
            file,
            length: length.clone(),
            sync,
        };
        Ok((backend, length))
    }
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
        self.length.0.store(len, Ordering::Relaxed);
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
