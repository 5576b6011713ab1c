//! What an authenticator is, and what it may answer.

use std::borrow::Cow;
use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;

use super::exchange::Exchange;
use super::login::Login;
use crate::broker::Acl;
use crate::codec::ReasonCode;

/// Says whether a client is who it says it is.
///
/// A function of a [`Login`] that gives a [`Verdict`] is one too.
///
/// ```
/// use mqtk::broker::{Answer, Authenticator, Grant, Login, Verdict};
///
/// /// Lets in whom a slow directory knows, under the name that stands there.
/// struct Directory;
///
/// impl Authenticator for Directory {
///     fn authenticate<'a>(&'a self, login: &'a Login) -> Answer<'a> {
///         Box::pin(async move {
///             let Some(name) = login.username.clone() else {
///                 return Verdict::Pass;
///             };
///             let found = tokio::task::spawn_blocking(move || name.strip_suffix("@example.org").map(str::to_owned));
///             match found.await {
///                 Ok(Some(name)) => Verdict::Accept(Grant { username: Some(name), ..Grant::default() }),
///                 _ => Verdict::Pass,
///             }
///         })
///     }
/// }
/// ```
pub trait Authenticator: Send + Sync {
    /// Whether the client may connect. The future is polled on the broker's thread, which must
    /// not be kept waiting: long computations belong on another. It is dropped when the connection
    /// has ended, at the latest after
    /// [`Limits::connect_timeout`](crate::broker::Limits::connect_timeout).
    fn authenticate<'a>(&'a self, login: &'a Login) -> Answer<'a>;

    /// Begins enhanced authentication (MQTT 5.0 section 4.12) by this Authentication Method;
    /// `None`: it knows nothing of the method.
    fn begin(&self, method: &str, login: &Login) -> Option<Box<dyn Exchange>> {
        let _ = (method, login);
        None
    }

    /// Whether a connected client that was let in with this [`Grant::stamp`] would be again;
    /// asked of the authenticator that has taken the place of the one which let it in.
    fn still_admits(&self, username: Option<&str>, stamp: u64) -> bool {
        let _ = (username, stamp);
        true
    }
}

/// The [`Verdict`] to come, as [`Authenticator::authenticate`] gives it.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Verdict> + 'a>>;

impl<F: Fn(&Login) -> Verdict + Send + Sync> Authenticator for F {
    fn authenticate<'a>(&'a self, login: &'a Login) -> Answer<'a> {
        Box::pin(ready(self(login)))
    }
}

/// What an [`Authenticator`] says of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// It may connect.
    Accept(Grant),
    /// It may not.
    Refuse(Denial),
    /// Let the next authenticator say; if there is none, it may not.
    Pass,
}

impl Verdict {
    /// It may connect, as the user it says it is.
    pub fn accept() -> Self {
        Self::Accept(Grant::default())
    }

    /// User Name or Password is wrong, for this reason.
    pub fn wrong(why: impl Into<Cow<'static, str>>) -> Self {
        Self::Refuse(Denial::BadCredentials(why.into()))
    }
}

/// What goes with the permission to connect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    /// The User Name it is known by from now on, if it is another than it gave.
    pub username: Option<String>,
    /// Stands for the credential that was checked; see [`Authenticator::still_admits`].
    pub stamp: u64,
    /// Rules for this client alone, looked at before what
    /// [`Config::authorizer`](crate::broker::Config::authorizer) says; those for a topic stand
    /// before the first user. Without an authorizer, what they do not allow is forbidden.
    pub acl: Option<Arc<Acl>>,
}

/// Why a client may not connect: the kind is what the client is told, the words are for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Unknown User Name or wrong Password: 0x86, before MQTT 5.0 return code 4.
    BadCredentials(Cow<'static, str>),
    /// It is known and may not: 0x87, before MQTT 5.0 return code 5.
    NotAuthorized(Cow<'static, str>),
    /// It cannot be found out now: 0x88, before MQTT 5.0 return code 3.
    Unavailable(Cow<'static, str>),
}

impl Denial {
    /// The return code of 3.1 and 3.1.1, the Reason Code of 5.0, and the reason in words.
    pub(in crate::broker) fn into_parts(self) -> (ReasonCode, ReasonCode, Cow<'static, str>) {
        match self {
            Self::BadCredentials(why) => (
                ReasonCode::V3_BAD_USER_NAME_OR_PASSWORD,
                ReasonCode::BAD_USER_NAME_OR_PASSWORD,
                why,
            ),
            Self::NotAuthorized(why) => (
                ReasonCode::V3_NOT_AUTHORIZED,
                ReasonCode::NOT_AUTHORIZED,
                why,
            ),
            Self::Unavailable(why) => (
                ReasonCode::V3_SERVER_UNAVAILABLE,
                ReasonCode::SERVER_UNAVAILABLE,
                why,
            ),
        }
    }
}
