//! Why a client got no TLS session, in words.

use rustls::{
    AlertDescription, CertificateError, Error, InvalidMessage, OtherError, PeerIncompatible,
};

use super::explain::date;

/// What went wrong with a client's handshake, as the second half of a sentence.
pub(in crate::transport) fn explain_refusal(error: &Error) -> String {
    match error {
        Error::NoCertificatesPresented => {
            "the client has no certificate, which --client-ca asks for".to_owned()
        }
        Error::InvalidCertificate(error) => certificate(error),
        Error::AlertReceived(alert) => alert_received(*alert),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the client does not speak TLS, which this listener expects".to_owned()
        }
        Error::PeerIncompatible(
            PeerIncompatible::Tls12NotOffered
            | PeerIncompatible::Tls12NotOfferedOrEnabled
            | PeerIncompatible::Tls13RequiredForQuic
            | PeerIncompatible::SupportedVersionsExtensionRequired
            | PeerIncompatible::SignatureAlgorithmsExtensionRequired,
        ) => "the client offers neither TLS 1.2 nor 1.3".to_owned(),
        Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon) => {
            "the client offers no cipher suite that fits our certificate".to_owned()
        }
        Error::PeerIncompatible(PeerIncompatible::NoSignatureSchemesInCommon) => {
            "the client knows no signature that fits our certificate".to_owned()
        }
        Error::PeerIncompatible(PeerIncompatible::NoKxGroupsInCommon) => {
            "the client offers no key exchange that we know".to_owned()
        }
        other => other.to_string(),
    }
}

fn certificate(error: &CertificateError) -> String {
    match error {
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("the client's certificate expired on {}", date(*not_after))
        }
        CertificateError::NotValidYetContext { not_before, .. } => format!(
            "the client's certificate is not valid before {}",
            date(*not_before)
        ),
        CertificateError::UnknownIssuer => {
            "the client's certificate comes from no issuer in --client-ca".to_owned()
        }
        CertificateError::Revoked => "the client's certificate is revoked (--crlfile)".to_owned(),
        CertificateError::UnknownRevocationStatus => {
            "--crlfile holds no list of the issuer of the client's certificate".to_owned()
        }
        CertificateError::ExpiredRevocationListContext { next_update, .. } => format!(
            "the revocation list in --crlfile expired on {}: fetch a new one",
            date(*next_update)
        ),
        CertificateError::InvalidPurposeContext { .. } | CertificateError::InvalidPurpose => {
            "the client's certificate is not meant for clients (its extended key usage lacks clientAuth)".to_owned()
        }
        CertificateError::BadSignature => {
            "the signature of the client's certificate does not match its issuer: \
             is --client-ca an older CA of the same name?"
                .to_owned()
        }
        CertificateError::Other(OtherError(error)) => match error.downcast_ref::<webpki::Error>() {
            Some(webpki::Error::CaUsedAsEndEntity) => {
                "the client uses a CA certificate as its own".to_owned()
            }
            Some(webpki::Error::UnsupportedCertVersion) => {
                "the client's certificate is not X.509 version 3: it must be made anew".to_owned()
            }
            _ => format!("the client's certificate is not acceptable: {error}"),
        },
        other => format!("the client's certificate is not acceptable: {other}"),
    }
}

fn alert_received(alert: AlertDescription) -> String {
    use AlertDescription as Alert;
    let refusal = |why: &str| format!("the client refuses our certificate: {why}");
    match alert {
        Alert::UnknownCA => refusal("it does not trust the issuer"),
        Alert::CertificateExpired => refusal("it has expired or is not valid yet"),
        Alert::CertificateRevoked => refusal("it is revoked"),
        Alert::BadCertificate | Alert::CertificateUnknown => {
            refusal("it may not trust the issuer, or connect by a name the certificate is not for")
        }
        Alert::UnsupportedCertificate => refusal("it is of the wrong kind"),
        Alert::DecryptError => refusal("its signature does not match the issuer it trusts"),
        other => format!("the client ended the TLS handshake with the alert {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_is_the_subject_of_each_refusal() {
        for error in [
            Error::NoCertificatesPresented,
            Error::InvalidCertificate(CertificateError::UnknownIssuer),
            Error::InvalidCertificate(CertificateError::Revoked),
            Error::AlertReceived(AlertDescription::UnknownCA),
            Error::AlertReceived(AlertDescription::HandshakeFailure),
            Error::InvalidMessage(InvalidMessage::InvalidContentType),
            Error::PeerIncompatible(PeerIncompatible::Tls12NotOffered),
        ] {
            let words = explain_refusal(&error);
            assert!(words.starts_with("the client"), "{words}");
        }
    }
}
