//! The HTTP request that asks for a WebSocket, judged and answered (RFC 6455, section 4.2).

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;
use tungstenite::error::{Error, ProtocolError};
use tungstenite::handshake::machine::TryParse as _;
use tungstenite::handshake::server::{Request, create_response, write_response};
use tungstenite::http::header::{self, HeaderValue};

use super::{SUBPROTOCOL, SUBPROTOCOL_V3_1};
use crate::transport::error::reason;

/// The longest request that is read.
const MAX_REQUEST: usize = 16 * 1024;
/// How long a client has to read why it is refused, and to close.
const LINGER: Duration = Duration::from_secs(1);
/// How much is read of what follows a request that was refused.
const MAX_REST: usize = 64 * 1024;

/// The paths at which a listener serves MQTT over WebSocket.
#[derive(Clone, Debug)]
pub(in crate::transport) enum Served {
    /// At whatever path clients ask for: some ask for `/mqtt`, some for `/`.
    AnyPath,
    /// At this path alone.
    At(Arc<str>),
}

impl Served {
    pub(in crate::transport) fn at(path: Option<&str>) -> Self {
        path.map_or(Self::AnyPath, |path| Self::At(path.into()))
    }

    fn serves(&self, asked: &str) -> bool {
        match self {
            Self::AnyPath => true,
            Self::At(path) => **path == *asked,
        }
    }
}

impl fmt::Display for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AnyPath => "any path",
            Self::At(path) => path,
        })
    }
}

/// A WebSocket that was asked for.
#[derive(Debug)]
pub(in crate::transport) struct Upgraded {
    /// What came after the request, which are frames.
    pub(super) early: Vec<u8>,
    /// The subprotocol is that of MQTT 3.1.
    pub(super) is_for_v3_1: bool,
}

/// Reads the request for a WebSocket and answers it. A client that asks for something else is told what
/// is wrong.
pub(in crate::transport) async fn accept<S>(
    stream: &mut S,
    served: &Served,
) -> Result<Upgraded, UpgradeError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut received = Vec::new();
    let refusal = loop {
        if stream.read_buf(&mut received).await? == 0 {
            return Err(UpgradeError::Closed);
        }
        match Request::try_parse(&received) {
            Ok(Some((length, request))) => match answer(&request, served) {
                Ok((answer, subprotocol)) => {
                    stream.write_all(&answer).await?;
                    stream.flush().await?;
                    received.drain(..length);
                    return Ok(Upgraded {
                        early: received,
                        is_for_v3_1: subprotocol == SUBPROTOCOL_V3_1,
                    });
                }
                Err(refusal) => break refusal,
            },
            Ok(None) if received.len() < MAX_REQUEST => {}
            Ok(None) => break Refusal::TooLong,
            Err(Error::Protocol(error)) => break Refusal::of(&error),
            Err(_) => break Refusal::NotHttp,
        }
    };
    // The client is refused, whether or not it can be told why.
    let _ = timeout(LINGER, tell(stream, &refusal.response(served))).await;
    Err(UpgradeError::Refused(refusal))
}

/// Sends a last answer.
async fn tell<S>(stream: &mut S, answer: &str) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    // To close a socket with unread input is to reset it, and the client might lose the answer.
    let mut rest = [0; 4096];
    let mut left = MAX_REST;
    while left > 0 {
        match stream.read(&mut rest).await? {
            0 => break,
            read => left = left.saturating_sub(read),
        }
    }
    Ok(())
}

/// The answer that opens the WebSocket, and the subprotocol.
fn answer(request: &Request, served: &Served) -> Result<(Vec<u8>, &'static str), Refusal> {
    if !served.serves(request.uri().path()) {
        return Err(Refusal::Path(request.uri().path().to_owned()));
    }
    let mut response = create_response(request).map_err(|error| match error {
        Error::Protocol(error) => Refusal::of(&error),
        _ => Refusal::NotHttp,
    })?;
    let is_offered = |subprotocol: &&str| {
        let offers = request.headers().get_all(header::SEC_WEBSOCKET_PROTOCOL);
        let offers = offers.iter().filter_map(|value| value.to_str().ok());
        let mut names = offers.flat_map(|value| value.split(','));
        names.any(|name| name.trim() == *subprotocol)
    };
    let mut known = [SUBPROTOCOL, SUBPROTOCOL_V3_1].into_iter();
    let subprotocol = known.find(is_offered).ok_or(Refusal::Subprotocol)?;
    response.headers_mut().insert(
        header::SEC_WEBSOCKET_PROTOCOL,
        HeaderValue::from_static(subprotocol),
    );
    let mut bytes = Vec::new();
    write_response(&mut bytes, &response).map_err(|_| Refusal::NotHttp)?;
    Ok((bytes, subprotocol))
}

