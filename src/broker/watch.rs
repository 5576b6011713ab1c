//! Watching what clients publish.

use std::fmt;

use crate::codec::Publish;
use crate::topic;

/// Watches the messages that clients publish, Will Messages included.
///
/// ```
/// use mqtk::broker::{Config, Watch};
///
/// let watch = Watch::new(["sensors/#"], |message| {
///     eprintln!("{} publishes to {}", message.client_id, message.publish.topic);
/// });
/// let config = Config {
///     watch: Some(watch),
///     ..Config::default()
/// };
/// ```
pub struct Watch {
    filters: Vec<String>,
    sink: Box<dyn Fn(&Watched<'_>) + Send>,
}

/// A message that was accepted and is about to be routed.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a> {
    /// Its publisher.
    pub client_id: &'a str,
    /// The message, with its Topic Name and without a Packet Identifier.
    pub publish: Publish<'a>,
}

impl Watch {
    /// Calls `sink`, on the broker's thread, once for each message whose Topic Name matches any of
    /// these valid Topic Filters; a slow sink slows the broker.
    pub fn new<F: Into<String>>(
        filters: impl IntoIterator<Item = F>,
        sink: impl Fn(&Watched<'_>) + Send + 'static,
    ) -> Self {
        Self {
            filters: filters.into_iter().map(Into::into).collect(),
            sink: Box::new(sink),
        }
    }

    pub(super) fn show(&self, client_id: &str, publish: &Publish<'_>) {
        let is_wanted = |filter: &String| topic::matches(filter, publish.topic);
        if self.filters.iter().any(is_wanted) {
            (self.sink)(&Watched {
                client_id,
                publish: *publish,
            });
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("filters", &self.filters)
            .finish_non_exhaustive()
    }
}
