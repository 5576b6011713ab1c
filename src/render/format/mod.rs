//! `-F`: the template language of mosquitto_sub.
//!
//! A template is compiled once into pieces. `%` begins something of the message, `@` something
//! of the time as strftime knows it, `\` a character that is hard to type; the rest is text.

mod compile;
mod error;
mod field;

pub use error::{FormatError, Mismatch};

use compile::pieces;
use field::Field;

use super::clock::{self, Clock};
use super::json::{self, Look};
use super::message::MessageView;

/// A compiled `-F` template.
///
/// | | |
/// |---|---|
/// | `%t %p %x %X` | Topic Name; payload as it is, in hexadecimal, in upper case |
/// | `%l %q %r %m` | payload length, QoS, RETAIN flag, Packet Identifier (0 at QoS 0) |
/// | `%d %f` | payload as a number: 8 bytes or 4 bytes, little-endian |
/// | `%A %C %D %E %F %R %S` | Topic Alias, Content Type, Correlation Data, Message Expiry Interval, Payload Format Indicator, Response Topic, Subscription Identifiers |
/// | `%P` | User Properties, as `name:value name:value` |
/// | `%j %J` | all of it as JSON, the payload as a string or as the JSON that it is |
/// | `%I %U` | time: ISO 8601, or Unix time with nanoseconds |
/// | `@X @N` | strftime's `%X`; nanoseconds |
/// | `%% @@ \\` | `%`, `@`, `\` |
/// | `\0 \a \e \n \r \t \v` | control characters |
///
/// Between `%` and its letter: `-` aligns left, `0` pads with zeros, a number is the least width,
/// `.` and a number the greatest (`%t %p %C %R %I`), the decimals (`%d %f`), or after how many
/// digits a separator follows (`%x %X`, as in `%.2:x`).
///
/// A field that the message does not have is left blank.
///
/// ```
/// use mqtk::render::Format;
///
/// assert!(Format::compile("@H:@M %-20t %p").is_ok());
/// let error = Format::compile("%t %y").unwrap_err();
/// assert_eq!(error.to_string(), "no such field '%y' at character 5 of the format");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    pieces: Vec<Piece>,
}

/// What stands between a `%` and its letter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Spec {
    left: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    separator: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(Vec<u8>),
    Field(Field, Spec),
    Json(json::Payload),
    UnixTime,
    Nanoseconds,
    /// A `%` and a letter for strftime.
    Time(String),
}

impl Format {
    /// Compiles a template.
    ///
    /// # Errors
    ///
    /// What is not understood, and where.
    pub fn compile(template: &str) -> Result<Self, FormatError> {
        pieces(template).map(|pieces| Self { pieces })
    }

    /// Whether it has a place for the Client Identifier of the publisher (`%c`), which
    /// subscribers do not know.
    pub fn shows_publisher(&self) -> bool {
        let is_client_id = |piece: &Piece| matches!(piece, Piece::Field(Field::ClientId, _));
        self.pieces.iter().any(is_client_id)
    }

