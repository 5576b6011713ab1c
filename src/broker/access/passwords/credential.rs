//! What is kept of a password, and how it is compared with one.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use argon2::Argon2;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, pbkdf2};
use subtle::ConstantTimeEq;

use crate::scram::Keys;

/// The length of SHA-512.
const SHA512: usize = digest::SHA512_OUTPUT_LEN;
/// Bytes of a salt, as Mosquitto takes them.
const SALT: usize = 12;
/// Memory that Argon2 may ask for, in KiB: a password file must not bring the broker down.
const MAX_MEMORY: u32 = 1 << 20;

/// What is kept of a password. Prints and parses as it stands in a password file.
///
/// ```
/// use mqtk::broker::{Credential, HashKind};
///
/// let kind = HashKind::Sha512Pbkdf2 { iterations: 1000.try_into()? };
/// let credential = Credential::new(b"secret", kind)?;
/// assert!(credential.verify(b"secret"));
/// assert!(credential.to_string().starts_with("$7$1000$"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Credential(Scheme);

#[derive(Clone)]
enum Scheme {
    /// `$6$salt$hash`: Mosquitto up to 1.6.
    Sha512 { salt: Vec<u8>, hash: Vec<u8> },
    /// `$7$iterations$salt$hash`: Mosquitto 2.0.
    Sha512Pbkdf2 {
        iterations: NonZeroU32,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
    /// `$argon2id$v=19$m=…,t=…,p=…$salt$hash`
    Argon2id {
        cost: argon2::Params,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
    /// `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`
    Scram(Keys),
}

/// How to hash a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashKind {
    /// PBKDF2 with HMAC-SHA-512, which Mosquitto reads.
    Sha512Pbkdf2 {
        /// How often to hash.
        iterations: NonZeroU32,
    },
    /// Argon2id with 19 MiB of memory and 2 passes.
    Argon2id,
    /// Keys for SCRAM-SHA-256, which also tell whether a password is right.
    ScramSha256 {
        /// How often to hash, by the broker and by its clients.
        iterations: NonZeroU32,
    },
}

/// Why text is not a [`Credential`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadCredential {
    /// It is of no known kind.
    #[error("the password is not hashed")]
    NotHashed,
    /// It is of a known kind, and wrong.
    #[error("the password hash is garbled")]
    Garbled,
    /// It asks for more than 1 GiB of memory.
    #[error("the password hash needs more than 1 GiB of memory")]
    TooCostly,
    /// Keys for SCRAM are made of text without control characters (RFC 4013) only.
    #[error("the password has characters that SCRAM does not allow (RFC 4013)")]
    NotText,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    NoRandom,
}

impl Credential {
    /// Hashes a password with a new salt. It takes its time.
    ///
    /// # Errors
    ///
    /// [`BadCredential::NoRandom`] or [`BadCredential::NotText`].
    pub fn new(password: &[u8], kind: HashKind) -> Result<Self, BadCredential> {
        let mut salt = vec![0; SALT];
        let random = SystemRandom::new();
        random
            .fill(&mut salt)
            .map_err(|_| BadCredential::NoRandom)?;
        Ok(Self(match kind {
            HashKind::Sha512Pbkdf2 { iterations } => Scheme::Sha512Pbkdf2 {
                hash: sha512_pbkdf2(password, &salt, iterations, SHA512),
                iterations,
                salt,
            },
            HashKind::Argon2id => {
                let cost = argon2::Params::default();
                let hash = argon2id(password, &salt, &cost, argon2::Params::DEFAULT_OUTPUT_LEN);
                let hash = hash.ok_or(BadCredential::TooCostly)?;
                Scheme::Argon2id { cost, salt, hash }
            }
            HashKind::ScramSha256 { iterations } => {
                let keys = Keys::derive(password, &salt, iterations);
                Scheme::Scram(keys.map_err(|_| BadCredential::NotText)?)
            }
        }))
    }

