//! The broker on the caller's runtime.

use std::rc::Rc;
use std::time::Instant;

use tokio::task::LocalSet;

use super::accept::{Bounds, accept};
use super::access::Entrance;
use super::connection::all_read;
use super::fault::Plan;
use super::hub::Hub;
use super::metrics;
use super::persist::{Clock, Commits, Disk, Store, StoreError};
use super::questions::answer_all;
use super::router::Router;
use super::when_woken::when_woken;
use super::{Config, Event};
use crate::metrics::MetricsListener;
use crate::transport::Listener;

/// Serves the clients that connect to `listeners` until `shutdown` is ready; then publishes Will
/// Messages, tells every client (DISCONNECT 0x8B in MQTT 5.0) and closes its connection.
///
/// To be run on a current-thread runtime: everything happens on the thread that polls this
/// future. The listeners are usually those of [`Config::bind`]; [`Config::listen`] and
/// [`Config::tls`] are not looked at.
///
/// # Errors
///
/// What the store holds makes no sense, and nobody was served; or something could not be made
/// durable: then it was not acknowledged either, and the broker has shut down.
pub async fn serve(
    config: Config,
    listeners: Vec<Listener>,
    shutdown: impl Future<Output = ()>,
) -> Result<(), StoreError> {
    let Config {
        capabilities,
        limits,
        access,
        control,
        log,
        authorizer,
        watch,
        metrics,
        sys_interval,
        faults,
        mut persist,
        ..
    } = config;
    let bounds = Bounds::from(&limits);
    let mut router = Router::new(capabilities, limits, log, fastrand::u32(..));
    let listeners: Vec<_> = listeners.into_iter().map(Rc::new).collect();
    router.guard(Entrance::all(&listeners, &access));
    if let Some(store) = &mut persist {
        restore(&mut router, store)?;
        if let Some(compaction) = store.compact_if_wasted(false)? {
            router.log(&Event::from(compaction));
        }
    }
    router.set_authorizer(authorizer);
    router.finish_restoring(Instant::now());
    let disk = persist.map(Disk::start).transpose()?;
    let (disk, mut commits) = disk.unzip();
    router.watch(watch);
    if !sys_interval.is_zero() {
        router.publish_sys(Instant::now(), sys_interval);
    }
    for listener in &listeners {
        let url = listener.url();
        router.log(&Event::Listening { url });
    }
    let plan = Plan::new(faults, u64::from(fastrand::u32(..)));
    if let Some(plan) = &plan {
        let (rules, seed) = (plan.rule_count(), plan.seed());
        router.log(&Event::Misbehaving { rules, seed });
    }
    let hub = Rc::new(Hub::new(router, plan.map(Rc::new), disk));
    let local = LocalSet::new();
    let serving = async {
        hub.wake(None);
        // Connections come often, and all the rest is rare.
        let rest = async {
            tokio::select! {
                () = hub.keep_time() => None,
                () = answer_all(&hub) => None,
                () = control.obey(&hub, &listeners, access) => None,
                () = serve_metrics(&hub, metrics) => None,
                error = keep_committing(&hub, &mut commits) => Some(error),
                () = async { shutdown.await; all_read().await } => None,
            }
        };
        let failed = tokio::select! {
            () = when_woken(accept(&hub, &control, &listeners, bounds)) => None,
            failed = when_woken(rest) => failed,
        };
        close(&hub, &mut commits, failed).await
    };
    local.run_until(serving).await
}

/// Puts back what an earlier broker has recorded, and records from now on.
fn restore(router: &mut Router, store: &mut Store) -> Result<(), StoreError> {
    router.persist();
    let clock = Clock::tell();
    store.for_each(|key, value| router.restore(clock, key, value))
}

/// Ends everything. What was promised is made durable first, unless that has `failed`.
async fn close(
    hub: &Hub,
    commits: &mut Option<Commits>,
    failed: Option<StoreError>,
) -> Result<(), StoreError> {
    if let Some(error) = &failed {
        let mut router = hub.router.borrow_mut();
        router.log(&Event::StoreFailed { error });
        router.store_failed();
    }
    hub.route(None, |router| router.shut_down(Instant::now()));
    let late = if failed.is_some() {
        tokio::select! {
            () = hub.all_gone() => None,
            () = hub.keep_time() => None,
        }
    } else {
        tokio::select! {
            () = hub.all_durable() => None,
            () = hub.keep_time() => None,
            error = keep_committing(hub, commits) => Some(error),
        }
    };
    if let Some(error) = &late {
        hub.router.borrow().log(&Event::StoreFailed { error });
    }
    failed.or(late).map_or(Ok(()), Err)
}

/// Lets the router know of commits, until one fails; for ever if there is no store.
async fn keep_committing(hub: &Hub, commits: &mut Option<Commits>) -> StoreError {
    match commits {
        Some(commits) => hub.keep_committing(commits).await,
        None => std::future::pending().await,
    }
}

/// Serves the counters, if they are to be served, for ever.
async fn serve_metrics(hub: &Rc<Hub>, listener: Option<MetricsListener>) {
    match listener {
        Some(listener) => metrics::serve(hub, listener).await,
        None => std::future::pending().await,
    }
}
