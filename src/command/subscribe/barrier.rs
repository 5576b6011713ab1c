//! How `--retained-only` finds out that all retained messages are here.

use crate::codec::{PacketId, QoS};

/// A filter that nobody subscribes to. Brokers answer in order: when the UNSUBACK for it is here,
/// so is what was sent before.
pub(super) const FILTER: &str = "mqtk/barrier";

/// A question that the broker answers after it has sent the retained messages. It is asked again as long
/// as messages come before the answer.
///
/// A broker whose send window is full answers before it has sent them all. But our acknowledgements
/// went out before the question, so the next messages come before the answer to it; at QoS 2, where only
/// PUBCOMP makes room, before the answer to the question after it.
#[derive(Debug)]
pub(super) struct Barrier {
    state: State,
    /// Retained messages since it was asked last.
    messages: u64,
    /// How many answers in a row came without a message before them.
    quiet_answers: u32,
    /// How many such answers are enough.
    enough: u32,
}

#[derive(Debug, PartialEq)]
enum State {
    /// Nobody wants to know.
    Unneeded,
    /// To be asked when the subscription stands.
    Due,
    Asked(PacketId),
    Passed,
}

impl Barrier {
    /// A barrier that is of use only if `wanted`, for a subscription at `qos`.
    pub(super) fn new(wanted: bool, qos: QoS) -> Barrier {
        Barrier {
            state: match wanted {
                true => State::Due,
                false => State::Unneeded,
            },
            messages: 0,
            quiet_answers: 0,
            enough: match qos {
                QoS::ExactlyOnce => 2,
                _ => 1,
            },
        }
    }

    /// Whether the question is to be sent, once the subscription stands.
    pub(super) fn is_due(&self) -> bool {
        self.state == State::Due
    }

    /// Whether all retained messages are here.
    pub(super) fn is_passed(&self) -> bool {
        self.state == State::Passed
    }

    /// The question was sent.
    pub(super) fn asked(&mut self, packet_id: PacketId) {
        self.state = State::Asked(packet_id);
        self.messages = 0;
    }

    /// A retained message came.
    pub(super) fn message(&mut self) {
        self.messages += 1;
    }

    /// A new connection: there will be no answer to what was asked on the last one.
    pub(super) fn reconnected(&mut self) {
        if let State::Asked(_) = self.state {
            self.state = State::Due;
        }
        self.quiet_answers = 0;
    }

    /// Takes an UNSUBACK; `false`: it answers something else.
    pub(super) fn answered(&mut self, packet_id: PacketId) -> bool {
        if self.state != State::Asked(packet_id) {
            return false;
        }
        self.quiet_answers = match self.messages {
            0 => self.quiet_answers + 1,
            _ => 0,
        };
        self.state = match self.quiet_answers >= self.enough {
            true => State::Passed,
            false => State::Due,
        };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: PacketId = PacketId::MIN;

    /// Asks once, with so many messages before the answer.
    fn ask(barrier: &mut Barrier, messages: u64) -> bool {
        assert!(barrier.is_due());
        barrier.asked(ASKED);
        (0..messages).for_each(|_| barrier.message());
        assert!(barrier.answered(ASKED));
        barrier.is_passed()
    }

    #[test]
    fn it_is_passed_when_no_message_comes_before_the_answer() {
        let mut barrier = Barrier::new(true, QoS::AtLeastOnce);
        barrier.message();
        assert!(!ask(&mut barrier, 3));
        assert!(!ask(&mut barrier, 1));
        assert!(ask(&mut barrier, 0));
        assert!(!barrier.is_due());
    }

    #[test]
    fn at_qos_2_one_quiet_answer_is_not_enough() {
        let mut barrier = Barrier::new(true, QoS::ExactlyOnce);
        for messages in [20, 0, 20, 0] {
            assert!(!ask(&mut barrier, messages));
        }
        assert!(ask(&mut barrier, 0));
    }

    #[test]
    fn other_answers_are_not_taken() {
        let other = PacketId::MAX;
        let mut barrier = Barrier::new(true, QoS::AtMostOnce);
        assert!(!barrier.answered(ASKED));
        barrier.asked(ASKED);
        assert!(!barrier.answered(other) && !barrier.is_passed());
        assert!(!Barrier::new(false, QoS::AtMostOnce).is_due());
    }

    #[test]
    fn a_new_connection_asks_again() {
        let mut barrier = Barrier::new(true, QoS::AtMostOnce);
        barrier.asked(ASKED);
        barrier.reconnected();
        assert!(barrier.is_due() && !barrier.answered(ASKED));
        assert!(ask(&mut barrier, 0));
    }
}
