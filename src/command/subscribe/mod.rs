//! `mqtk sub`: every message that is acknowledged has been written.

mod barrier;
mod receiver;
mod refusals;
mod screen;

use std::time::{Duration, Instant};

use tokio::time::{sleep_until, timeout};

use crate::cli::{Form, OutputOptions, SubOptions};
use crate::client::Client;
use crate::codec::{QoS, ReasonCode};
use crate::exit::ExitStatus;
use crate::render::{Clock, Layout, Printer, Style};
use crate::session::{Delivery, Message};

use super::embedded;
use super::failure::Failure;
use super::layout::layout;
use super::signals::Signals;
use super::stdout::Stdout;
use super::talk::Talk;

use receiver::Receiver;
use screen::{Foreground, RATE_PERIOD, Ticker, WATCH_PERIOD};

/// How long the broker may take to read the last acknowledgements and close.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

/// Subscribes and prints until the options say it is enough.
///
/// # Errors
///
/// The connection cannot be made or kept, a subscription was refused, or the time is over.
pub(super) async fn run(mut options: SubOptions, talk: &Talk) -> Result<(), Failure> {
    let _broker = embedded::start(options.embedded, &mut options.client, talk)?;
    let mut client = Client::new(options.client.clone())?;
    client.hold_acknowledgements();
    let ends_at = options
        .exit
        .wait
        .and_then(|wait| Instant::now().checked_add(wait));
    let ticker = if options.output.watch {
        Ticker::every(Some(WATCH_PERIOD))
    } else if options.output.form == Form::Rate {
        Ticker::every(Some(RATE_PERIOD))
    } else {
        Ticker::every(None)
    };
    let mut subscriber = Subscriber {
        receiver: Receiver::new(&options, talk)?,
        stdout: Stdout::new().map_err(|error| Failure::io("cannot write to stdout", &error))?,
        signals: Signals::new(true)?,
        foreground: Foreground::watch(options.output.watch)?,
        options: &options,
        client,
        ends_at,
        ticker,
    };
    let outcome = subscriber.run().await;
    if options.output.watch {
        subscriber.leave_screen().await;
    }
    // What is not acknowledged after all will come again: no reason to fail.
    let _ = subscriber
        .client
        .close(
            ReasonCode::SUCCESS,
            CLOSE_PATIENCE,
            &mut subscriber.receiver,
        )
        .await;
    match outcome? {
        Ended::TimedOut => Err(Failure::new(
            ExitStatus::TimedOut,
            format!(
                "time is up: {} s (-W)",
                options.exit.wait.unwrap_or_default().as_secs_f64()
            ),
        )),
        Ended::Enough | Ended::Stopped => subscriber.receiver.verdict(),
    }
}

/// Why a subscriber ended, other than by a failure.
enum Ended {
    /// It has what it was asked for.
    Enough,
    /// A signal, or the reader of its output is gone.
    Stopped,
    TimedOut,
}

struct Subscriber<'a> {
    options: &'a SubOptions,
    receiver: Receiver<'a>,
    client: Client,
    stdout: Stdout,
    signals: Signals,
    foreground: Foreground,
    ends_at: Option<Instant>,
    ticker: Ticker,
}

