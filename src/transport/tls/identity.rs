//! Who a client's certificate says it is.

use std::fmt;

use rustls::pki_types::CertificateDer;

/// The identifier 2.5.4.3 (id-at-commonName), encoded.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT_IDENTIFIER: u8 = 0x06;
const UTF8_STRING: u8 = 0x0C;
const PRINTABLE_STRING: u8 = 0x13;
const TELETEX_STRING: u8 = 0x14;
const IA5_STRING: u8 = 0x16;

/// A certificate that a client has proved to be its own, and that is trusted.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    common_name: Option<String>,
    chain: Vec<CertificateDer<'static>>,
}

impl ClientCertificate {
    pub(in crate::transport) fn new(chain: &[CertificateDer<'static>]) -> Option<Self> {
        let certificate = webpki::EndEntityCert::try_from(chain.first()?).ok()?;
        Some(Self {
            common_name: common_name(certificate.subject()),
            chain: chain.to_vec(),
        })
    }

    /// The Common Name of its subject; the last, if there are several.
    pub fn common_name(&self) -> Option<&str> {
        self.common_name.as_deref()
    }

    pub(super) fn parts(&self) -> Option<(&CertificateDer<'static>, &[CertificateDer<'static>])> {
        self.chain.split_first()
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate")
            .field("common_name", &self.common_name)
            .finish_non_exhaustive()
    }
}

/// The Common Name in a subject: a sequence of sets of pairs, each of an identifier and a string.
fn common_name(mut subject: &[u8]) -> Option<String> {
    let mut found = None;
    while let Some((SET, mut set)) = element(&mut subject) {
        while let Some((SEQUENCE, mut pair)) = element(&mut set) {
            if element(&mut pair) == Some((OBJECT_IDENTIFIER, COMMON_NAME)) {
                found = element(&mut pair);
            }
        }
    }
    let (tag, name) = found?;
    let is_text = matches!(
        tag,
        UTF8_STRING | PRINTABLE_STRING | TELETEX_STRING | IA5_STRING
    );
    let name = std::str::from_utf8(name).ok().filter(|_| is_text)?;
    // A User Name cannot contain U+0000, and software that took a name to end there has been deceived.
    let is_name = !name.is_empty() && !name.contains('\0') && name.len() <= usize::from(u16::MAX);
    is_name.then(|| name.to_owned())
}

/// Takes the first element off DER: its tag and its content.
fn element<'a>(der: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    let [tag, length, rest @ ..] = *der else {
        return None;
    };
    let (length, rest) = match *length {
        length @ 0..=0x7F => (usize::from(length), rest),
        // A name of 64 KiB is long enough.
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    *der = rest;
    Some((*tag, content))
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, DnValue, KeyPair};

    use super::*;

    fn subject(names: &[(DnType, DnValue)]) -> ClientCertificate {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        for (kind, value) in names {
            params.distinguished_name.push(kind.clone(), value.clone());
        }
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        ClientCertificate::new(&[certificate.der().clone()]).expect("it can be read")
    }

    #[test]
    fn the_common_name_is_found_among_others() {
        let utf8 = |text: &str| DnValue::Utf8String(text.to_owned());
        for (names, expected) in [
            (vec![(DnType::CommonName, utf8("Änn"))], Some("Änn")),
            (
                vec![
                    (DnType::OrganizationName, utf8("Example")),
                    (DnType::CommonName, utf8("ann")),
                    (DnType::CountryName, utf8("NO")),
                ],
                Some("ann"),
            ),
            (
                vec![(DnType::CommonName, utf8(&"a".repeat(300)))],
                Some(&*"a".repeat(300)),
            ),
            (vec![(DnType::OrganizationName, utf8("ann"))], None),
            (vec![(DnType::CommonName, utf8(""))], None),
            (
                vec![(DnType::CommonName, utf8("ann\\0.example"))],
                Some("ann\\0.example"),
            ),
            (vec![(DnType::CommonName, utf8("ann\0.example"))], None),
            (vec![], None),
        ] {
            assert_eq!(subject(&names).common_name(), expected);
        }
    }

    #[test]
    fn garbled_names_are_none() {
        let name = b"\x31\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03ann";
        assert_eq!(common_name(name).as_deref(), Some("ann"));
        for end in 0..name.len() {
            assert_eq!(common_name(&name[..end]), None);
        }
        for at in 0..name.len() {
            for byte in 0..=255 {
                let mut wrong = *name;
                wrong[at] = byte;
                let _any = common_name(&wrong);
            }
        }
        assert_eq!(common_name(b"\x31\x84\xff\xff\xff\xff"), None);
    }
}
