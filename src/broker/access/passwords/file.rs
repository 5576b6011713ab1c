//! The file: who may connect with which password.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use ring::digest;
use tokio::task::spawn_blocking;

use super::credential::{BadCredential, Credential};
use super::scram::ScramExchange;
use crate::broker::access::{
    Answer, Authenticator, Denial, Exchange, Grant, Login, Turns, Verdict,
};
use crate::scram::{METHOD, prepare_username};
use crate::transport::plain_io;

/// Users and their passwords, as Mosquitto keeps them: `user:hash` on each line; empty lines, and
/// those that begin with `#`, do not count.
///
/// Passwords are hashed on threads of the runtime's own, on fewer at a time than there are
/// processors; the addresses that clients come from take [`Turns`], and so do the users of each.
/// Those with keys for SCRAM-SHA-256 may also use that, by enhanced authentication. To find out that
/// a user is not known takes as long as to find a password wrong.
///
/// ```
/// use std::sync::Arc;
/// use mqtk::broker::{Access, Credential, HashKind, PasswordFile};
///
/// let password = Credential::new(b"secret", HashKind::Argon2id)?;
/// let users = PasswordFile::parse(&format!("# our users\nann:{password}\n"))?;
/// let access = Access { authenticators: vec![Arc::new(users)], ..Access::default() };
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PasswordFile {
    users: Arc<Users>,
    /// What those are compared with who are not among the users: as costly as theirs.
    decoys: Vec<Arc<Credential>>,
    /// Chooses the decoy.
    hasher: RandomState,
    /// One for each hash that may be computed at a time.
    turns: Arc<Turns>,
}

/// The users by their names.
#[derive(Default)]
pub(super) struct Users {
    credentials: HashMap<String, Arc<Credential>>,
    /// Users who are not called what SASLprep makes of their names, by that.
    prepared: HashMap<String, String>,
    /// How often passwords are hashed for SCRAM; `None`: nobody can use it.
    scram_iterations: Option<NonZeroU32>,
    /// Nobody knows it, and it is the same as long as the file is.
    secret: [u8; 32],
}

impl Users {
    pub(super) fn credential(&self, username: &str) -> Option<&Arc<Credential>> {
        self.credentials.get(username)
    }

    /// The name in the file of the user whose name SCRAM prepares as this.
    pub(super) fn unprepared(&self, username: String) -> String {
        match self.prepared.get(&username) {
            Some(name) if !self.credentials.contains_key(&username) => name.clone(),
            _ => username,
        }
    }

    pub(super) fn scram_iterations(&self) -> Option<NonZeroU32> {
        self.scram_iterations
    }

    pub(super) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }
}

/// Why a password file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordFileError {
    /// It cannot be read.
    #[error("it cannot be read: {}", plain_io(.0))]
    Unreadable(io::Error),
    /// A line is not what it should be.
    #[error("line {line}: {why}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
}

impl PasswordFile {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// It cannot be read, or a line is not what it should be.
    pub fn read(path: &Path) -> Result<Self, PasswordFileError> {
        let text = std::fs::read_to_string(path);
        Self::parse(&text.map_err(PasswordFileError::Unreadable)?)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// A line is not what it should be.
    pub fn parse(text: &str) -> Result<Self, PasswordFileError> {
        let mut users = Users::default();
        let digest = digest::digest(&digest::SHA256, text.as_bytes());
        users.secret.copy_from_slice(digest.as_ref());
        let mut first_lines = HashMap::new();
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            let error = |why: String| PasswordFileError::Line { line: number, why };
            let Some((user, credential)) = entry(line).map_err(error)? else {
                continue;
            };
            if let Some(first) = first_lines.insert(user.to_owned(), number) {
                return Err(error(format!("user {user:?} stands in line {first} too")));
            }
            if let Some(keys) = credential.scram_keys() {
                users.scram_iterations.get_or_insert(keys.iterations());
                let prepared = prepare_username(user).map_err(|why| error(why.to_string()))?;
                if prepared != user {
                    users.prepared.insert(prepared.into(), user.to_owned());
                }
            }
            let credential = Arc::new(credential);
            users.credentials.insert(user.to_owned(), credential);
        }
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            decoys: users.credentials.values().cloned().collect(),
            users: Arc::new(users),
            hasher: RandomState::new(),
            turns: Turns::new(processors.saturating_sub(1).max(1)),
        })
    }

    /// How many users there are.
    pub fn len(&self) -> usize {
        self.users.credentials.len()
    }

    /// Whether there is no user.
    pub fn is_empty(&self) -> bool {
        self.users.credentials.is_empty()
    }

    /// What to compare the password with of somebody who is not known: always the same for one.
    fn decoy(&self, username: &str) -> Option<&Arc<Credential>> {
        let number = self.hasher.hash_one(username) as usize;
        self.decoys.get(number.checked_rem(self.decoys.len())?)
    }

    async fn verify(&self, login: &Login) -> Verdict {
        let Some(username) = login.username.as_deref() else {
            return Verdict::Pass;
        };
        let known = self.users.credential(username);
        let Some(credential) = known.or_else(|| self.decoy(username)).map(Arc::clone) else {
            return Verdict::Pass;
        };
        let (password, is_known) = (login.password.clone(), known.is_some());
        let turn = self.turns.take(login).await;
        let is_right = spawn_blocking(move || {
            let is_right = credential.verify(password.as_deref().unwrap_or_default());
            let is_right = is_right && password.is_some() && is_known;
            if is_right {
                turn.succeeded();
            }
            is_right
        });
        match (known, is_right.await) {
            (None, _) => Verdict::Pass,
            (Some(credential), Ok(true)) => Verdict::Accept(Grant {
                username: None,
                stamp: credential.stamp(),
                acl: None,
            }),
            (Some(_), Ok(false)) if login.password.is_none() => Verdict::wrong("no password"),
            (Some(_), Ok(false)) => Verdict::wrong("wrong password"),
            (Some(_), Err(_)) => {
                Verdict::Refuse(Denial::Unavailable("the password was not checked".into()))
            }
        }
    }
}

