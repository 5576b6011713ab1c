//! SOCKS5 (RFC 1928, RFC 1929): asking a proxy to connect us. The proxy resolves the name.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::str::FromStr;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::authority::Authority;
use super::error::reason;
use super::target::host_and_port;
use super::url::UrlError;

/// A SOCKS5 proxy.
///
/// ```
/// use mqtk::transport::Proxy;
///
/// let proxy: Proxy = "socks5h://ann:s3cret@proxy.example".parse()?;
/// assert_eq!((proxy.host.as_str(), proxy.port), ("proxy.example", 1080));
/// assert!(!format!("{proxy:?}").contains("s3cret"));
/// # Ok::<(), mqtk::transport::UrlError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// The proxy's name or IP address.
    pub host: String,
    /// The proxy's port.
    pub port: u16,
    /// User name and password (RFC 1929), if it wants them.
    pub credentials: Option<(String, String)>,
}

impl FromStr for Proxy {
    type Err = UrlError;

    /// Reads `socks5h://[user[:password]@]host[:port]`; the port is 1080 if none is given.
    fn from_str(text: &str) -> Result<Self, UrlError> {
        let (_, rest) = text
            .split_once("://")
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("socks5h"))
            .ok_or(UrlError::ProxyScheme)?;
        let authority = Authority::parse(rest.strip_suffix('/').unwrap_or(rest))?;
        let port = authority.port.unwrap_or(1080);
        let credentials = authority
            .user
            .map(|user| (user, authority.password.unwrap_or_default()));
        if let Some((user, password)) = &credentials {
            // RFC 1929 gives each one length byte and asks for at least one byte of name.
            if user.is_empty() || user.len() > 255 || password.len() > 255 {
                return Err(UrlError::ProxyCredentials);
            }
        }
        Ok(Self {
            host: authority.host,
            port,
            credentials,
        })
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&host_and_port(&self.host, self.port))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("user", &self.credentials.as_ref().map(|(user, _)| user))
            .finish_non_exhaustive()
    }
}

/// Why the proxy did not connect us.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SocksError {
    /// The connection to the proxy broke.
    #[error("{}", broken(.0))]
    Io(#[from] io::Error),
    /// The answer is not SOCKS5.
    #[error("it does not answer as a SOCKS5 proxy: is the port right?")]
    NotSocks5,
    /// It wants a password and we gave none.
    #[error("it asks for a user name and password: socks5h://user:password@host")]
    PasswordNeeded,
    /// It offers no authentication method that we know.
    #[error("it accepts neither anonymous clients nor passwords")]
    NoMethod,
    /// RFC 1929: failure.
    #[error("it refuses the user name or password")]
    PasswordRefused,
    /// The reply of RFC 1928, section 6, that is not 0.
    #[error("{}", reply_in_words(*.0))]
    Refused(u8),
    /// A host name with more than 255 bytes.
    #[error("the host name is too long for a SOCKS5 request")]
    NameTooLong,
}

fn broken(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "it closed the connection without an answer".to_owned(),
        _ => reason(error),
    }
}

fn reply_in_words(code: u8) -> String {
    let words = match code {
        1 => "it says no more than that it failed: it may not know the host, or not reach it",
        2 => "its rules do not allow this connection",
        3 => "it cannot reach the network",
        4 => "it cannot reach the host, or does not know its name",
        5 => "connection refused by the host (is the broker running, and is this its port?)",
        6 => "the way to the host is too long (TTL expired)",
        7 => "it does not know the command CONNECT",
        8 => "it does not support this type of address",
        _ => return format!("it answers with the unknown code {code}"),
    };
    words.to_owned()
}

