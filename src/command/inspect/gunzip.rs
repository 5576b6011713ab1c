//! Input that gzip has compressed, such as `capture.pcap.gz`.

use std::io::{self, BufReader, ErrorKind, Read};

use flate2::bufread::MultiGzDecoder;

/// How a gzip file begins, with the only compression method that there is. No MQTT packet begins like
/// this.
const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

/// Whether bytes begin like a file of gzip.
pub(super) fn is_gzip(begun: &[u8]) -> bool {
    begun.starts_with(&MAGIC)
}

/// Decompresses as it is read, in constant memory.
pub(super) struct Gunzip<R>(MultiGzDecoder<BufReader<R>>);

impl<R: Read> Gunzip<R> {
    pub(super) fn new(compressed: R) -> Self {
        Gunzip(MultiGzDecoder::new(BufReader::new(compressed)))
    }
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => io::Error::other("its gzip data is cut short"),
            ErrorKind::InvalidInput | ErrorKind::InvalidData => {
                io::Error::other("its gzip data is damaged")
            }
            _ => error,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("a buffer");
        encoder.finish().expect("a buffer")
    }

    fn gunzip(compressed: &[u8]) -> (Vec<u8>, io::Result<usize>) {
        let mut out = Vec::new();
        let read = Gunzip::new(compressed).read_to_end(&mut out);
        (out, read)
    }

    #[test]
    fn all_members_are_read() {
        let compressed = [gzip(b"one"), gzip(b"two")].concat();
        assert!(is_gzip(&compressed));
        assert_eq!(gunzip(&compressed).0, b"onetwo");
    }

    #[test]
    fn what_is_damaged_is_said_after_what_is_not() {
        let mut compressed = gzip(b"hello");
        compressed.truncate(compressed.len() - 4);
        let (out, read) = gunzip(&compressed);
        assert_eq!(out, b"hello");
        let error = read.expect_err("an end in the middle");
        assert_eq!(error.to_string(), "its gzip data is cut short");
        compressed[10] = 0xff;
        let error = gunzip(&compressed).1.expect_err("no deflate");
        assert_eq!(error.to_string(), "its gzip data is damaged");
    }
}
