//! A connection on which faults happen: packets go in at one end, and what is left of them comes
//! out at the other when its time has come.

use std::borrow::Cow;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::aliases::Aliases;
use super::answer;
use super::lane::Lane;
use super::plan::Plan;
use super::rule::{Action, Direction};
use crate::codec::{Frame, Packet, PacketType, ReasonCode, Version};

/// A fault that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Applied {
    /// The rule's place in the plan.
    pub(super) rule: usize,
    pub(super) packet_type: PacketType,
    pub(super) direction: Direction,
}

/// The wire between a client and the broker's protocol.
#[derive(Debug)]
pub(super) struct Wire {
    plan: Rc<Plan>,
    version: Version,
    /// The rules about this client.
    rules: Vec<Concerning>,
    inward: Way,
    outward: Way,
    /// The client is not read until then.
    stalled: Option<Until>,
    /// The connection is to be closed.
    is_cut: bool,
    applied: Vec<Applied>,
}

#[derive(Debug)]
struct Concerning {
    rule: usize,
    /// Packets that it was about.
    seen: u64,
}

/// One direction.
#[derive(Debug)]
struct Way {
    lane: Lane,
    random: fastrand::Rng,
    aliases: Aliases,
}

#[derive(Clone, Copy, Debug)]
enum Until {
    Then(Instant),
    Ever,
}

impl Wire {
    /// The wire of a client's next connection; `None`: no rule is about this client.
    pub(super) fn new(plan: &Rc<Plan>, client_id: &str, version: Version) -> Option<Self> {
        let about = |(rule, planned): (usize, &super::plan::Planned)| {
            let concerns = planned.rule.concerns(client_id);
            concerns.then_some(Concerning { rule, seen: 0 })
        };
        let rules: Vec<_> = plan.rules.iter().enumerate().filter_map(about).collect();
        if rules.is_empty() {
            return None;
        }
        let chance = plan.chance(client_id);
        let way = |direction| Way {
            lane: Lane::default(),
            random: chance(direction),
            aliases: Aliases::default(),
        };
        Some(Self {
            plan: Rc::clone(plan),
            version,
            rules,
            inward: way(Direction::In),
            outward: way(Direction::Out),
            stalled: None,
            is_cut: false,
            applied: Vec::new(),
        })
    }

    fn way(&mut self, direction: Direction) -> &mut Way {
        match direction {
            Direction::In => &mut self.inward,
            Direction::Out => &mut self.outward,
        }
    }

    /// A packet goes onto the wire.
    pub(super) fn push(&mut self, now: Instant, direction: Direction, frame: Frame<'_>) {
        if self.is_cut {
            return;
        }
        let packet_type = frame.packet_type();
        let topic = self.topic(direction, frame);
        let mut packet = Cow::Borrowed(frame.bytes());
        let (mut delay, mut copies, mut is_reordered) = (Duration::ZERO, 1, false);
        let plan = Rc::clone(&self.plan);
        for at in 0..self.rules.len() {
            let Some(action) = self.chosen(at, direction, packet_type, topic.as_deref()) else {
                continue;
            };
            let rule = self.rules[at].rule;
            debug_assert!(rule < plan.rules.len());
            self.applied.push(Applied {
                rule,
                packet_type,
                direction,
            });
            match action {
                Action::Delay { by, jitter } => {
                    let random = &mut self.way(direction).random;
                    delay += (by + jitter.mul_f64(2.0 * random.f64())).saturating_sub(jitter);
                }
                Action::Drop | Action::NoPingresp => return,
                Action::Duplicate => copies += 1,
                Action::Corrupt => {
                    let random = &mut self.way(direction).random;
                    flip_a_bit(packet.to_mut(), frame.body().len(), random);
                }
                Action::Reorder => is_reordered = true,
                Action::Close => return self.cut(None, now),
                Action::Disconnect { code } => {
                    return self.cut(answer::disconnect(self.version, code), now);
                }
                Action::Refuse { code } => return self.refuse(now, frame, code),
                Action::Stall { span } => {
                    let until =
                        span.map(|span| now.checked_add(span).map_or(Until::Ever, Until::Then));
                    self.stalled = Some(until.unwrap_or(Until::Ever));
                }
            }
        }
        let due = now.checked_add(delay).unwrap_or(now);
        let lane = &mut self.way(direction).lane;
        for _ in 0..copies {
            match is_reordered {
                true => lane.push_behind_next(due, packet.to_vec()),
                false => lane.push(due, packet.to_vec()),
            }
        }
    }

