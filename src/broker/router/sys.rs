//! Mosquitto's `$SYS` topics: what the broker counts, as retained messages.
//!
//! While nobody is subscribed to any of them they are not made.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::Router;
use super::load::{Load, MINUTES};
use super::outgoing::Outgoing;
use crate::broker::counters::{Counters, Gauges};
use crate::codec::{PacketType, PropertyBuf, QoS};
use crate::session::Message;
use crate::topic::NameTree;

/// What the values are made of.
struct View<'a> {
    counters: &'a Counters,
    gauges: Gauges,
    uptime: Duration,
}

type Value = fn(&View<'_>) -> String;
type Total = fn(&Counters) -> u64;

/// What follows `$SYS/broker/`, and its value; in the order of Mosquitto's documentation.
const VALUES: [(&str, Value); 26] = [
    ("bytes/received", |v| v.counters.received.bytes.to_string()),
    ("bytes/sent", |v| v.counters.sent.bytes.to_string()),
    ("clients/active", |v| v.gauges.connected_clients.to_string()),
    ("addresses/blocked", |v| {
        v.gauges.blocked_addresses.to_string()
    }),
    ("clients/blocked", |v| v.gauges.blocked_clients.to_string()),
    ("clients/connected", |v| {
        v.gauges.connected_clients.to_string()
    }),
    ("clients/disconnected", |v| v.gauges.absent().to_string()),
    ("clients/inactive", |v| v.gauges.absent().to_string()),
    ("clients/expired", |v| {
        v.counters.expired_sessions.to_string()
    }),
    ("clients/maximum", |v| v.counters.most_clients.to_string()),
    ("clients/total", |v| v.gauges.sessions.to_string()),
    ("messages/received", |v| {
        v.counters.received.packets().to_string()
    }),
    ("messages/sent", |v| v.counters.sent.packets().to_string()),
    ("messages/stored", |v| v.gauges.stored().to_string()),
    ("publish/bytes/received", |v| {
        v.counters.received.payload_bytes.to_string()
    }),
    ("publish/bytes/sent", |v| {
        v.counters.sent.payload_bytes.to_string()
    }),
    ("publish/messages/dropped", |v| {
        v.counters.dropped.total().to_string()
    }),
    ("publish/messages/received", |v| {
        publishes(&v.counters.received).to_string()
    }),
    ("publish/messages/sent", |v| {
        publishes(&v.counters.sent).to_string()
    }),
    ("retained messages/count", |v| {
        v.gauges.retained_messages.to_string()
    }),
    ("shared_subscriptions/count", |v| {
        v.gauges.shared_subscriptions.to_string()
    }),
    ("store/messages/bytes", |v| {
        (v.gauges.kept_bytes + v.gauges.retained_bytes).to_string()
    }),
    ("store/messages/count", |v| v.gauges.stored().to_string()),
    ("subscriptions/count", |v| {
        v.gauges.subscriptions.to_string()
    }),
    ("uptime", |v| format!("{} seconds", v.uptime.as_secs())),
    ("version", |_| {
        concat!("mqtk version ", env!("CARGO_PKG_VERSION")).to_owned()
    }),
];

/// What follows `$SYS/broker/load/`, and the counter it is the average of.
const LOADS: [(&str, Total); 9] = [
    ("bytes/received", |c| c.received.bytes),
    ("bytes/sent", |c| c.sent.bytes),
    ("connections", |c| {
        c.received.packets_of(PacketType::Connect)
    }),
    ("messages/received", |c| c.received.packets()),
    ("messages/sent", |c| c.sent.packets()),
    ("publish/dropped", |c| c.dropped.total()),
    ("publish/received", |c| publishes(&c.received)),
    ("publish/sent", |c| publishes(&c.sent)),
    ("sockets", |c| c.connections),
];

fn publishes(traffic: &crate::broker::counters::Traffic) -> u64 {
    traffic.packets_of(PacketType::Publish)
}

impl Gauges {
    /// Clients that are away.
    fn absent(&self) -> usize {
        self.sessions - self.connected_clients
    }

    /// Messages that the broker keeps.
    fn stored(&self) -> usize {
        self.retained_messages + self.queued_messages + self.in_flight_messages
    }
}

fn load_topic(name: &str, minutes: u32) -> String {
    format!("$SYS/broker/load/{name}/{minutes}min")
}

/// Whether a Topic Filter may match topics of this module.
pub(super) fn is_meant_by(filter: &str) -> bool {
    filter.starts_with("$SYS/")
}

/// The topics and when they are next brought up to date.
pub(super) struct Sys {
    interval: Duration,
    started: Instant,
    advanced: Instant,
    loads: [Load; LOADS.len()],
    messages: NameTree<Rc<Message>>,
    /// The messages are not older than the interval.
    is_live: bool,
    /// Those that have changed and are still to be published.
    changed: VecDeque<Rc<Message>>,
}

impl Sys {
    fn new(now: Instant, interval: Duration) -> Self {
        Self {
            interval,
            started: now,
            advanced: now,
            loads: Default::default(),
            messages: NameTree::new(),
            is_live: false,
            changed: VecDeque::new(),
        }
    }

    /// When the next interval begins; at once as long as there is something to publish of this one.
    pub(super) fn due(&self) -> Option<Instant> {
        match self.changed.is_empty() {
            true => self.advanced.checked_add(self.interval),
            false => Some(self.advanced),
        }
    }

    fn advance(&mut self, now: Instant, counters: &Counters) {
        let elapsed = now.saturating_duration_since(self.advanced);
        self.advanced = now;
        for (load, (_, total)) in self.loads.iter_mut().zip(LOADS) {
            load.advance(elapsed, total(counters));
        }
    }

    /// Every topic there is.
    fn topics() -> impl Iterator<Item = String> {
        let values = VALUES.iter().map(|(name, _)| format!("$SYS/broker/{name}"));
        let loads = LOADS.iter().flat_map(|(name, _)| {
            let topic = move |minutes| load_topic(name, minutes);
            MINUTES.into_iter().map(topic)
        });
        values.chain(loads)
    }

    /// Brings the messages up to date, and gives those that are new.
    fn update(&mut self, view: &View<'_>) -> Vec<Rc<Message>> {
        let loads = self.loads.iter().zip(LOADS).flat_map(|(load, (name, _))| {
            let averages = MINUTES.into_iter().zip(load.averages());
            averages
                .map(move |(minutes, average)| (load_topic(name, minutes), format!("{average:.2}")))
        });
        let values = VALUES
            .iter()
            .map(|(name, value)| (format!("$SYS/broker/{name}"), value(view)));
        let mut changed = Vec::new();
        for (topic, value) in values.chain(loads) {
            let old = self.messages.get(&topic);
            if old.is_some_and(|old| old.payload == value.as_bytes()) {
                continue;
            }
            let message = Rc::new(Message {
                topic: topic.into(),
                payload: value.into(),
                qos: QoS::ExactlyOnce,
                retain: true,
                properties: PropertyBuf::default(),
                expires: None,
            });
            self.messages.insert(&message.topic, Rc::clone(&message));
            changed.push(message);
        }
        changed
    }

    /// Every message that matches a Topic Filter.
    pub(super) fn matching(&self, filter: &str) -> Vec<&Rc<Message>> {
        let mut found = Vec::new();
        self.messages
            .for_each_match(filter, |message| found.push(message));
        found
    }

    /// Whether this very message is still the topic's.
    pub(super) fn is_current(&self, message: &Rc<Message>) -> bool {
        let current = self.messages.get(&message.topic);
        current.is_some_and(|current| Rc::ptr_eq(current, message))
    }
}

impl Router {
    /// Has the topics from now on, and publishes what changes once in each interval.
    pub(in crate::broker) fn publish_sys(&mut self, now: Instant, interval: Duration) {
        self.sys = Some(Sys::new(now, interval));
    }

    /// A new interval begins, or there is more to publish of this one than one turn allowed.
    pub(super) fn sys_due(&mut self, now: Instant) {
        let Some(mut sys) = self.sys.take() else {
            return;
        };
        if sys.changed.is_empty() {
            self.begin_interval(now, &mut sys);
        }
        let mut changed = std::mem::take(&mut sys.changed);
        self.sys = Some(sys);
        while !self.is_turn_over()
            && let Some(message) = changed.pop_front()
        {
            let _routed = self.route(now, None, None, &mut Outgoing::owned(&message));
        }
        if let Some(sys) = &mut self.sys {
            sys.changed = changed;
        }
    }

    fn begin_interval(&mut self, now: Instant, sys: &mut Sys) {
        self.gather();
        sys.advance(now, &self.counters);
        sys.is_live = Sys::topics().any(|topic| {
            let mut is_wanted = false;
            self.subscriptions
                .for_each_match(&topic, |_, _| is_wanted = true);
            is_wanted
        });
        if sys.is_live {
            sys.changed = sys.update(&self.view(now, sys)).into();
        }
    }

    /// Makes the messages for a first subscriber. Those who are subscribed already are told at
    /// the next interval.
    pub(super) fn revive_sys(&mut self, now: Instant) {
        if let Some(mut sys) = self.sys.take_if(|sys| !sys.is_live) {
            sys.is_live = true;
            self.gather();
            sys.update(&self.view(now, &sys));
            self.sys = Some(sys);
        }
    }

    fn view(&self, now: Instant, sys: &Sys) -> View<'_> {
        View {
            counters: &self.counters,
            gauges: self.gauges(now),
            uptime: now.saturating_duration_since(sys.started),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_a_message() {
        let now = Instant::now();
        let mut sys = Sys::new(now, Duration::from_secs(10));
        let view = View {
            counters: &Counters::default(),
            gauges: Gauges::default(),
            uptime: Duration::from_secs(7),
        };
        assert_eq!(sys.update(&view).len(), Sys::topics().count());
        for topic in Sys::topics() {
            assert!(sys.messages.get(&topic).is_some(), "{topic}");
        }
        assert!(sys.update(&view).is_empty(), "nothing has changed");
    }
}