    /// Appends a message. A field that its payload does not fit (`%f` with seven bytes) is left blank and
    /// returned.
    pub(super) fn render(
        &self,
        out: &mut Vec<u8>,
        message: &MessageView<'_>,
        clock: &mut Clock,
        look: Look,
    ) -> Option<Mismatch> {
        let mut mismatch = None;
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text),
                Piece::Field(field, spec) => {
                    let missed = field.render(out, *spec, message, clock, look.escape);
                    mismatch = mismatch.or(missed);
                }
                Piece::Json(payload) => json::mosquitto(out, message, *payload, clock, look),
                Piece::UnixTime => clock::unix(out, message.time),
                Piece::Nanoseconds => clock::nanoseconds(out, message.time),
                Piece::Time(conversion) => clock.strftime(out, message.time, conversion),
            }
        }
        mismatch
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;
    use crate::codec::{PacketId, PropertyBuf, PropertyId, QoS, Value};
    use crate::render::message::samples;

    const RAW: Look = Look {
        pretty: false,
        escape: false,
    };

    fn render(template: &str, message: &MessageView<'_>) -> String {
        let mut out = Vec::new();
        let format = Format::compile(template).expect("a good template");
        format.render(&mut out, message, &mut Clock::new(TimeZone::UTC), RAW);
        String::from_utf8(out).expect("UTF-8")
    }

    fn renders(template: &str, expected: &str) {
        let message = samples::message("a/b", b"{\"x\":1.50}");
        assert_eq!(render(template, &message), expected, "{template}");
    }

    #[test]
    fn text_and_escapes_pass() {
        renders("plain é", "plain é");
        renders(r"\\ \0\a\e\n\r\t\v", "\\ \0\u{7}\u{1b}\n\r\t\u{b}");
        renders("100%% @@", "100% @");
    }

    #[test]
    fn topics_are_padded_and_cut() {
        renders(
            "%5t|%-8t|%.2t|%6.2t|%-6.2t|%05t|",
            "  a/b|a/b     |a/|    a/|a/    |  a/b|",
        );
    }

    #[test]
    fn widths_count_characters() {
        let message = samples::message("é/ü", b"x");
        assert_eq!(render("%5t|%.2t|", &message), "  é/ü|é/|");
    }

    #[test]
    fn payloads_are_padded_and_never_cut_by_a_width() {
        renders(
            "%12p|%-12p|%012p|%3p|%.3p|",
            "  {\"x\":1.50}|{\"x\":1.50}  |00{\"x\":1.50}|{\"x\":1.50}|{\"x|",
        );
    }

    #[test]
    fn payloads_in_hexadecimal() {
        let message = samples::message("a", b"\x01\xab\xcd\xef");
        assert_eq!(render("%x %X", &message), "01abcdef 01ABCDEF");
        assert_eq!(
            render("%.2:x %.4-X %.0:x", &message),
            "01:ab:cd:ef 01AB-CDEF 01abcdef"
        );
        assert_eq!(
            render("%12x|%-10x|%012x|%3x", &message),
            "    01abcdef|01abcdef  |000001abcdef|01abcdef"
        );
    }

    #[test]
    fn flags_and_numbers() {
        renders("%q%r%m|%l|%4l|%-4l|%04l|", "000|10|  10|10  |0010|");
        let mut message = samples::message("a", b"");
        message.qos = QoS::ExactlyOnce;
        message.retain = true;
        message.packet_id = PacketId::new(300);
        assert_eq!(render("%q %r %5m %l", &message), "2 1   300 0");
    }

    #[test]
    fn payloads_as_floating_point_numbers() {
        let double = 21.5f64.to_le_bytes();
        let message = samples::message("a", &double);
        assert_eq!(
            render("%d|%.1d|%8.2d|%-8.2d|%08.2d|", &message),
            "21.500000|21.5|   21.50|21.50   |00021.50|"
        );
        let float = (-0.25f32).to_le_bytes();
        let message = samples::message("a", &float);
        assert_eq!(render("%f|%.0f|%07.2f", &message), "-0.250000|-0|-000.25");
    }

    #[test]
    fn a_payload_that_is_no_number_leaves_a_blank_and_is_told() {
        let mut out = Vec::new();
        let format = Format::compile("[%5d]").expect("a good template");
        let message = samples::message("a", b"21.5");
        let mismatch = format.render(&mut out, &message, &mut Clock::new(TimeZone::UTC), RAW);
        assert_eq!(out, b"[     ]");
        assert_eq!(
            mismatch.map(|mismatch| mismatch.to_string()).as_deref(),
            Some("%d shows a payload of 8 bytes, this one has 4")
        );
    }

    #[test]
    fn times() {
        renders(
            "%I|%26I|%.10I",
            "2026-11-22T20:42:22+0000|  2026-11-22T20:42:22+0000|2026-11-22",
        );
        renders(
            "%U @N @Y-@m @s",
            "1795380142.515566298 515566298 2026-11 1795380142",
        );
        renders("@H@M@@@S", "2042@22");
    }

    #[test]
    fn properties_and_their_absence() {
        let mut properties = PropertyBuf::default();
        properties.push(PropertyId::TopicAlias, Value::TwoByte(5));
        properties.push(PropertyId::ContentType, Value::String("json"));
        properties.push(PropertyId::CorrelationData, Value::Binary(b"c1"));
        properties.push(PropertyId::MessageExpiryInterval, Value::FourByte(60));
        properties.push(PropertyId::PayloadFormatIndicator, Value::Byte(1));
        properties.push(PropertyId::ResponseTopic, Value::String("re/ply"));
        properties.push(PropertyId::UserProperty, Value::Pair("a", "b"));
        properties.push(PropertyId::UserProperty, Value::Pair("c", "d"));
        properties.push(PropertyId::SubscriptionIdentifier, Value::Variable(7));
        properties.push(PropertyId::SubscriptionIdentifier, Value::Variable(8));
        let mut message = samples::message("a", b"");
        let template = "%A|%3A|%03A|%C|%6C|%D|%E|%F|%R|%-7R|%P|%S|";
        assert_eq!(
            render(template, &message),
            "|   |000||      |||||       |||"
        );
        message.properties = properties.as_properties();
        assert_eq!(
            render(template, &message),
            "5|  5|005|json|  json|c1|60|1|re/ply|re/ply |a:b c:d|7,8|"
        );
    }

    #[test]
    fn json_is_a_piece_among_others() {
        renders(
            "<%j>",
            concat!(
                r#"<{"tst":"2026-11-22T20:42:22.515566+0000","topic":"a/b","qos":0,"retain":0,"#,
                r#""payloadlen":10,"payload":"{\"x\":1.50}"}>"#
            ),
        );
        renders(
            "<%J>",
            concat!(
                r#"<{"tst":"2026-11-22T20:42:22.515566+0000","topic":"a/b","qos":0,"retain":0,"#,
                r#""payloadlen":10,"payload":{"x":1.50}}>"#
            ),
        );
    }

    #[test]
    fn a_terminal_shows_what_strangers_sent_and_obeys_the_template() {
        let mut out = Vec::new();
        let format = Format::compile(r"\e[1m%t\e[0m %p").expect("a good template");
        let look = Look {
            escape: true,
            ..RAW
        };
        let message = samples::message("\u{1b}[2J", b"\x1b]0;x\n");
        format.render(&mut out, &message, &mut Clock::new(TimeZone::UTC), look);
        assert_eq!(out, b"\x1b[1m\\x1b[2J\x1b[0m \\x1b]0;x\n");
    }

    proptest! {
        #[test]
        fn any_template_compiles_or_says_where_it_does_not(template in "[%@\\\\0-9.:a-zA-Z-]{0,12}") {
            match Format::compile(&template) {
                Ok(_) => {
                    render(&template.replace("@", "@@"), &samples::message("a", b"payload"));
                }
                Err(error) => prop_assert!(error.to_string().contains("at character")),
            }
        }
    }
}
