//! The one connection loop, for either role: a stream, the input that is not complete yet, and the
//! output that has not been sent yet.
//!
//! A socket call costs a hundred codec steps, so the unit is the batch: read as much as the
//! socket gives, hand out every whole [`Frame`](crate::codec::Frame), let the caller append its
//! answers to [`Link::output`], write once.

mod link;

pub use link::{End, Link};
