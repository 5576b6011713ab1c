//! `mqtk inspect --listen`: shows the traffic that it passes on.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, BufWriter};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use super::report::Report;
use crate::cli::ProxyOptions;
use crate::command::failure::Failure;
use crate::command::listen;
use crate::command::signals::Signals;
use crate::command::talk::Talk;
use crate::exit::ExitStatus;
use crate::inspect::proxy::{Feed, Item, Recorder, feed, serve};
use crate::inspect::{Chunk, Data, Dissector, Origin};
use crate::transport::{ConnectError, Connector, Listener, plain_io};

/// How long to wait at the end for the reader of stdout.
const PATIENCE_AT_END: Duration = Duration::from_secs(2);

/// Longer than anything is waited for.
const LONG: Duration = Duration::from_secs(3600);

/// Passes on until SIGINT or SIGTERM.
///
/// # Errors
///
/// It cannot listen, the options for the broker are wrong, or the record cannot be made.
pub(super) async fn run(
    options: ProxyOptions,
    dissector: Dissector,
    report: Report,
    talk: Talk,
) -> Result<(), Failure> {
    let mut signals = Signals::new(true)?;
    let tls = options.tls.map(listen::tls).transpose()?;
    let connector = Connector::new(&options.to).map_err(cannot_connect)?;
    let listeners = Listener::bind_all(&options.listen, tls.as_ref())
        .map_err(|error| listen::failure(&error))?;
    let record = options.record.as_deref().map(create).transpose()?;
    for listener in &listeners {
        let (url, to) = (listener.url(), &options.to.address);
        talk.note(format_args!("listening at {url}, passing on to {to}"));
    }
    let (tap, feed) = feed();
    let looking = Looking {
        dissector,
        report,
        record,
        talk,
    };
    let (over, ended) = oneshot::channel();
    thread::spawn(move || {
        // If stdout was not read for too long, nobody is waiting for this any more.
        let _ = over.send(looking.look(&feed));
    });
    serve(listeners, connector, tap, signals.recv()).await;
    match tokio::time::timeout(PATIENCE_AT_END, ended).await {
        Ok(Ok(result)) => result,
        _ => Ok(()),
    }
}

/// Looks at copies of the traffic, on a thread of its own, so that the traffic never waits for it.
struct Looking {
    dissector: Dissector,
    report: Report,
    record: Option<Recorder<BufWriter<File>>>,
    talk: Talk,
}

impl Looking {
    fn look(mut self, feed: &Feed) -> Result<(), Failure> {
        let mut patience = LONG;
        loop {
            match feed.next(patience) {
                Ok(Some(item)) => {
                    self.item(&item);
                    patience = Duration::ZERO;
                }
                Ok(None) => {
                    self.flush();
                    patience = LONG;
                }
                Err(_) => break,
            }
        }
        self.flush();
        let left_out = feed.left_out();
        if left_out > 0 {
            self.talk.warn(format_args!(
                "{left_out} bytes went through without being shown: they came faster than they \
                 could be"
            ));
        }
        self.report.finish()
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Bytes(origin, bytes) => {
                self.record(|record| record.bytes(origin, bytes));
                self.push(*origin, Data::Bytes(bytes));
            }
            Item::LeftOut(origin, len) => {
                self.record(|record| record.left_out(origin, *len));
                self.push(*origin, Data::Gap(*len));
            }
            Item::End(origin) => {
                self.record(|record| record.end(origin));
                self.push(*origin, Data::End);
            }
            Item::Note(note) => self.talk.note(note),
        }
    }

    fn push(&mut self, origin: Origin, data: Data<'_>) {
        self.dissector
            .push(Chunk { origin, data }, &mut self.report);
        if let Err(failure) = self.report.write_if_full() {
            self.talk.warn(failure.message());
        }
    }

    /// Records, as long as that can be done.
    fn record(&mut self, write: impl FnOnce(&mut Recorder<BufWriter<File>>) -> io::Result<()>) {
        if let Some(Err(error)) = self.record.as_mut().map(write) {
            self.record = None;
            let why = plain_io(&error);
            self.talk
                .warn(format_args!("nothing more is recorded: {why}"));
        }
    }

    fn flush(&mut self) {
        self.record(Recorder::flush);
        if let Err(failure) = self.report.write() {
            self.talk.warn(failure.message());
        }
    }
}

/// Creates a file that only its owner can read, since there may be passwords in the traffic.
fn create(path: &Path) -> Result<Recorder<BufWriter<File>>, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let file = options.open(path).and_then(|file| {
        if file.metadata()?.is_file() {
            file.set_permissions(Permissions::from_mode(0o600))?;
        }
        Ok(file)
    });
    file.and_then(|file| Recorder::new(BufWriter::new(file)))
        .map_err(|error| Failure::io(format_args!("cannot write {}", path.display()), &error))
}

fn cannot_connect(error: ConnectError) -> Failure {
    Failure::new(ExitStatus::Usage, format!("--to: {error}"))
}
