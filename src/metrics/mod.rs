//! Metrics for Prometheus, and a place to ask whether their owner is alive, over HTTP.
//!
//! A connection answers one request. Clients that are slow, send too much or are too many are cut off,
//! since the thread that answers them has other work. What is measured is up to the owner, who fills a
//! [`Page`].

mod http;
mod page;

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

pub use self::page::Page;

use self::http::{Body, Request, Resource, Status};

/// Most connections at a time; one more is closed at once.
const MAX_CONNECTIONS: usize = 16;
/// How long a connection may take, from its beginning to its end.
const PATIENCE: Duration = Duration::from_secs(5);
/// How old a page may be: making one may cost its owner something.
const MAX_AGE: Duration = Duration::from_secs(1);
/// How long to wait when the system cannot accept a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A port that answers `GET /metrics` in the text format of Prometheus, and `GET /healthz` with 200.
///
/// ```
/// use mqtk::broker::{Broker, Config};
/// use mqtk::metrics::MetricsListener;
///
/// let metrics = MetricsListener::bind("127.0.0.1:0".parse().expect("an address"))?;
/// println!("{}", metrics.url()); // such as http://127.0.0.1:40123/metrics
/// let broker = Broker::start(Config {
///     metrics: Some(metrics),
///     ..Config::default()
/// })?;
/// # broker.shutdown();
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct MetricsListener {
    listener: std::net::TcpListener,
    address: SocketAddr,
}

impl MetricsListener {
    /// Listens; port 0 picks a free one.
    ///
    /// # Errors
    ///
    /// The address is taken or not ours.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where the counters are.
    pub fn url(&self) -> String {
        format!("http://{}/metrics", self.address)
    }
}

/// Answers requests for ever, with pages that `make` makes as they are asked for. Runs on a
/// [`LocalSet`](tokio::task::LocalSet), where it spawns tasks.
pub async fn serve(listener: MetricsListener, make: impl Fn() -> String + 'static) {
    let Ok(listener) = TcpListener::from_std(listener.listener) else {
        return std::future::pending().await;
    };
    let pages = Rc::new(Pages {
        make,
        last: RefCell::default(),
    });
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
        };
        match accepted {
            Ok((stream, _)) if connections.len() < MAX_CONNECTIONS => {
                let pages = Rc::clone(&pages);
                connections.spawn_local(async move {
                    // A client that is late or gone gets nothing more.
                    let _ = timeout(PATIENCE, answer(stream, &pages)).await;
                });
            }
            Ok(_) => {}
            Err(_) => sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn answer<M: Fn() -> String>(mut stream: TcpStream, pages: &Pages<M>) -> io::Result<()> {
    let mut received = Vec::new();
    let request = loop {
        match http::parse(&received) {
            Ok(None) if received.len() < http::MAX_REQUEST => {
                if stream.read_buf(&mut received).await? == 0 {
                    return Ok(());
                }
            }
            Ok(None) => break Err(Status::TooLong),
            Ok(Some(request)) => break Ok(request),
            Err(status) => break Err(status),
        }
    };
    let plain = |status: Status, body| http::response(status, "text/plain", status.text(), body);
    let response = match request {
        Ok(Request { resource, body }) => match resource {
            Resource::Metrics => {
                let page = pages.get(Instant::now());
                http::response(Status::Ok, page::CONTENT_TYPE, &page, body)
            }
            Resource::Health => plain(Status::Ok, body),
            Resource::Unknown => plain(Status::NotFound, body),
        },
        Err(status) => plain(status, Body::Sent),
    };
    stream.write_all(&response).await?;
    stream.shutdown().await?;
    // To close a socket with unread input is to reset it, and the client might lose the answer.
    while stream.read_buf(&mut received).await? > 0 {
        received.clear();
    }
    Ok(())
}

/// The last page that was made.
struct Pages<M> {
    make: M,
    last: RefCell<Option<(Instant, Rc<str>)>>,
}

impl<M: Fn() -> String> Pages<M> {
    fn get(&self, now: Instant) -> Rc<str> {
        let mut last = self.last.borrow_mut();
        if let Some((made, page)) = &*last
            && now.saturating_duration_since(*made) < MAX_AGE
        {
            return Rc::clone(page);
        }
        let page: Rc<str> = (self.make)().into();
        *last = Some((now, Rc::clone(&page)));
        page
    }
}
