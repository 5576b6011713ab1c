//! Where a client connects from.

use std::net::IpAddr;

use crate::transport::Peer;

/// The places that an `address` line names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places(Vec<Place>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Addresses with the same first bits.
    Network {
        address: IpAddr,
        bits: u8,
    },
    Loopback,
    Unix,
}

impl Places {
    /// Reads the words behind `address`; `None`: they mean every place.
    pub fn parse(words: &str) -> Result<Option<Self>, String> {
        let words = words.split(' ').filter(|word| !word.is_empty());
        let mut places = Vec::new();
        let mut is_any = false;
        for word in words {
            match word {
                "any" => is_any = true,
                "loopback" => places.push(Place::Loopback),
                "unix" => places.push(Place::Unix),
                word => places.push(network(word)?),
            }
        }
        match (is_any, places.is_empty()) {
            (true, _) => Ok(None),
            (false, false) => Ok(Some(Self(places))),
            (false, true) => Err("'address' needs a place, such as 10.0.0.0/8".to_owned()),
        }
    }

    pub fn contain(&self, peer: Peer) -> bool {
        self.0.iter().any(|place| place.contains(peer))
    }
}

impl Place {
    fn contains(self, peer: Peer) -> bool {
        match (self, peer) {
            (Self::Unix, Peer::Unix { .. }) => true,
            (Self::Loopback, Peer::Tcp(from)) => from.ip().to_canonical().is_loopback(),
            (Self::Network { address, bits }, Peer::Tcp(from)) => {
                match (address, from.ip().to_canonical()) {
                    (IpAddr::V4(a), IpAddr::V4(b)) => {
                        (a.to_bits() ^ b.to_bits()).leading_zeros() >= u32::from(bits)
                    }
                    (IpAddr::V6(a), IpAddr::V6(b)) => {
                        (a.to_bits() ^ b.to_bits()).leading_zeros() >= u32::from(bits)
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }
}

fn network(word: &str) -> Result<Place, String> {
    let (address, bits) = match word.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (word, None),
    };
    let wrong = || format!("'{word}' is no address, network, 'loopback', 'unix' or 'any'");
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = match bits {
        None => most,
        Some(bits) => match bits.parse() {
            Ok(bits) if bits <= most => bits,
            _ => return Err(format!("'{word}': a network has 0 to {most} bits")),
        },
    };
    Ok(Place::Network { address, bits })
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    fn contain(words: &str, address: &str) -> bool {
        let places = Places::parse(words).expect("places").expect("not any");
        let address: IpAddr = address.parse().expect("an address");
        places.contain(SocketAddr::new(address, 1).into())
    }

    #[test]
    fn networks_contain_the_addresses_with_their_first_bits() {
        assert!(contain("10.0.0.0/8", "10.255.0.1"));
        assert!(!contain("10.0.0.0/8", "11.0.0.1"));
        assert!(contain("192.0.2.1", "192.0.2.1"));
        assert!(!contain("192.0.2.1", "192.0.2.2"));
        assert!(contain("0.0.0.0/0", "192.0.2.2"));
        assert!(!contain("0.0.0.0/0", "2001:db8::1"));
        assert!(contain("2001:db8::/32 10.0.0.0/8", "2001:db8:1::1"));
        assert!(!contain("2001:db8::/32", "2001:db9::1"));
        assert!(contain("loopback", "127.9.9.9"));
        assert!(contain("loopback", "::1"));
    }

    #[test]
    fn an_address_of_the_old_protocol_in_the_new_one_is_that_address() {
        assert!(contain("10.0.0.0/8", "::ffff:10.1.1.1"));
        assert!(contain("loopback", "::ffff:127.0.0.1"));
    }

    #[test]
    fn unix_sockets_are_a_place() {
        let unix = Peer::Unix { process: None };
        let places = |words| Places::parse(words).expect("places");
        assert!(places("unix").is_some_and(|places| places.contain(unix)));
        assert!(places("loopback").is_some_and(|places| !places.contain(unix)));
        assert_eq!(places("unix any"), None);
    }

    #[test]
    fn what_is_no_place_is_named() {
        for wrong in [
            "",
            " ",
            "10.0.0",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/x",
            "host",
        ] {
            assert!(Places::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
