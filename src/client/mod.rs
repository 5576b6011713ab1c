//! The minimal client core.

mod options;

pub use options::{Options, Reconnect, Secret, WillMessage};
