//! How long the steps of a scenario took that has several.

use hdrhistogram::Histogram;

use super::latency;

/// How long the steps of a scenario took, in nanoseconds; empty where it has no such step.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    /// From when a SUBSCRIBE was due to its SUBACK.
    pub suback: Histogram<u64>,
    /// From when an UNSUBSCRIBE was due to its UNSUBACK.
    pub unsuback: Histogram<u64>,
    /// From when a client was to subscribe or come back to the first message that it got.
    pub first: Histogram<u64>,
    /// From then to the last message, at those clients that got all.
    pub all: Histogram<u64>,
}

impl Default for Steps {
    fn default() -> Steps {
        Steps {
            suback: latency::histogram(),
            unsuback: latency::histogram(),
            first: latency::histogram(),
            all: latency::histogram(),
        }
    }
}

impl Steps {
    /// Takes in what another measured.
    pub fn merge(&mut self, other: &Steps) {
        for ((_, histogram), (_, other)) in self.parts_mut().into_iter().zip(other.parts()) {
            latency::merge(histogram, other);
        }
    }

    /// Every step with its name.
    pub fn parts(&self) -> [(&'static str, &Histogram<u64>); 4] {
        [
            ("suback", &self.suback),
            ("unsuback", &self.unsuback),
            ("first", &self.first),
            ("all", &self.all),
        ]
    }

    /// The same, to fill in.
    pub fn parts_mut(&mut self) -> [(&'static str, &mut Histogram<u64>); 4] {
        [
            ("suback", &mut self.suback),
            ("unsuback", &mut self.unsuback),
            ("first", &mut self.first),
            ("all", &mut self.all),
        ]
    }

    /// A step by its name.
    pub fn get(&self, name: &str) -> Option<&Histogram<u64>> {
        let mut parts = self.parts().into_iter();
        parts.find_map(|(part, histogram)| (part == name).then_some(histogram))
    }
}