/// Why a client got no WebSocket.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpgradeError {
    /// The connection broke.
    #[error("{}", reason(.0))]
    Io(#[from] io::Error),
    /// The connection ended before the whole request.
    #[error("the client closed the connection before its WebSocket request was complete")]
    Closed,
    /// The request was answered, but not with a WebSocket.
    #[error("{}", .0.in_words())]
    Refused(Refusal),
}

/// What is wrong with a request for a WebSocket.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No request in HTTP/1.1.
    #[error("the client does not speak HTTP/1.1, in which a WebSocket begins")]
    NotHttp,
    /// Longer than any request needs to be.
    #[error("the request is longer than {MAX_REQUEST} bytes")]
    TooLong,
    /// Another method than GET.
    #[error("a WebSocket is asked for with GET")]
    Method,
    /// Another path than the one MQTT is served at.
    #[error("no WebSocket is served at {0:?}")]
    Path(String),
    /// A web page is asked for.
    #[error("the request does not ask for a WebSocket (Connection: Upgrade, Upgrade: websocket)")]
    NoUpgrade,
    /// Another version of WebSocket than 13.
    #[error("the WebSocket version must be 13 [RFC 6455, section 4.1]")]
    Version,
    /// The key is missing or not 16 bytes in base64.
    #[error("Sec-WebSocket-Key must be 16 bytes in base64 [RFC 6455, section 4.1]")]
    Key,
    /// Neither `mqtt` is offered, nor `mqttv3.1`.
    #[error("the client must offer the WebSocket subprotocol mqtt [MQTT-6.0.0-3]")]
    Subprotocol,
}

impl Refusal {
    fn of(error: &ProtocolError) -> Self {
        match error {
            ProtocolError::WrongHttpMethod => Self::Method,
            ProtocolError::MissingConnectionUpgradeHeader
            | ProtocolError::MissingUpgradeWebSocketHeader => Self::NoUpgrade,
            ProtocolError::MissingSecWebSocketVersionHeader => Self::Version,
            ProtocolError::MissingSecWebSocketKey | ProtocolError::InvalidSecWebSocketKey => {
                Self::Key
            }
            _ => Self::NotHttp,
        }
    }

