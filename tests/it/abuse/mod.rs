//! What a broker that many can reach has to stand, each with its figures. The short form of each
//! is a test as any other; `tests/abuse` runs the long one.
//!
//! The broker is a process of its own, with a bound on its memory. A canary keeps talking to it all
//! the time: it must be served, and its worst round trip is one of the figures.

mod bytes;
mod canary;
mod crowds;
mod floods;
mod peer;
mod queues;
mod topics;
mod victim;

/// Whether this is the long form, which takes minutes and wants a release build.
fn is_long() -> bool {
    std::env::var_os("MQTK_ABUSE").is_some_and(|form| form == "long")
}

/// A number for the short form and one for the long form.
fn scaled<T>(short: T, long: T) -> T {
    if is_long() { long } else { short }
}
