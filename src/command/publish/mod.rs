//! `mqtk pub`: every message is acknowledged, or the exit status says that some were not.

mod source;
mod tally;

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::cli::{PayloadFrom, PubOptions, Verbosity};
use crate::client::{Client, Error, PublishError};
use crate::codec::{MAX_REMAINING_LENGTH, PropertyBuf, Publish, QoS, ReasonCode};
use crate::exit::ExitStatus;
use crate::render::Progress;
use crate::session::{Delivery, Message};

use super::embedded;
use super::failure::Failure;
use super::signals::Signals;
use super::stdin::Lines;
use super::talk::Talk;

use source::Source;
use tally::Tally;

/// How long the broker may take to read the last bytes and close.
const CLOSE_PATIENCE: Duration = Duration::from_secs(10);
/// The same, where no message depends on it.
const SHORT_PATIENCE: Duration = Duration::from_secs(1);
/// A payload larger than this is shared with the output instead of copied into it.
const SHARE_ABOVE: usize = 4096;

/// Publishes what the options say.
///
/// # Errors
///
/// Not everything was published and, at QoS 1 and 2, acknowledged.
pub(super) async fn run(mut options: PubOptions, talk: &Talk) -> Result<(), Failure> {
    // A single message is soon sent: a signal may end the process in the default way.
    let is_long = options.payload == PayloadFrom::Lines || options.repeat.get() > 1;
    let source = source(&options)?;
    let signals = Signals::new(is_long)?;
    let is_fed = options.payload == PayloadFrom::Lines && !io::stdin().is_terminal();
    let progress = (is_fed && options.verbosity == Verbosity::Normal)
        .then(|| Progress::on_terminal(Instant::now()))
        .flatten();
    let _broker = embedded::start(options.embedded, &mut options.client, talk)?;
    let client = Client::new(options.client)?;
    let topics = options.topics.iter().map(|topic| Rc::from(&**topic));
    Publisher {
        topics: topics.collect(),
        qos: options.qos,
        retain: options.retain,
        properties: options.properties,
        source,
        unfinished: None,
        client,
        tally: Tally::new(talk, options.qos, &options.topics, progress),
        signals,
    }
    .run()
    .await
}

fn source(options: &PubOptions) -> Result<Source, Failure> {
    let payload = match &options.payload {
        PayloadFrom::Lines => return Ok(Source::Lines(Lines::new(io::stdin()))),
        PayloadFrom::Text(text) => Bytes::copy_from_slice(text),
        PayloadFrom::Nothing => Bytes::new(),
        PayloadFrom::Stdin => {
            whole(io::stdin()).map_err(|error| Failure::io("cannot read stdin", &error))?
        }
        PayloadFrom::File(path) => File::open(path)
            .and_then(whole)
            .map_err(|error| Failure::io(format_args!("cannot read {}", path.display()), &error))?,
    };
    Ok(Source::repeat(
        payload,
        options.repeat.get(),
        options.repeat_delay,
    ))
}

/// Reads an input that is one payload. It is not read further than a packet could hold.
fn whole(input: impl Read) -> io::Result<Bytes> {
    let mut payload = Vec::new();
    let read = input
        .take(MAX_REMAINING_LENGTH as u64 + 1)
        .read_to_end(&mut payload)?;
    if read > MAX_REMAINING_LENGTH {
        let why = format!(
            "it has more than the {MAX_REMAINING_LENGTH} bytes that an MQTT packet holds at most"
        );
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(payload.into())
}

/// A message that is still to be published to some of its topics, since the send window was full.
struct Unfinished {
    payload: Bytes,
    next_topic: usize,
}

struct Publisher<'a> {
    topics: Vec<Rc<str>>,
    qos: QoS,
    retain: bool,
    properties: PropertyBuf,
    source: Source,
    unfinished: Option<Unfinished>,
    client: Client,
    tally: Tally<'a>,
    signals: Signals,
}

