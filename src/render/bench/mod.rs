//! What a load test found out.

mod checks;
mod comparison;
mod counts;
mod csv;
mod figures;
mod histogram;
mod hlog;
mod html;
mod intervals;
mod json;
mod latencies;
mod live;
mod phases;
mod plot;
mod search;
mod sentences;
mod summary;
mod words;

pub use comparison::{Comparison, comparison, comparison_json};
pub use csv::intervals_csv;
pub use hlog::interval_log;
pub use html::report_html;
pub use intervals::interval_line;
pub use json::{merged_json, report_json};
pub use live::LiveRun;
pub use phases::{ShownPhase, phases, phases_json};
pub use search::{Searched, search, search_json, search_step};
pub use summary::summary;
