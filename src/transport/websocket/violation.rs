//! Bad reasons for which a WebSocket ends, in words.

use tungstenite::protocol::frame::coding::CloseCode;

/// How the peer broke the protocol, or that it closed the connection for a bad reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// A text frame.
    #[error(
        "the peer sent a WebSocket text frame, but MQTT travels in binary frames [MQTT-6.0.0-1]"
    )]
    TextFrame,
    /// Anything that RFC 6455 forbids.
    #[error("the peer broke the WebSocket protocol: {0} [RFC 6455]")]
    Frame(&'static str),
    /// A Close frame whose status is neither 1000 (normal), 1001 (going away) nor missing.
    #[error("the peer closed the WebSocket: {code} {}{}", close_in_words(*code), quoted(reason))]
    Closed {
        /// The status code.
        code: u16,
        /// The peer's own words.
        reason: String,
    },
}

impl Violation {
    /// The status to close with.
    pub(super) fn status(&self) -> CloseCode {
        match self {
            Self::TextFrame => CloseCode::Unsupported,
            Self::Frame(_) => CloseCode::Protocol,
            Self::Closed { code, .. } => match CloseCode::from(*code) {
                code if code.is_allowed() => code,
                _ => CloseCode::Protocol,
            },
        }
    }
}

fn quoted(reason: &str) -> String {
    if reason.is_empty() {
        String::new()
    } else {
        format!(" ({reason:?})")
    }
}

fn close_in_words(code: u16) -> &'static str {
    match code {
        1002 => "protocol error",
        1003 => "unsupported data",
        1007 => "invalid data",
        1008 => "against its policy",
        1009 => "message too big",
        1010 => "an extension is missing",
        1011 => "internal error",
        1012 => "restarting",
        1013 => "try again later",
        _ => "for a reason of its own",
    }
}
