//! What a server keeps of a password.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use subtle::ConstantTimeEq;

use super::attributes::{decode, encode};
use super::crypto::{Hash, hash, hmac, salted_password};
use super::prepare::prepare_password;
use super::{Error, METHOD};

/// What a server keeps of a password: enough to verify it, not enough to log in with.
///
/// Prints and parses as RFC 5803 writes it: `SCRAM-SHA-256$4096:salt$StoredKey:ServerKey`.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    pub(super) salt: Vec<u8>,
    pub(super) iterations: NonZeroU32,
    pub(super) stored_key: Hash,
    pub(super) server_key: Hash,
}

impl Keys {
    /// The keys of a password. The time that this takes grows with the iterations.
    ///
    /// # Errors
    ///
    /// [`Error::Unprepared`].
    pub fn derive(password: &[u8], salt: &[u8], iterations: NonZeroU32) -> Result<Self, Error> {
        let salted = salted_password(&prepare_password(password)?, salt, iterations);
        Ok(Self {
            salt: salt.to_vec(),
            iterations,
            stored_key: hash(&hmac(&salted, b"Client Key")),
            server_key: hmac(&salted, b"Server Key"),
        })
    }

    /// Keys for an unknown user, which no password fits. They look like those of a known user, and are
    /// the same each time, so that nobody can find out who is known.
    pub fn decoy(username: &str, secret: &[u8; 32], iterations: NonZeroU32) -> Self {
        let mut salt = hmac(secret, username.as_bytes()).to_vec();
        salt.truncate(16);
        Self {
            stored_key: hmac(secret, &[b"stored", username.as_bytes()].concat()),
            server_key: hmac(secret, &[b"server", username.as_bytes()].concat()),
            salt,
            iterations,
        }
    }

    /// How often the password is hashed.
    pub fn iterations(&self) -> NonZeroU32 {
        self.iterations
    }

    /// Whether these are the keys of the password.
    pub fn verify(&self, password: &[u8]) -> bool {
        let keys = Self::derive(password, &self.salt, self.iterations);
        keys.is_ok_and(|keys| keys.stored_key.ct_eq(&self.stored_key).into())
    }
}

/// Hides the keys.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("iterations", &self.iterations)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{METHOD}${}:{}${}:{}",
            self.iterations,
            encode(&self.salt),
            encode(&self.stored_key),
            encode(&self.server_key)
        )
    }
}

/// Text that is not what [`Keys`] print as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it should read SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey")]
pub struct NotKeys;

impl FromStr for Keys {
    type Err = NotKeys;

    fn from_str(text: &str) -> Result<Self, NotKeys> {
        fn keys(text: &str) -> Option<Keys> {
            let rest = text.strip_prefix(METHOD)?.strip_prefix('$')?;
            let (cost, keys) = rest.split_once('$')?;
            let (iterations, salt) = cost.split_once(':')?;
            let (stored_key, server_key) = keys.split_once(':')?;
            Some(Keys {
                iterations: iterations.parse().ok()?,
                salt: decode(salt).ok()?,
                stored_key: decode(stored_key).ok()?.try_into().ok()?,
                server_key: decode(server_key).ok()?.try_into().ok()?,
            })
        }
        keys(text).ok_or(NotKeys)
    }
}
