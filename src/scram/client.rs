//! The client, which proves itself first.

use std::num::NonZeroU32;

use subtle::ConstantTimeEq;

use super::Error;
use super::attributes::{Attributes, decode, encode, escape, text};
use super::crypto::{Hash, hash, hmac, salted_password, xor};
use super::prepare::{prepare_password, prepare_username};

/// The most iterations that a client does: each costs time, and it is the server that asks for them.
const MAX_ITERATIONS: u32 = 10_000_000;

/// The client's side of one exchange.
pub struct Client {
    password: Vec<u8>,
    nonce: String,
    /// Its first message, without the header.
    first_bare: String,
    /// The signature with which the server has to prove itself.
    expected: Option<Hash>,
}

impl Client {
    /// A client with a `nonce` of printable ASCII without commas, for one exchange only.
    ///
    /// # Errors
    ///
    /// [`Error::Unprepared`].
    pub fn new(username: &str, password: &[u8], nonce: &str) -> Result<Self, Error> {
        let username = prepare_username(username)?;
        Ok(Self {
            password: prepare_password(password)?.into_owned(),
            nonce: nonce.to_owned(),
            first_bare: format!("n={},r={nonce}", escape(&username)),
            expected: None,
        })
    }

    /// Its first message.
    pub fn first(&self) -> Vec<u8> {
        format!("n,,{}", self.first_bare).into_bytes()
    }

    /// Its second message, in answer to the first of the server.
    ///
    /// # Errors
    ///
    /// The server's message is malformed, or asks for too much.
    pub fn answer(&mut self, server_first: &[u8]) -> Result<Vec<u8>, Error> {
        let server_first = text(server_first)?;
        let mut attributes = Attributes::of(server_first);
        let nonce = attributes.next('r')?;
        let is_ours = nonce.starts_with(&self.nonce) && nonce.len() > self.nonce.len();
        if !is_ours {
            return Err(Error::Malformed("the nonce is another"));
        }
        let salt = decode(attributes.next('s')?)?;
        let iterations: NonZeroU32 = attributes
            .next('i')?
            .parse()
            .map_err(|_| Error::Malformed("the iteration count is no number"))?;
        if iterations.get() > MAX_ITERATIONS {
            return Err(Error::Unsupported("more than 10,000,000 iterations"));
        }
        let salted = salted_password(&self.password, &salt, iterations);
        let client_key = hmac(&salted, b"Client Key");
        let answer = format!("c={},r={nonce}", encode(b"n,,"));
        let exchange = format!("{},{server_first},{answer}", self.first_bare);
        let signature = hmac(&hash(&client_key), exchange.as_bytes());
        let server_key = hmac(&salted, b"Server Key");
        self.expected = Some(hmac(&server_key, exchange.as_bytes()));
        let proof = encode(&xor(&client_key, &signature));
        Ok(format!("{answer},p={proof}").into_bytes())
    }

    /// Checks, by its second message, that the server knows the password too.
    ///
    /// # Errors
    ///
    /// It does not, or it says that the client does not.
    pub fn verify(&self, server_final: &[u8]) -> Result<(), Error> {
        let server_final = text(server_final)?;
        if server_final.starts_with("e=") {
            return Err(Error::Refused);
        }
        let signature = decode(Attributes::of(server_final).next('v')?)?;
        let is_true = self
            .expected
            .is_some_and(|expected| expected.ct_eq(signature.as_slice()).into());
        match is_true {
            true => Ok(()),
            false => Err(Error::FalseServer),
        }
    }
}
