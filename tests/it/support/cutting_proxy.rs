//! A TCP proxy that cuts connections after a random number of bytes.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// More bytes than CONNECT and CONNACK have together.
const HANDSHAKE: i64 = 200;

/// Forwards to a broker; the first `cuts` connections are cut, the ones after that are whole.
pub struct CuttingProxy {
    port: u16,
    state: Arc<State>,
}

struct State {
    broker: u16,
    random: Mutex<fastrand::Rng>,
    cuts: i64,
    cuts_left: AtomicI64,
    cuts_done: AtomicUsize,
    /// The most bytes that go through before a cut.
    most: i64,
    ended: AtomicBool,
}

impl CuttingProxy {
    /// Cuts `cuts` connections, each after at most `most` bytes (both ways together).
    pub fn start(broker: u16, seed: u64, cuts: usize, most: usize) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a port");
        let port = listener.local_addr().expect("it is bound").port();
        let state = Arc::new(State {
            broker,
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
            cuts: cuts as i64,
            cuts_left: AtomicI64::new(cuts as i64),
            cuts_done: AtomicUsize::new(0),
            most: most as i64,
            ended: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if accepting.ended.load(Ordering::Relaxed) {
                    break;
                }
                accepting.serve(client);
            }
        });
        Self { port, state }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many connections have been cut so far.
    pub fn cuts_done(&self) -> usize {
        self.state.cuts_done.load(Ordering::Relaxed)
    }
}

impl Drop for CuttingProxy {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::Relaxed);
        // Wakes the accepting thread, which then sees that it has ended.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

impl State {
    fn serve(self: &Arc<Self>, client: TcpStream) {
        let Ok(broker) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.broker)) else {
            return;
        };
        let cuts_left = self.cuts_left.fetch_sub(1, Ordering::Relaxed);
        let mut budget = i64::MAX;
        if cuts_left > 0 {
            let mut random = self.random.lock().expect("no holder panics");
            budget = random.i64(1..=self.most);
        }
        if cuts_left == self.cuts {
            // The first lasts beyond CONNACK: who was never connected rightly gives up.
            budget = budget.saturating_add(HANDSHAKE);
        }
        let budget = Arc::new(AtomicI64::new(budget));
        let pairs = [
            (client.try_clone(), broker.try_clone()),
            (Ok(broker), Ok(client)),
        ];
        for (from, to) in pairs {
            let (Ok(from), Ok(to)) = (from, to) else {
                return;
            };
            let (state, budget) = (Arc::clone(self), Arc::clone(&budget));
            thread::spawn(move || state.forward(from, to, &budget));
        }
    }

    fn forward(&self, mut from: TcpStream, mut to: TcpStream, budget: &AtomicI64) {
        let mut block = vec![0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut block) {
            let before = budget.fetch_sub(read as i64, Ordering::Relaxed);
            let allowed = before.clamp(0, read as i64) as usize;
            let is_cut = allowed < read;
            if is_cut && before >= 0 {
                self.cuts_done.fetch_add(1, Ordering::Relaxed);
            }
            if to.write_all(&block[..allowed]).is_err() || is_cut {
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    }
}
