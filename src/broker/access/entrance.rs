//! A listener as the router knows it.

use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;

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
    pub(in crate::broker) fn all(listeners: &[Rc<Listener>], access: &[Access]) -> Vec<Self> {
        let entrance = |(number, listener): (usize, &Rc<Listener>)| Self {
            url: listener.url().clone(),
            is_closed: is_closed(listener),
            access: of_number(number, access),
        };
        listeners.iter().enumerate().map(entrance).collect()
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
