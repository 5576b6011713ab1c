//! `-L URL`: what a URL says about the broker, and about the topic.

use std::fmt;

use crate::transport::{Url, UrlError};

/// A URL, with the topic that its path may be.
#[derive(Clone)]
pub(super) struct BrokerUrl {
    pub url: Url,
    /// The path of a `ws` or `wss` URL, read as a topic.
    websocket_topic: Option<String>,
}

impl BrokerUrl {
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let url: Url = text.parse()?;
        let websocket_topic = match url.scheme.is_websocket() {
            // ws becomes mqtt, and wss mqtts: the same but for what the path means.
            true => text.get(2..).map_or(Ok(None), |rest| {
                format!("mqtt{rest}").parse().map(|url: Url| url.topic)
            })?,
            false => None,
        };
        Ok(Self {
            url,
            websocket_topic,
        })
    }

    pub fn user(&self) -> Option<&str> {
        self.url.user.as_deref()
    }

    pub fn password(&self) -> Option<&str> {
        self.url.password.as_deref()
    }

    /// Whether the URL certainly names a topic.
    pub fn has_topic(&self) -> bool {
        self.url.topic.is_some()
    }

    /// Takes the topic out of the URL. The path of a WebSocket URL is the topic too, as in
    /// Mosquitto's clients, unless it is wanted as the path of the request.
    pub fn take_topic(&mut self, is_path_wanted: bool) -> Option<String> {
        if !self.url.scheme.is_websocket() {
            return self.url.topic.take();
        }
        let topic = self.websocket_topic.take().filter(|_| !is_path_wanted)?;
        self.url.websocket_path = None;
        Some(topic)
    }
}

impl fmt::Debug for BrokerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(f)
    }
}
