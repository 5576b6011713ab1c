//! SRV records (RFC 2782): which hosts offer a service of a domain, and in which order to try
//! them.
//!
//! The answers of DNS are not authenticated. So TLS proves that the broker is the domain's, by
//! the name that the user gave, and not that it is the host of which the record speaks (RFC 9525,
//! section 6.1).

use std::net::IpAddr;
use std::str::FromStr as _;
use std::time::Duration;

use domain::base::Rtype;
use domain::base::name::Name;
use domain::rdata::Srv;
use tokio::net::TcpStream;

use super::dns::{self, Answer, DnsServers};
use super::error::ConnectError;
use super::race::race;
use super::target::{Address, Target};
use super::tcp;

/// How long a host goes alone before the next one is tried too: a lost SYN is sent again after
/// one second.
const HEAD_START: Duration = Duration::from_secs(2);

/// A host that offers the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    /// Lower ones are tried first.
    priority: u16,
    /// How large a share of the clients the host takes, among those of its priority.
    weight: u16,
    host: String,
    port: u16,
}

/// The name under which a domain publishes its brokers. IANA has these two service names; for
/// MQTT over WebSocket there is none.
pub(super) fn service(domain: &str, tls: bool) -> String {
    let service = if tls { "_secure-mqtt" } else { "_mqtt" };
    format!("{service}._tcp.{domain}")
}

/// Whether SRV records of this domain can lead to the target.
pub(super) fn check(target: &Target, domain: &str) -> Result<(), ConnectError> {
    let reason = if domain.is_empty() || domain.parse::<IpAddr>().is_ok() {
        format!(
            "SRV records belong to a domain, which {domain:?} is not: give the host and port, without -S"
        )
    } else if target.websocket.is_some() {
        "no SRV records are defined for MQTT over WebSocket: give the host and port, without -S"
            .to_owned()
    } else if target.proxy.is_some() {
        "a SOCKS5 proxy does not look up SRV records: give the host and port, without -S".to_owned()
    } else {
        return Ok(());
    };
    Err(ConnectError::Options(reason))
}

/// The hosts that offer the service, in the order to try them; at least one.
pub(super) async fn look_up(
    service: &str,
    servers: &DnsServers,
) -> Result<Vec<Offer>, ConnectError> {
    let failed = |reason: String| ConnectError::Srv {
        service: service.to_owned(),
        reason,
    };
    let name = Name::from_str(service).map_err(|error| failed(error.to_string()))?;
    let answer = dns::query(servers, &name, Rtype::SRV)
        .await
        .map_err(failed)?;
    let offers = offers(&answer).ok_or_else(|| failed("the DNS answer is broken".to_owned()))?;
    if offers.is_empty() {
        return Err(failed(
            "there is no such record: give the broker's own host and port, without -S".to_owned(),
        ));
    }
    let offers: Vec<_> = offers.into_iter().flatten().collect();
    if offers.is_empty() {
        return Err(failed(
            "the domain says that it does not offer this service (the target is \".\")".to_owned(),
        ));
    }
    Ok(in_order(offers, |most| fastrand::u32(0..=most)))
}

/// The records of an answer, `None` for those whose target is the root: "not available here".
/// Nothing at all if the answer cannot be read.
fn offers(answer: &Answer) -> Option<Vec<Option<Offer>>> {
    let owner = answer.canonical_name()?;
    let records = answer.answer().ok()?.limit_to_in::<Srv<_>>();
    let mut offers = Vec::new();
    for record in records {
        let record = record.ok()?;
        if *record.owner() != owner {
            continue;
        }
        let srv = record.data();
        offers.push((!srv.target().is_root()).then(|| Offer {
            priority: srv.priority(),
            weight: srv.weight(),
            host: srv.target().to_string(),
            port: srv.port(),
        }));
    }
    Some(offers)
}

