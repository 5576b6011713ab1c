//! What a load test found out.
//!
//! A report is shown to people by `summary`, which puts `counts`, `latencies` and `histogram` below
//! one another and ends with the `sentences` that say what to think of it; by `html`, with `plot`s;
//! and to programs by `json`, `csv` and `hlog`. `live` and `intervals` show a run while it goes;
//! `phases`, `search` and `comparison` are of several.

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
mod json_config;
mod json_histograms;
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
