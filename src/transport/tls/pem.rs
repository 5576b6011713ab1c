//! Certificates, keys and revocation lists from PEM files.

use std::fs;
use std::path::Path;

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};

use crate::transport::ConnectError;

/// All certificates of a file; at least one.
pub(super) fn certificates(
    what: &'static str,
    path: &Path,
) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
    let found = all(what, path)?;
    if found.is_empty() {
        return Err(ConnectError::file(
            what,
            path,
            "it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)",
        ));
    }
    Ok(found)
}

/// All certificates of the files of a directory; files of another kind are passed over.
pub(super) fn certificates_of_directory(
    what: &'static str,
    path: &Path,
) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
    let fail = |error: std::io::Error| ConnectError::file(what, path, error);
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(fail)? {
        let file = entry.map_err(fail)?.path();
        if file.is_file() {
            found.extend(all(what, &file).unwrap_or_default());
        }
    }
    if found.is_empty() {
        return Err(ConnectError::file(
            what,
            path,
            "none of its files holds a certificate in PEM form",
        ));
    }
    Ok(found)
}

/// All revocation lists of a file; at least one.
pub(super) fn revocation_lists(
    what: &'static str,
    path: &Path,
) -> Result<Vec<CertificateRevocationListDer<'static>>, ConnectError> {
    let found = all(what, path)?;
    if found.is_empty() {
        return Err(ConnectError::file(
            what,
            path,
            "it holds no revocation list in PEM form (-----BEGIN X509 CRL-----)",
        ));
    }
    Ok(found)
}

/// The first private key of a file: PKCS#8, PKCS#1 or SEC1.
pub(super) fn private_key(
    what: &'static str,
    path: &Path,
) -> Result<PrivateKeyDer<'static>, ConnectError> {
    let text = fs::read(path).map_err(|error| ConnectError::file(what, path, error))?;
    if contains(&text, b"BEGIN ENCRYPTED PRIVATE KEY") || contains(&text, b"Proc-Type: 4,ENCRYPTED")
    {
        let path_shown = path.display();
        let reason = format!(
            "the key is encrypted, which is not supported: decrypt it with \
             'openssl pkey -in {path_shown} -out plain.key'"
        );
        return Err(ConnectError::file(what, path, reason));
    }
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
        pem::Error::NoItemsFound => ConnectError::file(
            what,
            path,
            "it holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)",
        ),
        other => ConnectError::file(what, path, in_words(&other)),
    })
}

fn all<T: PemObject>(what: &'static str, path: &Path) -> Result<Vec<T>, ConnectError> {
    let text = fs::read(path).map_err(|error| ConnectError::file(what, path, error))?;
    T::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .map_err(|error| ConnectError::file(what, path, in_words(&error)))
}

/// What is wrong with a file.
fn in_words(error: &pem::Error) -> String {
    match error {
        pem::Error::MissingSectionEnd { end_marker } => {
            let label = String::from_utf8_lossy(end_marker);
            format!("it breaks off: a line -----END {label}----- is missing")
        }
        other => other.to_string(),
    }
}

fn contains(text: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(text, needle).is_some()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    fn key(text: &str) -> Result<PrivateKeyDer<'static>, String> {
        private_key("--key", file(text).path()).map_err(|error| error.to_string())
    }

    fn pem(label: &str) -> String {
        format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n")
    }

    #[test]
    fn the_three_forms_of_keys_are_read() {
        assert!(matches!(
            key(&pem("PRIVATE KEY")),
            Ok(PrivateKeyDer::Pkcs8(_))
        ));
        assert!(matches!(
            key(&pem("RSA PRIVATE KEY")),
            Ok(PrivateKeyDer::Pkcs1(_))
        ));
        assert!(matches!(
            key(&pem("EC PRIVATE KEY")),
            Ok(PrivateKeyDer::Sec1(_))
        ));
        let after_parameters = pem("EC PARAMETERS") + &pem("EC PRIVATE KEY");
        assert!(matches!(key(&after_parameters), Ok(PrivateKeyDer::Sec1(_))));
    }

    #[test]
    fn an_encrypted_key_is_refused_with_the_way_out() {
        let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n";
        for text in [pem("ENCRYPTED PRIVATE KEY"), old.to_owned()] {
            let error = key(&text).unwrap_err();
            assert!(
                error.contains("encrypted") && error.contains("openssl pkey"),
                "{error}"
            );
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        assert!(
            key(&pem("CERTIFICATE"))
                .unwrap_err()
                .contains("no private key")
        );
        let error = certificates("--cafile", file("").path())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("--cafile") && error.contains("no certificate"),
            "{error}"
        );
        let error = certificates("--cafile", Path::new("/nowhere/ca.pem"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("/nowhere/ca.pem") && error.contains("o such file"),
            "{error}"
        );
    }

    #[test]
    fn a_directory_gives_the_certificates_of_its_files() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("README"), "not a certificate").unwrap();
        let error = certificates_of_directory("--capath", directory.path())
            .unwrap_err()
            .to_string();
        assert!(error.contains("none of its files"), "{error}");
        fs::write(directory.path().join("a.pem"), pem("CERTIFICATE")).unwrap();
        fs::write(directory.path().join("b.pem"), pem("CERTIFICATE").repeat(2)).unwrap();
        assert_eq!(
            certificates_of_directory("--capath", directory.path())
                .unwrap()
                .len(),
            3
        );
    }
}
