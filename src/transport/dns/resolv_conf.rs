//! `/etc/resolv.conf`: which servers to ask, how patiently, and the domain of this machine.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::transport::error::reason;

/// Where the system keeps it.
pub(super) const PATH: &str = "/etc/resolv.conf";

const PORT: u16 = 53;

/// What resolv.conf(5) says, as far as it concerns a query for a full name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ResolvConf {
    /// The servers, in the order to ask them.
    pub servers: Vec<SocketAddr>,
    /// The domains in which this machine looks for short names.
    pub search: Vec<String>,
    /// How long to wait for one server.
    pub timeout: Duration,
    /// How often to ask each server.
    pub attempts: u32,
}

/// The values of a system that says nothing.
impl Default for ResolvConf {
    fn default() -> Self {
        Self {
            servers: vec![(Ipv4Addr::LOCALHOST, PORT).into()],
            search: Vec::new(),
            timeout: Duration::from_secs(5),
            attempts: 2,
        }
    }
}

impl ResolvConf {
    /// The system's configuration; a missing file says nothing.
    ///
    /// # Errors
    ///
    /// The file cannot be read: one line.
    pub fn of_the_system() -> Result<Self, String> {
        match fs::read_to_string(PATH) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(format!("cannot read {PATH}: {}", reason(&error))),
        }
    }

    /// Reads the text of the file. As everywhere, what is not understood is passed over.
    pub fn parse(text: &str) -> Self {
        let mut conf = Self::default();
        let mut servers = Vec::new();
        for line in text.lines() {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("nameserver") => {
                    let address = words.next().and_then(|word| word.parse::<IpAddr>().ok());
                    servers.extend(address.map(|address| SocketAddr::new(address, PORT)));
                }
                // The last of these lines counts.
                Some("domain" | "search") => {
                    conf.search = words
                        .map(|domain| domain.trim_end_matches('.').to_owned())
                        .filter(|domain| !domain.is_empty())
                        .collect();
                }
                Some("options") => words.for_each(|word| conf.option(word)),
                _ => {}
            }
        }
        if !servers.is_empty() {
            conf.servers = servers;
        }
        conf
    }

    /// The limits are those of the C library.
    fn option(&mut self, word: &str) {
        let Some((name, value)) = word.split_once(':') else {
            return;
        };
        match (name, value.parse()) {
            ("timeout", Ok(seconds)) => {
                self.timeout = Duration::from_secs(u64::clamp(seconds, 1, 30));
            }
            ("attempts", Ok(count)) => {
                self.attempts = u64::clamp(count, 1, 5) as u32;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_search_domains_and_options_are_read() {
        let text = "# made by hand\n\
                    ; and again\n\
                    domain old.example\n\
                    search home.example. office.example\n\
                    nameserver 192.0.2.1 # the router\n\
                    \tnameserver 2001:db8::1\n\
                    nameserver nonsense\n\
                    sortlist 192.0.2.0\n\
                    options edns0 timeout:1 attempts:99 ndots:2 trust-ad";
        let conf = ResolvConf::parse(text);
        let servers = ["192.0.2.1:53", "[2001:db8::1]:53"].map(|server| server.parse().unwrap());
        assert_eq!(conf.servers, servers);
        assert_eq!(conf.search, ["home.example", "office.example"]);
        assert_eq!(conf.timeout, Duration::from_secs(1));
        assert_eq!(conf.attempts, 5);
    }

    #[test]
    fn an_empty_file_means_a_server_on_this_machine() {
        let conf = ResolvConf::parse("search .\n");
        assert_eq!(conf, ResolvConf::default());
        assert_eq!(conf.servers, ["127.0.0.1:53".parse().unwrap()]);
    }
}
