//! Fault rules as people write them.

use std::str::FromStr;
use std::time::Duration;

use super::rule::{Action, Direction, FaultRule};
use super::words;
use crate::codec::{PacketType, ReasonCode, Version};
use crate::topic::Filter;

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FaultError(String);

const ACTIONS: &str =
    "delay, drop, duplicate, corrupt, reorder, close, disconnect, refuse, stall or no-pingresp";
const CONDITIONS: &str = "client, topic, packet, direction, probability, after and times";
/// Packets that can be refused.
const REFUSABLE: [PacketType; 4] = [
    PacketType::Connect,
    PacketType::Publish,
    PacketType::Subscribe,
    PacketType::Unsubscribe,
];
/// No delay is longer.
const MAX_SPAN: Duration = Duration::from_secs(24 * 60 * 60);

impl FromStr for FaultRule {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let words = words::split(text).ok_or_else(|| error("a quote is not closed"))?;
        let (action, pairs) = match words.split_first() {
            Some((action, pairs)) => (action.as_str(), pairs),
            None => ("", &[][..]),
        };
        let pairs = pairs.iter().map(|word| {
            let pair = word.split_once('=');
            pair.ok_or_else(|| error(format!("'{word}' is not KEY=VALUE")))
        });
        FaultRule::new(action, pairs.collect::<Result<Vec<_>, _>>()?)
    }
}

impl FaultRule {
    /// A rule of what happens and, as keys and values, when.
    ///
    /// ```
    /// use mqtk::broker::FaultRule;
    ///
    /// let rule = FaultRule::new("drop", [("topic", "my room/#"), ("probability", "0.1")])?;
    /// assert_eq!(rule, r#"drop "topic=my room/#" probability=0.1"#.parse()?);
    /// # Ok::<(), mqtk::broker::FaultError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such action, it has no such key, or the value is not what it should be.
    pub fn new<'a>(
        action: &str,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, FaultError> {
        let mut rule = Self::begin(action)?;
        for (key, value) in pairs {
            rule.set(key, value)
                .map_err(|FaultError(why)| error(format!("{key}={value}: {why}")))?;
            rule.text.push(' ');
            rule.text += &words::quoted(&format!("{key}={value}"));
        }
        rule.complete()?;
        Ok(rule)
    }

    /// Whether there is this action and, if one is given, a rule of it may have a key with a value.
    ///
    /// # Errors
    ///
    /// There is not, or it may not.
    pub fn check(action: &str, pair: Option<(&str, &str)>) -> Result<(), FaultError> {
        let mut rule = Self::begin(action)?;
        pair.map_or(Ok(()), |(key, value)| rule.set(key, value))
    }

    fn begin(name: &str) -> Result<Self, FaultError> {
        let action = action(name)?;
        let packets = match action {
            Action::NoPingresp => vec![PacketType::Pingresp],
            _ => Vec::new(),
        };
        Ok(Self {
            text: name.to_owned(),
            action,
            client: None,
            topic: None,
            packets,
            direction: None,
            probability: 1.0,
            after: 0,
            times: None,
        })
    }
}

fn error(why: impl Into<String>) -> FaultError {
    FaultError(why.into())
}

fn action(name: &str) -> Result<Action, FaultError> {
    Ok(match name {
        "delay" => Action::Delay {
            by: Duration::ZERO,
            jitter: Duration::ZERO,
        },
        "drop" => Action::Drop,
        "no-pingresp" => Action::NoPingresp,
        "duplicate" => Action::Duplicate,
        "corrupt" => Action::Corrupt,
        "reorder" => Action::Reorder,
        "close" => Action::Close,
        "disconnect" => Action::Disconnect {
            code: ReasonCode::SERVER_SHUTTING_DOWN,
        },
        "refuse" => Action::Refuse { code: None },
        "stall" => Action::Stall { span: None },
        _ => {
            let why = format!("a fault begins with what happens: {ACTIONS}, not '{name}'");
            return Err(error(why));
        }
    })
}

