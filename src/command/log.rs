//! The broker's log on stderr. The broker goes on whether or not anybody reads it.

use std::fmt::Display;
use std::io;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::broker::{Event, Level};
use crate::cli::{LogFormat, LogOptions, LogTime, Verbosity};
use crate::render::{Clock, Notice, Stamp, Style};

use super::background_writer::{BackgroundWriter, Trouble};
use super::event_log::{Kind, Line, USUAL_LINE};
use super::journal;
use super::throttle::{PERIOD, Repeated, Throttle};

/// Bytes of the log that may wait for the reader of stderr.
const LIMIT: usize = 256 * 1024;
/// How long to wait for the reader of the last lines.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often to look for lines that were held back long enough.
const BEAT: Duration = Duration::from_secs(1);

/// Writes events to stderr, as text or JSON; nothing with `--quiet`. What a client repeats is counted
/// instead, unless the user asks for details.
pub(super) struct Log {
    format: LogFormat,
    verbosity: Verbosity,
    style: Style,
    stamp: Mutex<Stamp>,
    throttle: Mutex<Throttle<Line>>,
    /// The throttle has something to count, and later to forget or to report.
    is_counting: Notify,
    stderr: BackgroundWriter,
    /// An event has said why the broker fails.
    has_told_why: AtomicBool,
}

impl Log {
    /// A log on the stderr of this process.
    ///
    /// # Errors
    ///
    /// Stderr is closed, or there is no thread to write it.
    pub(super) fn start(verbosity: Verbosity, options: LogOptions) -> io::Result<Self> {
        let LogOptions { format, time } = options;
        let stderr = io::stderr();
        let style = Style::of(&stderr);
        let of_thread = Mutex::new(stamp(time));
        let on_trouble = move |trouble: Trouble, out: &mut Vec<u8>| {
            if let Trouble::Dropped(count) = trouble {
                let text = format_args!("{count} log lines were dropped: stderr is not read");
                let line = Line::trouble(format, "log_lines_dropped", Some(count), text);
                line.print(Timestamp::now(), &mut lock(&of_thread), style, out);
            }
        };
        let fd = stderr.as_fd().try_clone_to_owned()?;
        Ok(Self {
            format,
            verbosity,
            style,
            stamp: Mutex::new(stamp(time)),
            throttle: Mutex::default(),
            is_counting: Notify::new(),
            stderr: BackgroundWriter::start(fd, LIMIT, on_trouble)?,
            has_told_why: AtomicBool::new(false),
        })
    }

    /// Reports an event, if the user wants to hear of it.
    pub(super) fn event(&self, event: &Event<'_>) {
        let line = || Line::of(self.format, event);
        if matches!(event, Event::StoreFailed { .. }) {
            self.has_told_why.store(true, Ordering::Relaxed);
        }
        match self.verbosity {
            Verbosity::Quiet => {}
            // The URL has gone to stdout.
            _ if self.format == LogFormat::Text && matches!(event, Event::Listening { .. }) => {}
            Verbosity::Normal if event.level() == Level::Debug => {}
            Verbosity::Normal => {
                let line = lock(&self.throttle).admit(Instant::now(), Kind(event), line);
                self.is_counting.notify_one();
                self.print(line);
            }
            Verbosity::Debug => self.print(Some(line())),
        }
    }

    /// Whether the log says already why the broker fails.
    pub(super) fn has_told_why(&self) -> bool {
        self.has_told_why.load(Ordering::Relaxed)
    }

    /// Says something that is not an event, and is left out of a log in JSON.
    pub(super) fn note(&self, text: impl Display) {
        if self.verbosity != Verbosity::Quiet && self.format == LogFormat::Text {
            self.print(Some(Line::Text(Notice::Note, text.to_string())));
        }
    }

    /// Reports a problem that is not an event of the broker; `name` is its name in a log in JSON.
    pub(super) fn warn(&self, name: &'static str, count: Option<u64>, text: impl Display) {
        if self.verbosity != Verbosity::Quiet {
            self.print(Some(Line::trouble(self.format, name, count, text)));
        }
    }

    /// Reports, for ever, what has been held back for long enough. While nothing happens, it sleeps.
    pub(super) async fn keep_reporting(&self) {
        loop {
            self.is_counting.notified().await;
            while !lock(&self.throttle).is_empty() {
                tokio::time::sleep(BEAT).await;
                let due = lock(&self.throttle).take_due(Instant::now());
                self.print_repeated(due);
            }
        }
    }

    /// Writes what is left, as long as somebody reads it.
    pub(super) fn finish(&self) {
        let held = lock(&self.throttle).take_all();
        self.print_repeated(held);
        self.stderr.finish(PATIENCE);
    }

    fn print_repeated(&self, repeated: Vec<Repeated<Line>>) {
        for Repeated { count, like } in repeated {
            self.print(Some(like.repeated(count, PERIOD.as_secs())));
        }
    }

    fn print(&self, line: Option<Line>) {
        if let Some(line) = line {
            let mut bytes = Vec::with_capacity(USUAL_LINE);
            line.print(
                Timestamp::now(),
                &mut lock(&self.stamp),
                self.style,
                &mut bytes,
            );
            self.stderr.put(&bytes);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds a lock.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn stamp(time: LogTime) -> Stamp {
    match time {
        LogTime::Auto if journal::is_stderr() => Stamp::None,
        LogTime::Auto | LogTime::Iso => Stamp::Iso(Clock::local()),
        LogTime::Unix => Stamp::Unix,
        LogTime::None => Stamp::None,
    }
}
