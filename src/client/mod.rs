//! The minimal client core.
