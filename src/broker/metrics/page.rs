//! The counters in the text format of Prometheus.

use std::fmt;
use std::time::Duration;

use crate::broker::counters::{Counters, Gauges};
use crate::codec::{PacketType, QoS};
use crate::metrics::Page;

/// The whole page.
pub(super) fn render(counters: &Counters, gauges: &Gauges, uptime: Duration) -> String {
    let mut page = Page::default();
    let version = env!("CARGO_PKG_VERSION");
    page.gauge("info", "The version of the broker.");
    page.labelled("info", "version", version, 1);
    page.one_gauge("uptime_seconds", "Since the start.", uptime.as_secs());
    present(&mut page, gauges);
    traffic(&mut page, counters);
    totals(&mut page, counters);
    kinds(&mut page, counters);
    refusals(&mut page, counters);
    names(&mut page, counters);
    page.into_text()
}

/// What there is now.
fn present(page: &mut Page, gauges: &Gauges) {
    for (name, help, value) in [
        ("connections", "Network connections.", gauges.connections),
        (
            "clients_connected",
            "Clients that are connected.",
            gauges.connected_clients,
        ),
        (
            "sessions",
            "Sessions of clients that are connected or away.",
            gauges.sessions,
        ),
        ("subscriptions", "Subscriptions.", gauges.subscriptions),
        (
            "shared_subscriptions",
            "Shared Subscriptions, one for each member.",
            gauges.shared_subscriptions,
        ),
        (
            "subscription_bytes",
            "Bytes of all Topic Filters, and 128 more for each.",
            gauges.subscription_bytes,
        ),
        (
            "retained_messages",
            "Retained messages.",
            gauges.retained_messages,
        ),
        (
            "retained_bytes",
            "Memory of the retained messages, roughly.",
            gauges.retained_bytes,
        ),
        (
            "queued_messages",
            "QoS 1 and 2 messages that wait for their receivers.",
            gauges.queued_messages,
        ),
        (
            "inflight_messages",
            "QoS 1 and 2 messages sent and not acknowledged.",
            gauges.in_flight_messages,
        ),
        (
            "queued_bytes",
            "Bytes of the queued and the inflight messages.",
            gauges.kept_bytes,
        ),
        (
            "addresses_blocked",
            "Addresses that are blocked for what they did.",
            gauges.blocked_addresses,
        ),
        (
            "clients_blocked",
            "Client Identifiers that are blocked for what they did.",
            gauges.blocked_clients,
        ),
    ] {
        page.one_gauge(name, help, value);
    }
}

/// Packets and bytes, in both directions.
fn traffic(page: &mut Page, counters: &Counters) {
    for (direction, traffic) in [("received", &counters.received), ("sent", &counters.sent)] {
        let name = format!("packets_{direction}_total");
        page.counter(&name, "Control Packets by type.");
        for packet_type in PacketType::ALL {
            let count = traffic.packets_of(packet_type);
            page.labelled(&name, "type", packet_type.name(), count);
        }
        let name = format!("messages_{direction}_total");
        page.counter(&name, "PUBLISH packets by QoS.");
        for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
            page.labelled(&name, "qos", qos as u8, traffic.publishes_at(qos));
        }
        page.one_counter(
            &format!("bytes_{direction}_total"),
            "Bytes of MQTT.",
            traffic.bytes,
        );
        page.one_counter(
            &format!("payload_bytes_{direction}_total"),
            "Bytes of the payloads of messages.",
            traffic.payload_bytes,
        );
    }
}

/// What has happened since the start, in single numbers.
fn totals(page: &mut Page, counters: &Counters) {
    for (name, help, value) in [
        (
            "connections_total",
            "Network connections that were opened.",
            counters.connections,
        ),
        (
            "connects_total",
            "Clients that were accepted.",
            counters.connects,
        ),
        (
            "sessions_expired_total",
            "Sessions that ended because their time was over.",
            counters.expired_sessions,
        ),
        (
            "handshakes_failed_total",
            "Connections that got no further than TLS or WebSocket.",
            counters.failed_handshakes,
        ),
    ] {
        page.one_counter(name, help, value);
    }
}

