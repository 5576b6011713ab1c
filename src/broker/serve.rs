//! The broker on the caller's runtime.

use std::rc::Rc;
use std::time::Instant;

use tokio::task::LocalSet;

use super::accept::{Bounds, accept};
use super::access::Entrance;
use super::fault::Plan;
use super::hub::Hub;
use super::metrics::{self, MetricsListener};
use super::questions::answer_all;
use super::router::Router;
use super::{Config, Event};
use crate::transport::Listener;

/// Serves the clients that connect to `listeners` until `shutdown` is ready; then publishes Will
/// Messages, tells every client (DISCONNECT 0x8B in MQTT 5.0) and closes its connection.
///
/// To be run on a current-thread runtime: everything happens on the thread that polls this
/// future. The listeners are usually those of [`Config::bind`]; [`Config::listen`] and
/// [`Config::tls`] are not looked at.
pub async fn serve(config: Config, listeners: Vec<Listener>, shutdown: impl Future<Output = ()>) {
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
        ..
    } = config;
    let bounds = Bounds::from(&limits);
    let mut router = Router::new(capabilities, limits, log, fastrand::u32(..));
    let listeners: Vec<_> = listeners.into_iter().map(Rc::new).collect();
    router.guard(Entrance::all(&listeners, &access));
    router.set_authorizer(authorizer);
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
    let hub = Rc::new(Hub::new(router, plan.map(Rc::new)));
    let local = LocalSet::new();
    let serving = async {
        tokio::select! {
            () = accept(&hub, &listeners, bounds) => {}
            () = hub.keep_time() => {}
            () = answer_all(&hub) => {}
            () = control.obey(&hub, &listeners, access) => {}
            () = serve_metrics(&hub, metrics) => {}
            () = shutdown => {}
        }
        hub.route(None, |router| router.shut_down(Instant::now()));
        tokio::select! {
            () = hub.all_gone() => {}
            () = hub.keep_time() => {}
        }
    };
    local.run_until(serving).await;
}

/// Serves the counters, if they are to be served, for ever.
async fn serve_metrics(hub: &Rc<Hub>, listener: Option<MetricsListener>) {
    match listener {
        Some(listener) => metrics::serve(hub, listener).await,
        None => std::future::pending().await,
    }
}
