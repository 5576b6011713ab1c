//! The server's side of TLS: its certificates, and those it asks of clients.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{ServerName, UnixTime};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{
    ClientHello, NoClientAuth, ParsedCertificate, ResolvesServerCert, VerifierBuilderError,
    WebPkiClientVerifier,
};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsStream};

use super::identity::ClientCertificate;
use super::pem;
use super::self_signed;
use crate::transport::error::{ConnectError, reason};

/// Who a server is, and whom it lets in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerTlsOptions {
    /// Its certificates, chosen by the host name that a client asks for (SNI). The first is also
    /// for those that ask for none, or for one that no certificate is for.
    pub identities: Vec<IdentityFiles>,
    /// Issue one more certificate, for this machine, by a CA of its own. The certificate of the CA,
    /// `ca.crt`, and its key are kept in this directory, and are made if they are missing.
    pub self_signed: Option<PathBuf>,
    /// PEM file of CA certificates: only clients with a certificate by one of these get in.
    pub client_ca: Option<PathBuf>,
    /// PEM file of the lists of revoked client certificates, one for each issuer.
    pub crlfile: Option<PathBuf>,
}

/// The files of a certificate and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityFiles {
    /// PEM file of the certificate, followed by its chain.
    pub cert: PathBuf,
    /// PEM file of the key, if it does not stand in the file of the certificate.
    pub key: Option<PathBuf>,
    /// File of the OCSP response (DER) that says that the certificate is not revoked; clients that
    /// ask for it get it with the certificate.
    pub ocsp: Option<PathBuf>,
}

/// TLS towards clients: files are read once, and clients that come back can resume their session. Clones
/// share everything.
#[derive(Clone)]
pub(in crate::transport) struct TlsServer {
    current: Arc<RwLock<Current>>,
}

/// What is in force until the files are read again.
struct Current {
    config: Arc<ServerConfig>,
    verifier: Arc<dyn ClientCertVerifier>,
}

impl TlsServer {
    /// Reads the files. `hosts` are the names by which clients may know this server, for a certificate
    /// that is issued here.
    pub fn new(
        options: &ServerTlsOptions,
        hosts: impl Iterator<Item = String>,
    ) -> Result<Self, ConnectError> {
        let current = Current::new(options, hosts)?;
        Ok(Self {
            current: Arc::new(RwLock::new(current)),
        })
    }

    /// Reads the files again. If something is wrong with one of them, nothing changes. Earlier sessions
    /// cannot be resumed afterwards.
    pub fn renew(
        &self,
        options: &ServerTlsOptions,
        hosts: impl Iterator<Item = String>,
    ) -> Result<(), ConnectError> {
        let renewed = Current::new(options, hosts)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = renewed;
        Ok(())
    }

    fn current(&self) -> RwLockReadGuard<'_, Current> {
        self.current.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether clients need a certificate.
    pub fn demands_certificate(&self) -> bool {
        self.current().verifier.client_auth_mandatory()
    }

    /// Whether a client with this certificate would get in now.
    pub fn trusts(&self, certificate: &ClientCertificate) -> bool {
        let verifier = Arc::clone(&self.current().verifier);
        let Some((end_entity, intermediates)) = certificate.parts() else {
            return false;
        };
        !verifier.offer_client_auth()
            || verifier
                .verify_client_cert(end_entity, intermediates, UnixTime::now())
                .is_ok()
    }

    /// The handshake.
    pub async fn accept(&self, tcp: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        let acceptor = TlsAcceptor::from(Arc::clone(&self.current().config));
        acceptor.accept(tcp).await.map(TlsStream::from)
    }
}

impl Current {
    fn new(
        options: &ServerTlsOptions,
        hosts: impl Iterator<Item = String>,
    ) -> Result<Self, ConnectError> {
        let provider = Arc::new(ring::default_provider());
        let verifier = client_verifier(options, &provider)?;
        let mut keys = Vec::new();
        for files in &options.identities {
            keys.push(Arc::new(certified_key(files, &provider)?));
        }
        if let Some(directory) = &options.self_signed {
            let (chain, key) = self_signed::issue(directory, hosts)
                .map_err(|error| ConnectError::file("--self-signed", directory, error))?;
            let key = CertifiedKey::from_der(chain, key, &provider)
                .map_err(|error| ConnectError::file("--self-signed", directory, error))?;
            keys.push(Arc::new(key));
        }
        if keys.is_empty() {
            return Err(ConnectError::Options(
                "a TLS listener needs a certificate: give --cert and --key, or --self-signed"
                    .to_owned(),
            ));
        }
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| ConnectError::Options(format!("TLS cannot be used: {error}")))?
            .with_client_cert_verifier(Arc::clone(&verifier))
            .with_cert_resolver(Arc::new(Identities { keys }));
        // With tickets, the server need not remember each session itself.
        config.ticketer = ring::Ticketer::new()
            .map_err(|error| ConnectError::Options(format!("TLS cannot be used: {error}")))?;
        Ok(Self {
            config: Arc::new(config),
            verifier,
        })
    }
}

