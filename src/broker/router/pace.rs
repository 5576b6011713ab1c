//! How fast clients publish, and how often their limits are reported.

use std::rc::Rc;
use std::time::{Duration, Instant};

use super::connection::Reported;
use super::{ClientKey, Router};
use crate::broker::Event;
use crate::broker::counters::Limit;
use crate::codec::ReasonCode;

/// What may be published at once, as a span at the allowed rate.
const BURST: Duration = Duration::from_secs(1);

/// The token bucket of a connection, kept as the time when it will be full again.
#[derive(Debug, Default)]
pub(super) struct Pace {
    full_at: Option<Instant>,
    resumes: Option<Instant>,
}

impl Pace {
    /// Counts a message; says whether there are too many, so that the connection is not read.
    fn count(&mut self, now: Instant, message_rate: u32) -> bool {
        let full_at = self.full_at.map_or(now, |full_at| full_at.max(now));
        let full_at = full_at + BURST / message_rate;
        self.full_at = Some(full_at);
        let is_empty = full_at.saturating_duration_since(now) > BURST;
        if is_empty {
            self.resumes = full_at.checked_sub(BURST);
        }
        is_empty
    }

    /// The connection is not read for a while.
    pub(super) fn pause(&mut self, now: Instant, pause: Duration) {
        let resumes = now.checked_add(pause);
        self.resumes = self.resumes.max(resumes);
    }

    /// When the connection is read again, if it is not read now.
    pub(super) fn resumes(&self) -> Option<Instant> {
        self.resumes
    }

    /// Whether the connection is to be read again.
    pub(super) fn resume(&mut self, now: Instant) -> bool {
        self.resumes.take_if(|resumes| *resumes <= now).is_some()
    }
}

impl Router {
    /// The client has published a message.
    pub(super) fn count_message(&mut self, now: Instant, key: ClientKey) {
        let message_rate = self.limits.message_rate;
        if message_rate == 0 {
            return;
        }
        let Some(client) = self.clients.get(key) else {
            return;
        };
        let Some(connection_key) = client.connection else {
            return;
        };
        let Some(connection) = self.connections.get_mut(connection_key) else {
            return;
        };
        if !connection.pace.count(now, message_rate) {
            return;
        }
        self.counters.limits.count(Limit::MessageRate);
        if !std::mem::replace(&mut connection.reported.message_rate, true) {
            let client_id = Rc::clone(&client.id);
            self.log(&Event::SlowedDown {
                client_id: &client_id,
                message_rate,
            });
        }
        self.arm_connection(connection_key);
    }

    /// Whether a refusal is worth a line: a quota is, once on a connection.
    pub(super) fn is_news(
        &mut self,
        key: ClientKey,
        reason: ReasonCode,
        reported: impl FnOnce(&mut Reported) -> &mut bool,
    ) -> bool {
        if reason != ReasonCode::QUOTA_EXCEEDED {
            return true;
        }
        let connection = self.clients.get(key).and_then(|client| client.connection);
        let connection = connection.and_then(|key| self.connections.get_mut(key));
        connection
            .is_none_or(|connection| !std::mem::replace(reported(&mut connection.reported), true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_a_second_allows_may_come_at_once_and_the_rest_at_the_rate() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut pace = Pace::default();
        for _ in 0..10 {
            assert!(!pace.count(start, 10));
        }
        assert_eq!(pace.resumes(), None);
        assert!(pace.count(start, 10));
        assert!(pace.count(start, 10));
        assert_eq!(pace.resumes(), Some(at(200)));
        assert!(!pace.resume(at(199)));
        assert!(pace.resume(at(200)));
        assert_eq!(pace.resumes(), None);
        assert!(!pace.count(at(300), 10));
        assert!(pace.count(at(300), 10));
        // After a rest it is full, and not fuller.
        pace.resume(at(9_000));
        let allowed = (0..20).filter(|_| !pace.count(at(9_000), 10)).count();
        assert_eq!(allowed, 10);
    }
}
