//! From a message to the bytes that `sub` writes for it.

use colored::{ColoredString, Colorize};

use super::clock::Clock;
use super::escape::{Keep, visible};
use super::format::{Format, Mismatch};
use super::json::{self, Look};
use super::message::MessageView;
use super::style::Style;

/// What is shown of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// The payload; of an empty one, nothing at all.
    Payload,
    /// The Topic Name, a space and the payload; `(null)` for an empty one. Before them, if it is
    /// known, the Client Identifier of the publisher.
    Verbose,
    /// A `-F` template.
    Format(Format),
    /// A JSON object (`--json`).
    Json,
}

/// Prints messages, one after the other, onto a buffer.
///
/// ```
/// use jiff::Timestamp;
/// use mqtk::codec::{Properties, QoS};
/// use mqtk::render::{Clock, Layout, MessageView, Printer, Style};
///
/// let mut printer = Printer::new(Layout::Verbose, Style::default(), Clock::local());
/// let mut out = Vec::new();
/// let message = MessageView {
///     time: Timestamp::UNIX_EPOCH,
///     client_id: None,
///     topic: "sensors/1",
///     qos: QoS::AtMostOnce,
///     retain: false,
///     dup: false,
///     packet_id: None,
///     payload: b"21.5",
///     properties: Properties::EMPTY,
/// };
/// printer.print(&message, &mut out);
/// assert_eq!(out, b"sensors/1 21.5\n");
/// ```
pub struct Printer {
    layout: Layout,
    style: Style,
    clock: Clock,
    newline: bool,
    pretty: bool,
}

impl Printer {
    /// A printer that ends each message with a line feed and writes JSON on one line.
    pub fn new(layout: Layout, style: Style, clock: Clock) -> Self {
        Self {
            layout,
            style,
            clock,
            newline: true,
            pretty: false,
        }
    }

    /// Whether a line feed follows each message (`-N`: it does not).
    pub fn newline(mut self, newline: bool) -> Self {
        self.newline = newline;
        self
    }

    /// Whether JSON goes over several lines (`--pretty`).
    pub fn pretty(mut self, pretty: bool) -> Self {
        self.pretty = pretty;
        self
    }

    /// Appends a message. If a template cannot show all of it, returns why, which is worth a warning.
    #[inline]
    pub fn print(&mut self, message: &MessageView<'_>, out: &mut Vec<u8>) -> Option<Mismatch> {
        let mut mismatch = None;
        match &self.layout {
            Layout::Payload if message.payload.is_empty() => return None,
            Layout::Payload => payload(out, message.payload, self.style),
            Layout::Verbose => verbose(out, message, self.style),
            Layout::Format(format) => {
                let look = self.look();
                mismatch = format.render(out, message, &mut self.clock, look);
            }
            Layout::Json => {
                let look = self.look();
                json::message(out, message, &mut self.clock, look);
            }
        }
        if self.newline {
            out.push(b'\n');
        }
        mismatch
    }

    fn look(&self) -> Look {
        Look {
            pretty: self.pretty,
            escape: self.style.escape,
        }
    }
}

fn verbose(out: &mut Vec<u8>, message: &MessageView<'_>, style: Style) {
    if let Some(client_id) = message.client_id {
        word(out, client_id, style, |client_id| client_id.green());
    }
    word(out, message.topic, style, |topic| topic.cyan());
    match message.payload {
        b"" => out.extend_from_slice(b"(null)"),
        bytes => payload(out, bytes, style),
    }
}

/// Appends a name and a space.
fn word(out: &mut Vec<u8>, text: &str, style: Style, color: impl Fn(&str) -> ColoredString) {
    if style.color || style.escape {
        let mut shown = Vec::new();
        visible(&mut shown, text.as_bytes(), Keep::Nothing);
        let painted = style.paint(&String::from_utf8_lossy(&shown), color);
        out.extend_from_slice(painted.as_bytes());
    } else {
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b' ');
}

