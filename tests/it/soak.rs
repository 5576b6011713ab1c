//! Messages through a bad network: at QoS 1 none is lost, at QoS 2 each comes exactly once.
//!
//! `tests/soak` runs this for minutes and prints figures.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::support::mqtk_broker::MqtkBroker;
use crate::support::process::Program;
use crate::support::{mosquitto_pub, mosquitto_sub, mqtk};

/// How many seconds the long form takes.
const LONG: &str = "MQTK_SOAK";

/// Which clients send and receive.
#[derive(Clone, Copy, Debug)]
enum Clients {
    Mqtk,
    Mosquitto,
    /// mqtk publishes to Mosquitto's client, and that to mqtk's.
    MqtkToMosquitto,
    MosquittoToMqtk,
}

/// One run of messages through a bad network.
#[derive(Clone, Copy, Debug)]
struct Round {
    clients: Clients,
    version: &'static str,
    qos: &'static str,
    seed: u64,
    last: u32,
}

/// What happened in it.
#[derive(Debug, Default)]
struct Figures {
    rounds: u32,
    messages: u64,
    arrived: u64,
    faults: usize,
    connections: usize,
}

impl Round {
    /// Connections that break at any moment, and delays. What is lost on the way until then only
    /// mqtk's clients are asked to stand: mosquitto_pub 2.0.11 does not wait for every PUBCOMP, and
    /// TCP loses nothing in the midst of a connection. mosquitto_sub keeps what is sent again with
    /// DUP a second time, and prints it when PUBREL is repeated after one more reconnect: its
    /// connection breaks once.
    fn faults(&self) -> &'static [&'static str] {
        match self.clients {
            Clients::Mqtk => &[
                "delay by=1ms jitter=1ms probability=0.05",
                "close probability=0.9 packet=PINGREQ",
                "drop probability=0.001 packet=PUBLISH,PUBACK,PUBREC,PUBREL,PUBCOMP",
                "close probability=0.0005",
            ],
            Clients::MosquittoToMqtk => &[
                "delay by=1ms jitter=1ms probability=0.05",
                "close probability=0.9 packet=PINGREQ",
                "close probability=0.0005 times=4",
            ],
            Clients::Mosquitto | Clients::MqtkToMosquitto => &[
                "delay by=1ms jitter=1ms probability=0.05",
                "close probability=0.0005 times=4 client=publisher",
                "close probability=0.0005 times=1 client=receiver",
            ],
        }
    }

    fn publisher(&self) -> Program {
        match self.clients {
            Clients::Mqtk | Clients::MqtkToMosquitto => quick(mqtk(["pub"])),
            Clients::Mosquitto | Clients::MosquittoToMqtk => mosquitto_pub(["-k", "5"]),
        }
    }

    fn receiver(&self) -> Program {
        match self.clients {
            Clients::Mqtk | Clients::MosquittoToMqtk => quick(mqtk(["sub"])),
            Clients::Mosquitto | Clients::MqtkToMosquitto => mosquitto_sub(["-k", "5"]),
        }
    }

    /// Sends the numbers up to the last, waits for all of them, and counts.
    fn run(&self) -> Figures {
        let seed = self.seed.to_string();
        let rules = self.faults();
        let options = rules.iter().flat_map(|rule| ["--fault", rule]);
        let options: Vec<_> = options.chain(["--fault-seed", &seed]).collect();
        let broker = MqtkBroker::start_with(&options);
        let session = |program: Program, id: &str| {
            program
                .args([
                    "-V",
                    self.version,
                    "-c",
                    "-i",
                    id,
                    "-q",
                    self.qos,
                    "-t",
                    "t",
                ])
                .port(broker.port())
                .deadline(Duration::from_secs(300))
        };
        let receiving = session(self.receiver(), "receiver").start();
        broker.await_subscription("t");
        let numbers: String = (1..=self.last)
            .map(|number| format!("{number}\n"))
            .collect();
        session(self.publisher(), "publisher")
            .arg("-l")
            .stdin(numbers)
            .run()
            .expect_code(0);
        receiving.await_stdout(&format!("last message of {self:?}"), |text| {
            let numbers: HashSet<_> = text.lines().collect();
            numbers.len() >= self.last as usize && text.ends_with('\n')
        });
        receiving.signal(Signal::TERM);
        let lines = receiving.finish().lines();
        let log = broker.stop(Signal::TERM).expect_code(0).stderr;
        let mut arrived: Vec<u32> = lines
            .iter()
            .map(|line| line.parse().expect("a number"))
            .collect();
        // What is lost comes after a reconnect, and so behind what was sent later.
        arrived.sort_unstable();
        let figures = Figures {
            rounds: 1,
            messages: self.last.into(),
            arrived: arrived.len() as u64,
            faults: log.lines().filter(|line| line.contains(" fault: ")).count(),
            connections: log
                .lines()
                .filter(|line| line.contains(") connected: "))
                .count(),
        };
        if self.qos == "1" {
            arrived.dedup();
        }
        let all: Vec<_> = (1..=self.last).collect();
        assert!(arrived == all, "{self:?}: {}", difference(&arrived, &all));
        figures
    }
}

