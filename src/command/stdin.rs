//! Standard input in blocks, and the lines in them.
//!
//! A thread of its own reads, since the descriptor may be shared with other processes and must stay
//! blocking. The threads hand over blocks, not lines.

use std::io::{self, Read};
use std::ops::Range;
use std::thread;

use memchr::memchr;
use tokio::sync::mpsc;

use crate::codec::MAX_REMAINING_LENGTH;

/// Bytes read at once; one block waits while another is used and a third is read.
const BLOCK: usize = 64 * 1024;

/// The lines of an input. A line may be empty, or contain anything but a line end.
pub(super) struct Lines {
    blocks: mpsc::Receiver<io::Result<Vec<u8>>>,
    buffer: Vec<u8>,
    /// Everything before this has been taken.
    at: usize,
    /// There is no line end between `at` and this.
    scanned: usize,
    is_at_end: bool,
}

impl Lines {
    /// Starts to read `input`.
    pub(super) fn new(input: impl Read + Send + 'static) -> Lines {
        let (sender, blocks) = mpsc::channel(1);
        thread::spawn(move || read_blocks(input, &sender));
        Lines {
            blocks,
            buffer: Vec::new(),
            at: 0,
            scanned: 0,
            is_at_end: false,
        }
    }

    /// Takes the next line, if it has been read.
    pub(super) fn next(&mut self) -> Option<&[u8]> {
        let line = self.next_range()?;
        Some(&self.buffer[line])
    }

    fn next_range(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let end = match memchr(b'\n', &self.buffer[self.scanned..]) {
            Some(length) => self.scanned + length,
            None if self.is_at_end && start < self.buffer.len() => self.buffer.len(),
            None => {
                self.scanned = self.buffer.len();
                return None;
            }
        };
        self.at = (end + 1).min(self.buffer.len());
        self.scanned = self.at;
        Some(start..end)
    }

    /// Whether [`next`](Lines::next) found nothing because the input has ended.
    pub(super) fn is_at_end(&self) -> bool {
        self.is_at_end && self.at == self.buffer.len()
    }

    /// Waits for more of the input. May be dropped while waiting.
    ///
    /// # Errors
    ///
    /// The input cannot be read, or a line is longer than any packet.
    pub(super) async fn more(&mut self) -> io::Result<()> {
        let Some(block) = self.blocks.recv().await else {
            self.is_at_end = true;
            return Ok(());
        };
        let block = block?;
        if self.at == self.buffer.len() {
            self.buffer = block;
        } else {
            self.buffer.drain(..self.at);
            self.buffer.extend_from_slice(&block);
        }
        self.scanned -= self.at;
        self.at = 0;
        if self.scanned > MAX_REMAINING_LENGTH {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!(
                    "a line is longer than {MAX_REMAINING_LENGTH} bytes, which no MQTT packet holds"
                ),
            ));
        }
        Ok(())
    }
}

fn read_blocks(mut input: impl Read, blocks: &mpsc::Sender<io::Result<Vec<u8>>>) {
    loop {
        let mut block = vec![0; BLOCK];
        let read = match input.read(&mut block) {
            Ok(0) => return,
            Ok(length) => {
                block.truncate(length);
                if length < BLOCK / 4 {
                    block.shrink_to_fit();
                }
                Ok(block)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let failed = read.is_err();
        if blocks.blocking_send(read).is_err() || failed {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its pieces one by one.
    struct Pieces(std::vec::IntoIter<Vec<u8>>);

    impl Read for Pieces {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let piece = self.0.next().unwrap_or_default();
            buffer[..piece.len()].copy_from_slice(&piece);
            Ok(piece.len())
        }
    }

    async fn lines_of(pieces: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        let mut lines = Lines::new(Pieces(pieces.into_iter()));
        let mut all = Vec::new();
        while !lines.is_at_end() {
            match lines.next() {
                Some(line) => all.push(line.to_vec()),
                None => lines.more().await.unwrap(),
            }
        }
        all
    }

    #[tokio::test]
    async fn lines_are_the_same_however_the_input_is_cut() {
        let input = b"one\n\ntwo\0two\r\nthree\xff\n\n\nfour";
        let expected = [
            &b"one"[..],
            b"",
            b"two\0two\r",
            b"three\xff",
            b"",
            b"",
            b"four",
        ];
        for size in 1..=input.len() {
            let pieces = input.chunks(size).map(<[u8]>::to_vec).collect();
            assert_eq!(lines_of(pieces).await, expected, "in pieces of {size}");
        }
    }

    #[tokio::test]
    async fn an_empty_input_has_no_lines() {
        assert!(lines_of(Vec::new()).await.is_empty());
        assert_eq!(lines_of(vec![b"\n\n".to_vec()]).await, [b"", b""]);
    }
}