impl Publisher<'_> {
    async fn run(mut self) -> Result<(), Failure> {
        if let Err(failure) = self.publish_all().await {
            let unacknowledged = self.client.unacknowledged() as u64;
            // If the failure is not one of the connection, it is to be closed properly.
            let _ = self.close(SHORT_PATIENCE).await;
            return Err(self
                .tally
                .cut_short(failure, unacknowledged, self.client.in_doubt()));
        }
        let closed = match self.qos {
            QoS::AtMostOnce => self.close(CLOSE_PATIENCE).await,
            // All is acknowledged: nothing depends on how the connection ends.
            _ => self.close(SHORT_PATIENCE).await.or(Ok(())),
        };
        closed?;
        self.tally.finish(self.client.in_doubt())
    }

    async fn close(&mut self, patience: Duration) -> Result<(), Error> {
        let closed = self
            .client
            .close(ReasonCode::SUCCESS, patience, &mut self.tally);
        tokio::select! {
            closed = closed => closed,
            () = self.signals.recv() => Err(Error::Lost(
                "interrupted before the broker had read everything".into(),
            )),
        }
    }

    async fn publish_all(&mut self) -> Result<(), Failure> {
        let mut interrupted = false;
        loop {
            if !interrupted {
                self.fill()?;
            }
            let at_end = interrupted || self.source.is_at_end() && self.unfinished.is_none();
            if at_end
                && (self.client.is_connected() || interrupted)
                && self.client.unacknowledged() == 0
            {
                return Ok(());
            }
            let wants_input = !at_end && self.unfinished.is_none() && self.client.can_publish();
            tokio::select! {
                biased;
                // First, since a turn may always be ready.
                () = self.signals.recv() => {
                    if interrupted {
                        return Err(Failure::new(ExitStatus::ConnectionLost, "interrupted twice"));
                    }
                    interrupted = true;
                }
                turn = self.client.turn(&mut self.tally) => {
                    turn?;
                    // A stream of lines is worth every attempt.
                    if !matches!(self.source, Source::Lines(_)) {
                        self.tally.verdict_if_hopeless()?;
                    }
                    self.tally.show(self.client.now());
                }
                more = self.source.more(), if wants_input => {
                    more.map_err(|error| Failure::io("cannot read stdin", &error))?;
                    self.client.wake();
                }
            }
        }
    }

    /// Publishes as long as the client takes messages and the source has them.
    fn fill(&mut self) -> Result<(), Failure> {
        while self.client.can_publish() {
            if let Some(Unfinished {
                payload,
                next_topic,
            }) = self.unfinished.take()
            {
                self.publish_to(&payload, next_topic)?;
            } else if let [_] = self.topics[..] {
                if !self.publish_one()? {
                    break;
                }
            } else if let Some(payload) = self.source.next() {
                let payload = payload.to_bytes();
                self.publish_to(&payload, 0)?;
            } else {
                break;
            }
        }
        Ok(())
    }

    /// Publishes the next payload to the only topic. `false`: there is no payload now.
    fn publish_one(&mut self) -> Result<bool, Failure> {
        let Some(payload) = self.source.next() else {
            return Ok(false);
        };
        let length = payload.as_slice().len();
        let topic = &self.topics[0];
        let published = if self.qos == QoS::AtMostOnce && length <= SHARE_ABOVE {
            self.client.publish_at_most_once(&Publish {
                dup: false,
                qos: QoS::AtMostOnce,
                retain: self.retain,
                topic,
                packet_id: None,
                properties: self.properties.as_properties(),
                payload: payload.as_slice(),
            })
        } else {
            let payload = payload.to_bytes();
            let message = self.message(topic, payload);
            self.client.publish(&message, self.delivery()).map(drop)
        };
        published.map_err(|error| refusal(&self.topics[0], &error))?;
        self.tally.sent(length, None, 0);
        Ok(true)
    }

    /// Publishes a payload to the topics from the one at `next_topic`, as far as the client
    /// takes messages.
    fn publish_to(&mut self, payload: &Bytes, next_topic: usize) -> Result<(), Failure> {
        for index in next_topic..self.topics.len() {
            if !self.client.can_publish() {
                self.unfinished = Some(Unfinished {
                    payload: payload.clone(),
                    next_topic: index,
                });
                return Ok(());
            }
            let message = self.message(&self.topics[index], payload.clone());
            let packet_id = self
                .client
                .publish(&message, self.delivery())
                .map_err(|error| refusal(&message.topic, &error))?;
            self.tally.sent(payload.len(), packet_id, index);
        }
        Ok(())
    }

    fn message(&self, topic: &Rc<str>, payload: Bytes) -> Rc<Message> {
        Rc::new(Message::new(
            self.client.now(),
            Rc::clone(topic),
            payload,
            self.qos,
            self.retain,
            self.properties.as_properties(),
        ))
    }

    fn delivery(&self) -> Delivery {
        Delivery::new(self.qos, self.retain)
    }
}

fn refusal(topic: &str, error: &PublishError) -> Failure {
    Failure::new(
        ExitStatus::Refused,
        format!("cannot publish to {topic:?}: {error}"),
    )
}
