//! What the flags of `mqtk bench` mean in each scenario, and their defaults.

use clap::Command;

use super::bench_uses::hide_useless;
use crate::bench::Scenario;

/// What the command line says of a scenario.
pub(super) struct Usage {
    /// What it is for, in short.
    pub about: &'static str,
    /// What it measures.
    pub details: &'static str,
    /// What `--clients` counts.
    clients: &'static str,
    /// How many there are.
    count: &'static str,
    /// What `--rate` counts.
    rate: &'static str,
    /// Topics; `RUN` is a word that no other run has.
    pub topic: &'static str,
    /// Messages in all, where the time does not say.
    pub messages: Option<u64>,
}

const COMMON: Usage = Usage {
    about: "",
    details: "",
    clients: "Connections",
    count: "10",
    rate: "Messages a second over all publishers",
    topic: "bench/RUN/{client}",
    messages: None,
};

/// What the command line says of a scenario.
pub(super) const fn usage(scenario: Scenario) -> Usage {
    match scenario {
        Scenario::Connect => Usage {
            about: "Open many connections, and time each",
            details: "The latency is that of the CONNACK; TCP, TLS and CONNACK are also measured \
                      apart.",
            count: "1000",
            rate: "Open so many connections a second, as --connect-rate does [default: as fast as \
                   the broker accepts them]",
            ..COMMON
        },
        Scenario::Idle => Usage {
            about: "Hold many connections, kept alive",
            details: "Lost connections are counted; the latency is that of PINGREQ to PINGRESP.",
            ..COMMON
        },
        Scenario::Pub => Usage {
            about: "Publish from many clients to nobody (fan-in)",
            details: "At QoS 1 and 2 the latency is that of the acknowledgements; QoS 0 has none.",
            clients: "Clients that publish",
            ..COMMON
        },
        Scenario::Sub => Usage {
            about: "Publish from few clients to many (fan-out)",
            details: "Every subscriber gets every message. The latency is that of the arrivals.",
            clients: "Clients that subscribe",
            ..COMMON
        },
        Scenario::Pairs => Usage {
            about: "Publish from each client to one of its own",
            details: "Each publisher has a topic and a subscriber. The latency is that of the \
                      arrivals.",
            clients: "Pairs of a publisher and a subscriber",
            ..COMMON
        },
        Scenario::Shared => Usage {
            about: "Publish to the members of a Shared Subscription",
            details: "One member gets each message, and the shares of the members are compared. \
                      The latency is that of the arrivals.",
            clients: "Members of the Shared Subscription",
            ..COMMON
        },
        Scenario::Mix => Usage {
            about: "Publish at several QoS in one run",
            details: "As pairs, but each message has the QoS that is its turn by --mix. The \
                      latency is that of the arrivals; everything is also counted for each QoS.",
            clients: "Pairs of a publisher and a subscriber",
            ..COMMON
        },
        Scenario::Retained => Usage {
            about: "Subscribe many clients to many retained messages",
            details: "The broker is filled with --messages retained messages; then the clients, \
                      which are connected, subscribe to all of them: at once, or at --rate. The \
                      latency is that of each message from its SUBSCRIBE on; the times to SUBACK, \
                      to the first message and to the last one are measured apart. At the end the \
                      messages are removed.",
            clients: "Clients that subscribe",
            count: "100",
            rate: "Clients that subscribe a second",
            topic: "bench/RUN/{client}/{message}",
            messages: Some(1000),
        },
        Scenario::Queue => Usage {
            about: "Let many clients come back to sessions full of messages",
            details: "The clients subscribe and leave; --messages messages are published, which \
                      the broker queues for each of them; then they come back: at once, or at \
                      --rate. The latency is that of each message from the reconnect on; the times \
                      to the first message and to the last one are measured apart. At the end the \
                      sessions are removed. What the broker does not queue counts as lost.",
            clients: "Clients with sessions",
            count: "100",
            rate: "Clients that come back a second",
            topic: "bench/RUN/{client}",
            messages: Some(500),
        },
        Scenario::Wills => Usage {
            about: "Cut off many clients, and count their wills",
            details: "Connections with a Will Message each are closed without DISCONNECT: at once, \
                      or at --rate. The latency is that of the wills from then on.",
            clients: "Clients with wills",
            count: "500",
            rate: "Clients cut off a second",
            topic: "bench/RUN/{client}",
            ..COMMON
        },
        Scenario::Subscribe => Usage {
            about: "Subscribe and unsubscribe, again and again",
            details: "Every other request takes back the one before. The latency is that of the \
                      SUBACK and UNSUBACK, which are also measured apart.",
            clients: "Clients that subscribe",
            rate: "SUBSCRIBE and UNSUBSCRIBE packets a second over all clients",
            topic: "bench/RUN/{client}/{message}",
            ..COMMON
        },
        Scenario::Churn => Usage {
            about: "Connect and disconnect, again and again",
            details: "The latency is that of the CONNACK.",
            clients: "Clients that connect",
            rate: "Connections a second over all clients",
            ..COMMON
        },
        Scenario::Tls => Usage {
            about: "Compare full TLS handshakes with resumed ones",
            details: "Clients connect and disconnect, every other time with a resumed TLS session. \
                      The latency is that of the CONNACK; the handshakes are measured apart.",
            clients: "Clients that connect",
            rate: "Connections a second over all clients",
            ..COMMON
        },
    }
}

/// Says in the help what the flags mean in this scenario.
pub(super) fn adapt(command: Command, scenario: Scenario) -> Command {
    let usage = usage(scenario);
    let pace = match scenario.is_storm() {
        true => "[default: all at once]",
        false => "[default: as fast as it takes them]",
    };
    let rate = match scenario {
        Scenario::Connect => usage.rate.to_owned(),
        _ => format!("{}, whatever the broker does {pace}", usage.rate),
    };
    let topics = match scenario {
        Scenario::Subscribe => "Topic to subscribe to",
        _ => "Topic to publish to",
    };
    let topics = format!(
        "{topics}, with places for numbers [default: {}]",
        usage.topic
    );
    let command = hide_useless(command, scenario)
        .about(usage.about)
        .long_about(format!("{}\n\n{}", usage.about, usage.details))
        .mut_arg("clients", |arg| {
            arg.help(usage.clients).default_value(usage.count)
        })
        .mut_arg("rate", |arg| arg.help(rate))
        .mut_arg("topic", |arg| arg.help(topics));
    let command = match usage.messages {
        Some(messages) => command.mut_arg("messages", |arg| {
            arg.help(format!(
                "Messages to fill the broker with [default: {messages}]"
            ))
        }),
        None => command,
    };
    let command = match scenario.is_storm() {
        true => command.mut_arg("duration", |arg| {
            arg.help("Give up what is missing after this long [default: when nothing more comes]")
        }),
        false => command,
    };
    match scenario {
        // So that PINGREQ goes out within the default duration.
        Scenario::Idle => command.mut_arg("keepalive", |arg| arg.default_value("5")),
        Scenario::Queue => command.mut_arg("qos", |arg| arg.default_value("1")),
        // The latency of a request is not that of those before it.
        Scenario::Subscribe => command.mut_arg("max_inflight", |arg| arg.default_value("1")),
        _ => command,
    }
}
