//! SCRAM-SHA-256 for the users of a password file.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};

use super::file::Users;
use crate::broker::access::{Denial, Exchange, Grant, Step};
use crate::scram::{ClientFirst, Error, Keys, Server};

/// Random bytes of a nonce.
const NONCE: usize = 18;

/// One client's exchange.
pub(super) enum ScramExchange {
    /// Its first message is awaited.
    First(Arc<Users>),
    /// Its proof is awaited.
    Proof {
        username: String,
        stamp: u64,
        server: Box<Server>,
    },
    Over,
}

impl Exchange for ScramExchange {
    fn step(&mut self, data: &[u8]) -> Step {
        match std::mem::replace(self, Self::Over) {
            // It may say first what it wants, and then who it is.
            Self::First(users) if data.is_empty() => {
                *self = Self::First(users);
                Step::Continue(Vec::new())
            }
            Self::First(users) => match self.challenge(&users, data) {
                Ok(step) => step,
                Err(error) => refuse(error),
            },
            Self::Proof {
                username,
                stamp,
                server,
            } => match server.verify(data) {
                Ok(proof) => {
                    let username = Some(username);
                    Step::Done(
                        Grant {
                            username,
                            stamp,
                            acl: None,
                        },
                        proof,
                    )
                }
                Err(error) => refuse(error),
            },
            Self::Over => refuse(Error::Malformed("the exchange is over")),
        }
    }
}

impl ScramExchange {
    fn challenge(&mut self, users: &Users, data: &[u8]) -> Result<Step, Error> {
        let first = ClientFirst::parse(data)?;
        let mut nonce = [0; NONCE];
        if SystemRandom::new().fill(&mut nonce).is_err() {
            let why = "the system gives no random numbers";
            return Ok(Step::Refuse(Denial::Unavailable(why.into())));
        }
        let username = users.unprepared(first.username().to_owned());
        let (keys, stamp) = users.scram_keys(&username);
        let nonce = STANDARD_NO_PAD.encode(nonce);
        let server = Box::new(Server::new(first, keys, &nonce));
        let challenge = server.first();
        *self = Self::Proof {
            username,
            stamp,
            server,
        };
        Ok(Step::Continue(challenge))
    }
}

fn refuse(error: Error) -> Step {
    let why = match error {
        Error::WrongPassword => "unknown user or wrong password".into(),
        error => error.to_string().into(),
    };
    Step::Refuse(Denial::BadCredentials(why))
}

impl Users {
    /// The keys of a user, and the stamp of the credential that has them; for others, keys that
    /// nothing fits.
    fn scram_keys(&self, username: &str) -> (Keys, u64) {
        let credential = self.credential(username);
        let known = credential.and_then(|it| Some((it.scram_keys()?.clone(), it.stamp())));
        known.unwrap_or_else(|| {
            let iterations = self.scram_iterations().unwrap_or(std::num::NonZeroU32::MIN);
            (Keys::decoy(username, self.secret(), iterations), 0)
        })
    }
}
