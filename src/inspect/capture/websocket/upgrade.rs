//! The handshake of a WebSocket.

/// Where the bytes after the handshake begin, once it is whole.
pub(in super::super) fn end_of_handshake(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4)
}

/// What a handshake, of either side, says of what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Upgrade {
    /// No WebSocket.
    None,
    /// A WebSocket, of whatever.
    Something,
    /// A WebSocket of the subprotocol `mqtt` or `mqttv3.1`.
    Mqtt,
}

impl Upgrade {
    /// Reads the lines of a handshake.
    pub fn of(handshake: &[u8]) -> Upgrade {
        let mut upgrade = Upgrade::None;
        let mut mqtt = false;
        for line in handshake.split(|byte| *byte == b'\n') {
            let Some(colon) = memchr::memchr(b':', line) else {
                continue;
            };
            let (name, value) = line.split_at(colon);
            let mut values = value.split(|byte| matches!(byte, b':' | b',' | b' ' | b'\t' | b'\r'));
            if name.eq_ignore_ascii_case(b"upgrade") {
                if values.any(|value| value.eq_ignore_ascii_case(b"websocket")) {
                    upgrade = Upgrade::Something;
                }
            } else if name.eq_ignore_ascii_case(b"sec-websocket-protocol") {
                mqtt |= values.any(|value| {
                    value.eq_ignore_ascii_case(b"mqtt") || value.eq_ignore_ascii_case(b"mqttv3.1")
                });
            }
        }
        match upgrade {
            Upgrade::Something if mqtt => Upgrade::Mqtt,
            upgrade => upgrade,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handshakes() {
        let client = b"GET /mqtt HTTP/1.1\r\nHost: a\r\nupgrade: WebSocket\r\n\
            Sec-WebSocket-Protocol: chat, mqttv3.1\r\n\r\n";
        assert_eq!(Upgrade::of(client), Upgrade::Mqtt);
        assert_eq!(
            Upgrade::of(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
            Upgrade::None
        );
        let server = b"HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        assert_eq!(Upgrade::of(server), Upgrade::Something);
        assert_eq!(end_of_handshake(server), Some(server.len()));
    }
}
