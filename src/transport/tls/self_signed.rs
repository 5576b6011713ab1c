//! A certificate authority of our own, kept in a directory, and what it issues.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

const DAY: Duration = Duration::from_secs(86_400);
/// As long as clients are meant to trust the authority.
const AUTHORITY_LIFE: Duration = Duration::from_secs(3650 * 86_400);
/// A new one is issued at each start. Some clients reject certificates that are valid for longer.
const CERTIFICATE_LIFE: Duration = Duration::from_secs(397 * 86_400);

/// The certificate of the authority in its directory: what clients are to trust.
pub const SELF_SIGNED_CA: &str = "ca.crt";
const AUTHORITY_KEY: &str = "ca.key";

/// Issues a certificate for `hosts`, for `localhost` and for this machine's name. The key of the
/// certificate is never written anywhere.
pub(super) fn issue(
    directory: &Path,
    hosts: impl Iterator<Item = String>,
) -> io::Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    if !directory.join(SELF_SIGNED_CA).exists() {
        make(directory)?;
    }
    let pem = fs::read_to_string(directory.join(AUTHORITY_KEY))?;
    let authority = KeyPair::from_pem(&pem).map_err(io::Error::other)?;
    // Its name and key are all that is needed of the issuer; its certificate need not be read.
    let issuer = Issuer::new(authority_params(&authority), authority);

    let mut names: Vec<_> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
    let uname = rustix::system::uname();
    names.extend(uname.nodename().to_str().ok().map(str::to_owned));
    names.extend(hosts);
    names.sort();
    names.dedup();
    let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
    params
        .distinguished_name
        .push(DnType::CommonName, "mqtk broker");
    params.insert_extended_key_usage(ExtendedKeyUsagePurpose::ServerAuth);
    params.use_authority_key_identifier_extension = true;
    set_life(&mut params, CERTIFICATE_LIFE);
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = params.signed_by(&key, &issuer).map_err(io::Error::other)?;
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    Ok((vec![certificate.der().clone()], key.into()))
}

/// Makes the authority. Its directory is renamed into place as a whole, so that brokers that start at
/// the same time share one.
fn make(directory: &Path) -> io::Result<()> {
    let parent = directory
        .parent()
        .ok_or_else(|| io::Error::other("it has no name"))?;
    private_directories().create(parent)?;
    let new = parent.join(format!("new-authority-{:016x}", fastrand::u64(..)));
    private_directories().create(&new)?;
    let made = write_authority(&new).and_then(|()| fs::rename(&new, directory));
    if made.is_err() {
        // What is left behind does no harm.
        let _ = fs::remove_dir_all(&new);
        if directory.join(SELF_SIGNED_CA).exists() {
            return Ok(());
        }
    }
    made
}

fn write_authority(directory: &Path) -> io::Result<()> {
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = authority_params(&key)
        .self_signed(&key)
        .map_err(io::Error::other)?;
    private_file(&directory.join(AUTHORITY_KEY))?.write_all(key.serialize_pem().as_bytes())?;
    fs::write(directory.join(SELF_SIGNED_CA), certificate.pem())
}

fn authority_params(key: &KeyPair) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    // Clients that trust several authorities confuse those of the same name, so the name has some bytes
    // of the public key in it (not the first, which says how the key is encoded).
    let mark: String = key
        .public_key_raw()
        .iter()
        .skip(1)
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    params
        .distinguished_name
        .push(DnType::CommonName, format!("mqtk test CA {mark}"));
    set_life(&mut params, AUTHORITY_LIFE);
    params
}

/// Valid from yesterday, since clocks differ.
fn set_life(params: &mut CertificateParams, life: Duration) {
    let now = SystemTime::now();
    params.not_before = (now - DAY).into();
    params.not_after = (now + life).into();
}

fn private_directories() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder
}

fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_authority_is_made_once_and_its_key_is_private() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("state/mqtk/self-signed");
        issue(&directory, std::iter::empty()).unwrap();
        let certificate = fs::read(directory.join(SELF_SIGNED_CA)).unwrap();
        assert_eq!(mode(&directory), 0o700);
        assert_eq!(mode(&directory.join(AUTHORITY_KEY)), 0o600);
        issue(&directory, std::iter::empty()).unwrap();
        assert_eq!(
            fs::read(directory.join(SELF_SIGNED_CA)).unwrap(),
            certificate
        );
        let others = fs::read_dir(directory.parent().unwrap()).unwrap().count();
        assert_eq!(others, 1, "the directory it was made in is left behind");
    }

    #[test]
    fn brokers_that_start_together_share_one_authority() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("self-signed");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| issue(&directory, std::iter::empty()).unwrap());
            }
        });
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_an_error() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(issue(&file.join("self-signed"), std::iter::empty()).is_err());
    }
}
