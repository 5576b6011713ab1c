//! The part of a URL between `://` and the path.

use std::net::Ipv6Addr;

use percent_encoding::percent_decode_str;

use super::url::UrlError;

/// `[user[:password]@]host[:port]`, %-decoded; the host without brackets.
pub(super) struct Authority {
    pub user: Option<String>,
    pub password: Option<String>,
    pub host: String,
    pub port: Option<u16>,
}

impl Authority {
    /// An authority to connect to: its port, if it has one, is not 0.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let authority = Self::parse_any_port(text)?;
        match authority.port {
            Some(0) => Err(UrlError::Port("0".to_owned())),
            _ => Ok(authority),
        }
    }

    /// The same, but the port may be 0.
    pub fn parse_any_port(text: &str) -> Result<Self, UrlError> {
        // The last @, since people forget to write those in a password as %40.
        let (login, place) = match text.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, text),
        };
        let (user, password) = match login.map(|login| login.split_once(':').unwrap_or((login, "")))
        {
            Some((user, password)) => {
                let has_password = login.is_some_and(|login| login.contains(':'));
                (
                    Some(decode(user)?),
                    has_password.then(|| decode(password)).transpose()?,
                )
            }
            None => (None, None),
        };
        let (host, port) = split_port(place)?;
        if host.is_empty() {
            return Err(UrlError::NoHost);
        }
        Ok(Self {
            user,
            password,
            host,
            port,
        })
    }
}

/// Takes `host:port` apart; the port may be missing.
fn split_port(place: &str) -> Result<(String, Option<u16>), UrlError> {
    let (host, port) = if let Some(rest) = place.strip_prefix('[') {
        let (host, port) = rest
            .split_once(']')
            .ok_or_else(|| UrlError::Bracket(place.to_owned()))?;
        // A zone (fe80::1%eth0) says which interface a link-local address is on.
        let literal = host.split('%').next().unwrap_or_default();
        if literal.parse::<Ipv6Addr>().is_err() {
            return Err(UrlError::Ipv6(host.to_owned()));
        }
        let port = match port.strip_prefix(':') {
            Some(port) => Some(port),
            None if port.is_empty() => None,
            None => return Err(UrlError::AfterHost(port.to_owned())),
        };
        (decode(host).unwrap_or_else(|_| host.to_owned()), port)
    } else {
        let (host, port) = match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        };
        if port.is_some_and(|port| port.contains(':')) {
            return Err(UrlError::BareIpv6(place.to_owned()));
        }
        (decode(host)?, port)
    };
    match port {
        None | Some("") => Ok((host, None)),
        Some(port) => match port.parse::<u16>() {
            Ok(number) => Ok((host, Some(number))),
            Err(_) => Err(UrlError::Port(port.to_owned())),
        },
    }
}

/// Undoes %-encoding, strictly: a stray `%` is more likely a typing error than meant.
pub(super) fn decode(text: &str) -> Result<String, UrlError> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('%') {
        let digits = after.bytes().take(2).filter(u8::is_ascii_hexdigit).count();
        if digits < 2 {
            return Err(UrlError::Percent);
        }
        rest = after;
    }
    percent_decode_str(text)
        .decode_utf8()
        .map(Into::into)
        .map_err(|_| UrlError::NotUtf8)
}
