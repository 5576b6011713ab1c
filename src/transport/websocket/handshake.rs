//! The HTTP request that opens a WebSocket, and the judgement of its answer (RFC 6455, section 4).

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tungstenite::handshake::client::{Response, generate_key, generate_request};
use tungstenite::handshake::derive_accept_key;
use tungstenite::handshake::machine::TryParse as _;
use tungstenite::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use tungstenite::http::{Request, StatusCode, Uri};

use super::SUBPROTOCOL;
use crate::transport::error::{ConnectError, reason};
use crate::transport::target::WebSocketOptions;

/// The longest answer that is read.
const MAX_RESPONSE: usize = 16 * 1024;

/// Headers that are ours to set.
const OURS: [HeaderName; 6] = [
    header::CONNECTION,
    header::UPGRADE,
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_VERSION,
    header::SEC_WEBSOCKET_PROTOCOL,
    header::SEC_WEBSOCKET_EXTENSIONS,
];

/// The request to send on every connection, but for its key.
#[derive(Debug)]
pub(in crate::transport) struct Opening {
    uri: Uri,
    headers: HeaderMap,
}

impl Opening {
    /// A request to `host`, which is `name[:port]` as in a URL.
    pub fn new(options: &WebSocketOptions, host: &str) -> Result<Self, ConnectError> {
        let slash = if options.path.starts_with('/') {
            ""
        } else {
            "/"
        };
        let uri = format!("{slash}{}", options.path).parse().map_err(|_| {
            ConnectError::Options(
                "the WebSocket path has characters that a URL must %-encode".to_owned(),
            )
        })?;
        let mut headers = HeaderMap::new();
        let invalid = |name: &str| {
            ConnectError::Options(format!(
                "the value of the header {name:?} is not valid in HTTP"
            ))
        };
        headers.insert(header::HOST, host.parse().map_err(|_| invalid("Host"))?);
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(
            header::SEC_WEBSOCKET_VERSION,
            HeaderValue::from_static("13"),
        );
        headers.insert(
            header::SEC_WEBSOCKET_PROTOCOL,
            HeaderValue::from_static(SUBPROTOCOL),
        );
        for (name, value) in &options.headers {
            let key: HeaderName = name.parse().map_err(|_| {
                ConnectError::Options(format!("{name:?} is not a name of an HTTP header"))
            })?;
            if OURS.contains(&key) {
                return Err(ConnectError::Options(format!(
                    "the header {name:?} belongs to the WebSocket handshake"
                )));
            }
            let mut value: HeaderValue = value.parse().map_err(|_| invalid(name))?;
            value.set_sensitive(true);
            if key == header::HOST {
                headers.insert(key, value);
            } else {
                headers.append(key, value);
            }
        }
        Ok(Self { uri, headers })
    }

    /// The path asked for, without its query, which may hold a token.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Sends the request and reads the answer; returns what came after it, which are frames.
    pub async fn perform<S>(&self, stream: &mut S) -> Result<Vec<u8>, HandshakeError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let (request, key) = self.request()?;
        stream.write_all(&request).await?;
        stream.flush().await?;
        let mut received = Vec::new();
        loop {
            if stream.read_buf(&mut received).await? == 0 {
                return Err(HandshakeError::Closed);
            }
            if let Some((length, response)) =
                Response::try_parse(&received).map_err(|_| HandshakeError::NotHttp)?
            {
                judge(&response, &derive_accept_key(key.as_bytes()))?;
                received.drain(..length);
                return Ok(received);
            }
            if received.len() > MAX_RESPONSE {
                return Err(HandshakeError::NotHttp);
            }
        }
    }

    fn request(&self) -> Result<(Vec<u8>, String), HandshakeError> {
        let mut request = Request::get(self.uri.clone())
            .body(())
            .map_err(|_| HandshakeError::Request)?;
        request.headers_mut().clone_from(&self.headers);
        let key = HeaderValue::try_from(generate_key()).map_err(|_| HandshakeError::Request)?;
        request.headers_mut().insert(header::SEC_WEBSOCKET_KEY, key);
        generate_request(request).map_err(|_| HandshakeError::Request)
    }
}

