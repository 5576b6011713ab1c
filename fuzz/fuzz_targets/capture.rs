//! Any bytes, read as a capture file in one piece and in two, down to the packets.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mqtk::inspect::{Capture, CaptureOptions, Chunk, Dissector, Observed, Partial, Sink, Skipped};

/// Counts what it is told.
#[derive(Default, PartialEq, Debug)]
struct Count(u64, u64, u64);

impl Sink for Count {
    fn packet(&mut self, _: &Observed<'_>) {
        self.0 += 1;
    }

    fn skipped(&mut self, _: &Skipped<'_>) {
        self.1 += 1;
    }

    fn partial(&mut self, _: &Partial<'_>) {
        self.2 += 1;
    }
}

fn count(file: &[u8], piece: usize) -> Count {
    let (mut dissector, mut count) = (Dissector::default(), Count::default());
    let mut tell = |chunk: Chunk<'_>| dissector.push(chunk, &mut count);
    let mut capture = Capture::new(CaptureOptions::default());
    let (mut from, mut to) = (0, 0);
    while to < file.len() {
        to = file.len().min(to + piece.max(1));
        match capture.read(&file[from..to], &mut tell) {
            Ok(used) => from += used,
            Err(_) => break,
        }
    }
    let _ = capture.finish(&file[from..to], &mut tell);
    count
}

fuzz_target!(|file: &[u8]| {
    let piece = file.get(30).map_or(1, |byte| usize::from(*byte) * 8);
    assert_eq!(count(file, file.len()), count(file, piece));
});
