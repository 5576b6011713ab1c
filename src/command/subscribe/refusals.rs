//! What the broker refused.

use crate::exit::ExitStatus;

use super::super::failure::Failure;

/// What the broker refused, each as the end of a sentence: `the broker refused …`.
#[derive(Default)]
pub(super) struct Refusals {
    /// Subscriptions, by the last SUBACK.
    pub(super) subscriptions: Vec<String>,
    /// Topic Filters that it did not unsubscribe from.
    pub(super) unsubscriptions: Vec<String>,
    /// Retained messages that it did not clear: the first of them, and how many there are. A broker
    /// may have a million.
    retained: Option<(String, u64)>,
}

impl Refusals {
    /// Counts a retained message that was not cleared.
    pub(super) fn add_retained(&mut self, why: impl FnOnce() -> String) {
        let (_, count) = self.retained.get_or_insert_with(|| (why(), 0));
        *count += 1;
    }

    /// # Errors
    ///
    /// The broker refused something.
    pub(super) fn verdict(&self) -> Result<(), Failure> {
        let mut all = [&self.subscriptions[..], &self.unsubscriptions[..]].concat();
        all.extend(self.retained.as_ref().map(|(first, count)| match count {
            1 => first.clone(),
            _ => format!("{first}, and {} more", count - 1),
        }));
        if all.is_empty() {
            return Ok(());
        }
        let message = format!("the broker refused {}", all.join(", "));
        Err(Failure::new(ExitStatus::Refused, message))
    }
}
