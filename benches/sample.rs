//! What measuring a message costs the load generator: `cargo bench --bench sample`.

use std::time::Instant;

use divan::{Bencher, black_box};
use mqtk::bench::{Arrivals, Latency, Series, Stamp};
use mqtk::codec::QoS;

fn main() {
    divan::main();
}

fn stamp(sequence: u64) -> Stamp {
    Stamp {
        run: 7,
        series: Series::new(3, QoS::AtMostOnce),
        sequence: Some(sequence),
        intended: 1_000 * sequence,
        lag: 17,
    }
}

/// Before it is sent.
#[divan::bench]
fn write_stamp(bencher: Bencher) {
    let mut sequence = 0;
    bencher.bench_local(|| {
        sequence += 1;
        stamp(black_box(sequence)).to_bytes()
    });
}

/// When it arrives: its stamp is read, its number noted, its latencies recorded.
#[divan::bench]
fn record_arrival(bencher: Bencher) {
    let (mut latency, mut arrivals) = (Latency::default(), Arrivals::default());
    let mut sequence = 0;
    bencher.bench_local(|| {
        let payload = stamp(sequence).to_bytes();
        if let Some(stamp) = Stamp::read(7, black_box(&payload)) {
            let now = stamp.intended + 100_000 + sequence % 4096 * 1_000;
            arrivals.arrived(sequence);
            latency.record(stamp.intended, stamp.intended + 17_000, now);
        }
        sequence += 1;
    });
}

/// Once for all that is read at once.
#[divan::bench]
fn read_the_clock() -> Instant {
    Instant::now()
}