impl FaultRule {
    fn set(&mut self, key: &str, value: &str) -> Result<(), FaultError> {
        match (key, &mut self.action) {
            ("by", Action::Delay { by, .. }) => *by = span(value)?,
            ("jitter", Action::Delay { jitter, .. }) => *jitter = span(value)?,
            ("for", Action::Stall { span: stall }) => *stall = Some(span(value)?),
            ("code", Action::Disconnect { code }) => *code = reason(value)?,
            ("code", Action::Refuse { code }) => *code = Some(reason(value)?),
            ("client", _) => self.client = Some(value.to_owned()),
            ("topic", _) => {
                Filter::parse(value, Version::V3_1_1)
                    .map_err(|why| error(format!("this is no Topic Filter: {why}")))?;
                self.topic = Some(value.to_owned());
            }
            ("packet", _) => {
                self.packets = value
                    .split(',')
                    .map(packet_type)
                    .collect::<Result<_, _>>()?;
            }
            ("direction", _) => {
                self.direction = Some(match value {
                    "in" => Direction::In,
                    "out" => Direction::Out,
                    _ => return Err(error("a direction is in or out, as the broker sees it")),
                });
            }
            ("probability", _) => {
                let probability = value.parse().ok();
                self.probability = probability
                    .filter(|probability| (0.0..=1.0).contains(probability))
                    .ok_or_else(|| error("a probability is a number from 0 to 1"))?;
            }
            ("after", _) => self.after = count(value)?,
            ("times", _) => self.times = Some(count(value)?),
            (_, action) => {
                let own = match action {
                    Action::Delay { .. } => "by, jitter, ",
                    Action::Stall { .. } => "for, ",
                    Action::Disconnect { .. } | Action::Refuse { .. } => "code, ",
                    _ => "",
                };
                let name = action.name();
                return Err(error(format!("{name} knows {own}{CONDITIONS}")));
            }
        }
        Ok(())
    }

    /// Settles what was not said, and refuses what contradicts itself.
    fn complete(&mut self) -> Result<(), FaultError> {
        match self.action {
            Action::Delay { by, jitter } if by.max(jitter).is_zero() => {
                return Err(error("delay how long? Say by=200ms"));
            }
            Action::Refuse { .. } => {
                if self.packets.is_empty() {
                    self.packets = match self.topic {
                        Some(_) => vec![PacketType::Publish],
                        None => vec![PacketType::Connect],
                    };
                }
                if !self.packets.iter().all(|packet| REFUSABLE.contains(packet)) {
                    let why = "only CONNECT, PUBLISH, SUBSCRIBE and UNSUBSCRIBE can be refused";
                    return Err(error(why));
                }
                self.must_be_inward("refuse")?;
            }
            Action::Stall { .. } => self.must_be_inward("stall")?,
            Action::NoPingresp if self.packets != [PacketType::Pingresp] => {
                return Err(error("no-pingresp is about PINGRESP: leave packet= out"));
            }
            _ => {}
        }
        let publish = PacketType::Publish;
        if self.topic.is_some() && !self.packets.is_empty() && !self.packets.contains(&publish) {
            return Err(error("only PUBLISH packets have a topic"));
        }
        Ok(())
    }

    fn must_be_inward(&mut self, name: &str) -> Result<(), FaultError> {
        if self.direction == Some(Direction::Out) {
            let why = format!("{name} is about packets from the client: leave direction=out out");
            return Err(error(why));
        }
        self.direction = Some(Direction::In);
        Ok(())
    }
}

/// `200ms`, `2s` or `0.5s`.
fn span(text: &str) -> Result<Duration, FaultError> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 1e-3),
        None => (text.strip_suffix('s').unwrap_or_default(), 1.0),
    };
    let seconds = number.parse::<f64>().ok().map(|number| number * unit);
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|span| *span <= MAX_SPAN)
        .ok_or_else(|| error("a time is such as 200ms or 1.5s, and a day at most"))
}

