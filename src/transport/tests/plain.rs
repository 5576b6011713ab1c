//! TCP, Unix sockets and the time limit.

use tokio::net::UnixListener;

use super::*;

#[tokio::test]
async fn tcp_carries_bytes_and_writes_vectored() {
    let (listener, target) = listen().await;
    let server = tokio::spawn(async move { echo(Stream::from(accept(&listener).await)).await });
    let mut stream = connect(&target).await.unwrap();
    assert!(matches!(&stream, Stream::Tcp(tcp) if tcp.nodelay().unwrap()));
    assert!(stream.is_write_vectored());
    assert_eq!(
        stream.peer_address().unwrap(),
        target.address.to_string().replace("localhost", "127.0.0.1")
    );
    assert_echoes(&mut stream).await;
    drop(stream);
    server.await.unwrap();
}

#[tokio::test]
async fn a_refused_connection_names_host_and_address() {
    let (listener, target) = listen().await;
    drop(listener);
    let error = failure(&target).await;
    assert!(
        error.starts_with(&format!(
            "cannot connect to {}: connection refused (127.0.0.1, ::1): is ",
            target.address
        )),
        "{error}"
    );
}

#[tokio::test]
async fn unix_sockets_carry_bytes() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("broker.sock");
    let target = Target::new(Address::Unix(path.clone()));
    let error = failure(&target).await;
    assert_eq!(
        error,
        format!(
            "cannot connect to {}: there is no such socket",
            path.display()
        )
    );

    let listener = UnixListener::bind(&path).unwrap();
    let server =
        tokio::spawn(async move { echo(Stream::from(listener.accept().await.unwrap().0)).await });
    let mut stream = connect(&target).await.unwrap();
    assert_eq!(stream.peer_address().unwrap(), path.display().to_string());
    assert_echoes(&mut stream).await;
    drop(stream);
    server.await.unwrap();
    assert!(
        failure(&target)
            .await
            .contains("nothing listens on this socket")
    );
}

#[tokio::test]
async fn options_that_contradict_each_other_are_refused() {
    let mut target = Target::new(Address::Unix("/run/m.sock".into()));
    target.tls = Some(crate::transport::TlsOptions::default());
    let error = Connector::new(&target).unwrap_err();
    assert!(
        error.is_permanent() && error.to_string().contains("TLS"),
        "{error}"
    );
    target.tls = None;
    target.proxy = Some("socks5h://p".parse().unwrap());
    assert!(
        Connector::new(&target)
            .unwrap_err()
            .to_string()
            .contains("proxy")
    );
}

#[tokio::test]
async fn the_limit_covers_every_phase_and_names_it() {
    let (listener, plain) = listen().await;
    let insecure = crate::transport::TlsOptions {
        insecure: true,
        ..Default::default()
    };
    let tls = Target {
        tls: Some(insecure),
        ..plain.clone()
    };
    let websocket = Target {
        websocket: Some(Default::default()),
        ..plain.clone()
    };
    let proxy = Target {
        proxy: Some(format!("socks5h://{}", plain.address).parse().unwrap()),
        ..plain.clone()
    };
    for (target, words) in [
        (tls, "TLS handshake"),
        (websocket, "WebSocket request"),
        (proxy, "the proxy"),
    ] {
        // The listener's queue takes the connection, and nobody ever answers.
        let error = Connector::new(&target)
            .unwrap()
            .connect_within(Duration::from_millis(50))
            .await
            .unwrap_err();
        assert!(matches!(error, ConnectError::Timeout { .. }), "{error}");
        assert!(
            error.to_string().contains("within 0.05 s") && error.to_string().contains(words),
            "{error}"
        );
    }
    drop(listener);
}
