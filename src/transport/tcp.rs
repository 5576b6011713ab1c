//! TCP connections: every address of a name is tried, and none can use up all the time.

use std::io;
use std::net::{self, IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketType, sockopt};
use tokio::net::{TcpStream, lookup_host};

use super::error::{ConnectError, reason};
use super::race::race;
use super::target::host_and_port;

/// How long an attempt goes alone before the next address is tried too (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// How to open a TCP connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Options {
    /// The local address to connect from.
    pub bind: Option<IpAddr>,
    /// TCP_NODELAY.
    pub nodelay: bool,
}

/// The addresses of a host, in the order to try them.
pub(super) async fn resolve(
    host: &str,
    port: u16,
    options: Options,
) -> Result<Vec<SocketAddr>, ConnectError> {
    let found = if let Some(known) = known(host, port) {
        known
    } else {
        let found = lookup_host((host, port)).await.map_err(|error| {
            let text = reason(&error);
            let plain = text.strip_prefix("failed to lookup address information: ");
            ConnectError::Name {
                host: host.to_owned(),
                reason: plain.unwrap_or(&text).to_owned(),
            }
        })?;
        interleave(found.collect())
    };
    let usable: Vec<_> = match options.bind {
        Some(bind) => found
            .into_iter()
            .filter(|address| address.is_ipv4() == bind.is_ipv4())
            .collect(),
        None => found,
    };
    if usable.is_empty() {
        let reason = match options.bind {
            Some(bind) => format!(
                "it has no {} address, as {bind} asks for",
                if bind.is_ipv4() { "IPv4" } else { "IPv6" }
            ),
            None => "it has no address".to_owned(),
        };
        return Err(ConnectError::Name {
            host: host.to_owned(),
            reason,
        });
    }
    Ok(usable)
}

/// The addresses of a host that nobody needs to be asked for, in the order to try them.
pub(super) fn known(host: &str, port: u16) -> Option<Vec<SocketAddr>> {
    let addresses = match host.parse::<IpAddr>() {
        Ok(address) => vec![address],
        // RFC 6761, section 6.3: always loopback. Asking costs more than the connection.
        Err(_) if host.eq_ignore_ascii_case("localhost") => {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        }
        Err(_) => return None,
    };
    let with_port = |address| SocketAddr::new(address, port);
    Some(addresses.into_iter().map(with_port).collect())
}

/// Alternates between the families, in the resolver's order (RFC 8305, section 4): where one
/// family is broken, the second attempt succeeds.
fn interleave(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_ipv4 = addresses.first().is_some_and(SocketAddr::is_ipv4);
    let (first, second): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .partition(|address| address.is_ipv4() == first_is_ipv4);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut order = Vec::new();
    loop {
        let pair = [first.next(), second.next()];
        if pair == [None, None] {
            return order;
        }
        order.extend(pair.into_iter().flatten());
    }
}

/// Connects to whichever address answers first. Each has a head start over the next one.
pub(super) async fn connect(
    host: &str,
    port: u16,
    addresses: Vec<SocketAddr>,
    options: Options,
) -> Result<TcpStream, ConnectError> {
    let failed = |tried| ConnectError::Tcp {
        address: host_and_port(host, port),
        tried,
    };
    if let [only] = addresses[..] {
        return attempt(only, options)
            .await
            .map_err(|error| failed(vec![(only, error)]));
    }
    let attempts = addresses.into_iter().map(|address| async move {
        attempt(address, options)
            .await
            .map_err(|error| (address, error))
    });
    race(attempts, HEAD_START).await.map_err(failed)
}

async fn attempt(address: SocketAddr, options: Options) -> io::Result<TcpStream> {
    let tcp = TcpStream::from_std(begin(address, options)?)?;
    tcp.writable().await?;
    match tcp.take_error()? {
        Some(error) => Err(error),
        None => Ok(tcp),
    }
}

/// Begins a connection, and waits for nothing.
pub(super) fn begin(address: SocketAddr, options: Options) -> io::Result<net::TcpStream> {
    let socket = socket(address)?;
    if let Some(bind) = options.bind {
        share_ports(&socket);
        rustix::net::bind(&socket, &SocketAddr::new(bind, 0)).map_err(|errno| {
            let error = io::Error::from(errno);
            io::Error::new(
                error.kind(),
                format!("cannot connect from {bind}: {}", reason(&error)),
            )
        })?;
    }
    if options.nodelay {
        sockopt::set_tcp_nodelay(&socket, true)?;
    }
    match rustix::net::connect(&socket, &address) {
        Ok(()) | Err(Errno::INPROGRESS) => Ok(socket.into()),
        Err(errno) => Err(errno.into()),
    }
}

