//! The minimal client core: one connection, driven turn by turn, with reconnects.
//!
//! A [`Client`] has no task and no channel of its own. The application calls
//! [`turn`](Client::turn) in its loop; one turn is at most one write and one read, and what came
//! in is handed to the application's [`Handler`] as borrowed packets. In between the application
//! publishes as long as [`can_publish`](Client::can_publish) says so: that is the backpressure.

mod authentication;
mod backoff;
mod batch;
mod error;
mod handler;
mod open;
mod options;
mod pace;
mod publish;
#[cfg(test)]
mod tests;
mod turn;

pub use error::{Error, Refusal};
pub use handler::{Direction, Handler};
pub use options::{AuthMethod, Options, Reconnect, Secret, WillMessage};
pub use publish::PublishError;

use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::time::{sleep_until, timeout};

use crate::codec::{
    Output, PacketId, Properties, PropertyBuf, ReasonCode, SubscriptionOptions, Version,
};
use crate::session::{Config, Delivery, Message, Role, Session};
use crate::transport::{ConnectError, Connector, Stream};

use authentication::Authentication;
use backoff::Backoff;
use open::Open;

/// The read buffer; also bounds how much one turn hands to the application.
const SCRATCH: usize = 64 * 1024;
/// The read buffer until more comes at once: most publishers read a few acknowledgements, and
/// memory that was never touched costs nothing.
const FIRST_SCRATCH: usize = 2 * 1024;
/// With more than this waiting to be sent, publishing pauses.
const OUTPUT_LIMIT: usize = 64 * 1024;

/// Bytes of QoS 1 and 2 messages in flight above which publishing pauses: the window must not
/// become a heap of large payloads.
const MAX_INFLIGHT_BYTES: usize = 4 * 1024 * 1024;

/// An MQTT client on one connection.
pub struct Client {
    options: Options,
    connect_properties: PropertyBuf,
    /// Enhanced authentication on this connection.
    authentication: Option<Authentication>,
    connector: Rc<Connector>,
    session: Session,
    phase: Phase,
    backoff: Option<Backoff>,
    scratch: Vec<u8>,
    hold_acknowledgements: bool,
    /// A CONNACK has come before, so the next connection is a reconnect.
    was_connected: bool,
    /// Messages the broker forgot with its session, to be published again.
    resend: VecDeque<(Rc<Message>, Delivery)>,
    in_doubt: u64,
    /// When CONNACK came on this connection.
    connected_at: Option<Instant>,
    now: Instant,
}

enum Phase {
    /// Between connection attempts.
    Waiting(Instant),
    Connecting(Attempt),
    Open(Box<Open>),
}

struct Attempt {
    stream: Pin<Box<dyn Future<Output = Result<Stream, ConnectError>>>>,
    deadline: Instant,
}

impl Client {
    /// A client that connects on its first [`turn`](Client::turn).
    ///
    /// # Errors
    ///
    /// Certificates or keys cannot be read, or the options do not fit each other.
    pub fn new(options: Options) -> Result<Client, Error> {
        options.check().map_err(Error::Options)?;
        let now = Instant::now();
        Ok(Client {
            connect_properties: options.connect_properties(),
            authentication: None,
            connector: Rc::new(Connector::new(&options.target)?),
            session: Session::new(
                Role::Client,
                Config {
                    max_inflight: options.max_inflight,
                    max_inflight_bytes: MAX_INFLIGHT_BYTES,
                    ..Config::default()
                },
            ),
            phase: Phase::Waiting(now),
            backoff: options.reconnect.map(Backoff::new),
            scratch: Vec::with_capacity(FIRST_SCRATCH),
            hold_acknowledgements: false,
            was_connected: false,
            resend: VecDeque::new(),
            in_doubt: 0,
            connected_at: None,
            now,
            options,
        })
    }

    /// Makes every turn withhold the acknowledgements of the messages that it hands over, until
    /// [`release`](Client::release), for an application that must first put them in a safe place.
    pub fn hold_acknowledgements(&mut self) {
        self.hold_acknowledgements = true;
    }

