//! The socket of a TCP connection that the event queue learns of only when it has to wait.

use std::io::{self, IoSlice, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::unix::{AsyncFd, AsyncFdReadyGuard};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};

/// A TCP connection that a server accepted, or that a client begins among many others.
///
/// Most clients have sent their CONNECT by the time they are accepted, and most answers fit into the
/// socket's buffer. So the socket is registered with the event queue only when a read has to wait, and
/// for writing only once a write has had to wait. One task must do both the reading and the writing.
#[derive(Debug)]
pub struct LazyTcp {
    /// The registration with the event queue; dropped before the socket is closed.
    registration: Option<AsyncFd<Arc<TcpStream>>>,
    socket: Arc<TcpStream>,
    /// The last read left nothing to read.
    drained: bool,
    /// The registration is for writing too.
    is_for_writing: bool,
}

impl LazyTcp {
    /// A socket that does not block.
    pub(super) fn new(socket: TcpStream) -> Self {
        Self {
            registration: None,
            socket: Arc::new(socket),
            drained: false,
            is_for_writing: false,
        }
    }

    /// The other end.
    pub(super) fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.socket.peer_addr()
    }

    /// Makes closing the connection reset it.
    pub(super) fn set_zero_linger(&self) -> io::Result<()> {
        let at_once = Some(std::time::Duration::ZERO);
        Ok(rustix::net::sockopt::set_socket_linger(
            &*self.socket,
            at_once,
        )?)
    }

    /// Registers the socket with the event queue, which then reports at once what it is ready for.
    fn register(&mut self, interest: Interest) -> io::Result<()> {
        // A socket cannot be registered twice.
        self.registration = None;
        let socket = Arc::clone(&self.socket);
        #[expect(
            deprecated,
            reason = "what replaces it is unsafe, for types that may change their descriptor; a TcpStream cannot"
        )]
        let registration = AsyncFd::with_interest(socket, interest)?;
        self.registration = Some(registration);
        Ok(())
    }

    fn poll_write_with(
        &mut self,
        cx: &mut Context<'_>,
        mut write: impl FnMut(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            let registration = self.registration.as_ref().filter(|_| self.is_for_writing);
            let mut ready = match registration {
                Some(registration) => Some(ready!(registration.poll_write_ready(cx))?),
                None => None,
            };
            match write(&self.socket) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if let Some(ready) = &mut ready {
                        ready.clear_ready();
                        continue;
                    }
                    self.is_for_writing = true;
                    self.register(Interest::READABLE | Interest::WRITABLE)?;
                    // A task that was waiting for input did so on the old registration.
                    cx.waker().wake_by_ref();
                }
                result => return Poll::Ready(result),
            }
        }
    }
}

impl AsyncRead for LazyTcp {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.drained && this.registration.is_none() {
                this.register(Interest::READABLE)?;
            }
            let mut ready = match &this.registration {
                Some(registration) => Some(ready!(registration.poll_read_ready(cx))?),
                None => None,
            };
            let room = buffer.remaining();
            let read = match (&*this.socket).read(buffer.initialize_unfilled()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
                Err(error) => return Poll::Ready(Err(error)),
                Ok(count) => Some(count),
            };
            // More would have fitted, so nothing is left. At the end of the stream, though, the socket
            // stays readable.
            if read.is_none_or(|count| 0 < count && count < room) {
                this.drained = true;
                ready.as_mut().map(AsyncFdReadyGuard::clear_ready);
            }
            if let Some(count) = read {
                buffer.advance(count);
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl AsyncWrite for LazyTcp {
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
