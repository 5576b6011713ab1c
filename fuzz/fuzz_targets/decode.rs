//! Any bytes, read as packets of each version: strictly, and as a trace.

#![no_main]

use libfuzzer_sys::fuzz_target;
// `survive` knows the codec as `crate::codec`.
use mqtk::codec;

#[path = "../../src/codec/tests/survive.rs"]
mod survive;

fuzz_target!(|bytes: &[u8]| {
    for version in codec::Version::ALL {
        survive::stream(bytes, version);
    }
});
