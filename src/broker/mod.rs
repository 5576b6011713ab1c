//! The embedded test broker.
