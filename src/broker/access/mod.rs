//! Who may connect: what a listener asks of its clients, and who checks the answers.

mod authenticator;
mod entrance;
mod exchange;
mod login;
mod passwords;
mod turns;

pub use authenticator::{Answer, Authenticator, Denial, Grant, Verdict};
pub use exchange::{Exchange, Step};
pub use login::Login;
pub use passwords::{BadCredential, Credential, HashKind, PasswordFile, PasswordFileError};
pub use turns::{Turn, Turns};

pub(super) use entrance::Entrance;

use std::fmt;
use std::sync::Arc;

/// Who may connect to a listener.
///
/// By default, without an authenticator, those may who are on this machine or have a certificate
/// that the listener trusts.
///
/// An [`Authenticator`] is a [`PasswordFile`], a function, or a type of your own:
///
/// ```
/// use std::sync::Arc;
/// use mqtk::broker::{Access, Broker, Config, Login, Verdict};
///
/// let guard = |login: &Login| match login.password.as_deref() {
///     Some(b"open sesame") => Verdict::accept(),
///     _ => Verdict::Pass,
/// };
/// let access = Access { authenticators: vec![Arc::new(guard)], ..Access::default() };
/// let broker = Broker::start(Config { access: vec![access], ..Config::default() })?;
/// # broker.shutdown();
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Access {
    /// They are asked in this order, until one does not [`Pass`](Verdict::Pass).
    pub authenticators: Vec<Arc<dyn Authenticator>>,
    /// Whether a client's User Name is the Common Name of its certificate, and no authenticator is
    /// asked. The listener has to demand certificates.
    pub certificate_identity: bool,
    /// Whether clients may connect that nobody vouches for: those without User Name and Password,
    /// and, if there is no authenticator, those with any. `None`: only if there is no
    /// authenticator, and only at listeners on loopback, on Unix sockets, and at those that demand
    /// certificates.
    pub anonymous: Option<bool>,
}

impl Access {
    /// Whether clients may connect that no authenticator vouches for; `is_closed`: only this
    /// machine reaches the listener, or those with a certificate.
    pub fn lets_in_anonymous(&self, is_closed: bool) -> bool {
        let by_default = is_closed && self.authenticators.is_empty();
        self.anonymous.unwrap_or(by_default)
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("authenticators", &self.authenticators.len())
            .field("certificate_identity", &self.certificate_identity)
            .field("anonymous", &self.anonymous)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_may_connect_unasked() {
        let with = |authenticators, anonymous| Access {
            authenticators,
            anonymous,
            ..Access::default()
        };
        let someone: Arc<dyn Authenticator> = Arc::new(|_: &Login| Verdict::Pass);
        for (access, closed, open) in [
            (Access::default(), true, false),
            (with(vec![Arc::clone(&someone)], None), false, false),
            (with(vec![], Some(true)), true, true),
            (with(vec![], Some(false)), false, false),
            (with(vec![someone], Some(true)), true, true),
        ] {
            assert_eq!(access.lets_in_anonymous(true), closed, "{access:?}");
            assert_eq!(access.lets_in_anonymous(false), open, "{access:?}");
        }
    }
}
