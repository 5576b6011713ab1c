//! Flags of `mqtk bench` that say where connections go to, and where from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use clap::{ArgMatches, Args};

use super::client::ClientFlags;
use super::url::BrokerUrl;
use crate::bench::Placement;
use crate::transport::{Address, Scheme, Target};

/// More addresses than that are a slip of the pen.
const MOST_ADDRESSES: u128 = 65_536;

/// Where connections go to, and where from.
#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(super) struct PlacementFlags {
    /// Local addresses to connect from in turn: a list of addresses, ranges such as
    /// 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28
    #[arg(long, value_name = "ADDRESSES", value_delimiter = ',', value_parser = addresses,
          conflicts_with = "bind_address")]
    pub bind: Vec<Range>,

    /// How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the
    /// scenario tls mqtts]
    #[arg(long, value_name = "SCHEME", requires = "embedded", value_parser = scheme)]
    pub over: Option<Scheme>,
}

impl PlacementFlags {
    /// Where to connect to besides `first`, and where from.
    pub fn placement(&self, others: &Others, first: &Target) -> Result<Placement, String> {
        let sources = self.bind.iter().flat_map(Range::iter);
        let sources: Vec<_> = sources.take(MOST_ADDRESSES as usize + 1).collect();
        if sources.len() as u128 > MOST_ADDRESSES {
            return Err(format!("--bind: more than {MOST_ADDRESSES} addresses"));
        }
        Ok(Placement {
            others: others.targets(first)?,
            sources,
        })
    }

    /// Where an embedded broker listens, if one is asked for, to which the clients then speak as
    /// they are told.
    pub fn embed(
        &self,
        client: &mut ClientFlags,
        default: Scheme,
    ) -> Result<Option<SocketAddr>, String> {
        let scheme = self.over.unwrap_or(default);
        let usual = match scheme.is_tls() {
            true => Scheme::Mqtts,
            false => Scheme::Mqtt,
        };
        let embedded = (client.connection).embedded(usual.default_port().unwrap_or(0))?;
        if embedded.is_none() {
            return Ok(None);
        }
        // The broker brings its own certificate.
        client.tls.tls_use_os_certs |= scheme.is_tls();
        client.tunnel.ws |= scheme.is_websocket();
        Ok(embedded)
    }
}

/// Brokers after the first: -h and -L may stand there several times.
#[derive(Default)]
pub(super) struct Others {
    hosts: Vec<String>,
    urls: Vec<BrokerUrl>,
}

impl Others {
    /// All but the first of each.
    pub fn of(matches: &ArgMatches) -> Others {
        let hosts = matches.get_many::<String>("host").into_iter().flatten();
        let urls = matches.get_many::<BrokerUrl>("url").into_iter().flatten();
        Others {
            hosts: hosts.skip(1).cloned().collect(),
            urls: urls.skip(1).cloned().collect(),
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        (self.hosts.len() + self.urls.len()) as u64
    }

    /// Their targets, which differ from the first in host and port alone.
    fn targets(&self, first: &Target) -> Result<Vec<Target>, String> {
        if self.hosts.is_empty() && self.urls.is_empty() {
            return Ok(Vec::new());
        }
        let Address::Tcp { port, .. } = first.address else {
            return Err("several brokers are given as host names or URLs, without -S".into());
        };
        let hosts = self.hosts.iter().map(|host| Address::tcp(host, port));
        let mut addresses: Vec<_> = hosts.collect();
        for BrokerUrl { url, .. } in &self.urls {
            let target = url.target();
            let is_alike = target.tls.is_some() == first.tls.is_some()
                && target.websocket.is_some() == first.websocket.is_some()
                && matches!(target.address, Address::Tcp { .. });
            if !is_alike {
                return Err("-L: all brokers of a run are spoken to in the same way".into());
            }
            addresses.push(target.address);
        }
        let target = |address| Target {
            address,
            ..first.clone()
        };
        Ok(addresses.into_iter().map(target).collect())
    }
}

/// Addresses one after the other, the last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    first: IpAddr,
    last: IpAddr,
}

