//! Certificates of a test's own authority.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, RevokedCertParams, SerialNumber,
    date_time_ymd,
};
use tempfile::TempDir;

/// The serial number of the client's certificate, and one of another.
const CLIENT: u64 = 7;
const OTHER: u64 = 8;

/// The files of an authority, a server on localhost and a client.
pub struct Certificates {
    pub ca: PathBuf,
    pub server: PathBuf,
    pub server_key: PathBuf,
    pub client: PathBuf,
    pub client_key: PathBuf,
    /// The certificate of an authority that signed nothing.
    pub other_ca: PathBuf,
    authority: Issuer<'static, KeyPair>,
    /// Keeps the files.
    _directory: TempDir,
}

/// What the server's certificate is like.
pub enum Server {
    Good,
    /// For another host name.
    Elsewhere,
    /// No longer valid.
    Expired,
}

impl Certificates {
    pub fn new(server: &Server) -> Self {
        let directory = TempDir::new().expect("a directory for certificates");
        let path = directory.path();
        let (issuer, ca) = authority(path, "ca");
        let (_, other_ca) = authority(path, "other-ca");
        let name = match server {
            Server::Good | Server::Expired => "localhost",
            Server::Elsewhere => "elsewhere.example",
        };
        let mut params = CertificateParams::new([name.to_owned()]).expect("a DNS name");
        params.insert_extended_key_usage(ExtendedKeyUsagePurpose::ServerAuth);
        if matches!(server, Server::Expired) {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let (server, server_key) = signed(path, "server", params, &issuer);
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, "a client");
        params.insert_extended_key_usage(ExtendedKeyUsagePurpose::ClientAuth);
        params.serial_number = Some(SerialNumber::from(CLIENT));
        let (client, client_key) = signed(path, "client", params, &issuer);
        Self {
            ca,
            server,
            server_key,
            client,
            client_key,
            other_ca,
            authority: issuer,
            _directory: directory,
        }
    }

    /// The authority's revocation list, with the client's certificate on it or not.
    pub fn revocation_list(&self, has_client: bool) -> String {
        let serials = match has_client {
            true => vec![OTHER, CLIENT],
            false => vec![OTHER],
        };
        let revoked = |serial: u64| RevokedCertParams {
            serial_number: SerialNumber::from(serial),
            revocation_time: date_time_ymd(2025, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(2025, 1, 1),
            next_update: date_time_ymd(2125, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: serials.into_iter().map(revoked).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = params.signed_by(&self.authority).expect("a list");
        list.pem().expect("PEM")
    }
}

fn authority(path: &Path, name: &str) -> (Issuer<'static, KeyPair>, PathBuf) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    let file = write(path, name, "crt", &certificate.pem());
    (Issuer::new(params, key), file)
}

fn signed(
    path: &Path,
    name: &str,
    params: CertificateParams,
    authority: &Issuer<'_, KeyPair>,
) -> (PathBuf, PathBuf) {
    let key = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&key, authority).expect("a certificate");
    (
        write(path, name, "crt", &certificate.pem()),
        write(path, name, "key", &key.serialize_pem()),
    )
}

fn write(path: &Path, name: &str, extension: &str, pem: &str) -> PathBuf {
    let file = path.join(name).with_extension(extension);
    fs::write(&file, pem).expect("the directory is writable");
    file
}