/// Whether the server opened a WebSocket for MQTT.
fn judge(response: &Response, accept: &str) -> Result<(), HandshakeError> {
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        let location = response.headers().get(header::LOCATION);
        let location = location.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        return Err(HandshakeError::Status {
            status: response.status().as_u16(),
            location,
        });
    }
    let has = |name: HeaderName, token: &str| {
        let values = response.headers().get_all(name);
        values
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|value| {
                value
                    .split(',')
                    .any(|word| word.trim().eq_ignore_ascii_case(token))
            })
    };
    let value = |name: HeaderName| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    if !has(header::UPGRADE, "websocket") || !has(header::CONNECTION, "upgrade") {
        return Err(HandshakeError::Header("it does not upgrade to WebSocket"));
    }
    if value(header::SEC_WEBSOCKET_ACCEPT) != Some(accept) {
        return Err(HandshakeError::Header(
            "Sec-WebSocket-Accept does not match our key",
        ));
    }
    if response
        .headers()
        .contains_key(header::SEC_WEBSOCKET_EXTENSIONS)
    {
        return Err(HandshakeError::Header(
            "it uses an extension that was not offered",
        ));
    }
    match value(header::SEC_WEBSOCKET_PROTOCOL) {
        Some(SUBPROTOCOL) => Ok(()),
        other => Err(HandshakeError::Subprotocol(
            other.unwrap_or("none").to_owned(),
        )),
    }
}

/// Why a server did not open a WebSocket.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HandshakeError {
    /// The connection broke.
    #[error("{}", reason(.0))]
    Io(io::Error),
    /// The request could not be written: an option is at fault.
    #[error("the path or a header is not valid in HTTP")]
    Request,
    /// The connection ended without an answer.
    #[error(
        "the server closed the connection instead of answering: does it speak WebSocket on this port (with TLS: wss)?"
    )]
    Closed,
    /// The answer is not HTTP, or too long.
    #[error("the server does not answer in HTTP: does it speak WebSocket on this port?")]
    NotHttp,
    /// An answer other than 101 Switching Protocols.
    #[error("the server answers {}", status_in_words(*status, location.as_deref()))]
    Status {
        /// The HTTP status.
        status: u16,
        /// Where a redirection leads.
        location: Option<String>,
    },
    /// A header of the answer is missing or wrong.
    #[error("the server's answer is no WebSocket handshake: {0} [RFC 6455, section 4.1]")]
    Header(&'static str),
    /// Another subprotocol than `mqtt`, or none.
    #[error(
        "the server must select the subprotocol mqtt but selects {0}: is MQTT served at this path? [MQTT-6.0.0-4]"
    )]
    Subprotocol(String),
}

impl From<io::Error> for HandshakeError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Io(error),
        }
    }
}

