//! SUBSCRIBE and UNSUBSCRIBE: handled filter by filter, over several turns if there are many, and
//! answered as a whole.

use std::borrow::Cow;
use std::time::Instant;

use super::turn::cost;
use super::{ClientKey, ConnectionKey, Router};
use crate::broker::Abuse;
use crate::codec::{Filters, PacketId, Properties, ReasonCode, Subscribe, Unsubscribe};

/// A SUBSCRIBE or UNSUBSCRIBE that is being handled.
pub(super) struct Request<'a> {
    packet_id: PacketId,
    asked: Asked,
    /// The Topic Filters as they stand in the packet.
    filters: Cow<'a, [u8]>,
    /// Where the first one stands that is not handled.
    at: usize,
    /// What has become of the others.
    reasons: Vec<ReasonCode>,
    /// What had been recorded before it came.
    recorded: u64,
}

#[derive(Clone, Copy)]
enum Asked {
    Subscribe { subscription_id: Option<u32> },
    Unsubscribe,
}

impl Request<'_> {
    /// Keeps it for another turn.
    fn into_owned(self) -> Request<'static> {
        Request {
            filters: self.filters.into_owned().into(),
            ..self
        }
    }
}

impl Router {
    /// Every Topic Filter is a subscription of its own; they share the SUBACK (MQTT-3.8.4-5).
    /// Retained messages follow it.
    pub(super) fn on_subscribe(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        subscribe: &Subscribe<'_>,
    ) {
        let subscription_id = subscribe.properties.subscription_identifiers().next();
        let asked = Asked::Subscribe { subscription_id };
        self.on_request(now, key, asked, subscribe.packet_id, subscribe.filters);
    }

    /// Topic Filters are compared character by character (MQTT-3.10.4-1).
    pub(super) fn on_unsubscribe(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        unsubscribe: &Unsubscribe<'_>,
    ) {
        let Unsubscribe {
            packet_id, filters, ..
        } = *unsubscribe;
        self.on_request(now, key, Asked::Unsubscribe, packet_id, filters);
    }

    fn on_request(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        asked: Asked,
        packet_id: PacketId,
        filters: Filters<'_>,
    ) {
        let request = Request {
            packet_id,
            asked,
            filters: filters.as_bytes().into(),
            at: 0,
            reasons: Vec::new(),
            recorded: self.recorded(),
        };
        self.go_on_with_request(now, key, request);
    }

    /// Handles as many Topic Filters as this turn allows, and answers if these were the last.
    pub(super) fn go_on_with_request(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        mut request: Request<'_>,
    ) {
        let connection = self.connections.get(key);
        let Some(client) = connection.and_then(|connection| connection.client()) else {
            return;
        };
        self.handle_filters(now, client, &mut request);
        if request.at < request.filters.len() {
            self.put_off_request(now, key, request.into_owned());
        } else {
            self.answer(client, &request);
            self.hold_if_recorded(key, request.recorded);
            self.catch_up(now, key);
            let is_refused = |reason: &&ReasonCode| **reason == ReasonCode::NOT_AUTHORIZED;
            for _ in request.reasons.iter().filter(is_refused) {
                self.blame_client(now, client, Abuse::Refusal);
            }
        }
    }

    fn handle_filters(&mut self, now: Instant, client: ClientKey, request: &mut Request<'_>) {
        let Request {
            asked,
            filters,
            at,
            reasons,
            ..
        } = request;
        let rest = filters.get(*at..).unwrap_or_default();
        let (rest, options_len) = match asked {
            Asked::Subscribe { .. } => (Filters::Raw(rest), 1),
            Asked::Unsubscribe => (Filters::RawNames(rest), 0),
        };
        for (filter, options) in rest.iter() {
            if self.is_turn_over() {
                return;
            }
            self.spend(cost::FILTER);
            *at += 2 + filter.len() + options_len;
            let reason = match *asked {
                Asked::Subscribe { subscription_id } => {
                    match self.subscribe(now, client, filter, options, subscription_id) {
                        Ok(granted) => {
                            if granted.wants_retained {
                                self.want_retained(client, filter);
                            }
                            ReasonCode(granted.qos as u8)
                        }
                        Err(reason) => reason,
                    }
                }
                Asked::Unsubscribe => self.unsubscribe(now, client, filter),
            };
            reasons.push(reason);
        }
    }

    fn answer(&mut self, client: ClientKey, request: &Request<'_>) {
        let Some((client, output)) = self.client_and_output(client) else {
            return;
        };
        let (session, none) = (&mut client.session, Properties::EMPTY);
        let (packet_id, reasons) = (request.packet_id, &request.reasons);
        match request.asked {
            Asked::Subscribe { .. } => session.suback(packet_id, reasons, none, output),
            Asked::Unsubscribe => session.unsuback(packet_id, reasons, none, output),
        }
    }
}