    /// What a rule does to the packet, if it is its turn.
    fn chosen(
        &mut self,
        at: usize,
        direction: Direction,
        packet_type: PacketType,
        topic: Option<&str>,
    ) -> Option<Action> {
        let concerning = self.rules.get_mut(at)?;
        let planned = self.plan.rules.get(concerning.rule)?;
        let rule = &planned.rule;
        if !rule.is_about(direction, packet_type, topic) {
            return None;
        }
        concerning.seen += 1;
        let is_spared = concerning.seen <= rule.after;
        let random = match direction {
            Direction::In => &mut self.inward.random,
            Direction::Out => &mut self.outward.random,
        };
        // The dice are cast for every packet, so that they fall the same whatever is spared.
        let is_chosen = random.f64() < rule.probability;
        (is_chosen && !is_spared && planned.apply()).then_some(rule.action)
    }

    /// The Topic Name of a PUBLISH, also if a Topic Alias stands for it.
    fn topic(&mut self, direction: Direction, frame: Frame<'_>) -> Option<String> {
        if frame.packet_type() != PacketType::Publish {
            return None;
        }
        let Ok(Packet::Publish(publish)) = frame.decode(self.version) else {
            return None;
        };
        let aliases = &mut self.way(direction).aliases;
        match publish.properties.topic_alias() {
            Some(alias) if publish.topic.is_empty() => aliases.get(alias).map(str::to_owned),
            alias => {
                if let Some(alias) = alias {
                    aliases.set(alias, publish.topic);
                }
                Some(publish.topic.to_owned())
            }
        }
    }

    fn refuse(&mut self, now: Instant, frame: Frame<'_>, code: Option<ReasonCode>) {
        let answer = answer::refusal(frame, self.version, code);
        if frame.packet_type() == PacketType::Connect {
            self.cut(answer, now);
        } else if let Some(answer) = answer {
            self.outward.lane.push(now, answer);
        }
    }

    /// The connection ends, perhaps with a last word.
    fn cut(&mut self, last: Option<Vec<u8>>, now: Instant) {
        self.is_cut = true;
        self.inward.lane.clear();
        if let Some(last) = last {
            self.outward.lane.push(now, last);
        }
    }

    /// The next packet that comes off the wire.
    pub(super) fn pop(&mut self, now: Instant, direction: Direction) -> Option<Vec<u8>> {
        self.way(direction).lane.pop(now)
    }

    /// When there is something to do.
    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let stall = match self.stalled {
            Some(Until::Then(then)) => Some(then),
            Some(Until::Ever) | None => None,
        };
        let lanes = [self.inward.lane.next_due(), self.outward.lane.next_due()];
        lanes.into_iter().chain([stall]).flatten().min()
    }

    /// Whether the client is not to be read at `now`.
    pub(super) fn is_stalled(&mut self, now: Instant) -> bool {
        if matches!(self.stalled, Some(Until::Then(then)) if then <= now) {
            self.stalled = None;
        }
        self.stalled.is_some()
    }

    /// Whether the connection is to be closed.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Bytes under way.
    pub(super) fn bytes(&self, direction: Direction) -> usize {
        match direction {
            Direction::In => self.inward.lane.bytes(),
            Direction::Out => self.outward.lane.bytes(),
        }
    }

    /// The faults that happened since the last call.
    pub(super) fn take_applied(&mut self) -> Vec<Applied> {
        std::mem::take(&mut self.applied)
    }
}

/// Flips a bit of the last `body_len` bytes; of a packet without a body, one of its flags.
fn flip_a_bit(packet: &mut [u8], body_len: usize, random: &mut fastrand::Rng) {
    let header_len = packet.len().saturating_sub(body_len);
    let (at, bit) = match body_len {
        0 => (0, random.u32(..4)),
        _ => (header_len + random.usize(..body_len), random.u32(..8)),
    };
    if let Some(byte) = packet.get_mut(at) {
        *byte ^= 1 << bit;
    }
}

#[cfg(test)]
mod tests;
