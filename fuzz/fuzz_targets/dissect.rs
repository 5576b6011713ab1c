//! Any bytes, read as a script of a conversation: chunks of either direction, losses, garbage.

#![no_main]

use libfuzzer_sys::fuzz_target;
// `survive` knows the room as `crate::inspect`.
use mqtk::inspect;

#[path = "../../src/inspect/tests/survive.rs"]
mod survive;

fuzz_target!(|bytes: &[u8]| survive::conversation(bytes));
