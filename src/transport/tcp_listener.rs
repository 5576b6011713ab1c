//! A TCP socket that listens.

use std::cell::Cell;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::task::{Context, Poll, ready};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::net::sockopt::set_tcp_nodelay;
use rustix::time::Timespec;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Connections that the system holds until they are accepted; it may hold fewer.
const BACKLOG: i32 = 4096;

/// A TCP socket that listens.
#[derive(Debug)]
pub(super) struct TcpListener {
    socket: AsyncFd<std::net::TcpListener>,
    /// The last connection that was accepted was not the only one waiting.
    in_a_row: Cell<bool>,
}

impl TcpListener {
    /// Listens at the first address of `host` that is possible; port 0 picks a free one.
    pub(super) fn bind(host: &str, port: u16) -> io::Result<Self> {
        let socket = std::net::TcpListener::bind((host, port))?;
        socket.set_nonblocking(true)?;
        // The sockets it accepts inherit this. Without it only latency is lost.
        let _ = set_tcp_nodelay(&socket, true);
        // Clients that connect all at once should not have to try again after a second.
        rustix::net::listen(&socket, BACKLOG)?;
        #[expect(
            deprecated,
            reason = "what replaces it is unsafe, for types that may change their descriptor; a TcpListener cannot"
        )]
        let socket = AsyncFd::with_interest(socket, Interest::READABLE)?;
        Ok(Self {
            socket,
            in_a_row: Cell::new(false),
        })
    }

    pub(super) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.get_ref().local_addr()
    }

    /// Accepts a connection: its socket, which does not block, and where it comes from.
    pub(super) fn poll_accept(
        &self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        loop {
            let mut ready = ready!(self.socket.poll_read_ready(cx))?;
            let arrival = accept(self.socket.get_ref());
            match &arrival {
                Ok(_) => {
                    // To look whether another one is waiting is cheaper than an `accept` that fails. In
                    // a crowd it is cheaper not to look, and to let one `accept` fail at its end.
                    if !self.in_a_row.get() && is_empty(self.socket.get_ref()) {
                        ready.clear_ready();
                    } else {
                        self.in_a_row.set(true);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.in_a_row.set(false);
                    ready.clear_ready();
                    continue;
                }
                Err(_) => {}
            }
            return Poll::Ready(arrival);
        }
    }
}

#[cfg(target_os = "linux")]
fn accept(socket: &std::net::TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    use rustix::net::{SocketFlags, acceptfrom_with};

    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let (stream, peer) = acceptfrom_with(socket, flags)?;
    let peer = peer.and_then(|peer| SocketAddr::try_from(peer).ok());
    let peer = peer.ok_or(io::ErrorKind::ConnectionAborted)?;
    Ok((stream.into(), peer))
}

#[cfg(not(target_os = "linux"))]
fn accept(socket: &std::net::TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    let (stream, peer) = socket.accept()?;
    stream.set_nonblocking(true)?;
    Ok((stream, peer))
}

/// Whether nobody waits to be accepted.
fn is_empty(socket: &std::net::TcpListener) -> bool {
    let mut waiting = [PollFd::new(socket, PollFlags::IN)];
    poll(&mut waiting, Some(&Timespec::default())).is_ok_and(|count| count == 0)
}
