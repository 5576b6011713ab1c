//! Clients that mistake the broker for something else: they do not speak MQTT.

/// What a client that begins so takes the listener for, and what to do about it.
pub(super) fn protocol(first: &[u8]) -> Option<&'static str> {
    match first {
        // A handshake record of TLS 1.x, whose first message is a ClientHello.
        [0x16, 0x03, ..] => Some("it speaks TLS: that is for a listener mqtts:// or wss://"),
        [b'G', b'E', b'T', b' ', ..] => {
            Some("it speaks HTTP: WebSockets are for a listener ws:// or wss://")
        }
        [b'P', b'R', b'O', b'X', b'Y', b' ', ..] | [b'\r', b'\n', b'\r', b'\n', 0, ..] => {
            Some("it speaks the PROXY protocol: set the proxy to pass on only what clients send")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_mqtt_is_mistaken() {
        assert!(protocol(b"\x16\x03\x01\x02\x00\x01").is_some_and(|hint| hint.contains("TLS")));
        assert!(protocol(b"GET /mqtt HTTP/1.1\r\n").is_some_and(|hint| hint.contains("HTTP")));
        for proxy in [&b"PROXY TCP4 "[..], b"\r\n\r\n\0\r\nQUIT\n"] {
            assert!(protocol(proxy).is_some_and(|hint| hint.contains("PROXY")));
        }
        for other in [
            &b""[..],
            b"\x16",
            b"GE",
            b"\x10\x0c\x00\x04MQTT",
            b"\x12\x00",
        ] {
            assert_eq!(protocol(other), None, "{other:?}");
        }
    }
}
