//! Metrics for Prometheus, and a place to ask whether their owner is alive, over HTTP.
//!
//! There is one request to a connection. Who is slow, sends much or comes in crowds is cut off: it
//! is a thread with other work that answers. What is measured, the owner knows.

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

use self::http::{Request, Status};

/// Connections at a time; one more is closed at once.
const MAX_CONNECTIONS: usize = 16;
/// How long a connection may take, from its beginning to its end.
const PATIENCE: Duration = Duration::from_secs(5);
/// How old a page may be: making one may cost its owner something.
const MAX_AGE: Duration = Duration::from_secs(1);
/// How long to wait when the system gives no more connections.
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

/// Answers with pages that are made as they are asked for, for ever. It spawns local tasks.
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
                    // Whoever is late or gone gets nothing more.
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
    let status = loop {
        match http::parse(&received) {
            Ok(Some(request)) => break request,
            Ok(None) if received.len() < http::MAX_REQUEST => {
                if stream.read_buf(&mut received).await? == 0 {
                    return Ok(());
                }
            }
            Ok(None) => break Request::Refused(Status::TooLong),
            Err(status) => break Request::Refused(status),
        }
    };
    let response = match status {
        Request::Metrics { with_body } => {
            let page = pages.get(Instant::now());
            http::response(Status::Ok, page::CONTENT_TYPE, &page, with_body)
        }
        Request::Health { with_body } => {
            http::response(Status::Ok, "text/plain", "ok\n", with_body)
        }
        Request::Refused(status) => http::response(status, "text/plain", status.text(), true),
    };
    stream.write_all(&response).await?;
    stream.shutdown().await?;
    // What is still unread would make the system throw the answer away.
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
