//! The broker's counters for Prometheus.

mod page;

use std::rc::Rc;
use std::time::Instant;

use super::hub::Hub;
use crate::metrics::{self, MetricsListener};

/// Answers, for ever: on the broker's thread.
pub(super) async fn serve(hub: &Rc<Hub>, listener: MetricsListener) {
    let (hub, started) = (Rc::clone(hub), Instant::now());
    let make = move || {
        let mut router = hub.router.borrow_mut();
        router.gather();
        let (now, counters) = (Instant::now(), router.counters());
        page::render(counters, &router.gauges(now), now - started)
    };
    metrics::serve(listener, make).await;
}
