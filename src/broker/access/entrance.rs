//! A listener as the router knows it.

use std::net::{Ipv4Addr, SocketAddr};

use super::Access;
use crate::transport::{ListenUrl, Listener};

/// A listener as the router knows it.
#[derive(Debug)]
pub(in crate::broker) struct Entrance {
    pub(in crate::broker) url: ListenUrl,
    /// Only this machine reaches it, or those whom a certificate vouches for.
    is_closed: bool,
    pub(in crate::broker) access: Access,
}

/// One on this machine, for everybody.
impl Default for Entrance {
    fn default() -> Self {
        Self {
            url: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into(),
            is_closed: true,
            access: Access::default(),
        }
    }
}

impl Entrance {
    /// The entrances of these listeners: each has the access of its number, and further ones that
    /// of the last.
    pub(in crate::broker) fn all(listeners: &[Listener], access: &[Access]) -> Vec<Self> {
        let entrance = |(number, listener): (usize, &Listener)| Self {
            url: listener.url().clone(),
            is_closed: is_closed(listener),
            access: of_number(number, access),
        };
        listeners.iter().enumerate().map(entrance).collect()
    }

    /// The same with the access of its number among other ones.
    pub(in crate::broker) fn with_access(&self, number: usize, access: &[Access]) -> Self {
        Self {
            url: self.url.clone(),
            is_closed: self.is_closed,
            access: of_number(number, access),
        }
    }

    pub(in crate::broker) fn lets_in_anonymous(&self) -> bool {
        self.access.lets_in_anonymous(self.is_closed)
    }
}

fn is_closed(listener: &Listener) -> bool {
    listener.is_local() || listener.demands_certificate()
}

/// Further listeners have the access of the last.
fn of_number(number: usize, access: &[Access]) -> Access {
    let access = access.get(number).or(access.last());
    access.cloned().unwrap_or_default()
}