    /// Lets withheld acknowledgements go out with the next turn.
    pub fn release(&mut self) {
        if let Phase::Open(open) = &mut self.phase {
            open.link.release();
        }
    }

    /// The time of the last turn: good enough for what happens between two turns.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Reads the clock, for an application that has waited for something other than a turn.
    pub fn wake(&mut self) {
        self.now = Instant::now();
    }

    /// The session: the server's limits, Keep Alive, messages in flight.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Whether CONNACK has come, and the connection has not ended since.
    pub fn is_connected(&self) -> bool {
        self.session.is_connected()
    }

    /// Whether a message can be published now: the client is connected, the send window has room, and
    /// not too much is waiting for the socket.
    pub fn can_publish(&self) -> bool {
        match &self.phase {
            Phase::Open(open) => {
                self.resend.is_empty()
                    && self.session.can_publish()
                    && open.link.output.len() < OUTPUT_LIMIT
            }
            _ => false,
        }
    }

    /// How many messages have not been acknowledged, counting those to be published again.
    pub fn unacknowledged(&self) -> usize {
        self.session.in_flight() + self.resend.len()
    }

    /// How many messages were sent again because the broker forgot the session: they may have
    /// arrived twice.
    pub fn in_doubt(&self) -> u64 {
        self.in_doubt
    }

    /// Sends SUBSCRIBE, whose answer goes to [`Handler::suback`]. Returns `None`, and sends nothing, if
    /// there is no connection or no free Packet Identifier, or if the packet is larger than the broker
    /// accepts.
    #[must_use = "`None` means that nothing was sent"]
    pub fn subscribe(
        &mut self,
        filters: &[(&str, SubscriptionOptions)],
        properties: Properties<'_>,
    ) -> Option<PacketId> {
        self.request(|session, now, output| session.subscribe(now, filters, properties, output))
    }

    /// Sends UNSUBSCRIBE, whose answer goes to [`Handler::unsuback`]. Returns `None` where
    /// [`subscribe`](Client::subscribe) does.
    #[must_use = "`None` means that nothing was sent"]
    pub fn unsubscribe(
        &mut self,
        filters: &[&str],
        properties: Properties<'_>,
    ) -> Option<PacketId> {
        self.request(|session, now, output| session.unsubscribe(now, filters, properties, output))
    }

    /// Sends a SUBSCRIBE or UNSUBSCRIBE, whose answer is then awaited.
    fn request(
        &mut self,
        write: impl FnOnce(&mut Session, Instant, &mut Output) -> Option<PacketId>,
    ) -> Option<PacketId> {
        let Phase::Open(open) = &mut self.phase else {
            return None;
        };
        let packet_id = write(&mut self.session, self.now, &mut open.link.output)?;
        open.requests += 1;
        Some(packet_id)
    }

    /// Drives the connection one step: an attempt to connect, or a write and a read, or a deadline.
    /// Returns when something has happened. Cancel safe: in a `select!`, a turn that is dropped loses
    /// nothing.
    ///
    /// # Errors
    ///
    /// The client cannot go on. With [`Options::reconnect`], a lost connection is not an error until
    /// the window is over.
    pub async fn turn(&mut self, handler: &mut impl Handler) -> Result<(), Error> {
        let result = match &mut self.phase {
            Phase::Waiting(until) => {
                if *until > self.now {
                    sleep_until((*until).into()).await;
                }
                self.now = Instant::now();
                self.phase = Phase::Connecting(self.attempt());
                Ok(())
            }
            Phase::Connecting(attempt) => {
                let connected = (&mut attempt.stream).await;
                let deadline = attempt.deadline;
                self.now = Instant::now();
                match connected {
                    Ok(stream) => self.open(stream, deadline),
                    Err(error) => Err(error.into()),
                }
            }
            Phase::Open(_) => self.turn_open(handler).await,
        };
        match result {
            Ok(()) => Ok(()),
            Err(error) => self.retry(error, handler),
        }
    }

