//! Topic Aliases (MQTT 5.0 section 3.3.2.3.4), both ways. They end with the Network Connection
//! (MQTT-3.3.2-7).

use std::rc::Rc;

/// How many topics a sender gives an alias: enough for the few that repeat, and few enough to
/// be searched one by one.
const MAX_OUTBOUND: u16 = 16;

/// The topics that the peer's aliases stand for.
#[derive(Debug, Default)]
pub(super) struct InboundAliases {
    topics: Vec<Option<Rc<str>>>,
}

impl InboundAliases {
    /// The topic of an alias; `None` when the peer never set it.
    pub fn get(&self, alias: u16) -> Option<Rc<str>> {
        self.topics.get(usize::from(alias))?.clone()
    }

    /// Sets an alias, which the caller has checked against the announced maximum.
    pub fn set(&mut self, alias: u16, topic: &str) {
        let at = usize::from(alias);
        if at >= self.topics.len() {
            self.topics.resize(at + 1, None);
        }
        if let Some(slot) = self.topics.get_mut(at)
            && slot.as_deref() != Some(topic)
        {
            *slot = Some(Rc::from(topic));
        }
    }
}

/// The aliases we gave: first come, first served.
#[derive(Debug, Default)]
pub(super) struct OutboundAliases {
    topics: Vec<Rc<str>>,
    maximum: u16,
}

/// How a topic goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alias {
    /// By its name alone.
    None,
    /// By its name, which this alias shall stand for from now on.
    New(u16),
    /// By the alias alone.
    Known(u16),
}

impl OutboundAliases {
    /// `maximum` is the peer's Topic Alias Maximum, or 0 when none are wanted.
    pub fn new(maximum: u16) -> OutboundAliases {
        OutboundAliases {
            topics: Vec::new(),
            maximum: maximum.min(MAX_OUTBOUND),
        }
    }

    pub fn find(&self, topic: &str) -> Alias {
        if self.maximum == 0 {
            return Alias::None;
        }
        let mut alias = 0;
        for known in &self.topics {
            alias += 1;
            if &**known == topic {
                return Alias::Known(alias);
            }
        }
        if alias < self.maximum {
            Alias::New(alias + 1)
        } else {
            Alias::None
        }
    }

    /// Keeps the alias that [`OutboundAliases::find`] called new: it is in the output.
    pub fn keep(&mut self, topic: Rc<str>) {
        self.topics.push(topic);
    }
}