#[inline]
fn payload(out: &mut Vec<u8>, bytes: &[u8], style: Style) {
    if style.escape {
        visible(out, bytes, Keep::Layout);
    } else {
        out.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::render::message::samples;

    const TERMINAL: Style = Style {
        escape: true,
        color: false,
    };

    fn printer(layout: Layout, style: Style) -> Printer {
        Printer::new(layout, style, Clock::new(TimeZone::UTC))
    }

    fn printed(mut printer: Printer, messages: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = Vec::new();
        for (topic, payload) in messages {
            printer.print(&samples::message(topic, payload), &mut out);
        }
        out
    }

    #[test]
    fn payloads_pass_byte_for_byte_into_a_pipe() {
        let messages: [(&str, &[u8]); 3] = [("a", b"x\0\xff\x1b[2J"), ("a", b""), ("b", b"y")];
        let out = printed(printer(Layout::Payload, Style::default()), &messages);
        assert_eq!(out, b"x\0\xff\x1b[2J\ny\n");
    }

    #[test]
    fn payloads_are_made_visible_on_a_terminal() {
        let out = printed(
            printer(Layout::Payload, TERMINAL),
            &[("a", b"x\0\xff\x1b[2J\ty\n")],
        );
        assert_eq!(out, b"x\\0\\xff\\x1b[2J\ty\n\n");
    }

    #[test]
    fn the_topic_stands_before_the_payload() {
        let messages: [(&str, &[u8]); 2] = [("a/b", b"1"), ("a b", b"")];
        let out = printed(printer(Layout::Verbose, Style::default()), &messages);
        assert_eq!(out, b"a/b 1\na b (null)\n");
        let out = printed(printer(Layout::Verbose, TERMINAL), &[("a\n", b"1\r")]);
        assert_eq!(out, b"a\\n 1\\r\n");
    }

    #[test]
    fn a_publisher_that_is_known_stands_before_the_topic() {
        let message = MessageView {
            client_id: Some("c\n1"),
            ..samples::message("a", b"1")
        };
        let printed = |layout, style| {
            let mut out = Vec::new();
            printer(layout, style).print(&message, &mut out);
            String::from_utf8(out).expect("text")
        };
        assert_eq!(printed(Layout::Verbose, TERMINAL), "c\\n1 a 1\n");
        let format = Format::compile("%c: %t").expect("a good template");
        assert_eq!(printed(Layout::Format(format), TERMINAL), "c\\n1: a\n");
        let json = printed(Layout::Json, TERMINAL);
        assert!(
            json.contains(r#","client_id":"c\n1","topic":"a","#),
            "{json}"
        );
    }

    #[test]
    fn topics_have_a_colour_if_the_style_has() {
        let style = Style {
            color: true,
            ..TERMINAL
        };
        let out = printed(printer(Layout::Verbose, style), &[("a", b"1")]);
        assert_eq!(out, b"\x1b[36ma\x1b[0m 1\n");
    }

    #[test]
    fn the_line_feed_can_be_left_out() {
        let messages: [(&str, &[u8]); 2] = [("a", b"1"), ("a", b"2")];
        let out = printed(
            printer(Layout::Payload, Style::default()).newline(false),
            &messages,
        );
        assert_eq!(out, b"12");
    }

    #[test]
    fn json_is_one_object_per_line() {
        let messages: [(&str, &[u8]); 2] = [("a", b"1\n"), ("a", b"")];
        let out = printed(printer(Layout::Json, Style::default()), &messages);
        let text = String::from_utf8(out).expect("JSON");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        for line in &lines {
            serde_json::from_str::<serde_json::Value>(line).expect("JSON");
        }
        let pretty = printer(Layout::Json, Style::default()).pretty(true);
        let out = printed(pretty, &[("a", b"1")]);
        assert!(out.starts_with(b"{\n  \"time\""));
    }

    #[test]
    fn templates_end_with_a_line_feed_too() {
        let format = Format::compile("%t=%p").expect("a good template");
        let out = printed(
            printer(Layout::Format(format), Style::default()),
            &[("a", b"1")],
        );
        assert_eq!(out, b"a=1\n");
    }
}
