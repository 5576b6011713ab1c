//! systemd's journal, which adds the time to each line itself.

use std::env;
use std::ffi::OsStr;
use std::io;

use rustix::fs::fstat;

/// Whether stderr is connected to the journal: `$JOURNAL_STREAM` has the numbers of that stream.
pub(super) fn is_stderr() -> bool {
    let Some(stream) = env::var_os("JOURNAL_STREAM") else {
        return false;
    };
    // A program that the service started may have inherited the variable, and another stderr.
    fstat(io::stderr()).is_ok_and(|stat| is_stream(&stream, stat.st_dev, stat.st_ino))
}

/// `device:inode`
fn is_stream(stream: &OsStr, device: u64, inode: u64) -> bool {
    stream
        .to_str()
        .is_some_and(|stream| stream == format!("{device}:{inode}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_journal_is_known_by_its_numbers() {
        assert!(is_stream(OsStr::new("8:1234"), 8, 1234));
        for other in ["8:12345", "9:1234", "1234", ""] {
            assert!(!is_stream(OsStr::new(other), 8, 1234), "{other}");
        }
    }
}