    fn attempt(&self) -> Attempt {
        let connector = Rc::clone(&self.connector);
        let limit = self.options.connect_timeout;
        Attempt {
            stream: Box::pin(async move { connector.connect_within(limit).await }),
            deadline: self.now + limit,
        }
    }

    /// Sends CONNECT on a new stream.
    fn open(&mut self, stream: Stream, deadline: Instant) -> Result<(), Error> {
        let mut open = Open::new(stream, &self.options, self.now, deadline);
        // In 5.0 only the first connection starts clean: the session then lasts over reconnects.
        let clean_start = self.options.clean_start
            && !(self.was_connected && self.options.version == Version::V5);
        self.authentication = Authentication::begin(&self.options)?;
        let mut properties = self.connect_properties.clone();
        if let Some(authentication) = &self.authentication {
            authentication.introduce(&mut properties);
        }
        let connect = self.options.connect(&properties, clean_start);
        self.session
            .connect(self.now, &connect, &mut open.link.output);
        self.phase = Phase::Open(Box::new(open));
        Ok(())
    }

    /// Ends the connection after `error`; plans the next attempt, or returns the error.
    fn retry(&mut self, error: Error, handler: &mut impl Handler) -> Result<(), Error> {
        self.session.connection_lost();
        self.now = Instant::now();
        self.phase = Phase::Waiting(self.now);
        let stood = (self.connected_at.take()).map(|at| self.now.duration_since(at));
        if !self.was_connected || !error.is_transient() {
            return Err(error);
        }
        if let Some(backoff) = &mut self.backoff
            && stood.is_some_and(|stood| stood >= backoff.max_delay())
        {
            backoff.reset();
        }
        let Some(delay) = self
            .backoff
            .as_mut()
            .and_then(|backoff| backoff.next_delay(self.now, fastrand::f64()))
        else {
            // There was a connection, and it could not be restored in time.
            return Err(match error {
                Error::Connect(error) => Error::Lost(error.to_string()),
                error => error,
            });
        };
        handler.disconnected(&error, delay);
        self.phase = Phase::Waiting(self.now + delay);
        Ok(())
    }

    /// Keeps the connection alive while the application cannot take more messages: sends what may be
    /// sent, and PINGREQ when it is due, but reads nothing. Runs until it is dropped or the connection
    /// is lost, which the next [`turn`](Client::turn) reports.
    pub async fn pause(&mut self) {
        match &mut self.phase {
            Phase::Open(open) => open.pause(&mut self.session).await,
            _ => std::future::pending().await,
        }
    }

    /// Sends DISCONNECT, and waits up to `patience` for the broker to read everything and close: only
    /// then is it certain that messages at QoS 0 have been read. Acknowledgements that are still
    /// withheld are never sent. Of the handler, only [`Handler::packet`] is called.
    ///
    /// # Errors
    ///
    /// The connection broke, or the broker did not close it in time.
    pub async fn close(
        &mut self,
        reason: ReasonCode,
        patience: Duration,
        handler: &mut impl Handler,
    ) -> Result<(), Error> {
        let now = Instant::now();
        let phase = std::mem::replace(&mut self.phase, Phase::Waiting(now));
        let Phase::Open(mut open) = phase else {
            return Ok(());
        };
        if !self.session.is_connected() {
            // Only CONNECT was sent: there is nothing for the broker to read.
            self.session.connection_lost();
            return Ok(());
        }
        open.link.discard_held();
        let properties = self.options.disconnect_properties();
        self.session
            .disconnect(reason, properties.as_properties(), &mut open.link.output);
        open.show_sent(&self.session, handler);
        let closed = timeout(patience, open.close(&mut self.scratch)).await;
        self.session.connection_lost();
        closed.unwrap_or_else(|_| {
            Err(Error::Lost(format!(
                "the broker did not take the last bytes and close within {} s",
                patience.as_secs_f64()
            )))
        })
    }
}
