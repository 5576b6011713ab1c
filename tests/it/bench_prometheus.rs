//! `mqtk bench --prometheus`: how a run goes, as Prometheus sees it.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};

use rustix::process::Signal;

use crate::support::mqtk_broker::port_of;
use crate::support::process::Running;
use crate::support::{Mosquitto, mqtk};

fn page(port: u16) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("it listens");
    let request = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.write_all(request).expect("it reads");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("text");
    response
}

/// Where a run is served.
fn metrics_port(running: &Running) -> u16 {
    let said = running.await_stderr("where the metrics are", |text| text.contains("/metrics\n"));
    let url = said.lines().find(|line| line.contains("http://"));
    let port = url.and_then(|line| port_of(line.rsplit(' ').next()?));
    port.expect("a port")
}

/// The value of a metric; `None`: it is not there.
fn value(page: &str, name: &str) -> Option<f64> {
    let sample = page.lines().find_map(|line| line.strip_prefix(name));
    sample.and_then(|value| value.trim().parse().ok())
}

#[test]
fn the_runs_of_a_file_are_told_apart() {
    let broker = Mosquitto::start();
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("two.toml");
    let text = "duration = \"10m\"\nwarmup = 0\n[[phase]]\nname = \"both\"\n\
                [[phase.run]]\nscenario = \"pub\"\nqos = 1\nrate = 100\n\
                [[phase.run]]\nscenario = \"churn\"\nrate = 10\n";
    std::fs::write(&file, text).expect("a file is written");
    let running = mqtk(["bench", "run", "--prometheus", "0", "--json"])
        .arg(&file)
        .port(broker.port())
        .start();
    let port = metrics_port(&running);
    let acked = |run| format!("mqtk_bench_messages_acked_total{{phase=\"both\",run=\"{run}\"}}");
    loop {
        let page = page(port);
        let counts = ["pub", "churn"].map(|run| value(&page, &acked(run)));
        if counts
            .iter()
            .all(|count| count.is_some_and(|count| count > 0.0))
        {
            assert_eq!(
                page.matches("# TYPE mqtk_bench_messages_acked_total ")
                    .count(),
                1
            );
            break;
        }
    }
    running.signal(Signal::INT);
    // A busy machine makes it invalid, and that is said.
    let ended = running.finish().status.code();
    assert!(matches!(ended, Some(0 | 11)), "{ended:?}");
}

#[test]
fn a_run_is_watched_while_it_goes() {
    let broker = Mosquitto::start();
    let running = mqtk(["bench", "pairs", "-c", "2", "-q", "1", "--rate", "200"])
        .args(["--duration", "10m", "--warmup", "0", "--interval", "200ms"])
        .args(["--prometheus", "0", "--json"])
        .port(broker.port())
        .start();
    let port = metrics_port(&running);
    // An interval in which nothing arrived has no latency.
    let of_intervals = [
        "mqtk_bench_interval_latency_seconds{quantile=\"0.99\"}",
        "mqtk_bench_interval_rate{event=\"sent\"}",
        "mqtk_bench_interval_lag_seconds",
    ];
    let page = loop {
        let page = page(port);
        let received = value(&page, "mqtk_bench_messages_received_total");
        let is_there = |name: &&str| value(&page, name).is_some();
        if received.is_some_and(|count| count > 100.0) && of_intervals.iter().all(is_there) {
            break page;
        }
    };
    let count = value(&page, "mqtk_bench_latency_seconds_count");
    assert_eq!(
        count,
        value(&page, "mqtk_bench_messages_received_total"),
        "{page}"
    );
    let all = value(&page, "mqtk_bench_latency_seconds_bucket{le=\"+Inf\"}");
    assert_eq!(count, all, "{page}");
    assert_eq!(
        value(&page, "mqtk_bench_connections_alive"),
        Some(4.0),
        "{page}"
    );
    assert_eq!(
        value(&page, "mqtk_bench_info{scenario=\"pairs\"}"),
        Some(1.0),
        "{page}"
    );
    assert_eq!(value(&page, "mqtk_bench_rate_asked"), Some(200.0), "{page}");
    let cpu = value(&page, "mqtk_bench_generator_cpu_seconds_total");
    assert!(cpu.is_some_and(|cpu| cpu > 0.0), "{page}");
    running.signal(Signal::INT);
    let report = running.finish().stdout_text();
    assert!(report.contains("\"interrupted\":true"), "{report}");
}