/// Asks the proxy at the other end of `stream` to connect to `host` and `port`; from then on the
/// stream leads there.
pub(super) async fn negotiate<S>(
    stream: &mut S,
    proxy: &Proxy,
    host: &str,
    port: u16,
) -> Result<(), SocksError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let request = request(host, port)?;
    stream
        .write_all(greeting(proxy.credentials.is_some()))
        .await?;
    let mut answer = [0; 2];
    stream.read_exact(&mut answer).await?;
    if method(answer, proxy.credentials.is_some())? == Method::Password
        && let Some((user, password)) = &proxy.credentials
    {
        stream.write_all(&login(user, password)).await?;
        stream.read_exact(&mut answer).await?;
        login_answer(answer)?;
    }
    stream.write_all(&request).await?;
    let mut head = [0; 5];
    stream.read_exact(&mut head).await?;
    let mut address = vec![0; rest_of_reply(head)?];
    stream.read_exact(&mut address).await?;
    Ok(())
}

const VERSION: u8 = 5;

#[derive(Debug, PartialEq, Eq)]
enum Method {
    Anonymous,
    Password,
}

/// Version, number of methods, methods (RFC 1928, section 3).
fn greeting(with_password: bool) -> &'static [u8] {
    if with_password {
        &[VERSION, 2, 0, 2]
    } else {
        &[VERSION, 1, 0]
    }
}

/// Version, chosen method.
fn method(answer: [u8; 2], with_password: bool) -> Result<Method, SocksError> {
    match answer {
        [VERSION, 0] => Ok(Method::Anonymous),
        [VERSION, 2] if with_password => Ok(Method::Password),
        [VERSION, 0xFF] if !with_password => Err(SocksError::PasswordNeeded),
        [VERSION, _] => Err(SocksError::NoMethod),
        _ => Err(SocksError::NotSocks5),
    }
}

/// Version of the negotiation, name and password, each with its length (RFC 1929, section 2).
fn login(user: &str, password: &str) -> Vec<u8> {
    let mut bytes = vec![1];
    for text in [user, password] {
        // Reading the URL has kept both within one length byte.
        let text = &text.as_bytes()[..text.len().min(255)];
        bytes.push(text.len() as u8);
        bytes.extend_from_slice(text);
    }
    bytes
}

fn login_answer(answer: [u8; 2]) -> Result<(), SocksError> {
    match answer {
        [_, 0] => Ok(()),
        _ => Err(SocksError::PasswordRefused),
    }
}

/// Version, CONNECT, reserved, address with its type, port (RFC 1928, section 4).
fn request(host: &str, port: u16) -> Result<Vec<u8>, SocksError> {
    let mut bytes = vec![VERSION, 1, 0];
    match host.parse() {
        Ok(IpAddr::V4(address)) => {
            bytes.push(1);
            bytes.extend_from_slice(&address.octets());
        }
        Ok(IpAddr::V6(address)) => {
            bytes.push(4);
            bytes.extend_from_slice(&address.octets());
        }
        Err(_) => {
            bytes.push(3);
            bytes.push(u8::try_from(host.len()).map_err(|_| SocksError::NameTooLong)?);
            bytes.extend_from_slice(host.as_bytes());
        }
    }
    bytes.extend_from_slice(&port.to_be_bytes());
    Ok(bytes)
}

