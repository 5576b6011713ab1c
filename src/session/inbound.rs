//! Messages in: aliases, Receive Maximum, and the receiver's half of the QoS 2 handshake.

use std::rc::Rc;

use super::message::Message;
use super::received::Known;
use super::{Event, Received, Role, Session, rules};
use crate::codec::{Ack, Output, Packet, Publish, QoS, ReasonCode, Version, Violation};

impl Session {
    /// Answers a message: PUBACK at QoS 1, PUBREC at QoS 2, nothing at QoS 0. The application has
    /// taken ownership of it, or refuses it with a `reason` of 0x80 or greater (5.0 only: older
    /// versions cannot refuse a message).
    ///
    /// Acknowledge in the order of receipt (MQTT-4.6.0-2, MQTT-4.6.0-3). If the Network Connection has
    /// ended meanwhile, nothing is written, but a QoS 2 message will be recognised when it is sent
    /// again. If the next one has begun already, the message will come again as a new one.
    pub fn acknowledge(&mut self, received: &Received<'_>, reason: ReasonCode, out: &mut Output) {
        self.acknowledge_with(received, reason, None, out);
    }

    /// Takes a message at QoS 2 that must not be passed on before it is released: answers PUBREC, and
    /// returns the message when its PUBREL comes, as [`Event::Released`]. Until then it is part of the
    /// Session State. Otherwise this is [`Session::acknowledge`], with a `reason` that is a success.
    pub fn keep(
        &mut self,
        received: &Received<'_>,
        message: Rc<Message>,
        reason: ReasonCode,
        out: &mut Output,
    ) {
        debug_assert!(!reason.is_error());
        self.acknowledge_with(received, reason, Some(message), out);
    }

    /// Takes back the messages that were given to [`Session::keep`] and not yet released, in the order
    /// of receipt. Their PUBRELs are still expected, and will release nothing.
    pub fn take_kept(&mut self) -> Vec<Rc<Message>> {
        let kept = self.state.received.take_kept().into_iter();
        let messages = kept.map(|(packet_id, message)| {
            self.state.record.received(packet_id, None, false);
            message
        });
        messages.collect()
    }

    fn acknowledge_with(
        &mut self,
        received: &Received<'_>,
        reason: ReasonCode,
        kept: Option<Rc<Message>>,
        out: &mut Output,
    ) {
        let Some(packet_id) = received.publish.packet_id else {
            return;
        };
        if received.epoch != self.connection.epoch {
            return;
        }
        let refused = self.connection.version == Version::V5 && reason.is_error();
        let reason = match self.connection.version {
            Version::V5 => reason,
            _ => ReasonCode::SUCCESS,
        };
        match received.publish.qos {
            QoS::AtMostOnce => {}
            QoS::AtLeastOnce => {
                self.finish_one();
                self.reply(Packet::Puback, packet_id, reason, out);
            }
            QoS::ExactlyOnce => {
                if refused {
                    // MQTT-4.3.3-9: the next one with this identifier is new.
                    self.finish_one();
                    self.state.received.remove(packet_id);
                } else {
                    self.state.record.received(packet_id, kept.as_ref(), true);
                    self.state.received.record(packet_id, kept);
                }
                self.reply(Packet::Pubrec, packet_id, reason, out);
            }
        }
    }

