//! `mqtk broker --watch`: what clients publish, on stdout.

use std::cell::RefCell;
use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::broker::{Watch, Watched};
use crate::cli::InsideOptions;
use crate::render::{Clock, MessageView, Printer, Style};

use super::background_writer::{BackgroundWriter, Trouble};
use super::failure::Failure;
use super::layout::layout;
use super::log::Log;

/// Bytes that may wait for the reader of stdout.
const LIMIT: usize = 8 << 20;
/// Memory that is kept for a printed message.
const KEEP: usize = 64 * 1024;
/// How long to wait for the reader of the last messages.
const PATIENCE: Duration = Duration::from_secs(1);

/// Stdout, as far as messages are printed to it.
pub(super) struct Screen(Option<Arc<BackgroundWriter>>);

impl Screen {
    /// Writes what is left, as long as somebody reads it.
    pub(super) fn finish(&self) {
        if let Some(stdout) = &self.0 {
            stdout.finish(PATIENCE);
        }
    }
}

/// Prints what the options ask for.
///
/// # Errors
///
/// The format is no format, or stdout is closed.
pub(super) fn watch(
    options: &InsideOptions,
    log: &Arc<Log>,
) -> Result<(Option<Watch>, Screen), Failure> {
    if options.watch.is_empty() {
        return Ok((None, Screen(None)));
    }
    let stdout = io::stdout();
    let printer = Printer::new(layout(&options.form)?, Style::of(&stdout), Clock::local());
    let writer = start(log).map_err(|error| Failure::io("cannot write to stdout", &error))?;
    let writer = Arc::new(writer);
    let screen = Screen(Some(Arc::clone(&writer)));
    let printing = RefCell::new((printer, Vec::new()));
    let sink = move |message: &Watched<'_>| {
        let (printer, out) = &mut *printing.borrow_mut();
        out.clear();
        out.shrink_to(KEEP);
        let view = MessageView {
            client_id: Some(message.client_id),
            ..MessageView::new(Timestamp::now(), &message.publish)
        };
        // A message that does not fit the format is seen to be incomplete.
        let _ = printer.print(&view, out);
        writer.put(out);
    };
    Ok((Some(Watch::new(options.watch.clone(), sink)), screen))
}

fn start(log: &Arc<Log>) -> io::Result<BackgroundWriter> {
    let log = Arc::clone(log);
    let fd = io::stdout().as_fd().try_clone_to_owned()?;
    BackgroundWriter::start(fd, LIMIT, move |trouble, _| match trouble {
        Trouble::Dropped(count) => log.warn(
            "watched_messages_dropped",
            Some(count),
            format_args!("{count} messages were not printed: stdout is not read"),
        ),
        Trouble::Gone => log.warn(
            "watch_ended",
            None,
            format_args!("stdout is closed: --watch prints nothing any more"),
        ),
    })
}
