//! The durable part of a Session State: its changes as they happen, and its restoration.

use std::fmt::Debug;
use std::rc::Rc;

use super::inflight::{Entry, Step, successor};
use super::message::{Delivery, Message};
use super::queue::Waiting;
use super::{Config, Role, Session};
use crate::codec::{PacketId, ReasonCode, Version};

/// Records the changes to the state of one Session, in order, so that [`Session::replay`] can
/// restore it.
///
/// What a Session writes in the same call may depend on these changes: PUBACK, PUBREC, PUBREL,
/// PUBCOMP and a PUBLISH at QoS 2 must not be sent before the changes are durable. A PUBLISH at
/// QoS 1 may be: at worst it arrives twice.
pub trait Journal: Debug {
    /// Called for each change.
    fn record(&self, change: Change);
}

/// A change of the Session State.
#[derive(Clone, Debug)]
pub enum Change {
    /// A message is kept until its receiver has it.
    Kept {
        /// Identifies the message within the Session; higher numbers are sent later.
        sequence: u64,
        /// There was nothing under this number before.
        is_new: bool,
        /// Everything about it.
        kept: Kept,
    },
    /// The message under this number is done, or dropped.
    Removed {
        /// Its number.
        sequence: u64,
    },
    /// PUBREC goes out: a QoS 2 message with this identifier is a duplicate from now on.
    Received {
        /// The identifier the peer gave it.
        packet_id: PacketId,
        /// There was nothing under this identifier before.
        is_new: bool,
        /// The message, if it is kept until PUBREL comes.
        message: Option<Rc<Message>>,
    },
    /// PUBREL came: the identifier is free again.
    Released {
        /// The identifier the peer gave it.
        packet_id: PacketId,
    },
}

/// A message at QoS 1 or 2 that is kept for its receiver.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The Packet Identifier it was sent under; `None`: it waits to be sent.
    pub packet_id: Option<PacketId>,
    /// The message; `None`: the receiver has it, and PUBCOMP is awaited.
    pub message: Option<Rc<Message>>,
    /// How the receiver gets it.
    pub delivery: Delivery,
}

/// A Session's side of its [`Journal`].
#[derive(Debug)]
pub(super) struct Recorder {
    journal: Rc<dyn Journal>,
    next_sequence: u64,
}

/// The journal of a Session, if it has one.
#[derive(Debug, Default)]
pub(super) struct Record(Option<Box<Recorder>>);

impl Record {
    /// The number of a new message.
    pub fn next_sequence(&mut self) -> u64 {
        let Some(recorder) = &mut self.0 else {
            return 0;
        };
        recorder.next_sequence += 1;
        recorder.next_sequence
    }

    pub fn waiting(&self, sequence: u64, message: &Rc<Message>, delivery: &Delivery) {
        if let Some(recorder) = &self.0 {
            recorder.journal.record(Change::Kept {
                sequence,
                is_new: true,
                kept: Kept {
                    packet_id: None,
                    message: Some(Rc::clone(message)),
                    delivery: delivery.clone(),
                },
            });
        }
    }

    pub fn in_flight(&self, entry: &Entry, is_new: bool) {
        if let Some(recorder) = &self.0 {
            recorder.journal.record(Change::Kept {
                sequence: entry.sequence,
                is_new,
                kept: Kept {
                    packet_id: Some(entry.packet_id),
                    message: entry.message.clone(),
                    delivery: entry.delivery.clone(),
                },
            });
        }
    }

    pub fn removed(&self, sequence: u64) {
        if let Some(recorder) = &self.0 {
            recorder.journal.record(Change::Removed { sequence });
        }
    }

    pub fn received(&self, packet_id: PacketId, message: Option<&Rc<Message>>, is_new: bool) {
        if let Some(recorder) = &self.0 {
            recorder.journal.record(Change::Received {
                packet_id,
                is_new,
                message: message.cloned(),
            });
        }
    }

    pub fn released(&self, packet_id: PacketId) {
        if let Some(recorder) = &self.0 {
            recorder.journal.record(Change::Released { packet_id });
        }
    }
}

impl Session {
    /// Server: reports changes to `journal` from now on. To be called while there is no state.
    pub fn record(&mut self, journal: Rc<dyn Journal>) {
        debug_assert!(self.is_idle());
        self.state.record = Record(Some(Box::new(Recorder {
            journal,
            next_sequence: 0,
        })));
    }

    /// Server: a Session without a connection, whose state was recorded by an earlier process and is
    /// about to be restored by [`Session::replay`].
    pub fn restored(
        config: Config,
        version: Version,
        expiry: u32,
        journal: Rc<dyn Journal>,
    ) -> Session {
        let mut session = Session::new(Role::Server, config);
        session.record(journal);
        session.connection.version = version;
        session.state.expiry = expiry;
        session
    }

    /// Restores a change that was recorded and not undone by a later one. To be called in the order of
    /// the sequence numbers.
    pub fn replay(&mut self, change: Change) {
        let state = &mut self.state;
        match change {
            Change::Kept { sequence, kept, .. } => {
                if let Record(Some(recorder)) = &mut state.record {
                    recorder.next_sequence = recorder.next_sequence.max(sequence);
                }
                let Kept {
                    packet_id,
                    message,
                    delivery,
                } = kept;
                if let Some(packet_id) = packet_id {
                    let step = match message {
                        Some(_) => Step::Publish,
                        None => Step::Release,
                    };
                    state.next_id = successor(packet_id);
                    state.in_flight.push(Entry {
                        packet_id,
                        sequence,
                        step,
                        reason: ReasonCode::SUCCESS,
                        sent: false,
                        message,
                        delivery,
                    });
                } else if let Some(message) = message {
                    state.queue.push(Waiting {
                        sequence,
                        message,
                        delivery,
                    });
                }
            }
            Change::Received {
                packet_id, message, ..
            } => {
                state.received.insert_pending(packet_id);
                state.received.record(packet_id, message);
            }
            Change::Removed { .. } | Change::Released { .. } => {}
        }
    }
}