impl Range {
    fn iter(&self) -> Box<dyn Iterator<Item = IpAddr>> {
        match (self.first, self.last) {
            (IpAddr::V4(first), IpAddr::V4(last)) => {
                let numbers = u32::from(first)..=u32::from(last);
                Box::new(numbers.map(|number| Ipv4Addr::from(number).into()))
            }
            (IpAddr::V6(first), IpAddr::V6(last)) => {
                let numbers = u128::from(first)..=u128::from(last);
                Box::new(numbers.map(|number| Ipv6Addr::from(number).into()))
            }
            _ => Box::new(std::iter::empty()),
        }
    }
}

/// Reads an address, a range or a network.
fn addresses(text: &str) -> Result<Range, String> {
    let address = |text: &str| -> Result<IpAddr, String> {
        let parsed = text.trim().parse();
        parsed.map_err(|_| format!("'{text}' is no IP address"))
    };
    if let Some((first, last)) = text.split_once('-') {
        let (first, last) = (address(first)?, address(last)?);
        if first.is_ipv4() != last.is_ipv4() || first > last {
            return Err("a range goes from a lower address to a higher one".into());
        }
        return Ok(Range { first, last });
    }
    if let Some((network, bits)) = text.split_once('/') {
        let network = address(network)?;
        let bits: u32 = bits.parse().map_err(|_| "a network is ADDRESS/BITS")?;
        return in_network(network, bits);
    }
    address(text).map(|first| Range { first, last: first })
}

/// The hosts of a network: of more than two addresses of IPv4, the first and the last are none.
/// On loopback they are, but nobody misses them.
fn in_network(network: IpAddr, bits: u32) -> Result<Range, String> {
    let (number, width) = match network {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32_u32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let free = width.checked_sub(bits).ok_or("a network has fewer bits")?;
    let hosts = 1u128.checked_shl(free).unwrap_or(0).wrapping_sub(1);
    if hosts >= MOST_ADDRESSES {
        return Err(format!("a network of more than {MOST_ADDRESSES} addresses"));
    }
    let (mut first, mut last) = (number & !hosts, number | hosts);
    if network.is_ipv4() && free > 1 {
        (first, last) = (first + 1, last - 1);
    }
    let address = |number: u128| match network {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX))),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from(number)),
    };
    Ok(Range {
        first: address(first),
        last: address(last),
    })
}

fn scheme(text: &str) -> Result<Scheme, String> {
    let scheme: Result<Scheme, _> = text.parse();
    let usable = scheme.ok().filter(|scheme| *scheme != Scheme::Unix);
    usable.ok_or_else(|| "the schemes are mqtt, mqtts, ws and wss".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<String> {
        let range = addresses(text).unwrap();
        range.iter().map(|address| address.to_string()).collect()
    }

    #[test]
    fn addresses_come_one_by_one_as_ranges_and_as_networks() {
        assert_eq!(list("10.1.2.3"), ["10.1.2.3"]);
        assert_eq!(list("127.0.0.254-127.0.1.1").len(), 4);
        assert_eq!(list("::1-::3"), ["::1", "::2", "::3"]);
        assert_eq!(list("10.0.0.7/30"), ["10.0.0.5", "10.0.0.6"]);
        assert_eq!(list("10.0.0.7/32"), ["10.0.0.7"]);
        assert_eq!(list("fd00::/126").len(), 4);
        assert_eq!(list("127.1.0.0/17").len(), 32_766);
    }

    #[test]
    fn what_is_no_list_of_addresses_is_refused() {
        for wrong in [
            "",
            "host",
            "1.2.3",
            "1.2.3.4-",
            "1.2.3.4-1.2.3.3",
            "1.2.3.4-::1",
            "1.2.3.4/33",
            "1.2.3.4/x",
            "10.0.0.0/8",
            "::/0",
            "::/64",
        ] {
            assert!(addresses(wrong).is_err(), "{wrong:?}");
        }
    }
}