/// The order to try the hosts in: by priority, and within one by lot, in which the weight is the
/// number of tickets. `draw` gives a number from 0 to the one it is told.
fn in_order(mut offers: Vec<Offer>, mut draw: impl FnMut(u32) -> u32) -> Vec<Offer> {
    // Within a priority those of weight 0 stand first, so that a drawn 0 chooses them.
    offers.sort_by_key(|offer| (offer.priority, offer.weight != 0));
    let mut order = Vec::with_capacity(offers.len());
    while let Some(first) = offers.first() {
        let same = offers.partition_point(|offer| offer.priority == first.priority);
        let sum = offers[..same]
            .iter()
            .map(|offer| u32::from(offer.weight))
            .sum();
        let drawn = draw(sum);
        let mut running = 0;
        let chosen = offers[..same].iter().position(|offer| {
            running += u32::from(offer.weight);
            running >= drawn
        });
        order.push(offers.remove(chosen.unwrap_or_default()));
    }
    order
}

/// Connects to the first host of the service that accepts, trying every address of each; says
/// which it is. A host that accepts is the answer, though TLS or MQTT fail after: to pass on to
/// the next would hide it.
pub(super) async fn connect(
    service: &str,
    offers: Vec<Offer>,
    options: tcp::Options,
) -> Result<(TcpStream, Address), ConnectError> {
    let attempts = offers
        .into_iter()
        .map(|Offer { host, port, .. }| async move {
            let found = tcp::resolve(&host, port, options).await?;
            let stream = tcp::connect(&host, port, found, options).await?;
            Ok((stream, Address::Tcp { host, port }))
        });
    race(attempts, HEAD_START)
        .await
        .map_err(|tried| ConnectError::Offers {
            service: service.to_owned(),
            tried,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(host: &str, priority: u16, weight: u16) -> Offer {
        Offer {
            priority,
            weight,
            host: host.to_owned(),
            port: 1883,
        }
    }

    fn hosts(offers: &[Offer]) -> Vec<&str> {
        offers.iter().map(|offer| offer.host.as_str()).collect()
    }

    /// The order that these draws give: each the most that may be drawn, and what is drawn.
    fn order(offers: &[Offer], draws: &[(u32, u32)]) -> Vec<String> {
        let mut draws = draws.iter();
        let order = in_order(offers.to_vec(), |most| {
            let (expected, drawn) = draws.next().expect("no more draws");
            assert_eq!(most, *expected);
            *drawn
        });
        assert_eq!(draws.next(), None);
        order.into_iter().map(|offer| offer.host).collect()
    }

    #[test]
    fn lower_priorities_come_first_whatever_their_weight() {
        let offers = [offer("c", 20, 65535), offer("a", 0, 0), offer("b", 10, 1)];
        assert_eq!(
            order(&offers, &[(0, 0), (1, 1), (65535, 7)]),
            ["a", "b", "c"]
        );
    }

    #[test]
    fn the_weight_is_the_share_of_the_draws() {
        let offers = [offer("a", 0, 10), offer("b", 0, 30)];
        for (drawn, first) in [(0, "a"), (10, "a"), (11, "b"), (40, "b")] {
            let rest = if first == "a" { 30 } else { 10 };
            assert_eq!(order(&offers, &[(40, drawn), (rest, rest)])[0], first);
        }
    }

    #[test]
    fn a_weight_of_zero_is_chosen_by_a_draw_of_zero_only() {
        let offers = [offer("heavy", 0, 100), offer("light", 0, 0)];
        assert_eq!(order(&offers, &[(100, 0), (100, 50)]), ["light", "heavy"]);
        assert_eq!(order(&offers, &[(100, 1), (0, 0)]), ["heavy", "light"]);
    }

    #[test]
    fn every_host_stands_in_the_order_exactly_once() {
        let offers: Vec<_> = (0..60)
            .map(|n| offer(&format!("h{n}"), n % 3, n % 5 * 1000))
            .collect();
        let order = in_order(offers.clone(), |most| fastrand::u32(0..=most));
        assert!(order.is_sorted_by_key(|offer| offer.priority));
        let (mut before, mut after) = (hosts(&offers), hosts(&order));
        before.sort_unstable();
        after.sort_unstable();
        assert_eq!(before, after);
    }

    #[test]
    fn the_service_depends_on_tls() {
        assert_eq!(service("example.com", false), "_mqtt._tcp.example.com");
        assert_eq!(
            service("example.com", true),
            "_secure-mqtt._tcp.example.com"
        );
    }
}
