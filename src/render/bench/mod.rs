//! What a load test found out.

mod json;
mod summary;

pub use json::report_json;
pub use summary::{interval_line, summary};
