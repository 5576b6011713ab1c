//! What people and scripts see: messages, packets and reports as text, and notices on stderr.
//!
//! A [`Printer`] turns a [`MessageView`] into bytes in a buffer. Nothing here asks what stdout is: a
//! [`Style`] says whether the text goes to a terminal. There it is coloured, and control characters that
//! strangers have published are shown instead of obeyed. In a pipe, payloads pass byte for byte.
//!
//! * [`Format`] is the `-F` template language of mosquitto_sub.
//! * [`Watch`] keeps one line per topic on the screen.
//! * [`error`], [`warning`] and [`note`] write to stderr.
//! * [`PacketLine`] shows a Control Packet.
//! * [`Progress`] shows how far a long command has come.

mod bench;
mod clock;
mod counted;
mod digits;
mod escape;
mod format;
pub mod inspect;
mod json;
mod log_line;
mod message;
mod notice;
mod packet;
mod printer;
mod progress;
mod status_line;
mod style;
mod watch;

pub use bench::{
    Comparison, LiveRun, Searched, ShownPhase, comparison, comparison_json, interval_line,
    interval_log, intervals_csv, merged_json, phases, phases_json, report_html, report_json,
    search, search_json, search_step, summary,
};
pub use clock::Clock;
pub use format::{Format, FormatError, Mismatch};
pub use log_line::{Stamp, json_line};
pub use message::MessageView;
pub use notice::{Notice, error, note, warning};
pub use packet::PacketLine;
pub use printer::{Layout, Printer};
pub use progress::Progress;
pub use style::Style;
pub use watch::{Screen, Watch};