    pub(super) fn on_publish<'a>(
        &mut self,
        publish: Publish<'a>,
        out: &mut Output,
    ) -> Result<Event<'a>, Violation> {
        if self.role == Role::Server {
            self.check_capabilities(&publish)?;
        }
        let alias_topic = if publish.properties.is_empty() {
            None
        } else {
            self.resolve_alias(&publish)?
        };
        if publish.qos != QoS::AtMostOnce {
            self.count_one()?;
        }
        if let (QoS::ExactlyOnce, Some(packet_id)) = (publish.qos, publish.packet_id) {
            match self.state.received.get(packet_id) {
                Known::No => self.state.received.insert_pending(packet_id),
                // Its PUBREC will come when the application has acknowledged it.
                Known::Pending => return Ok(Event::Handled),
                Known::Recorded => {
                    self.reply(Packet::Pubrec, packet_id, ReasonCode::SUCCESS, out);
                    return Ok(Event::Handled);
                }
            }
        }
        Ok(Event::Message(Received {
            publish,
            alias_topic,
            epoch: self.connection.epoch,
        }))
    }

    pub(super) fn on_pubrel<'a>(
        &mut self,
        ack: &Ack<'_>,
        out: &mut Output,
    ) -> Result<Event<'a>, Violation> {
        let (reason, kept) = match self.state.received.get(ack.packet_id) {
            Known::Recorded => {
                let kept = self.state.received.remove(ack.packet_id);
                self.state.record.released(ack.packet_id);
                (ReasonCode::SUCCESS, kept)
            }
            Known::No => (self.not_found(), None),
            Known::Pending => return Err(self.violation(&rules::PUBREL_BEFORE_PUBREC)),
        };
        self.finish_one();
        self.reply(Packet::Pubcomp, ack.packet_id, reason, out);
        Ok(kept.map_or(Event::Handled, Event::Released))
    }

    /// Checks what our CONNACK excluded, and what no client may send.
    fn check_capabilities(&self, publish: &Publish<'_>) -> Result<(), Violation> {
        let own = &self.connection.own;
        if publish.qos > own.maximum_qos {
            return Err(self.violation(&rules::MAXIMUM_QOS_EXCEEDED));
        }
        if publish.retain && !own.retain_available {
            return Err(self.violation(&rules::RETAIN_UNAVAILABLE));
        }
        if !publish.properties.is_empty() && publish.properties.subscription_identifier().is_some()
        {
            return Err(self.violation(&rules::SUBSCRIPTION_IDENTIFIER_FROM_CLIENT));
        }
        Ok(())
    }

    /// The topic that the Topic Alias stands for, when the packet does not name it.
    fn resolve_alias(&mut self, publish: &Publish<'_>) -> Result<Option<Rc<str>>, Violation> {
        let Some(alias) = publish.properties.topic_alias() else {
            return Ok(None);
        };
        if alias == 0 || alias > self.connection.own.topic_alias_maximum {
            let rule = self.by_peer(&rules::CLIENT_TOPIC_ALIAS, &rules::SERVER_TOPIC_ALIAS);
            return Err(self.violation_with(rule, alias.into()));
        }
        let aliases = &mut self.connection.aliases_in;
        if !publish.topic.is_empty() {
            aliases.set(alias, publish.topic);
            return Ok(None);
        }
        match aliases.get(alias) {
            Some(topic) => Ok(Some(topic)),
            None => Err(self.violation_with(&rules::TOPIC_ALIAS_UNKNOWN, alias.into())),
        }
    }

    /// Mirrors the peer's send quota (section 4.9): a PUBLISH at QoS 1 or 2 uses one.
    fn count_one(&mut self) -> Result<(), Violation> {
        self.connection.unfinished += 1;
        let maximum = self.connection.own.receive_maximum.into();
        if self.connection.version == Version::V5 && self.connection.unfinished > maximum {
            let rule = self.by_peer(
                &rules::CLIENT_RECEIVE_MAXIMUM,
                &rules::SERVER_RECEIVE_MAXIMUM,
            );
            return Err(self.violation_with(rule, self.connection.unfinished));
        }
        Ok(())
    }

    /// Mirrors the peer's send quota: PUBACK, PUBCOMP and a refusing PUBREC give one back.
    /// PUBCOMP also for a PUBREL whose PUBLISH came on an earlier Network Connection.
    fn finish_one(&mut self) {
        self.connection.unfinished = self.connection.unfinished.saturating_sub(1);
    }
}