/// mqtk's client, in a hurry to notice and to mend what is broken.
fn quick(program: Program) -> Program {
    program.args(["-k", "1", "--timeout", "2"]).args([
        "--reconnect-min",
        "0.05",
        "--reconnect-max",
        "0.2",
    ])
}

/// What is missing or too much.
fn difference(arrived: &[u32], all: &[u32]) -> String {
    let seen: HashSet<_> = arrived.iter().collect();
    let missing: Vec<_> = all.iter().filter(|number| !seen.contains(number)).collect();
    let doubled = arrived.windows(2).filter(|pair| pair[0] == pair[1]);
    format!(
        "missing {missing:?}, doubled {:?}",
        doubled.collect::<Vec<_>>()
    )
}

/// Runs once with few messages, or with many for as long as the long form takes.
fn soak(clients: Clients, version: &'static str, qos: &'static str) {
    let span = std::env::var(LONG).ok().map(|seconds| {
        Duration::from_secs(seconds.parse().expect("MQTK_SOAK is a number of seconds"))
    });
    let start = Instant::now();
    let mut sum = Figures::default();
    loop {
        let round = Round {
            clients,
            version,
            qos,
            seed: u64::from(sum.rounds) + 1,
            last: if span.is_some() { 20_000 } else { 2000 },
        };
        let figures = round.run();
        sum.rounds += 1;
        sum.messages += figures.messages;
        sum.arrived += figures.arrived;
        sum.faults += figures.faults;
        sum.connections += figures.connections;
        if span.is_none_or(|span| start.elapsed() >= span) {
            break;
        }
    }
    println!(
        "{clients:?} MQTT {version} QoS {qos}: {sum:?} in {:?}",
        start.elapsed()
    );
    assert!(sum.faults > 0, "there were faults");
}

#[test]
fn mqtk_qos_1() {
    soak(Clients::Mqtk, "311", "1");
}

#[test]
fn mqtk_qos_2() {
    soak(Clients::Mqtk, "5", "2");
}

#[test]
fn mosquitto_qos_1() {
    soak(Clients::Mosquitto, "5", "1");
}

/// In MQTT 3.1.1: mosquitto_sub 2.0.11 counts what it had before a reconnect against the Receive
/// Maximum of 5.0, and gives up.
#[test]
fn mosquitto_qos_2() {
    soak(Clients::Mosquitto, "311", "2");
}

#[test]
fn mqtk_to_mosquitto() {
    soak(Clients::MqtkToMosquitto, "311", "2");
}

#[test]
fn mosquitto_to_mqtk() {
    soak(Clients::MosquittoToMqtk, "5", "2");
}
