//! The `mqtk` binary.

fn main() {}
