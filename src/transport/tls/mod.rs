//! TLS by rustls: configuration and handshake, the client's here and the server's in `server`.

mod explain;
mod identity;
mod keylog;
mod pem;
mod refusal;
mod self_signed;
mod server;
mod verify;

use std::io;
use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, TlsStream};

pub(super) use self::explain::explain;
pub use self::identity::ClientCertificate;
use self::keylog::KeyLogFile;
pub(super) use self::refusal::explain_refusal;
pub use self::self_signed::SELF_SIGNED_CA;
pub(super) use self::server::TlsServer;
pub use self::server::{IdentityFiles, ServerTlsOptions};
use self::verify::{AnyCertificate, TrustedLeaf};
use super::error::ConnectError;
use super::target::{TlsOptions, TlsVersion};

/// Sessions kept for resumption: a server issues a few tickets for each connection.
const SESSIONS: usize = 8;

/// TLS towards one host: certificates read once, sessions kept for the next connection.
pub(super) struct TlsClient {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl TlsClient {
    pub fn new(options: &TlsOptions, host: &str) -> Result<Self, ConnectError> {
        let name =
            ServerName::try_from(explain::host_without_zone(host).to_owned()).map_err(|_| {
                ConnectError::Options(format!(
                    "{host:?} is not a host name that a certificate can be for"
                ))
            })?;
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config(options)?)),
            name,
        })
    }

    /// The handshake. A TLS 1.3 server verifies our certificate only after it: its refusal is an error
    /// of the first read.
    pub async fn connect(&self, tcp: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.connector
            .connect(self.name.clone(), tcp)
            .await
            .map(TlsStream::from)
    }
}

fn config(options: &TlsOptions) -> Result<ClientConfig, ConnectError> {
    let provider = Arc::new(provider(options)?);
    let verifier = verifier(options, &provider)?;
    let versions: &[&SupportedProtocolVersion] = match options.version {
        None => rustls::ALL_VERSIONS,
        Some(TlsVersion::V1_2) => &[&rustls::version::TLS12],
        Some(TlsVersion::V1_3) => &[&rustls::version::TLS13],
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(|_| {
            ConnectError::Options("none of --ciphers works with --tls-version".to_owned())
        })?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match identity(options)? {
        None => builder.with_no_client_auth(),
        Some((chain, key)) => {
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| match error {
                    rustls::Error::InconsistentKeys(_) => ConnectError::Options(
                        "--key does not belong to the certificate in --cert".to_owned(),
                    ),
                    other => ConnectError::Options(format!("cannot use --cert and --key: {other}")),
                })?
        }
    };
    config.alpn_protocols = options
        .alpn
        .iter()
        .map(|name| name.clone().into_bytes())
        .collect();
    config.resumption = match options.no_resumption {
        true => Resumption::disabled(),
        false => Resumption::in_memory_sessions(SESSIONS),
    };
    if let Some(path) = &options.keylog {
        let file = KeyLogFile::open(path)
            .map_err(|error| ConnectError::file("--tls-keylog", path, error))?;
        config.key_log = Arc::new(file);
    }
    Ok(config)
}

/// ring, with the cipher suites asked for, in the order asked for.
fn provider(options: &TlsOptions) -> Result<CryptoProvider, ConnectError> {
    let mut provider = ring::default_provider();
    let Some(names) = &options.ciphers else {
        return Ok(provider);
    };
    let known = std::mem::take(&mut provider.cipher_suites);
    for name in names
        .split([':', ','])
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        let suite = known
            .iter()
            .find(|suite| format!("{:?}", suite.suite()).eq_ignore_ascii_case(name));
        provider.cipher_suites.push(*suite.ok_or_else(|| {
            let known: Vec<_> = known
                .iter()
                .map(|suite| format!("{:?}", suite.suite()))
                .collect();
            ConnectError::Options(format!(
                "unknown cipher suite {name:?} in --ciphers: known are {}",
                known.join(", ")
            ))
        })?);
    }
    Ok(provider)
}

