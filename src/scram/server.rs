//! The server, which does not know the password.

use subtle::ConstantTimeEq;

use super::Error;
use super::attributes::{Attributes, decode, encode, text, unescape};
use super::crypto::{Hash, hash, hmac, xor};
use super::keys::Keys;
use super::prepare::prepare_username;

/// The first message of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientFirst {
    username: String,
    nonce: String,
    /// Its header, which the client will have to repeat.
    header: String,
    /// The message without the header.
    bare: String,
}

impl ClientFirst {
    /// Reads the message.
    ///
    /// # Errors
    ///
    /// It is malformed, or asks for channel binding.
    pub fn parse(message: &[u8]) -> Result<Self, Error> {
        let message = text(message)?;
        let mut parts = message.splitn(3, ',');
        let (binding, authorization, bare) = (parts.next(), parts.next(), parts.next());
        let (Some(binding), Some(authorization), Some(bare)) = (binding, authorization, bare)
        else {
            return Err(Error::Malformed("it is cut off"));
        };
        match binding {
            "n" | "y" => {}
            _ if binding.starts_with("p=") => return Err(Error::Unsupported("channel binding")),
            _ => return Err(Error::Malformed("it does not say n, y or p")),
        }
        let mut attributes = Attributes::of(bare);
        let name = attributes.next('n')?;
        let nonce = attributes.next('r')?;
        match authorization.strip_prefix("a=") {
            Some(other) if other != name => return Err(Error::Unsupported("another identity")),
            None if !authorization.is_empty() => {
                return Err(Error::Malformed("the identity is not where it should be"));
            }
            _ => {}
        }
        if nonce.is_empty() {
            return Err(Error::Malformed("it has no nonce"));
        }
        Ok(Self {
            username: prepare_username(&unescape(name)?)?.into_owned(),
            nonce: nonce.to_owned(),
            header: format!("{binding},{authorization},"),
            bare: bare.to_owned(),
        })
    }

    /// Who the client says it is, prepared with SASLprep.
    pub fn username(&self) -> &str {
        &self.username
    }
}

/// The server's side of one exchange.
#[derive(Debug)]
pub struct Server {
    keys: Keys,
    client: ClientFirst,
    /// Both nonces.
    nonce: String,
}

impl Server {
    /// A server with a `nonce` of printable ASCII without commas, for one exchange only.
    pub fn new(client: ClientFirst, keys: Keys, nonce: &str) -> Self {
        Self {
            nonce: format!("{}{nonce}", client.nonce),
            keys,
            client,
        }
    }

    /// Its first message.
    pub fn first(&self) -> Vec<u8> {
        self.first_text().into_bytes()
    }

    fn first_text(&self) -> String {
        let Keys {
            salt, iterations, ..
        } = &self.keys;
        format!("r={},s={},i={iterations}", self.nonce, encode(salt))
    }

    /// Its second message, if that of the client proves that it knows the password.
    ///
    /// # Errors
    ///
    /// It does not, or is malformed.
    pub fn verify(&self, client_final: &[u8]) -> Result<Vec<u8>, Error> {
        let client_final = text(client_final)?;
        let mut attributes = Attributes::of(client_final);
        let header = decode(attributes.next('c')?)?;
        let nonce = attributes.next('r')?;
        if header != self.client.header.as_bytes() || nonce != self.nonce {
            return Err(Error::Malformed("it belongs to another exchange"));
        }
        let (answer, proof) = client_final
            .rsplit_once(",p=")
            .ok_or(Error::Malformed("it has no proof"))?;
        let proof: Hash = decode(proof)?
            .try_into()
            .map_err(|_| Error::Malformed("the proof has another length"))?;
        let exchange = format!("{},{},{answer}", self.client.bare, self.first_text());
        let signature = hmac(&self.keys.stored_key, exchange.as_bytes());
        let client_key = xor(&proof, &signature);
        if !bool::from(hash(&client_key).ct_eq(&self.keys.stored_key)) {
            return Err(Error::WrongPassword);
        }
        let signature = hmac(&self.keys.server_key, exchange.as_bytes());
        Ok(format!("v={}", encode(&signature)).into_bytes())
    }
}