fn certified_key(
    files: &IdentityFiles,
    provider: &CryptoProvider,
) -> Result<CertifiedKey, ConnectError> {
    let chain = pem::certificates("--cert", &files.cert)?;
    let key = match &files.key {
        Some(key) => pem::private_key("--key", key)?,
        None => pem::private_key("--cert", &files.cert)?,
    };
    let mut key = CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => ConnectError::file(
            "--cert",
            &files.cert,
            match &files.key {
                Some(key) => format!("the key in {} belongs to another", key.display()),
                None => "the key in it belongs to another".to_owned(),
            },
        ),
        other => ConnectError::file("--cert", &files.cert, other),
    })?;
    if let Some(path) = &files.ocsp {
        key.ocsp = Some(ocsp_response(path)?);
    }
    Ok(key)
}

/// Reads an OCSP response (RFC 6960): a sequence that begins with the status *successful*.
fn ocsp_response(path: &Path) -> Result<Vec<u8>, ConnectError> {
    const SUCCESSFUL: &[u8] = &[0x0A, 1, 0];
    let fail = |reason: &dyn fmt::Display| ConnectError::file("--ocsp-staple", path, reason);
    let bytes = fs::read(path).map_err(|error| fail(&reason(&error)))?;
    let header = match bytes.get(..2) {
        Some(&[0x30, short @ 0..=0x7F]) if bytes.len() == 2 + usize::from(short) => 2,
        Some(&[0x30, 0x81]) => 3,
        Some(&[0x30, 0x82]) => 4,
        _ => return Err(fail(&"it is no OCSP response in DER")),
    };
    match bytes.get(header..) {
        Some(content) if content.starts_with(SUCCESSFUL) => Ok(bytes),
        _ => Err(fail(&"it is no OCSP response, or one without an answer")),
    }
}

fn client_verifier(
    options: &ServerTlsOptions,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, ConnectError> {
    let Some(path) = &options.client_ca else {
        return match options.crlfile {
            Some(_) => Err(ConnectError::Options(
                "--crlfile is about the client certificates that --client-ca asks for".to_owned(),
            )),
            None => Ok(Arc::new(NoClientAuth)),
        };
    };
    let mut roots = RootCertStore::empty();
    for certificate in pem::certificates("--client-ca", path)? {
        roots
            .add(certificate)
            .map_err(|error| ConnectError::file("--client-ca", path, error))?;
    }
    let mut builder =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
    if let Some(path) = &options.crlfile {
        builder = builder
            .with_crls(pem::revocation_lists("--crlfile", path)?)
            .only_check_end_entity_revocation()
            .enforce_revocation_expiration();
    }
    builder.build().map_err(|error| match &options.crlfile {
        Some(path) if matches!(error, VerifierBuilderError::InvalidCrl(_)) => ConnectError::file(
            "--crlfile",
            path,
            "it holds a revocation list that is garbled",
        ),
        _ => ConnectError::file("--client-ca", path, error),
    })
}

/// The certificates to choose from; at least one.
#[derive(Debug)]
struct Identities {
    keys: Vec<Arc<CertifiedKey>>,
}

impl ResolvesServerCert for Identities {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello
            .server_name()
            .and_then(|name| ServerName::try_from(name).ok());
        let usable =
            |key: &&Arc<CertifiedKey>| key.key.choose_scheme(hello.signature_schemes()).is_some();
        let named = |key: &&Arc<CertifiedKey>| name.as_ref().is_some_and(|name| is_for(key, name));
        // A name may have certificates with different kinds of keys.
        self.keys
            .iter()
            .filter(usable)
            .find(named)
            .or_else(|| self.keys.iter().find(named))
            .or_else(|| self.keys.iter().find(usable))
            .or(self.keys.first())
            .cloned()
    }
}

fn is_for(key: &CertifiedKey, name: &ServerName<'_>) -> bool {
    key.end_entity_cert()
        .and_then(ParsedCertificate::try_from)
        .is_ok_and(|certificate| verify_server_name(&certificate, name).is_ok())
}
