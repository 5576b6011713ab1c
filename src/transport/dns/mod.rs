//! A DNS stub resolver, for what the system's own does not offer: records other than addresses.
//!
//! It does as the C library does: it asks the servers of `/etc/resolv.conf` in turn, over UDP,
//! and over TCP if the answer does not fit. Nothing is set up before the first query.

mod exchange;
mod resolv_conf;

use std::net::SocketAddr;

use domain::base::iana::Rcode;
use domain::base::name::Name;
use domain::base::{Message, Rtype};

use self::exchange::{Query, exchange};
use self::resolv_conf::{PATH, ResolvConf};

/// The DNS servers to ask.
///
/// ```
/// use mqtk::transport::{Address, DnsServers, Target};
///
/// let mut target = Target::new(Address::Srv { domain: "example.com".to_owned() });
/// target.dns = DnsServers::These(vec!["192.0.2.53:53".parse()?]);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DnsServers {
    /// Those of `/etc/resolv.conf`.
    #[default]
    System,
    /// These, in this order.
    These(Vec<SocketAddr>),
}

/// An answer that says something: the records, or that there are none.
pub(super) type Answer = Message<Vec<u8>>;

/// Asks for the records of this type. A limit over all servers together is up to the caller.
///
/// # Errors
///
/// No server has an answer: why not, as the second half of a sentence.
pub(super) async fn query(
    servers: &DnsServers,
    name: &Name<Vec<u8>>,
    record_type: Rtype,
) -> Result<Answer, String> {
    let conf = match servers {
        DnsServers::System => ResolvConf::of_the_system()?,
        DnsServers::These(servers) => ResolvConf {
            servers: servers.clone(),
            ..ResolvConf::default()
        },
    };
    let query = Query::new(name, record_type)?;
    let mut refusal = None;
    for _ in 0..conf.attempts {
        for &server in &conf.servers {
            let Some(answer) = exchange(server, &query, conf.timeout).await else {
                continue;
            };
            match answer.header().rcode() {
                Rcode::NOERROR | Rcode::NXDOMAIN => return Ok(answer),
                // Another server may know more.
                rcode => refusal = Some((server, rcode)),
            }
        }
        if refusal.is_some() {
            break;
        }
    }
    Err(match refusal {
        Some((server, rcode)) => format!("the DNS server {} answers {rcode}", server.ip()),
        None => {
            let servers: Vec<_> = conf
                .servers
                .iter()
                .map(|server| server.ip().to_string())
                .collect();
            format!(
                "no DNS server answers ({}): check {PATH} and the network",
                servers.join(", ")
            )
        }
    })
}

/// The domain of this machine: the first in which it searches for short names.
///
/// # Errors
///
/// `/etc/resolv.conf` names none, or cannot be read: one line.
pub fn local_domain() -> Result<String, String> {
    let conf = ResolvConf::of_the_system()?;
    conf.search
        .into_iter()
        .next()
        .ok_or_else(|| format!("{PATH} names no domain of this machine (search)"))
}