impl Subscriber<'_> {
    async fn run(&mut self) -> Result<Ended, Failure> {
        // How the connection ended, when what came before is still to be written.
        let mut failed = None;
        loop {
            if let Some(ended) = self.write().await? {
                return Ok(ended);
            }
            self.client.release();
            self.receiver.verdict_if_hopeless()?;
            if self.receiver.is_done() && self.client.unacknowledged() == 0 {
                return Ok(Ended::Enough);
            }
            if let Some(error) = failed {
                return Err(error);
            }
            self.ask()?;
            // A turn may be ready every time, so what is due is not left to the `select!`.
            let now = self.client.now();
            if self.ends_at.is_some_and(|end| end <= now) {
                return Ok(Ended::TimedOut);
            }
            if self.ticker.has_passed(now) {
                self.receiver.tick();
            }
            tokio::select! {
                biased;
                () = self.signals.recv() => return Ok(Ended::Stopped),
                turn = self.client.turn(&mut self.receiver) => failed = turn.err().map(Failure::from),
                () = self.ticker.tick() => self.receiver.tick(),
                () = self.foreground.back() => self.receiver.forget_screen(),
                () = self.stdout.closed() => return Ok(Ended::Stopped),
                () = at(self.ends_at) => return Ok(Ended::TimedOut),
            }
        }
    }

    /// Writes what was printed. The connection is kept alive meanwhile, and nothing is read: a
    /// slow reader slows the broker down.
    async fn write(&mut self) -> Result<Option<Ended>, Failure> {
        self.receiver.take_printed(&mut self.stdout.pending);
        let must_wait = self.stdout.is_pending();
        // A connection that breaks now is found broken by the next turn.
        let mut is_alive = true;
        while self.stdout.is_pending() {
            tokio::select! {
                biased;
                written = self.stdout.flush() => match written {
                    Ok(()) => {}
                    Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                        return Ok(Some(Ended::Stopped));
                    }
                    Err(error) => return Err(Failure::io("cannot write to stdout", &error)),
                },
                _ = self.client.pause(), if is_alive => is_alive = false,
                () = self.signals.recv() => return Ok(Some(Ended::Stopped)),
                () = at(self.ends_at) => return Ok(Some(Ended::TimedOut)),
            }
        }
        if must_wait {
            self.client.wake();
        }
        Ok(None)
    }

    /// Draws what `--watch` shows a last time, and ends its last line: the prompt comes below.
    async fn leave_screen(&mut self) {
        self.receiver.tick();
        if !self.stdout.is_pending() {
            self.receiver.take_printed(&mut self.stdout.pending);
        }
        // What was typed meanwhile stands below.
        self.stdout.pending.extend_from_slice(b"\n\x1b[J");
        // A terminal that takes nothing does not keep the command from ending.
        let _ = timeout(CLOSE_PATIENCE, self.stdout.flush()).await;
    }

    /// Sends the requests that are due.
    ///
    /// # Errors
    ///
    /// The broker takes no packet of this size.
    fn ask(&mut self) -> Result<(), Failure> {
        if self.receiver.take_must_subscribe() {
            let filters: Vec<_> = self
                .options
                .filters
                .iter()
                .map(|filter| (&**filter, self.options.subscription))
                .collect();
            if !filters.is_empty() {
                let properties = self.options.subscribe_properties.as_properties();
                let packet_id = self.client.subscribe(&filters, properties);
                packet_id.ok_or_else(|| self.too_large("SUBSCRIBE"))?;
            }
            let filters: Vec<_> = self
                .options
                .unsubscribe
                .iter()
                .map(|filter| &**filter)
                .collect();
            if !filters.is_empty() {
                let properties = self.options.unsubscribe_properties.as_properties();
                let packet_id = self.client.unsubscribe(&filters, properties);
                packet_id.ok_or_else(|| self.too_large("UNSUBSCRIBE"))?;
            }
        }
        if self.receiver.must_ask_for_barrier() {
            let packet_id = self
                .client
                .unsubscribe(&[barrier::FILTER], Default::default());
            self.receiver
                .barrier_asked(packet_id.ok_or_else(|| self.too_large("UNSUBSCRIBE"))?);
        }
        while self.client.can_publish()
            && let Some(topic) = self.receiver.next_to_remove()
        {
            let message = std::rc::Rc::new(Message {
                topic,
                payload: Default::default(),
                qos: QoS::AtLeastOnce,
                retain: true,
                properties: Default::default(),
                expires: None,
            });
            let qos = QoS::AtLeastOnce.min(self.client.session().peer().maximum_qos);
            if let Err(error) = self.client.publish(&message, Delivery::new(qos, true)) {
                self.receiver.cannot_remove(&message.topic, &error);
            }
        }
        Ok(())
    }

    fn too_large(&self, packet: &str) -> Failure {
        let limit = self.client.session().peer().maximum_packet_size;
        Failure::new(
            ExitStatus::Refused,
            format!("the broker accepts packets of {limit} bytes at most, and {packet} is larger"),
        )
    }
}

/// The printer the options ask for.
fn printer(options: &OutputOptions) -> Result<Printer, Failure> {
    let layout = layout(&options.form)?;
    if matches!(&layout, Layout::Format(format) if format.shows_publisher()) {
        let why = "-F: %c, the publisher, is known to mqtk broker --watch only";
        return Err(Failure::new(ExitStatus::Usage, why));
    }
    let style = Style::of(&std::io::stdout());
    Ok(Printer::new(layout, style, Clock::local())
        .newline(options.newline)
        .pretty(options.pretty))
}

/// Waits until `moment`; for ever, if there is none.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment.into()).await,
        None => std::future::pending().await,
    }
}
