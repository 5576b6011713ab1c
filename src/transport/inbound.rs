//! The socket of a TCP connection that a server accepted.

use std::io::{self, IoSlice, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::unix::{AsyncFd, AsyncFdReadyGuard};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};

/// A TCP connection that a server accepted.
///
/// Most of what comes from a client is there when it is accepted, and most answers find room: so
/// the event queue is told of the socket only when a read has to wait, and asked about room only
/// once a write had to. One task is to do both the reading and the writing.
#[derive(Debug)]
pub struct Inbound {
    /// Its place in the event queue, given up before the socket is closed.
    place: Option<AsyncFd<Arc<TcpStream>>>,
    socket: Arc<TcpStream>,
    /// Nothing is left to read, as far as the last read showed.
    drained: bool,
    /// The event queue tells of room for output too.
    waits_for_room: bool,
}

impl Inbound {
    /// A socket that does not block.
    pub(super) fn new(socket: TcpStream) -> Self {
        Self {
            place: None,
            socket: Arc::new(socket),
            drained: false,
            waits_for_room: false,
        }
    }

    /// The other end.
    pub(super) fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.socket.peer_addr()
    }

    /// Makes the close of the connection a reset.
    pub(super) fn set_zero_linger(&self) -> io::Result<()> {
        let at_once = Some(std::time::Duration::ZERO);
        Ok(rustix::net::sockopt::set_socket_linger(
            &*self.socket,
            at_once,
        )?)
    }

    /// Enters the socket in the event queue, which then tells at once what there is.
    fn enter(&mut self, interest: Interest) -> io::Result<()> {
        // No socket may have two places.
        self.place = None;
        let socket = Arc::clone(&self.socket);
        #[expect(
            deprecated,
            reason = "what replaces it is unsafe, for types that may change their descriptor; a TcpStream cannot"
        )]
        let place = AsyncFd::with_interest(socket, interest)?;
        self.place = Some(place);
        Ok(())
    }

    fn poll_write_with(
        &mut self,
        cx: &mut Context<'_>,
        mut write: impl FnMut(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            let place = self.place.as_ref().filter(|_| self.waits_for_room);
            let mut ready = match place {
                Some(place) => Some(ready!(place.poll_write_ready(cx))?),
                None => None,
            };
            match write(&self.socket) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if let Some(ready) = &mut ready {
                        ready.clear_ready();
                        continue;
                    }
                    self.waits_for_room = true;
                    self.enter(Interest::READABLE | Interest::WRITABLE)?;
                    // Whoever waited for input did so at the old place.
                    cx.waker().wake_by_ref();
                }
                result => return Poll::Ready(result),
            }
        }
    }
}

impl AsyncRead for Inbound {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.drained && this.place.is_none() {
                this.enter(Interest::READABLE)?;
            }
            let mut ready = match &this.place {
                Some(place) => Some(ready!(place.poll_read_ready(cx))?),
                None => None,
            };
            let room = buffer.remaining();
            let is_drained = match (&*this.socket).read(buffer.initialize_unfilled()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
                Err(error) => return Poll::Ready(Err(error)),
                Ok(count) => Some(count),
            };
            // What is left would have found room. Of an end, the event queue tells once more.
            if is_drained.is_none_or(|count| 0 < count && count < room) {
                this.drained = true;
                ready.as_mut().map(AsyncFdReadyGuard::clear_ready);
            }
            if let Some(count) = is_drained {
                buffer.advance(count);
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl AsyncWrite for Inbound {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.get_mut()
            .poll_write_with(cx, |mut socket| socket.write(bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.get_mut()
            .poll_write_with(cx, |mut socket| match slices {
                [only] => socket.write(only),
                _ => socket.write_vectored(slices),
            })
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.socket.shutdown(Shutdown::Write))
    }
}