    /// Whether this is the password. It takes its time, which does not depend on the answer.
    pub fn verify(&self, password: &[u8]) -> bool {
        match &self.0 {
            Scheme::Sha512 { salt, hash } => {
                let salted = [password, salt].concat();
                let computed = digest::digest(&digest::SHA512, &salted);
                computed.as_ref().ct_eq(hash).into()
            }
            Scheme::Sha512Pbkdf2 {
                iterations,
                salt,
                hash,
            } => sha512_pbkdf2(password, salt, *iterations, hash.len())
                .ct_eq(hash)
                .into(),
            Scheme::Argon2id { cost, salt, hash } => argon2id(password, salt, cost, hash.len())
                .is_some_and(|computed| computed.ct_eq(hash).into()),
            Scheme::Scram(keys) => keys.verify(password),
        }
    }

    /// Tells it from others of its user, in all files.
    pub(super) fn stamp(&self) -> u64 {
        rapidhash::v3::rapidhash_v3(self.to_string().as_bytes())
    }

    /// Its keys for SCRAM-SHA-256, if it has some.
    pub fn scram_keys(&self) -> Option<&Keys> {
        match &self.0 {
            Scheme::Scram(keys) => Some(keys),
            _ => None,
        }
    }
}

fn sha512_pbkdf2(password: &[u8], salt: &[u8], iterations: NonZeroU32, length: usize) -> Vec<u8> {
    let mut hash = vec![0; length];
    let algorithm = pbkdf2::PBKDF2_HMAC_SHA512;
    pbkdf2::derive(algorithm, iterations, salt, password, &mut hash);
    hash
}

/// `None`: the system gives no memory for it, or the password is too long.
fn argon2id(password: &[u8], salt: &[u8], cost: &argon2::Params, length: usize) -> Option<Vec<u8>> {
    let argon2 = Argon2::new(
        argon2::Algorithm::Argon2id,
        argon2::Version::V0x13,
        cost.clone(),
    );
    let mut hash = vec![0; length];
    argon2.hash_password_into(password, salt, &mut hash).ok()?;
    Some(hash)
}

/// Only its kind.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Scheme::Sha512 { .. } => "Credential(SHA-512)",
            Scheme::Sha512Pbkdf2 { .. } => "Credential(PBKDF2-SHA-512)",
            Scheme::Argon2id { .. } => "Credential(Argon2id)",
            Scheme::Scram(_) => "Credential(SCRAM-SHA-256)",
        })
    }
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encode = |bytes: &Vec<u8>| STANDARD.encode(bytes);
        match &self.0 {
            Scheme::Sha512 { salt, hash } => write!(f, "$6${}${}", encode(salt), encode(hash)),
            Scheme::Sha512Pbkdf2 {
                iterations,
                salt,
                hash,
            } => write!(f, "$7${iterations}${}${}", encode(salt), encode(hash)),
            Scheme::Argon2id { cost, salt, hash } => write!(
                f,
                "$argon2id$v=19$m={},t={},p={}${}${}",
                cost.m_cost(),
                cost.t_cost(),
                cost.p_cost(),
                STANDARD_NO_PAD.encode(salt),
                STANDARD_NO_PAD.encode(hash)
            ),
            Scheme::Scram(keys) => keys.fmt(f),
        }
    }
}

impl FromStr for Credential {
    type Err = BadCredential;

    fn from_str(text: &str) -> Result<Self, BadCredential> {
        let scheme = if let Some(rest) = text.strip_prefix("$6$") {
            parse_sha512(rest)
        } else if let Some(rest) = text.strip_prefix("$7$") {
            parse_pbkdf2(rest)
        } else if let Some(rest) = text.strip_prefix("$argon2id$") {
            return parse_argon2id(rest).map(Self);
        } else if text.starts_with("SCRAM-SHA-256$") {
            text.parse().ok().map(Scheme::Scram)
        } else {
            return Err(BadCredential::NotHashed);
        };
        scheme.map(Self).ok_or(BadCredential::Garbled)
    }
}

fn parse_sha512(text: &str) -> Option<Scheme> {
    let (salt, hash) = text.split_once('$')?;
    let hash = STANDARD.decode(hash).ok()?;
    let salt = STANDARD.decode(salt).ok()?;
    (hash.len() == SHA512).then_some(Scheme::Sha512 { salt, hash })
}

fn parse_pbkdf2(text: &str) -> Option<Scheme> {
    let (iterations, rest) = text.split_once('$')?;
    let (salt, hash) = rest.split_once('$')?;
    let hash = STANDARD.decode(hash).ok()?;
    (hash.len() == SHA512).then_some(Scheme::Sha512Pbkdf2 {
        iterations: iterations.parse().ok()?,
        salt: STANDARD.decode(salt).ok()?,
        hash,
    })
}

