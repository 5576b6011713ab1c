//! `mqtk broker`.

use std::future;
use std::io::{self, Write};
use std::mem;
use std::panic;
use std::process;
use std::sync::Arc;
use std::thread;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::sync::oneshot;

use crate::broker::{Access, Authorizer, Config, Store, StoreError, serve};
use crate::cli::{AclOptions, BrokerOptions, PersistOptions, Places};
use crate::exit::ExitStatus;
use crate::metrics::MetricsListener;
use crate::transport::{ListenError, Listener, SELF_SIGNED_CA, ServerTlsOptions, make_room};

use super::access;
use super::acl_file;
use super::failure::Failure;
use super::listen;
use super::log::Log;
use super::memory;
use super::print::print;
use super::reload::{Files, Reload};
use super::signals::Signals;
use super::watch::watch;

/// Serves until SIGINT or SIGTERM, or until its terminal is closed; upon SIGHUP, it reads its files
/// again.
///
/// # Errors
///
/// It cannot listen, or a file that the options name is not what it should be; the message has the
/// place of the option in the configuration file.
pub(super) async fn run(mut options: BrokerOptions) -> Result<(), Failure> {
    let places = mem::take(&mut options.places);
    let served = serve_as(options, &places).await;
    served.map_err(|failure| failure.reworded(|message| places.blame(message)))
}

async fn serve_as(options: BrokerOptions, places: &Places) -> Result<(), Failure> {
    allow_many_files();
    memory::return_when_idle();
    let mut signals = Signals::new(true)?;
    let log = Log::start(options.verbosity, options.log)
        .map_err(|error| Failure::io("cannot start", &error))?;
    let log = Arc::new(log);
    let reported = Arc::clone(&log);
    let access = access::build(&options.access, &log)?;
    let (watch, screen) = watch(&options.inside, &log)?;
    let metrics = options.inside.metrics.map(listen::metrics).transpose()?;
    let metrics_url = metrics.as_ref().map(MetricsListener::url);
    let tls = options.tls.map(listen::tls).transpose()?;
    let config = Config {
        listen: options.listen,
        tls: tls.clone(),
        capabilities: options.capabilities,
        access,
        limits: options.limits,
        persist: options.persist.map(open_store).transpose()?,
        authorizer: authorizer(options.acl.as_ref())?,
        log: Some(Box::new(move |event| reported.event(event))),
        watch,
        metrics,
        sys_interval: options.inside.sys_interval,
        faults: options.faults,
        ..Config::default()
    };
    let files = Files {
        access: options.access,
        acl: options.acl,
        tls,
    };
    // Before anybody can know of the broker and send it SIGHUP.
    let mut reload = Reload::new(config.control.clone(), files, Arc::clone(&log))?;
    let listeners = config
        .bind()
        .map_err(|error| cannot_listen(error, places))?;
    announce(&listeners, metrics_url, config.watch.is_some(), &log)?;
    warn_if_closed(&log, &listeners, &config.access);
    tell_cafile(config.tls.as_ref(), &log);
    let end = async {
        tokio::select! {
            () = signals.recv() => {}
            () = reload.keep() => {}
            () = end_of_stdin(options.end_with_stdin) => {}
        }
    };
    let reporting = Arc::clone(&log);
    // It ends with the runtime.
    tokio::spawn(async move { reporting.keep_reporting().await });
    let served = serve(config, listeners, end).await;
    screen.finish();
    log.finish();
    served.map_err(|error| match log.has_told_why() {
        // Stderr may be blocked, and the log has said it already.
        true => Failure::told(ExitStatus::Failure),
        false => store_failed(error),
    })
}

/// Waits for the end of stdin, if that `is_awaited`.
async fn end_of_stdin(is_awaited: bool) {
    if !is_awaited {
        return future::pending().await;
    }
    let (at_end, end) = oneshot::channel();
    // If something else ends the broker, this thread goes on waiting.
    thread::spawn(move || {
        // An error ends it as well.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = at_end.send(());
    });
    // The sender is not dropped before it is used.
    let _ = end.await;
}

/// The system makes room for so many open files at the start, at 8 bytes each.
const ROOM: u64 = 65_536;

/// Every connection is an open file: takes as many as the system lets this process have.
fn allow_many_files() {
    let maximum = getrlimit(Resource::Nofile).maximum;
    let limit = Rlimit {
        current: maximum,
        maximum,
    };
    // If the limit cannot be raised, it stays what it was.
    let _ = setrlimit(Resource::Nofile, limit);
    make_room(maximum.unwrap_or(ROOM).min(ROOM));
}

fn open_store(options: PersistOptions) -> Result<Store, Failure> {
    let directory = options.directory.clone();
    let usual = panic::take_hook();
    // The release build does not unwind, so that a panic in the database can only be explained here.
    panic::set_hook(Box::new(move |_| {
        let error = store_failed(Store::contradictory(&directory));
        let _unwritten = writeln!(io::stderr(), "error: {}", error.message());
        process::exit(ExitStatus::Failure.code().into());
    }));
    let store = Store::open(&options.directory, options.sync).map_err(store_failed);
    panic::set_hook(usual);
    store
}

fn store_failed(error: StoreError) -> Failure {
    Failure::new(ExitStatus::Failure, format!("--persist {error}"))
}

/// Tells scripts where to connect: on stdout, unless messages go there.
fn announce(
    listeners: &[Listener],
    metrics: Option<String>,
    is_watched: bool,
    log: &Log,
) -> Result<(), Failure> {
    let urls = listeners.iter().map(|listener| listener.url().to_string());
    let urls = urls.chain(metrics);
    if is_watched {
        urls.for_each(|url| log.note(format_args!("listening on {url}")));
        return Ok(());
    }
    let urls: String = urls.map(|url| url + "\n").collect();
    print(urls.as_bytes())
}

/// Tells what clients of a broker with a CA of its own have to trust.
fn tell_cafile(tls: Option<&ServerTlsOptions>, log: &Log) {
    if let Some(directory) = tls.and_then(|tls| tls.self_signed.as_ref()) {
        let file = directory.join(SELF_SIGNED_CA);
        log.note(format_args!(
            "for clients of the listeners with TLS: --cafile {}",
            file.display()
        ));
    }
}

/// Tells whoever started a listener that nobody can use it.
fn warn_if_closed(log: &Log, listeners: &[Listener], access: &[Access]) {
    for (listener, access) in listeners.iter().zip(access) {
        if access.authenticators.is_empty()
            && !access.lets_in_anonymous(listener.is_local() || listener.demands_certificate())
        {
            let text = format_args!(
                "{} refuses every client: there is no authentication, and other machines \
                 reach it; --allow-anonymous lets them in",
                listener.url()
            );
            log.warn("listener_closed", None, text);
        }
    }
}

/// The rules of --acl-file.
fn authorizer(options: Option<&AclOptions>) -> Result<Option<Arc<dyn Authorizer>>, Failure> {
    let acl = options.map(acl_file::read).transpose();
    let acl = acl.map_err(|error| Failure::new(ExitStatus::Usage, error))?;
    Ok(acl.map(|acl| Arc::new(acl) as Arc<dyn Authorizer>))
}

fn cannot_listen(error: ListenError, places: &Places) -> Failure {
    match error {
        ListenError::Options(_) => listen::failure(&error),
        _ => listen::failure(&error).reworded(|message| places.blame_on("listen", message)),
    }
}
