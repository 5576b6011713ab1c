//! Ports for programs that cannot pick a free one themselves.

use std::collections::HashSet;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

/// Given out already: the tests of one run do not meet on a port.
static GIVEN: Mutex<Option<HashSet<u16>>> = Mutex::new(None);

/// A port of the loopback interface on which nobody listens.
pub fn free_port() -> u16 {
    loop {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a port");
        let port = listener.local_addr().expect("it is bound").port();
        let mut given = GIVEN.lock().expect("no holder panics");
        if given.get_or_insert_default().insert(port) {
            return port;
        }
    }
}

/// Waits until somebody accepts connections on this port; false when `alive` says that this
/// will not happen.
pub fn await_listener(port: u16, mut alive: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if !alive() {
            return false;
        }
        assert!(Instant::now() < deadline, "nobody listens on port {port}");
        thread::sleep(Duration::from_millis(2));
    }
    true
}