fn parse_argon2id(text: &str) -> Result<Scheme, BadCredential> {
    let parts = || {
        let rest = text.strip_prefix("v=19$m=")?;
        let (cost, rest) = rest.split_once('$')?;
        let (salt, hash) = rest.split_once('$')?;
        let (memory, cost) = cost.split_once(",t=")?;
        let (passes, lanes) = cost.split_once(",p=")?;
        let cost = (
            memory.parse().ok()?,
            passes.parse().ok()?,
            lanes.parse().ok()?,
        );
        let salt = STANDARD_NO_PAD.decode(salt).ok()?;
        let hash = STANDARD_NO_PAD.decode(hash).ok()?;
        Some((cost, salt, hash))
    };
    let ((memory, passes, lanes), salt, hash) = parts().ok_or(BadCredential::Garbled)?;
    if memory > MAX_MEMORY {
        return Err(BadCredential::TooCostly);
    }
    let cost = argon2::Params::new(memory, passes, lanes, Some(hash.len()));
    let cost = cost.map_err(|_| BadCredential::Garbled)?;
    match salt.len() {
        argon2::MIN_SALT_LEN.. => Ok(Scheme::Argon2id { cost, salt, hash }),
        _ => Err(BadCredential::Garbled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iterations(count: u32) -> NonZeroU32 {
        count.try_into().expect("not 0")
    }

    #[test]
    fn each_kind_knows_its_password_and_survives_the_file() {
        let iterations = iterations(10);
        for kind in [
            HashKind::Sha512Pbkdf2 { iterations },
            HashKind::Argon2id,
            HashKind::ScramSha256 { iterations },
        ] {
            let credential = Credential::new(b"secret", kind).expect("a credential");
            let text = credential.to_string();
            let again: Credential = text.parse().expect("what it printed");
            assert_eq!(again.to_string(), text);
            assert!(again.verify(b"secret"), "{kind:?}");
            for wrong in [&b""[..], b"Secret", b"secret ", b"secretsecret"] {
                assert!(!again.verify(wrong), "{kind:?} {wrong:?}");
            }
            let other = Credential::new(b"secret", kind).expect("a credential");
            assert_ne!(other.to_string(), text, "the salt is new");
            let debug = format!("{credential:?}");
            assert!(debug.len() < 30, "{debug}");
        }
    }

    #[test]
    fn hashes_of_others_are_read() {
        // By mosquitto_passwd 2.0.11, and by the reference implementation of Argon2.
        for (hash, password) in [
            (
                "$7$101$y2JJL1osDewlQ++C$Iz05hS1WMvQriTJu54WlmZBNV4UT0N1AI2ehsqSwD0CUABUFuG+eC9R542lbWnisrwi+EX5Sa6JQVsJaNoPpcg==",
                "secret",
            ),
            (
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "password",
            ),
        ] {
            let credential: Credential = hash.parse().expect(hash);
            assert!(credential.verify(password.as_bytes()), "{hash}");
            assert!(!credential.verify(b"other"), "{hash}");
            assert_eq!(credential.to_string(), hash);
        }
    }

    #[test]
    fn what_is_not_a_hash_is_refused() {
        for (text, error) in [
            ("secret", BadCredential::NotHashed),
            ("", BadCredential::NotHashed),
            ("$5$a$b", BadCredential::NotHashed),
            ("$6$", BadCredential::Garbled),
            ("$6$AAAA$AAAA", BadCredential::Garbled),
            ("$7$0$AAAA$AAAA", BadCredential::Garbled),
            ("$7$101$AAAA", BadCredential::Garbled),
            (
                "$argon2id$v=19$m=1,t=1,p=1$c29tZXNhbHQ$CTFh",
                BadCredential::Garbled,
            ),
            (
                "$argon2id$v=16$m=64,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1",
                BadCredential::Garbled,
            ),
            (
                "$argon2id$v=19$m=4000000000,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO0",
                BadCredential::TooCostly,
            ),
            ("SCRAM-SHA-256$4096:x", BadCredential::Garbled),
        ] {
            assert_eq!(text.parse::<Credential>().err(), Some(error), "{text}");
        }
    }
}
