//! The subscription of a connection.

use std::time::Instant;

use super::connection::Connection;
use super::context::{Context, Shared};
use super::receiver::Receiver;
use crate::bench::latency;
use crate::bench::progress::Progress;
use crate::codec::{Properties, SubscriptionOptions};

impl Connection {
    /// Writes the SUBSCRIBE. `false`: there is nothing to subscribe to, or no way.
    pub(super) fn request(&mut self, context: &Context, now: Instant) -> bool {
        let Some(filter) = &self.filter else {
            return false;
        };
        let options = SubscriptionOptions {
            qos: context.plan.qos,
            ..SubscriptionOptions::default()
        };
        let filters = [(&**filter, options)];
        let output = &mut self.link.output;
        let sent = (self.session).subscribe(now, &filters, Properties::EMPTY, output);
        sent.is_some()
    }

    /// Subscribes now, as was `intended` before if there is a schedule. `false`: it cannot.
    pub(super) fn subscribe(&mut self, context: &Context, intended: Option<u64>) -> bool {
        let now = Instant::now();
        if !self.is_ready() || !self.request(context, now) {
            return false;
        }
        let now = context.nanos(now);
        if let Some(receiver) = &mut self.receiver {
            receiver.begin(intended.unwrap_or(now), now);
        }
        true
    }

    /// The SUBSCRIBE of its turn was answered.
    pub(super) fn subscribed(&mut self, context: &Context, now: u64, shared: &mut Shared) {
        Progress::add(&context.progress.acked, 1);
        if let Some(intended) = self.receiver.as_ref().and_then(Receiver::intended) {
            latency::record(&mut shared.stats.steps.suback, now.saturating_sub(intended));
        }
    }
}
