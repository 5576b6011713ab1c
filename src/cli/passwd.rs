//! Flags of `mqtk passwd`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Parser};

use super::values;
use crate::broker::HashKind;
use crate::client::Secret;

/// PBKDF2 with SHA-512 hashes as often by default.
const PBKDF2_ITERATIONS: u32 = 210_000;
/// SCRAM is hashed as often by default, by each client too.
const SCRAM_ITERATIONS: u32 = 50_000;

/// Manage the password file of a broker
///
/// A line of the file is user:hash, as Mosquitto has it, for mqtk broker --password-file. With the
/// default hash, Mosquitto reads it too. A new file is for its owner alone (0600), and a file is
/// replaced as a whole or not at all; a broker that runs reads it again upon SIGHUP.
#[derive(Parser)]
#[command(name = "passwd", bin_name = "mqtk passwd")]
pub(super) struct PasswdFlags {
    /// Password file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// User to add, to update or to delete
    #[arg(value_name = "USER", required_unless_present = "upgrade", value_parser = user)]
    user: Option<String>,

    /// With -b: the password
    #[arg(value_name = "PASSWORD", requires = "batch", value_parser = values::secret)]
    password: Option<Secret>,

    /// Make a new file; one that is there is lost
    #[arg(short, long, conflicts_with_all = ["delete", "upgrade"])]
    create: bool,

    /// Delete the user
    #[arg(short = 'D', long, conflicts_with_all = ["batch", "password_stdin", "upgrade"])]
    delete: bool,

    /// Take the password from the command line, where every user of this machine can read it
    #[arg(short, long, requires = "password", conflicts_with = "password_stdin")]
    batch: bool,

    /// Take the first line of stdin as the password, instead of asking for it on the terminal
    #[arg(long)]
    password_stdin: bool,

    /// Hash the passwords of a file of user:password lines
    #[arg(short = 'U', long, conflicts_with_all = ["user", "password_stdin"])]
    upgrade: bool,

    /// How to hash: sha512-pbkdf2, which Mosquitto reads; argon2id; or scram-sha-256, with which
    /// clients also can authenticate without sending their password
    #[arg(short = 'H', long, value_name = "HASH", default_value = "sha512-pbkdf2",
          value_parser = hash(), hide_possible_values = true)]
    hash: Hash,

    /// How often to hash [default: sha512-pbkdf2 210000, scram-sha-256 50000]
    #[arg(long, value_name = "COUNT")]
    iterations: Option<NonZeroU32>,

    /// Print help
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

#[derive(Clone, Copy)]
enum Hash {
    Sha512Pbkdf2,
    Argon2id,
    ScramSha256,
}

/// What `mqtk passwd` is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswdOptions {
    /// The password file.
    pub file: PathBuf,
    /// What to do with it.
    pub action: PasswdAction,
}

/// What to do with a password file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswdAction {
    /// Add a user, or change the password of one.
    Set {
        /// User name.
        user: String,
        /// Begin a new file.
        create: bool,
        /// Where the password is.
        password: PasswordFrom,
        /// How to hash it.
        kind: HashKind,
    },
    /// Delete a user.
    Delete {
        /// User name.
        user: String,
    },
    /// Hash the passwords that are not.
    Upgrade {
        /// How to hash them.
        kind: HashKind,
    },
}

/// Where `mqtk passwd` finds the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordFrom {
    /// Asked for on the terminal, twice.
    Terminal,
    /// The first line of stdin.
    Stdin,
    /// An argument.
    Argument(Secret),
}

impl PasswdFlags {
    pub fn options(self) -> Result<PasswdOptions, String> {
        let kind = self.kind()?;
        let action = match self.user {
            None => PasswdAction::Upgrade { kind },
            Some(user) if self.delete => PasswdAction::Delete { user },
            Some(user) => PasswdAction::Set {
                user,
                create: self.create,
                password: match self.password {
                    Some(password) => PasswordFrom::Argument(password),
                    None if self.password_stdin => PasswordFrom::Stdin,
                    None => PasswordFrom::Terminal,
                },
                kind,
            },
        };
        Ok(PasswdOptions {
            file: self.file,
            action,
        })
    }

    fn kind(&self) -> Result<HashKind, String> {
        let iterations = |default: u32| {
            let default = NonZeroU32::new(default).unwrap_or(NonZeroU32::MIN);
            self.iterations.unwrap_or(default)
        };
        match self.hash {
            Hash::Sha512Pbkdf2 => Ok(HashKind::Sha512Pbkdf2 {
                iterations: iterations(PBKDF2_ITERATIONS),
            }),
            Hash::ScramSha256 => Ok(HashKind::ScramSha256 {
                iterations: iterations(SCRAM_ITERATIONS),
            }),
            Hash::Argon2id if self.iterations.is_some() => {
                Err("--iterations is not for --hash argon2id".into())
            }
            Hash::Argon2id => Ok(HashKind::Argon2id),
        }
    }
}

fn hash() -> impl TypedValueParser<Value = Hash> {
    PossibleValuesParser::new(["sha512-pbkdf2", "argon2id", "scram-sha-256"]).map(|name| {
        match &*name {
            "argon2id" => Hash::Argon2id,
            "scram-sha-256" => Hash::ScramSha256,
            _ => Hash::Sha512Pbkdf2,
        }
    })
}

/// A name that can stand in a password file, and in a CONNECT.
fn user(text: &str) -> Result<String, String> {
    if text.is_empty() || text.trim() != text {
        Err("a user name must not be empty, nor begin or end with a space".into())
    } else if text.contains(':') {
        Err("a user name must not contain a colon, which ends it in the file".into())
    } else if text.starts_with('#') {
        Err("a user name must not begin with #, which begins a comment in the file".into())
    } else if text.chars().any(char::is_control) {
        Err("a user name must not contain control characters".into())
    } else if text.len() > usize::from(u16::MAX) {
        Err("a user name must not be longer than 65535 bytes".into())
    } else {
        Ok(text.to_owned())
    }
}
