//! Messages that are compressed: permessage-deflate (RFC 7692).

use flate2::{Decompress, FlushDecompress, Status};

use super::super::reassembly::Budget;

/// What one direction holds: 32 KiB of what was said last, and tables.
const COST: usize = 48 * 1024;

/// What every message ends with, and what is left out of it (section 7.2.1).
const END: [u8; 4] = [0, 0, 0xff, 0xff];

/// Decompresses the messages of one direction. Each may repeat what stood in those before.
#[derive(Debug)]
pub(super) struct Inflate(Decompress);

/// What is compressed is none, or ends in the middle.
#[derive(Debug)]
pub(super) struct Damaged;

impl Inflate {
    /// Begins with the first message of a direction. `None`: there is no room.
    pub fn new(budget: &mut Budget) -> Option<Inflate> {
        if budget.held + COST > budget.limit {
            return None;
        }
        budget.held += COST;
        Some(Inflate(Decompress::new(false)))
    }

    /// Gives back to the budget what it counts for.
    pub fn release(self, budget: &mut Budget) {
        budget.held -= COST;
    }

    /// Takes the next bytes of a message.
    pub fn take(&mut self, mut bytes: &[u8], out: &mut impl FnMut(&[u8])) -> Result<(), Damaged> {
        let mut plain = [0; 4096];
        loop {
            let (read, written) = (self.0.total_in(), self.0.total_out());
            let status = self
                .0
                .decompress(bytes, &mut plain, FlushDecompress::Sync)
                .map_err(|_| Damaged)?;
            let read = (self.0.total_in() - read) as usize;
            let written = (self.0.total_out() - written) as usize;
            bytes = bytes.get(read..).unwrap_or_default();
            if written > 0 {
                out(plain.get(..written).unwrap_or_default());
            }
            match status {
                // Behind an end, nobody knows what may be repeated.
                Status::StreamEnd => return Err(Damaged),
                _ if read == 0 && written == 0 && !bytes.is_empty() => return Err(Damaged),
                // What did not fit may still be in it.
                _ if bytes.is_empty() && written < plain.len() => return Ok(()),
                _ => {}
            }
        }
    }

    /// The message is over.
    pub fn end(&mut self, out: &mut impl FnMut(&[u8])) -> Result<(), Damaged> {
        self.take(&END, out)
    }
}
