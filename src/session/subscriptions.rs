//! SUBSCRIBE, UNSUBSCRIBE and their answers.

use std::time::Instant;

use super::connection::{Request, RequestKind};
use super::inflight::successor;
use super::{Event, Session, rules};
use crate::codec::{
    Filters, Output, Packet, PacketId, Properties, ReasonCode, ReasonCodes, Rule, Suback,
    Subscribe, SubscriptionOptions, Unsuback, Unsubscribe, Version, Violation,
};
use crate::topic::Filter;

impl Session {
    /// Client: writes SUBSCRIBE, whose answer will come as [`Event::Suback`] unless the Network
    /// Connection ends before. Returns `None`, and writes nothing, if there is no Network Connection
    /// or no free Packet Identifier, or if the server's Maximum Packet Size is too small.
    #[must_use = "`None` means that nothing was written"]
    pub fn subscribe(
        &mut self,
        now: Instant,
        filters: &[(&str, SubscriptionOptions)],
        properties: Properties<'_>,
        out: &mut Output,
    ) -> Option<PacketId> {
        let packet_id = self.next_packet_id()?;
        let packet = Packet::Subscribe(Subscribe {
            packet_id,
            properties,
            filters: Filters::List(filters),
        });
        let kind = RequestKind::Subscribe;
        self.request(
            now,
            Request {
                packet_id,
                kind,
                filters: filters.len(),
            },
            &packet,
            out,
        )
    }

    /// Client: writes UNSUBSCRIBE, as [`Session::subscribe`] does SUBSCRIBE. The answer will come as
    /// [`Event::Unsuback`].
    #[must_use = "`None` means that nothing was written"]
    pub fn unsubscribe(
        &mut self,
        now: Instant,
        filters: &[&str],
        properties: Properties<'_>,
        out: &mut Output,
    ) -> Option<PacketId> {
        let packet_id = self.next_packet_id()?;
        let list: Vec<_> = filters
            .iter()
            .map(|filter| (*filter, SubscriptionOptions::default()))
            .collect();
        let packet = Packet::Unsubscribe(Unsubscribe {
            packet_id,
            properties,
            filters: Filters::List(&list),
        });
        let kind = RequestKind::Unsubscribe;
        self.request(
            now,
            Request {
                packet_id,
                kind,
                filters: list.len(),
            },
            &packet,
            out,
        )
    }

    /// Server: answers SUBSCRIBE, with one Reason Code for each Topic Filter, in their order.
    /// Before 5.0 every failure is 0x80 and has no properties.
    pub fn suback(
        &mut self,
        packet_id: PacketId,
        reasons: &[ReasonCode],
        properties: Properties<'_>,
        out: &mut Output,
    ) {
        let v5 = self.connection.version == Version::V5;
        let codes: Vec<u8> = reasons
            .iter()
            .map(|reason| if v5 { reason.0 } else { reason.0.min(0x80) })
            .collect();
        let reasons = ReasonCodes(&codes);
        self.answer(
            Packet::Suback(Suback {
                packet_id,
                properties,
                reasons,
            }),
            out,
        );
    }

    /// Server: answers UNSUBSCRIBE, with one Reason Code for each Topic Filter, in their order
    /// (5.0 only).
    pub fn unsuback(
        &mut self,
        packet_id: PacketId,
        reasons: &[ReasonCode],
        properties: Properties<'_>,
        out: &mut Output,
    ) {
        let codes: Vec<u8> = match self.connection.version {
            Version::V5 => reasons.iter().map(|reason| reason.0).collect(),
            _ => Vec::new(),
        };
        let reasons = ReasonCodes(&codes);
        self.answer(
            Packet::Unsuback(Unsuback {
                packet_id,
                properties,
                reasons,
            }),
            out,
        );
    }

    /// Writes a SUBSCRIBE or UNSUBSCRIBE and expects its answer.
    fn request(
        &mut self,
        now: Instant,
        request: Request,
        packet: &Packet<'_>,
        out: &mut Output,
    ) -> Option<PacketId> {
        if !self.connection.is_open() || !self.connection.send(packet, out) {
            return None;
        }
        self.connection.keep_alive.sent(now);
        self.state.next_id = successor(request.packet_id);
        self.connection.requests.push_back(request);
        Some(request.packet_id)
    }

    fn answer(&mut self, packet: Packet<'_>, out: &mut Output) {
        if self.connection.is_open() {
            self.connection.send_informing(packet, out);
        }
    }

    /// Server: checks what our CONNACK excluded (5.0 only: older versions cannot announce it).
    pub(super) fn check_subscribe(&self, subscribe: &Subscribe<'_>) -> Result<(), Violation> {
        let own = &self.connection.own;
        if !own.subscription_identifier_available
            && subscribe.properties.subscription_identifier().is_some()
        {
            return Err(self.violation(&rules::SUBSCRIPTION_IDENTIFIER_UNAVAILABLE));
        }
        if own.wildcard_subscription_available && own.shared_subscription_available {
            return Ok(());
        }
        for (filter, _) in subscribe.filters.iter() {
            let Ok(filter) = Filter::parse(filter, self.connection.version) else {
                continue;
            };
            if filter.has_wildcard() && !own.wildcard_subscription_available {
                return Err(self.violation(&rules::WILDCARD_UNAVAILABLE));
            }
            if filter.share_name.is_some() && !own.shared_subscription_available {
                return Err(self.violation(&rules::SHARED_UNAVAILABLE));
            }
        }
        Ok(())
    }

    pub(super) fn on_suback<'a>(&mut self, suback: Suback<'a>) -> Result<Event<'a>, Violation> {
        let filters = self.answered(
            suback.packet_id,
            RequestKind::Subscribe,
            &rules::SUBACK_UNEXPECTED,
        )?;
        let codes = suback.reasons.0.len();
        if codes != filters {
            return Err(self.violation_with(&rules::SUBACK_COUNT, codes as u32));
        }
        Ok(Event::Suback(suback))
    }

    pub(super) fn on_unsuback<'a>(
        &mut self,
        unsuback: Unsuback<'a>,
    ) -> Result<Event<'a>, Violation> {
        let filters = self.answered(
            unsuback.packet_id,
            RequestKind::Unsubscribe,
            &rules::UNSUBACK_UNEXPECTED,
        )?;
        let codes = unsuback.reasons.0.len();
        if self.connection.version == Version::V5 && codes != filters {
            return Err(self.violation_with(&rules::UNSUBACK_COUNT, codes as u32));
        }
        Ok(Event::Unsuback(unsuback))
    }

    /// Takes the request that is being answered; returns how many Topic Filters it had.
    fn answered(
        &mut self,
        packet_id: PacketId,
        kind: RequestKind,
        rule: &'static Rule,
    ) -> Result<usize, Violation> {
        let requests = &mut self.connection.requests;
        let at = requests
            .iter()
            .position(|request| (request.packet_id, request.kind) == (packet_id, kind));
        match at.and_then(|at| requests.remove(at)) {
            Some(request) => Ok(request.filters),
            None => Err(self.violation_with(rule, packet_id.get().into())),
        }
    }
}