/// A socket that does not block, and that child processes do not inherit.
fn socket(address: SocketAddr) -> io::Result<OwnedFd> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    #[cfg(target_os = "linux")]
    {
        use rustix::net::{SocketFlags, socket_with};

        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        Ok(socket_with(family, SocketType::STREAM, flags, None)?)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let socket = rustix::net::socket(family, SocketType::STREAM, None)?;
        rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
        rustix::io::ioctl_fionbio(&socket, true)?;
        Ok(socket)
    }
}

/// Lets the system choose the local port when it knows the destination. Connections to different
/// destinations can then share a port number, and there can be as many as without a local address.
fn share_ports(socket: &OwnedFd) {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::socket::{setsockopt, sockopt::IpBindAddressNoPort};

        // Older kernels choose the port at once.
        let _ = setsockopt(socket, IpBindAddressNoPort, &true);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = socket;
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpSocket};
    use tokio::time::timeout;

    use super::*;

    const OPTIONS: Options = Options {
        bind: None,
        nodelay: true,
    };

    #[test]
    fn families_alternate_beginning_with_the_resolvers_choice() {
        let list = |text: &str| -> Vec<SocketAddr> {
            text.split(' ').map(|word| word.parse().unwrap()).collect()
        };
        assert_eq!(
            interleave(list("[::1]:1 [::2]:1 [::3]:1 1.1.1.1:1")),
            list("[::1]:1 1.1.1.1:1 [::2]:1 [::3]:1")
        );
        assert_eq!(
            interleave(list("1.1.1.1:1 [::1]:1")),
            list("1.1.1.1:1 [::1]:1")
        );
    }

    #[tokio::test]
    async fn a_name_that_does_not_exist_is_named() {
        let error = resolve("no-such-host.invalid", 1883, OPTIONS)
            .await
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("cannot find the host \"no-such-host.invalid\": "),
            "{error}"
        );
        assert!(!error.contains("lookup address information"), "{error}");
    }

    #[tokio::test]
    async fn the_bind_address_chooses_the_family() {
        let bind = Some(IpAddr::from(Ipv6Addr::LOCALHOST));
        let options = Options { bind, ..OPTIONS };
        let found = resolve("localhost", 1883, options).await.unwrap();
        assert_eq!(found, ["[::1]:1883".parse().unwrap()]);
        let error = resolve("127.0.0.1", 1883, options)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("no IPv6 address"), "{error}");
    }

    #[tokio::test]
    async fn a_refusing_address_is_passed_over() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let open = listener.local_addr().unwrap();
        let closed = {
            let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
            gone.local_addr().unwrap()
        };
        let stream = connect("test", 1, vec![closed, closed, open], OPTIONS)
            .await
            .unwrap();
        assert_eq!(stream.peer_addr().unwrap(), open);
        assert!(stream.nodelay().unwrap());
        let error = connect("test", 1, vec![closed, closed], OPTIONS)
            .await
            .unwrap_err();
        assert!(
            matches!(&error, ConnectError::Tcp { tried, .. } if tried.len() == 2),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_silent_address_does_not_use_up_all_the_time() {
        // A listener whose queue is full drops what else arrives.
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let full = socket.listen(1).unwrap();
        let silent = full.local_addr().unwrap();
        let mut queued = Vec::new();
        while let Ok(stream) = timeout(HEAD_START, TcpStream::connect(silent)).await {
            queued.push(stream.unwrap());
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let open = listener.local_addr().unwrap();
        let connecting = connect("test", 1, vec![silent, open], OPTIONS);
        let stream = timeout(Duration::from_secs(5), connecting)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(stream.peer_addr().unwrap(), open);
    }

    #[tokio::test]
    async fn the_source_address_is_the_one_asked_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let bind = "127.0.0.2".parse().unwrap();
        let stream = connect(
            "test",
            1,
            vec![address],
            Options {
                bind: Some(bind),
                nodelay: false,
            },
        )
        .await
        .unwrap();
        assert_eq!(stream.local_addr().unwrap().ip(), bind);
        let foreign = Some("192.0.2.7".parse().unwrap());
        let error = connect(
            "test",
            1,
            vec![address],
            Options {
                bind: foreign,
                nodelay: true,
            },
        )
        .await
        .unwrap_err();
        assert!(
            error.to_string().contains("cannot connect from 192.0.2.7"),
            "{error}"
        );
    }
}
