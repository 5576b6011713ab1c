//! Replacing a file that others must not read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

/// Read and write, for the owner alone.
const PRIVATE: u32 = 0o600;
/// The permissions of everybody else, which are taken away.
const OTHERS: u32 = 0o007;

/// Replaces the content of the file, as a whole or not at all. A new file can be read by its owner
/// alone; an existing one keeps its owner, its group and their permissions.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    // What a link points to is replaced, not the link.
    let path = match fs::canonicalize(path) {
        Ok(path) => path,
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
        Err(error) => return Err(error),
    };
    let temporary = beside(&path);
    let written = write(&temporary, content, fs::metadata(&path).ok().as_ref())
        .and_then(|()| fs::rename(&temporary, &path));
    if written.is_err() {
        // It may not even be there.
        let _ = fs::remove_file(&temporary);
    }
    written?;
    // The new name is durable only when the directory is.
    let directory = path.parent().filter(|parent| *parent != Path::new(""));
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

fn write(path: &Path, content: &[u8], like: Option<&fs::Metadata>) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(PRIVATE)
        .open(path)?;
    if let Some(like) = like {
        let new = file.metadata()?;
        if (new.uid(), new.gid()) != (like.uid(), like.gid()) {
            chown(path, Some(like.uid()), Some(like.gid()))?;
        }
        let mode = like.permissions().mode() & 0o777 & !OTHERS;
        file.set_permissions(fs::Permissions::from_mode(mode))?;
    }
    file.write_all(content)?;
    file.sync_all()
}

/// A name in the same directory that nobody else uses.
fn beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        let metadata = fs::metadata(path).expect("a file");
        metadata.permissions().mode() & 0o777
    }

    #[test]
    fn a_new_file_is_private_and_an_old_one_hidden_from_others() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("users");
        replace(&path, b"a").expect("it is written");
        assert_eq!(mode(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("it is ours");
        replace(&path, b"b").expect("it is written");
        assert_eq!(mode(&path), 0o640);
        assert_eq!(fs::read(&path).expect("a file"), b"b");
        assert_eq!(fs::read_dir(&directory).expect("a directory").count(), 1);
    }

    #[test]
    fn what_a_link_points_to_is_replaced() {
        let directory = tempfile::tempdir().expect("a directory");
        let (path, link) = (
            directory.path().join("users"),
            directory.path().join("link"),
        );
        replace(&path, b"a").expect("it is written");
        std::os::unix::fs::symlink("users", &link).expect("a link");
        replace(&link, b"b").expect("it is written");
        assert_eq!(fs::read(&path).expect("a file"), b"b");
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
    }

    #[test]
    fn a_directory_that_is_not_there_is_an_error() {
        let error = replace(Path::new("/nowhere/users"), b"").expect_err("there is none");
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
