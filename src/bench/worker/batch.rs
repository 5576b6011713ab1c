//! What has come at one connection and is read at once.

use std::time::Instant;

use super::context::Context;
use super::publisher::Publisher;
use super::receiver::Receiver;
use super::requester::Requester;
use crate::bench::fault::Fault;
use crate::bench::group::Notes;
use crate::bench::moderation::RoundTrips;
use crate::bench::stats::Stats;
use crate::client::{Error, Refusal};
use crate::codec::{Frame, Output, Packet, PacketId, PacketType, ReasonCode, Violation};
use crate::session::{Event, Session};

/// What the reading of a batch found out.
pub(super) struct Batch {
    pub(super) now: Instant,
    pub(super) nanos: u64,
    pub(super) packets: u64,
    pub(super) arrived: u64,
    pub(super) acked: u64,
    /// PUBRECs.
    pub(super) halfway: u64,
    pub(super) round_trips: RoundTrips,
    pub(super) connected: bool,
    pub(super) answered_ping: bool,
    pub(super) subscribed: bool,
    pub(super) session_missing: bool,
    pub(super) removed: u64,
    pub(super) end: Option<Fault>,
}

/// What a connection does with what comes.
pub(super) struct Ends<'a> {
    pub(super) publisher: &'a mut Option<Publisher>,
    pub(super) requester: &'a mut Option<Box<Requester>>,
    pub(super) receiver: &'a mut Option<Receiver>,
    pub(super) notes: &'a mut Notes,
    /// What the publisher is told of now are messages that were removed.
    pub(super) is_clearing: bool,
}

impl Batch {
    pub(super) fn new(context: &Context) -> Batch {
        let now = Instant::now();
        Batch {
            now,
            nanos: context.nanos(now),
            packets: 0,
            arrived: 0,
            acked: 0,
            halfway: 0,
            round_trips: RoundTrips::default(),
            connected: false,
            answered_ping: false,
            subscribed: false,
            session_missing: false,
            removed: 0,
            end: None,
        }
    }

    #[inline]
    pub(super) fn frame(
        &mut self,
        context: &Context,
        frame: Frame<'_>,
        session: &mut Session,
        output: &mut Output,
        ends: &mut Ends<'_>,
        stats: &mut Stats,
    ) -> Result<(), Violation> {
        self.packets += 1;
        match session.receive(self.now, frame, output)? {
            Event::Message(message) => {
                if let Some(receiver) = ends.receiver {
                    let sent = receiver.message(context, stats, ends.notes, self.nanos, &message);
                    if let Some(sent) = sent {
                        // What others send is not what is waited for.
                        self.arrived += 1;
                        self.round_trips.arrived(self.nanos.saturating_sub(sent));
                    }
                }
                session.acknowledge(&message, ReasonCode::SUCCESS, output);
            }
            Event::Published { packet_id, reason } => {
                self.acked += 1;
                self.removed += u64::from(ends.is_clearing && !reason.is_error());
                if let Some(publisher) = ends.publisher {
                    let round_trip =
                        publisher.acknowledged(context, stats, self.nanos, packet_id, reason);
                    if let Some(round_trip) = round_trip {
                        self.round_trips.acknowledged(round_trip);
                    }
                }
            }
            Event::Connected(connack) => {
                self.connected = true;
                self.session_missing = !connack.session_present;
            }
            Event::Refused(connack) => {
                let refusal = Refusal::connack(session.version(), &connack);
                self.end = Some(Error::Refused(refusal).into());
            }
            Event::Disconnect(disconnect) => {
                let refusal = Refusal::disconnect(session.version(), &disconnect);
                self.end = Some(Error::Disconnected(refusal).into());
            }
            Event::Suback(suback) if ends.requester.is_some() => {
                let reason = suback.reasons.iter().next();
                self.answered(ends, stats, suback.packet_id, reason);
            }
            Event::Unsuback(unsuback) => {
                let reason = unsuback.reasons.iter().next();
                self.answered(ends, stats, unsuback.packet_id, reason);
            }
            Event::Suback(suback) => {
                let refused = suback.reasons.iter().find(|reason| reason.is_error());
                match refused {
                    None => self.subscribed = true,
                    Some(reason) => {
                        let (kind, version) = (PacketType::Suback, session.version());
                        let refusal = Refusal::new(kind, version, reason, suback.properties);
                        self.end = Some(Error::Refused(refusal).into());
                    }
                }
            }
            Event::Auth(_) => {
                let why = "the broker asks for enhanced authentication";
                self.end = Some(Error::Options(why.into()).into());
            }
            Event::Handled => match frame.packet_type() {
                PacketType::Pubrec => {
                    self.halfway += 1;
                    if let Some(publisher) = ends.publisher
                        && let Ok(Packet::Pubrec(ack)) = frame.decode(session.version())
                        && let Some(sent) = publisher.sent(ack.packet_id)
                    {
                        self.round_trips
                            .acknowledged(self.nanos.saturating_sub(sent));
                    }
                }
                PacketType::Pingresp => self.answered_ping = true,
                _ => {}
            },
            Event::Subscribe(_) | Event::Unsubscribe(_) | Event::Released(_) => {}
        }
        Ok(())
    }

    /// A request was answered.
    fn answered(
        &mut self,
        ends: &mut Ends<'_>,
        stats: &mut Stats,
        packet_id: PacketId,
        reason: Option<ReasonCode>,
    ) {
        self.acked += 1;
        if let Some(requester) = ends.requester {
            requester.answered(stats, self.nanos, packet_id, reason);
        }
    }
}