/// The user and the credential on a line, if there is one.
fn entry(line: &str) -> Result<Option<(&str, Credential)>, String> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let Some((user, hash)) = line.split_once(':') else {
        return Err("there is no colon between a user and a password hash".into());
    };
    if user.is_empty() {
        return Err("there is no user before the colon".into());
    }
    match hash.parse() {
        Ok(credential) => Ok(Some((user, credential))),
        Err(error @ BadCredential::NotHashed) => {
            Err(format!("{error}: mqtk passwd -U hashes those of a file"))
        }
        Err(error) => Err(error.to_string()),
    }
}

impl Authenticator for PasswordFile {
    fn authenticate<'a>(&'a self, login: &'a Login) -> Answer<'a> {
        Box::pin(self.verify(login))
    }

    fn begin(&self, method: &str, _: &Login) -> Option<Box<dyn Exchange>> {
        let is_known = method == METHOD && self.users.scram_iterations.is_some();
        is_known
            .then(|| Box::new(ScramExchange::First(Arc::clone(&self.users))) as Box<dyn Exchange>)
    }

    fn still_admits(&self, username: Option<&str>, stamp: u64) -> bool {
        let credential = username.and_then(|username| self.users.credential(username));
        credential.is_some_and(|credential| credential.stamp() == stamp)
    }
}

impl fmt::Debug for PasswordFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordFile")
            .field("users", &self.users.credentials.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::HashKind;

    fn hash(password: &str) -> String {
        let iterations = 1.try_into().expect("not 0");
        let kind = HashKind::Sha512Pbkdf2 { iterations };
        let credential = Credential::new(password.as_bytes(), kind);
        credential.expect("a credential").to_string()
    }

    #[test]
    fn comments_and_empty_lines_do_not_count() {
        let text = format!("# users\n\nann:{}\r\n  bob:{}  \n", hash("a"), hash("b"));
        let file = PasswordFile::parse(&text).expect("a password file");
        assert_eq!(file.len(), 2);
        assert!(file.users.credentials["bob"].verify(b"b"));
    }

    #[test]
    fn a_wrong_line_is_named() {
        let hash = hash("a");
        for (text, error) in [
            (
                "ann".to_owned(),
                "line 1: there is no colon between a user and a password hash",
            ),
            (
                format!("\n:{hash}"),
                "line 2: there is no user before the colon",
            ),
            (
                "#\nann:secret".to_owned(),
                "line 2: the password is not hashed: mqtk passwd -U hashes those of a file",
            ),
            (
                "ann:$7$1".to_owned(),
                "line 1: the password hash is garbled",
            ),
            (
                format!("ann:{hash}\nbob:{hash}\nann:{hash}"),
                "line 3: user \"ann\" stands in line 1 too",
            ),
        ] {
            let wrong = PasswordFile::parse(&text).expect_err(&text);
            assert_eq!(wrong.to_string(), error);
        }
    }

    #[test]
    fn a_changed_password_is_another_credential() {
        let line = format!("ann:{}", hash("a"));
        let file = PasswordFile::parse(&line).expect("a password file");
        let stamp = file.users.credentials["ann"].stamp();
        let same = PasswordFile::parse(&line).expect("a password file");
        assert!(same.still_admits(Some("ann"), stamp));
        let changed = format!("ann:{}\nbob:{}", hash("a"), hash("b"));
        let changed = PasswordFile::parse(&changed).expect("a password file");
        assert!(!changed.still_admits(Some("ann"), stamp));
        assert!(!changed.still_admits(Some("bob"), stamp));
        assert!(!changed.still_admits(None, stamp));
    }

    #[test]
    fn an_unknown_user_always_meets_the_same_credential() {
        let text: String = (0..9)
            .map(|number| format!("{number}:{}\n", hash("a")))
            .collect();
        let file = PasswordFile::parse(&text).expect("a password file");
        let text = |decoy: Option<&Arc<Credential>>| decoy.map(ToString::to_string);
        let decoy = text(file.decoy("nobody"));
        assert!(decoy.is_some());
        assert!((0..9).all(|_| text(file.decoy("nobody")) == decoy));
        let empty = PasswordFile::parse("").expect("a password file");
        assert!(empty.decoy("nobody").is_none());
    }
}
