//! A fault and when it happens.

use std::fmt;
use std::time::Duration;

use super::glob;
use crate::codec::{PacketType, ReasonCode};
use crate::topic;

/// Where a packet goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the broker.
    In,
    /// From the broker to the client.
    Out,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Direction::In => "in",
            Direction::Out => "out",
        })
    }
}

/// What happens to a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Delay {
        by: Duration,
        jitter: Duration,
    },
    Drop,
    /// [`Action::Drop`] for PINGRESP.
    NoPingresp,
    Duplicate,
    Corrupt,
    Reorder,
    Close,
    Disconnect {
        code: ReasonCode,
    },
    Refuse {
        code: Option<ReasonCode>,
    },
    Stall {
        span: Option<Duration>,
    },
}

impl Action {
    /// The word for it in a rule.
    pub(super) fn name(self) -> &'static str {
        match self {
            Action::Delay { .. } => "delay",
            Action::Drop => "drop",
            Action::NoPingresp => "no-pingresp",
            Action::Duplicate => "duplicate",
            Action::Corrupt => "corrupt",
            Action::Reorder => "reorder",
            Action::Close => "close",
            Action::Disconnect { .. } => "disconnect",
            Action::Refuse { .. } => "refuse",
            Action::Stall { .. } => "stall",
        }
    }
}

/// A fault and when it happens, made from text by [`str::parse`]: what `--fault` takes.
///
/// ```
/// use mqtk::broker::FaultRule;
///
/// let rule: FaultRule = "delay by=200ms jitter=50ms client=sensor-* direction=in".parse()?;
/// assert_eq!(rule.to_string(), "delay by=200ms jitter=50ms client=sensor-* direction=in");
/// # Ok::<(), mqtk::broker::FaultError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FaultRule {
    /// As it may be written.
    pub(super) text: String,
    pub(super) action: Action,
    /// A pattern for Client Identifiers.
    pub(super) client: Option<String>,
    /// A Topic Filter.
    pub(super) topic: Option<String>,
    /// Empty: all.
    pub(super) packets: Vec<PacketType>,
    pub(super) direction: Option<Direction>,
    pub(super) probability: f64,
    /// Packets on each connection that are spared.
    pub(super) after: u64,
    pub(super) times: Option<u64>,
}

impl FaultRule {
    /// Whether it is about this client at all.
    pub(super) fn concerns(&self, client_id: &str) -> bool {
        let pattern = self.client.as_ref();
        pattern.is_none_or(|pattern| glob::matches(pattern, client_id))
    }

    /// Whether it is about such a packet; `topic` is the Topic Name of a PUBLISH.
    pub(super) fn is_about(
        &self,
        direction: Direction,
        packet_type: PacketType,
        topic: Option<&str>,
    ) -> bool {
        let is_topic = |filter: &String| topic.is_some_and(|name| topic::matches(filter, name));
        self.direction.is_none_or(|wanted| wanted == direction)
            && (self.packets.is_empty() || self.packets.contains(&packet_type))
            && self.topic.as_ref().is_none_or(is_topic)
    }
}

impl fmt::Display for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