fn status_in_words(status: u16, location: Option<&str>) -> String {
    let name = StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("");
    let hint = match status {
        200..300 => "this is a web page, not a WebSocket: check the path".to_owned(),
        300..400 => match location {
            Some(location) => {
                format!("it redirects to {location:?}, which is not followed: connect there")
            }
            None => "it redirects elsewhere, which is not followed".to_owned(),
        },
        400 => "it refuses the request: check the path and headers".to_owned(),
        401 => "it asks for credentials: give an Authorization header".to_owned(),
        403 => {
            "it forbids access: check the headers (Origin, Authorization) and the path".to_owned()
        }
        404 => "no WebSocket is served at this path: try /mqtt, / or /ws".to_owned(),
        407 => "a proxy on the way asks for credentials".to_owned(),
        426 => "it wants another protocol or version: TLS (wss) perhaps".to_owned(),
        429 => "too many requests: try again later".to_owned(),
        502..=504 => "the server behind it does not answer".to_owned(),
        _ => "it does not open a WebSocket".to_owned(),
    };
    let space = if name.is_empty() { "" } else { " " };
    format!("{status}{space}{name}: {hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    fn options(path: &str, headers: &[(&str, &str)]) -> WebSocketOptions {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        WebSocketOptions {
            path: path.to_owned(),
            headers,
        }
    }

    fn request(options: &WebSocketOptions) -> String {
        let opening = Opening::new(options, "h.example:8080").unwrap();
        String::from_utf8(opening.request().unwrap().0).unwrap()
    }

    /// An answer with `change` in place of the header of that name, or without it.
    fn verdict(change: (&str, Option<&str>)) -> Result<(), HandshakeError> {
        let mut text = "HTTP/1.1 101 Switching Protocols\r\n".to_owned();
        for (name, value) in [
            ("Upgrade", Some("WebSocket")),
            ("Connection", Some("keep-alive, Upgrade")),
            ("Sec-WebSocket-Accept", Some(ACCEPT)),
            ("Sec-WebSocket-Protocol", Some("mqtt")),
            ("Sec-WebSocket-Extensions", None),
        ] {
            let value = if name == change.0 { change.1 } else { value };
            if let Some(value) = value {
                text += &format!("{name}: {value}\r\n");
            }
        }
        let (_, response) = Response::try_parse((text + "\r\n").as_bytes())
            .unwrap()
            .unwrap();
        judge(&response, ACCEPT)
    }

    #[test]
    fn mqtt_6_0_0_3_the_request_offers_the_subprotocol() {
        let text = request(&options(
            "/mqtt?x=1",
            &[("Origin", "http://o"), ("X-A", "1"), ("X-A", "2")],
        ));
        assert!(
            text.starts_with("GET /mqtt?x=1 HTTP/1.1\r\nHost: h.example:8080\r\n"),
            "{text}"
        );
        for line in [
            "Sec-WebSocket-Protocol: mqtt",
            "Origin: http://o",
            "x-a: 1",
            "x-a: 2",
        ] {
            assert!(
                text.contains(&format!("\r\n{line}\r\n")),
                "{line} in {text}"
            );
        }
    }

    #[test]
    fn paths_and_headers_are_checked() {
        assert!(
            request(&options("mqtt", &[("Host", "other")]))
                .starts_with("GET /mqtt HTTP/1.1\r\nHost: other\r\n")
        );
        for (options, words) in [
            (options("/a b", &[]), "%-encode"),
            (options("/", &[("a b", "c")]), "not a name"),
            (options("/", &[("A", "x\r\nB: y")]), "not valid"),
            (
                options("/", &[("sec-websocket-protocol", "x")]),
                "belongs to",
            ),
        ] {
            let error = Opening::new(&options, "h").unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn mqtt_6_0_0_4_the_server_must_select_the_subprotocol() {
        assert!(verdict(("", None)).is_ok());
        for selected in [None, Some("mqttv3.1"), Some("chat")] {
            let error = verdict(("Sec-WebSocket-Protocol", selected))
                .unwrap_err()
                .to_string();
            assert!(
                error.contains("MQTT-6.0.0-4") && error.contains(selected.unwrap_or("none")),
                "{error}"
            );
        }
    }

    #[test]
    fn answers_must_be_a_handshake() {
        for change in [
            ("Upgrade", None),
            ("Connection", Some("close")),
            ("Sec-WebSocket-Accept", Some("x")),
            ("Sec-WebSocket-Extensions", Some("permessage-deflate")),
        ] {
            assert!(
                matches!(verdict(change), Err(HandshakeError::Header(_))),
                "{change:?}"
            );
        }
    }

    #[test]
    fn other_statuses_are_named_in_words() {
        let words = |status, location| status_in_words(status, location);
        assert!(words(403, None).starts_with("403 Forbidden: it forbids access"));
        assert!(words(404, None).contains("/mqtt"));
        assert!(words(301, Some("wss://x/")).contains("\"wss://x/\""));
        assert!(words(299, None).starts_with("299: "));
    }
}