fn verifier(
    options: &TlsOptions,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, ConnectError> {
    if options.insecure {
        let schemes = provider
            .signature_verification_algorithms
            .supported_schemes();
        return Ok(Arc::new(AnyCertificate { schemes }));
    }
    let trusted = trusted(options)?;
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(trusted.iter().cloned());
    if added == 0 {
        return Err(ConnectError::Options(
            "no trusted certificate is usable: check --cafile and --capath".to_owned(),
        ));
    }
    let mut builder =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
    if let Some(path) = &options.crlfile {
        builder = builder
            .with_crls(pem::revocation_lists("--crlfile", path)?)
            .only_check_end_entity_revocation()
            .enforce_revocation_expiration();
    }
    let usual = builder.build().map_err(|error| match &options.crlfile {
        Some(path) => ConnectError::file("--crlfile", path, error),
        None => ConnectError::Options(format!("cannot verify certificates: {error}")),
    })?;
    if options.cafile.is_none() && options.capath.is_none() {
        return Ok(usual);
    }
    Ok(Arc::new(TrustedLeaf { usual, trusted }))
}

/// The certificates of `--cafile` and `--capath`, and the system's if these are all, or wanted.
fn trusted(options: &TlsOptions) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
    let mut trusted = Vec::new();
    if let Some(path) = &options.cafile {
        trusted.extend(pem::certificates("--cafile", path)?);
    }
    if let Some(path) = &options.capath {
        trusted.extend(pem::certificates_of_directory("--capath", path)?);
    }
    if options.system_roots || options.cafile.is_none() && options.capath.is_none() {
        trusted.extend(rustls_native_certs::load_native_certs().certs);
        if trusted.is_empty() {
            return Err(ConnectError::Options(
                "this system has no trusted certificates: install its ca-certificates, or give --cafile".to_owned(),
            ));
        }
    }
    Ok(trusted)
}

/// A certificate with its chain, and its key.
type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// Our certificate and its key, if there are any; the key may be in the file of the certificate.
fn identity(options: &TlsOptions) -> Result<Option<Identity>, ConnectError> {
    match (&options.cert, &options.key) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(ConnectError::Options("--key needs --cert".to_owned())),
        (Some(cert), Some(key)) => Ok(Some((
            pem::certificates("--cert", cert)?,
            pem::private_key("--key", key)?,
        ))),
        (Some(cert), None) => {
            let key = pem::private_key("--cert", cert)
                .map_err(|_| ConnectError::Options("--cert needs --key".to_owned()))?;
            Ok(Some((pem::certificates("--cert", cert)?, key)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(options: TlsOptions) -> String {
        match config(&TlsOptions {
            insecure: true,
            ..options
        }) {
            Ok(_) => panic!("accepted"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn an_unknown_cipher_is_refused_with_the_known_ones() {
        let error = refused(TlsOptions {
            ciphers: Some("RC4-MD5".to_owned()),
            ..TlsOptions::default()
        });
        assert!(
            error.contains("\"RC4-MD5\"") && error.contains("TLS13_AES_128_GCM_SHA256"),
            "{error}"
        );
    }

    #[test]
    fn ciphers_must_fit_the_version() {
        let ciphers = Some("TLS13_AES_256_GCM_SHA384:tls13_chacha20_poly1305_sha256".to_owned());
        let tls13 = TlsOptions {
            insecure: true,
            ciphers: ciphers.clone(),
            ..TlsOptions::default()
        };
        assert_eq!(
            config(&tls13)
                .unwrap()
                .crypto_provider()
                .cipher_suites
                .len(),
            2
        );
        let error = refused(TlsOptions {
            ciphers,
            version: Some(TlsVersion::V1_2),
            ..TlsOptions::default()
        });
        assert!(error.contains("--tls-version"), "{error}");
    }

    #[test]
    fn certificate_and_key_come_together() {
        let key = refused(TlsOptions {
            key: Some("k.pem".into()),
            ..TlsOptions::default()
        });
        assert_eq!(key, "--key needs --cert");
        let cert = refused(TlsOptions {
            cert: Some("c.pem".into()),
            ..TlsOptions::default()
        });
        assert_eq!(cert, "--cert needs --key");
    }
}
