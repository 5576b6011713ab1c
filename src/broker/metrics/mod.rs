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
        let router = hub.router.borrow();
        page::render(router.counters(), &router.gauges(), started.elapsed())
    };
    metrics::serve(listener, make).await;
}
