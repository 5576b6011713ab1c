//! Bytes of the store, read field by field.

use super::record::Damaged;

/// What is left of an entry.
pub(super) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Damaged> {
        self.0.split_off(..count).ok_or(Damaged)
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Damaged> {
        let (array, rest) = self.0.split_first_chunk().ok_or(Damaged)?;
        self.0 = rest;
        Ok(*array)
    }

    pub fn u8(&mut self) -> Result<u8, Damaged> {
        self.array().map(|[byte]| byte)
    }

    pub fn u16(&mut self) -> Result<u16, Damaged> {
        self.array().map(u16::from_be_bytes)
    }

    pub fn u32(&mut self) -> Result<u32, Damaged> {
        self.array().map(u32::from_be_bytes)
    }

    pub fn u64(&mut self) -> Result<u64, Damaged> {
        self.array().map(u64::from_be_bytes)
    }

    /// A number that zero stands for the absence of.
    pub fn some_u64(&mut self) -> Result<Option<u64>, Damaged> {
        self.u64().map(|number| (number != 0).then_some(number))
    }

    /// Bytes after their length.
    pub fn bytes(&mut self) -> Result<&'a [u8], Damaged> {
        let length = self.u32()?;
        self.take(length as usize)
    }

    pub fn string(&mut self) -> Result<&'a str, Damaged> {
        text(self.bytes()?)
    }

    /// Everything that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    pub fn end(&self) -> Result<(), Damaged> {
        self.0.is_empty().then_some(()).ok_or(Damaged)
    }
}

/// Bytes that have to be text.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Damaged> {
    std::str::from_utf8(bytes).map_err(|_| Damaged)
}

/// Appends bytes after their length.
pub(super) fn put_bytes(into: &mut Vec<u8>, bytes: &[u8]) {
    into.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
    into.extend_from_slice(bytes);
}
