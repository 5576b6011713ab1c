//! Somebody who only wants to be served.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::peer::Peer;

/// A client that publishes to itself at QoS 1, again and again.
pub struct Canary {
    quiet: Arc<AtomicBool>,
    thread: JoinHandle<(u32, Duration)>,
}

impl Canary {
    pub fn sing(port: u16) -> Self {
        let quiet = Arc::new(AtomicBool::new(false));
        let is_quiet = Arc::clone(&quiet);
        let mut peer = Peer::connect(port, "canary");
        peer.subscribe("canary", 0);
        let thread = thread::spawn(move || {
            let (mut songs, mut worst) = (0, Duration::ZERO);
            while !is_quiet.load(Ordering::Relaxed) {
                let start = Instant::now();
                peer.publish("canary", 1, b"sings");
                // The message and its PUBACK, in either order.
                peer.packet();
                peer.packet();
                worst = worst.max(start.elapsed());
                songs += 1;
                thread::sleep(Duration::from_millis(2));
            }
            (songs, worst)
        });
        Self { quiet, thread }
    }

    /// How many round trips there were, and the worst of them.
    pub fn silence(self) -> (u32, Duration) {
        self.quiet.store(true, Ordering::Relaxed);
        self.thread.join().expect("the canary was served")
    }
}
