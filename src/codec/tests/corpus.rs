//! Replays the corpus of the fuzz target.

use super::survive;
use crate::codec::Version;
use std::path::Path;

#[test]
fn the_corpus_of_the_fuzz_target() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/decode");
    let entries = std::fs::read_dir(&corpus).expect("fuzz/corpus/decode is checked in");
    let mut count = 0;
    for entry in entries {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        for version in Version::ALL {
            survive::stream(&bytes, version);
        }
        count += 1;
    }
    assert!(count >= 20, "{count} files");
}
