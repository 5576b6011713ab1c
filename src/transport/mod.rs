//! Byte streams to and from a peer: TCP, TLS, WebSocket, Unix sockets, SOCKS5. No MQTT here.