fn count(text: &str) -> Result<u64, FaultError> {
    text.parse()
        .map_err(|_| error("a count is a number from 0 up"))
}

fn packet_type(name: &str) -> Result<PacketType, FaultError> {
    PacketType::from_name(name).ok_or_else(|| {
        error(format!(
            "no packet is called '{name}': say PUBLISH, PUBACK …"
        ))
    })
}

/// `0x97` or `151`.
fn reason(text: &str) -> Result<ReasonCode, FaultError> {
    let code = match text.strip_prefix("0x") {
        Some(digits) => u8::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    };
    code.map(ReasonCode)
        .ok_or_else(|| error("a Reason Code is such as 0x97 or 151"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> FaultRule {
        text.parse().unwrap_or_else(|why| panic!("{text}: {why}"))
    }

    #[test]
    fn rules_say_what_and_when() {
        let rule = rule(
            "drop probability=0.1  client=sensor-* packet=publish,PUBACK direction=out after=3 times=2",
        );
        assert_eq!(rule.action, Action::Drop);
        assert_eq!(rule.client.as_deref(), Some("sensor-*"));
        assert_eq!(rule.packets, [PacketType::Publish, PacketType::Puback]);
        assert_eq!(
            (rule.direction, rule.probability),
            (Some(Direction::Out), 0.1)
        );
        assert_eq!((rule.after, rule.times), (3, Some(2)));
    }

    #[test]
    fn actions_have_keys_of_their_own() {
        let millis = Duration::from_millis;
        for (text, action) in [
            (
                "delay by=1.5s jitter=20ms",
                Action::Delay {
                    by: millis(1500),
                    jitter: millis(20),
                },
            ),
            (
                "stall for=2s",
                Action::Stall {
                    span: Some(millis(2000)),
                },
            ),
            (
                "disconnect code=0x97",
                Action::Disconnect {
                    code: ReasonCode(0x97),
                },
            ),
            (
                "refuse code=151",
                Action::Refuse {
                    code: Some(ReasonCode(0x97)),
                },
            ),
            ("no-pingresp", Action::NoPingresp),
        ] {
            assert_eq!(rule(text).action, action, "{text}");
        }
        assert_eq!(rule("refuse").packets, [PacketType::Connect]);
        assert_eq!(rule("refuse topic=a").packets, [PacketType::Publish]);
        assert_eq!(rule("no-pingresp").packets, [PacketType::Pingresp]);
        assert_eq!(rule("stall").direction, Some(Direction::In));
    }

    #[test]
    fn a_rule_prints_as_it_may_be_written_again() {
        let pairs = [("topic", "my room/#"), ("client", "it's"), ("after", "3")];
        let rule = FaultRule::new("drop", pairs).unwrap();
        assert_eq!(rule.topic.as_deref(), Some("my room/#"));
        assert_eq!(rule.to_string().parse(), Ok(rule));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, words) in [
            ("", "no-pingresp"),
            ("explode", "explode"),
            ("drop now", "KEY=VALUE"),
            ("drop by=1s", "by=1s"),
            ("delay", "by=200ms"),
            ("delay by=1", "200ms"),
            ("delay by=-1s", "200ms"),
            ("drop probability=2", "from 0 to 1"),
            ("drop probability=nan", "from 0 to 1"),
            ("drop packet=PING", "PING"),
            ("drop direction=up", "in or out"),
            ("drop topic=a/#/b", "Topic Filter"),
            ("drop topic=a packet=PUBACK", "topic"),
            ("refuse packet=PUBACK", "refused"),
            ("refuse direction=out", "from the client"),
            ("stall direction=out", "from the client"),
            ("refuse code=0x1ff", "Reason Code"),
            ("no-pingresp packet=PUBLISH", "PINGRESP"),
            ("drop 'topic=a", "quote"),
        ] {
            let why = text.parse::<FaultRule>().expect_err(text).to_string();
            assert!(why.contains(words), "{text}: {why}");
        }
    }
}