/// What has happened, by kinds that are known beforehand.
fn kinds(page: &mut Page, counters: &Counters) {
    let (name, help) = (
        "messages_dropped_total",
        "Messages that a subscribed client did not get.",
    );
    by_label(page, name, help, "reason", counters.dropped.iter());
    let (name, help) = ("limit_hits_total", "How often a limit was met.");
    by_label(page, name, help, "limit", counters.limits.iter());
    let (name, help) = (
        "addresses_blocked_total",
        "Addresses that were blocked, by what they had done.",
    );
    by_label(page, name, help, "abuse", counters.blocked_addresses.iter());
    let (name, help) = (
        "clients_blocked_total",
        "Client Identifiers that were blocked, by what they had done.",
    );
    by_label(page, name, help, "abuse", counters.blocked_clients.iter());
}

/// What was refused, by Reason Code.
fn refusals(page: &mut Page, counters: &Counters) {
    for (name, help, refused) in [
        (
            "connects_refused_total",
            "Refused CONNECT packets by Reason Code.",
            &counters.refused_connects,
        ),
        (
            "publishes_refused_total",
            "Refused PUBLISH packets by Reason Code.",
            &counters.refused_publishes,
        ),
        (
            "subscriptions_refused_total",
            "Refused Topic Filters by Reason Code.",
            &counters.refused_subscriptions,
        ),
    ] {
        let reasons = refused.iter();
        let reasons = reasons.map(|(reason, count)| (format!("0x{reason:02X}"), *count));
        by_label(page, name, help, "reason", reasons);
    }
}

/// What has happened, by names that are known when it happens.
fn names(page: &mut Page, counters: &Counters) {
    for (name, help, label, counts) in [
        (
            "violations_total",
            "Violations of the specification by statement.",
            "statement",
            &counters.violations,
        ),
        (
            "faults_total",
            "Faults that were made on request.",
            "fault",
            &counters.faults,
        ),
        (
            "disconnects_total",
            "Connections that ended, by cause.",
            "cause",
            &counters.ended,
        ),
    ] {
        let counts = counts.iter().map(|(name, count)| (*name, *count));
        by_label(page, name, help, label, counts);
    }
}

fn by_label(
    page: &mut Page,
    name: &str,
    help: &str,
    label: &str,
    counts: impl Iterator<Item = (impl fmt::Display, u64)>,
) {
    page.counter(name, help);
    for (value, count) in counts {
        page.labelled(name, label, value, count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::counters::Limit;

    #[test]
    fn every_line_is_a_comment_or_a_sample() {
        let mut counters = Counters::default();
        counters.limits.count(Limit::Queue);
        counters.received.count(0x32, 20);
        counters.violations.insert("MQTT-3.8.1-1", 3);
        counters.refused_connects.insert(0x8a, 2);
        let page = render(&counters, &Gauges::default(), Duration::from_secs(90));
        for line in page.lines() {
            let sample = line.rsplit_once(' ').map(|(_, value)| value.parse::<u64>());
            assert!(
                line.starts_with("# ") || matches!(sample, Some(Ok(_))),
                "{line}"
            );
        }
        for line in [
            "# TYPE mqtk_limit_hits_total counter",
            "mqtk_limit_hits_total{limit=\"queue\"} 1",
            "mqtk_limit_hits_total{limit=\"stall\"} 0",
            "mqtk_packets_received_total{type=\"PUBLISH\"} 1",
            "mqtk_messages_received_total{qos=\"1\"} 1",
            "mqtk_violations_total{statement=\"MQTT-3.8.1-1\"} 3",
            "mqtk_connects_refused_total{reason=\"0x8A\"} 2",
            "mqtk_uptime_seconds 90",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} is missing");
        }
    }
}