    /// The HTTP status of the answer.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotHttp | Self::Key | Self::Subprotocol => 400,
            Self::Path(_) => 404,
            Self::Method => 405,
            Self::NoUpgrade | Self::Version => 426,
            Self::TooLong => 431,
        }
    }

    fn in_words(&self) -> String {
        format!("refused with HTTP status {}: {self}", self.status())
    }

    /// The whole answer, whose body says what to do.
    fn response(&self, served: &Served) -> String {
        let (name, headers) = match self.status() {
            404 => ("Not Found", ""),
            405 => ("Method Not Allowed", "Allow: GET\r\n"),
            426 => (
                "Upgrade Required",
                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
            ),
            431 => ("Request Header Fields Too Large", ""),
            _ => ("Bad Request", ""),
        };
        let connection = match self.status() {
            426 => "close, Upgrade",
            _ => "close",
        };
        let status = self.status();
        let body = format!("{self}\nMQTT over WebSocket is served at {served}\n");
        let length = body.len();
        format!(
            "HTTP/1.1 {status} {name}\r\n{headers}Connection: {connection}\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &str = "GET /mqtt?token=x HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\n\
         Upgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: soap, mqtt\r\n\r\n";

    /// What is answered to these bytes, and what comes of it.
    async fn ask(bytes: &[u8]) -> (String, Result<Upgraded, UpgradeError>) {
        ask_at(bytes, &Served::at(Some("/mqtt"))).await
    }

    async fn ask_at(bytes: &[u8], served: &Served) -> (String, Result<Upgraded, UpgradeError>) {
        let (mut client, mut server) = tokio::io::duplex(64 * 1024);
        client.write_all(bytes).await.unwrap();
        client.shutdown().await.unwrap();
        let result = accept(&mut server, served).await;
        drop(server);
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        (answer, result)
    }

    #[tokio::test]
    async fn mqtt_6_0_0_4_mqtt_is_selected_and_the_frames_behind_are_kept() {
        let (answer, result) = ask(format!("{REQUEST}frames").as_bytes()).await;
        let upgraded = result.unwrap();
        assert_eq!(upgraded.early, b"frames");
        assert!(!upgraded.is_for_v3_1);
        assert!(
            answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n"),
            "{answer}"
        );
        for line in [
            "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n",
            "sec-websocket-protocol: mqtt\r\n",
        ] {
            assert!(answer.contains(line), "{answer}");
        }
    }

    /// Clients of MQTT 3.1 knew no other name; who offers both gets the newer one.
    #[tokio::test]
    async fn the_subprotocol_of_mqtt_3_1_is_selected_if_there_is_no_other() {
        for (offered, selected) in [("mqttv3.1", "mqttv3.1"), ("mqttv3.1, mqtt", "mqtt")] {
            let request = REQUEST.replacen("soap, mqtt", offered, 1);
            let (answer, result) = ask(request.as_bytes()).await;
            let line = format!("sec-websocket-protocol: {selected}\r\n");
            assert!(answer.contains(&line), "{answer}");
            assert_eq!(result.unwrap().is_for_v3_1, selected == "mqttv3.1");
        }
    }

    #[tokio::test]
    async fn without_a_path_every_path_is_served() {
        for path in ["/", "/mqtt", "/ws?token=x"] {
            let request = REQUEST.replacen("/mqtt?token=x", path, 1);
            let (answer, result) = ask_at(request.as_bytes(), &Served::at(None)).await;
            assert!(result.is_ok(), "{path}: {answer}");
        }
    }

    #[tokio::test]
    async fn what_is_wrong_is_answered_in_words() {
        for (from, to, status) in [
            ("GET /mqtt", "GET /", 404),
            ("GET", "POST", 405),
            ("Upgrade: WebSocket\r\n", "", 426),
            ("Connection: keep-alive, Upgrade\r\n", "", 426),
            ("Version: 13", "Version: 8", 426),
            ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", 400),
            ("soap, mqtt", "soap, mqttv3", 400),
            ("Sec-WebSocket-Protocol: soap, mqtt\r\n", "", 400),
            ("HTTP/1.1", "HTTP/1.0", 400),
            (
                "GET /mqtt?token=x HTTP/1.1",
                "\x10\x0e\0\x04MQTT\x04\x02",
                400,
            ),
        ] {
            assert!(REQUEST.contains(from));
            let (answer, result) = ask(REQUEST.replacen(from, to, 1).as_bytes()).await;
            let Err(UpgradeError::Refused(refusal)) = result else {
                panic!("{to:?}: {result:?}")
            };
            assert_eq!(refusal.status(), status, "{to:?}: {refusal}");
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{answer}"
            );
            assert!(
                answer.contains(&format!("\r\n\r\n{refusal}\nMQTT over")),
                "{answer}"
            );
        }
    }

    #[tokio::test]
    async fn a_request_without_end_is_not_read_for_ever() {
        let request = format!(
            "GET /mqtt HTTP/1.1\r\nCookie: {}",
            "a".repeat(2 * MAX_REQUEST)
        );
        let (_, result) = ask(request.as_bytes()).await;
        assert!(
            matches!(result, Err(UpgradeError::Refused(Refusal::TooLong))),
            "{result:?}"
        );
        let (answer, result) = ask(b"GET /mqtt HT").await;
        assert!(
            matches!(result, Err(UpgradeError::Closed)) && answer.is_empty(),
            "{result:?}"
        );
    }
}
