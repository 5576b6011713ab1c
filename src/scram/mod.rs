//! SCRAM-SHA-256 (RFC 5802, RFC 7677): proving knowledge of a password without sending it.
//!
//! Pure: what each side sends and expects, as bytes. The nonces come from the caller. User names and
//! passwords are prepared with SASLprep (RFC 4013), so that it does not matter how an accented letter
//! was typed.
//!
//! ```
//! use mqtk::scram::{Client, ClientFirst, Keys, Server};
//!
//! let keys = Keys::derive(b"pencil", b"a salt", 4096.try_into()?)?;
//!
//! let mut client = Client::new("user", b"pencil", "nonce-of-the-client")?;
//! let first = ClientFirst::parse(&client.first())?;
//! assert_eq!(first.username(), "user");
//!
//! let server = Server::new(first, keys, "nonce-of-the-server");
//! let answer = client.answer(&server.first())?;
//! let proof = server.verify(&answer)?;
//! client.verify(&proof)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attributes;
mod client;
mod crypto;
mod keys;
mod prepare;
mod server;
#[cfg(test)]
mod tests;

pub use client::Client;
pub use keys::{Keys, NotKeys};
pub use prepare::prepare_username;
pub use server::{ClientFirst, Server};

/// The name of the Authentication Method.
pub const METHOD: &str = "SCRAM-SHA-256";

/// Why an exchange failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A message is not what it should be.
    #[error("a SCRAM message is malformed: {0}")]
    Malformed(&'static str),
    /// The peer asks for something that this side does not support.
    #[error("the SCRAM exchange needs {0}, which is not supported")]
    Unsupported(&'static str),
    /// A user name or password has characters that SASLprep does not allow, or is not UTF-8.
    #[error("the {0} has characters that SCRAM does not allow (RFC 4013)")]
    Unprepared(&'static str),
    /// The client does not know the password.
    #[error("wrong password")]
    WrongPassword,
    /// The server does not know the password either.
    #[error("the broker does not prove that it knows the password")]
    FalseServer,
    /// The server refuses the client in its last message.
    #[error("the broker refuses the SCRAM exchange")]
    Refused,
}
