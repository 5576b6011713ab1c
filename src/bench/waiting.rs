//! What is waited for while a run goes on.

/// What is waited for while a run goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Waiting {
    /// Turns that are due and have not been had.
    pub(super) due: u64,
    /// Acknowledgements that are missing.
    pub(super) unanswered: u64,
    /// Arrivals that are missing.
    pub(super) missing: u64,
    /// Acknowledgements of what was asked since something came last; where nothing is asked for the
    /// while, all that are missing.
    pub(super) recently_asked: u64,
    /// The same of arrivals.
    pub(super) recent: u64,
}

impl Waiting {
    /// Messages that something is waited for of: what arrives has an acknowledgement beside it.
    pub(super) fn all(self) -> u64 {
        self.due + self.unanswered.max(self.missing)
    }

    /// Those of which a silence says that the broker stands still. A message that has not arrived,
    /// or not been acknowledged, when later ones have is lost, and does not.
    pub(super) fn telling(self) -> u64 {
        let unanswered = self.unanswered.min(self.recently_asked);
        self.due + unanswered.max(self.missing.min(self.recent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_lost_is_waited_for_and_says_nothing() {
        let lost = Waiting {
            missing: 3,
            ..Waiting::default()
        };
        assert_eq!((lost.all(), lost.telling()), (3, 0));
        let frozen = Waiting { recent: 20, ..lost };
        assert_eq!(frozen.telling(), 3);
        let unanswered = Waiting {
            due: 1,
            unanswered: 5,
            recently_asked: 9,
            ..lost
        };
        assert_eq!((unanswered.all(), unanswered.telling()), (6, 6));
        let others_were_answered = Waiting {
            recently_asked: 0,
            ..unanswered
        };
        assert_eq!(others_were_answered.telling(), 1);
    }
}