/// How much follows the first five bytes of a good reply (RFC 1928, section 6): the rest of an
/// address, which says nothing to us, and its port.
fn rest_of_reply(head: [u8; 5]) -> Result<usize, SocksError> {
    match head {
        [VERSION, 0, _, 1, _] => Ok(3 + 2),
        [VERSION, 0, _, 4, _] => Ok(15 + 2),
        [VERSION, 0, _, 3, length] => Ok(usize::from(length) + 2),
        [VERSION, code, ..] if code != 0 => Err(SocksError::Refused(code)),
        _ => Err(SocksError::NotSocks5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(text: &str) -> Proxy {
        text.parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn a_proxy_is_read_from_its_url() {
        let plain = proxy("socks5h://[::1]:9050");
        assert_eq!(
            (plain.to_string().as_str(), plain.credentials),
            ("[::1]:9050", None)
        );
        let login = proxy("SOCKS5H://us%40er:p%3Aw@proxy.example/");
        assert_eq!(login.to_string(), "proxy.example:1080");
        assert_eq!(
            login.credentials,
            Some(("us@er".to_owned(), "p:w".to_owned()))
        );
    }

    #[test]
    fn other_proxies_are_refused() {
        for text in [
            "proxy.example",
            "http://proxy.example",
            "socks5://proxy.example",
        ] {
            assert_eq!(text.parse::<Proxy>(), Err(UrlError::ProxyScheme), "{text}");
        }
        let long = "x".repeat(256);
        assert_eq!(
            format!("socks5h://u:{long}@p").parse::<Proxy>(),
            Err(UrlError::ProxyCredentials)
        );
        assert_eq!(
            "socks5h://:pw@p".parse::<Proxy>(),
            Err(UrlError::ProxyCredentials)
        );
        assert_eq!("socks5h://".parse::<Proxy>(), Err(UrlError::NoHost));
    }

    #[test]
    fn debug_hides_the_password() {
        assert!(!format!("{:?}", proxy("socks5h://u:hidden@p")).contains("hidden"));
    }

    #[test]
    fn requests_are_encoded_by_type_of_address() {
        assert_eq!(
            request("1.2.3.4", 1883).unwrap(),
            [5, 1, 0, 1, 1, 2, 3, 4, 0x07, 0x5B]
        );
        assert_eq!(
            request("a.b", 1).unwrap(),
            [5, 1, 0, 3, 3, b'a', b'.', b'b', 0, 1]
        );
        let v6 = request("::1", 2).unwrap();
        assert_eq!(
            (v6.len(), &v6[..5], &v6[18..]),
            (22, &[5, 1, 0, 4, 0][..], &[0, 1, 0, 2][..])
        );
        assert!(matches!(
            request(&"x".repeat(256), 1),
            Err(SocksError::NameTooLong)
        ));
    }

    #[test]
    fn a_login_carries_both_lengths() {
        assert_eq!(login("ab", "c"), [1, 2, b'a', b'b', 1, b'c']);
        assert_eq!(login("a", ""), [1, 1, b'a', 0]);
    }

    #[test]
    fn methods_are_chosen_among_those_offered() {
        assert_eq!(method([5, 0], false).unwrap(), Method::Anonymous);
        assert_eq!(method([5, 2], true).unwrap(), Method::Password);
        assert!(matches!(
            method([5, 0xFF], false),
            Err(SocksError::PasswordNeeded)
        ));
        assert!(matches!(method([5, 0xFF], true), Err(SocksError::NoMethod)));
        assert!(matches!(method([5, 2], false), Err(SocksError::NoMethod)));
        assert!(matches!(
            method([b'H', b'T'], false),
            Err(SocksError::NotSocks5)
        ));
    }

    #[test]
    fn replies_are_read_with_any_address() {
        assert_eq!(rest_of_reply([5, 0, 0, 1, 9]).unwrap(), 5);
        assert_eq!(rest_of_reply([5, 0, 0, 4, 9]).unwrap(), 17);
        assert_eq!(rest_of_reply([5, 0, 0, 3, 9]).unwrap(), 11);
        assert!(matches!(
            rest_of_reply([5, 5, 0, 1, 0]),
            Err(SocksError::Refused(5))
        ));
        assert!(matches!(
            rest_of_reply([5, 0, 0, 2, 0]),
            Err(SocksError::NotSocks5)
        ));
        assert!(matches!(
            rest_of_reply([4, 0, 0, 1, 0]),
            Err(SocksError::NotSocks5)
        ));
    }

    #[test]
    fn every_reply_code_has_its_own_words() {
        let mut words: Vec<_> = (1..=9)
            .map(|code| SocksError::Refused(code).to_string())
            .collect();
        assert!(
            words[4].contains("refused") && words[8].contains('9'),
            "{words:?}"
        );
        words.sort();
        words.dedup();
        assert_eq!(words.len(), 9);
    }
}
