//! A broker on a thread of its own.

use std::io;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use tokio::runtime::{self, Runtime};
use tokio::sync::oneshot;

use super::{Config, serve};
use crate::transport::Listener;

/// A broker on a thread of its own, for tests and for commands that bring their own broker.
///
/// It serves until [`Broker::shutdown`] is called or the value is dropped.
///
/// ```
/// use std::io::{Read, Write};
/// use std::net::TcpStream;
///
/// use mqtk::broker::{Broker, Config};
///
/// let broker = Broker::start(Config::default())?;
///
/// let mut client = TcpStream::connect(broker.addr())?;
/// client.write_all(b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02c1")?;
/// let mut connack = [0; 4];
/// client.read_exact(&mut connack)?;
/// assert_eq!(connack, [0x20, 0x02, 0x00, 0x00]);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Broker {
    address: Option<SocketAddr>,
    urls: Vec<String>,
    shutdown: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Broker {
    /// Starts a broker. When this returns, it accepts connections.
    ///
    /// # Errors
    ///
    /// It cannot listen on [`Config::listen`], [`Config::tls`] names a file that is not what it
    /// should be, or the system gives no thread or event queue.
    pub fn start(config: Config) -> io::Result<Self> {
        let (shutdown, asked) = oneshot::channel::<()>();
        let (starting, started) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("mqtk-broker".into())
            .spawn(move || {
                // Here and not before: whoever starts a broker may be on a runtime, on which no
                // other can be dropped.
                let (runtime, listeners) = match listen(&config) {
                    Ok(listening) => listening,
                    Err(error) => return drop(starting.send(Err(error))),
                };
                let address = listeners.iter().find_map(Listener::tcp_address);
                let urls = listeners.iter().map(|listener| listener.url().to_string());
                let _ = starting.send(Ok((address, urls.collect())));
                // An error of the store has been logged.
                let _served = runtime.block_on(serve(config, listeners, async {
                    // An error means that the `Broker` is gone, which asks for the same.
                    let _ = asked.await;
                }));
            })?;
        let gone = |_| Err(io::Error::other("the broker's thread has ended"));
        let (address, urls) = started.recv().unwrap_or_else(gone)?;
        Ok(Self {
            address,
            urls,
            shutdown: Some(shutdown),
            thread: Some(thread),
        })
    }

    /// Where it listens, with the port that was picked: the first TCP port of several.
    ///
    /// # Panics
    ///
    /// If [`Config::listen`] has no TCP port.
    pub fn addr(&self) -> SocketAddr {
        self.address.expect("the broker listens on a TCP port")
    }

    /// Its URL, as in `mqtt://127.0.0.1:40123`: the first of several.
    pub fn url(&self) -> String {
        self.urls.first().cloned().unwrap_or_default()
    }

    /// The URLs of all its listeners, in the order of [`Config::listen`].
    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// Shuts down, and waits until every client has been told and every connection is closed.
    pub fn shutdown(mut self) {
        self.stop();
    }

    fn stop(&mut self) {
        self.shutdown.take();
        if let Some(thread) = self.thread.take() {
            // A panic of the broker's thread has been reported when it happened.
            let _ = thread.join();
        }
    }
}

/// A runtime for the broker, and the places where it listens.
fn listen(config: &Config) -> io::Result<(Runtime, Vec<Listener>)> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()?;
    let listeners = {
        let _context = runtime.enter();
        config.bind()?
    };
    Ok((runtime, listeners))
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.stop();
    }
}
