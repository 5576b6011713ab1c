//! One question to one DNS server (RFC 1035, section 4.2; RFC 7766).

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use domain::base::name::Name;
use domain::base::{Message, MessageBuilder, Rtype};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use super::Answer;

/// Longer than any answer over UDP to a query without EDNS.
const DATAGRAM: usize = 1232;

/// A question, ready to send.
pub(super) struct Query(Message<Vec<u8>>);

impl Query {
    /// # Errors
    ///
    /// There is no randomness to be had, or no room for the name.
    pub fn new(name: &Name<Vec<u8>>, record_type: Rtype) -> Result<Self, String> {
        // Whoever guesses the ID may answer in the server's place: not from a mere fastrand.
        let mut id = [0; 2];
        rustls::crypto::ring::default_provider()
            .secure_random
            .fill(&mut id)
            .map_err(|_| "the system has no random numbers".to_owned())?;
        let mut builder = MessageBuilder::new_vec();
        builder.header_mut().set_id(u16::from_ne_bytes(id));
        builder.header_mut().set_rd(true);
        let mut builder = builder.question();
        builder
            .push((name, record_type))
            .map_err(|error| error.to_string())?;
        Ok(Self(builder.into_message()))
    }

    fn is_answered_by(&self, answer: &Answer) -> bool {
        answer.is_answer(self.0.for_slice())
    }
}

/// The server's answer, whatever it says; `None` if there is none in time.
pub(super) async fn exchange(
    server: SocketAddr,
    query: &Query,
    patience: Duration,
) -> Option<Answer> {
    let answer = timeout(patience, over_udp(server, query))
        .await
        .ok()?
        .ok()?;
    if !answer.header().tc() {
        return Some(answer);
    }
    timeout(patience, over_tcp(server, query)).await.ok()?.ok()
}

async fn over_udp(server: SocketAddr, query: &Query) -> io::Result<Answer> {
    let local = match server {
        SocketAddr::V4(_) => IpAddr::from(Ipv4Addr::UNSPECIFIED),
        SocketAddr::V6(_) => IpAddr::from(Ipv6Addr::UNSPECIFIED),
    };
    let socket = UdpSocket::bind((local, 0)).await?;
    socket.connect(server).await?;
    socket.send(query.0.as_slice()).await?;
    let mut datagram = [0; DATAGRAM];
    loop {
        let length = socket.recv(&mut datagram).await?;
        // Anything else is an answer to somebody else, or forged: the right one may follow.
        match Message::from_octets(datagram[..length].to_vec()) {
            Ok(answer) if query.is_answered_by(&answer) => return Ok(answer),
            _ => {}
        }
    }
}

async fn over_tcp(server: SocketAddr, query: &Query) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(server).await?;
    let question = query.0.as_slice();
    let mut message = (question.len() as u16).to_be_bytes().to_vec();
    message.extend_from_slice(question);
    stream.write_all(&message).await?;
    let mut answer = vec![0; stream.read_u16().await?.into()];
    stream.read_exact(&mut answer).await?;
    Message::from_octets(answer)
        .ok()
        .filter(|answer| query.is_answered_by(answer))
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}
