//! TLS failures in words a person can act on.

use std::net::IpAddr;

use rustls::pki_types::UnixTime;
use rustls::{
    AlertDescription, CertificateError, Error, InvalidMessage, OtherError, PeerIncompatible,
};

/// What went wrong and what to do, as the second half of a sentence.
pub(in crate::transport) fn explain(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(error) => certificate(error),
        Error::AlertReceived(alert) => alert_received(*alert),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the server does not speak TLS on this port \
             (MQTT is usually on 1883 without TLS, on 8883 with it)"
                .to_owned()
        }
        Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
            | PeerIncompatible::Tls12NotOffered
            | PeerIncompatible::Tls12NotOfferedOrEnabled,
        ) => version_refused(),
        Error::NoCertificatesPresented => "the server sent no certificate".to_owned(),
        Error::InvalidCertRevocationList(error) => {
            format!("a list in --crlfile is not usable: {error:?}")
        }
        other => other.to_string(),
    }
}

fn version_refused() -> String {
    "the server does not accept our versions of TLS (1.2 and 1.3, or the one given by --tls-version)".to_owned()
}

fn certificate(error: &CertificateError) -> String {
    match error {
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("the server's certificate expired on {}", date(*not_after))
        }
        CertificateError::Expired => "the server's certificate has expired".to_owned(),
        CertificateError::NotValidYetContext { not_before, .. } => format!(
            "the server's certificate is not valid before {}: is the clock of this machine right?",
            date(*not_before)
        ),
        CertificateError::UnknownIssuer => "the server's certificate comes from an unknown issuer: \
             trust it with --cafile, or accept any with --insecure"
            .to_owned(),
        CertificateError::NotValidForNameContext { expected, presented } => {
            let expected = expected.to_str();
            if presented.is_empty() {
                return format!(
                    "the server's certificate names no host (a Common Name does not count): \
                     it needs {expected} as a subjectAltName"
                );
            }
            let names: Vec<_> = presented.iter().map(|name| plain_name(name)).collect();
            format!(
                "the server's certificate is for {}, not for {expected}: connect by a name it is for",
                names.join(", ")
            )
        }
        CertificateError::Revoked => "the server's certificate is revoked (--crlfile)".to_owned(),
        CertificateError::UnknownRevocationStatus => {
            "--crlfile holds no list of the issuer of the server's certificate".to_owned()
        }
        CertificateError::ExpiredRevocationListContext { next_update, .. } => {
            format!("the revocation list in --crlfile expired on {}: fetch a new one", date(*next_update))
        }
        CertificateError::InvalidPurposeContext { .. } | CertificateError::InvalidPurpose => {
            "the server's certificate is not meant for servers (its extended key usage lacks serverAuth)".to_owned()
        }
        CertificateError::BadSignature => {
            "the signature of the server's certificate does not match its issuer: \
             is --cafile an older CA of the same name?"
                .to_owned()
        }
        CertificateError::Other(OtherError(error)) => match error.downcast_ref::<webpki::Error>() {
            Some(webpki::Error::CaUsedAsEndEntity) => "the server uses a CA certificate as its own: \
                 trust exactly this one with --cafile"
                .to_owned(),
            Some(webpki::Error::UnsupportedCertVersion) => "the server's certificate is not X.509 version 3 \
                 (it has no subjectAltName): it must be made anew"
                .to_owned(),
            _ => format!("the server's certificate is not acceptable: {error}"),
        },
        other => format!("the server's certificate is not acceptable: {other}"),
    }
}

fn alert_received(alert: AlertDescription) -> String {
    use AlertDescription as Alert;
    let refusal = |why: &str| format!("the server refuses our certificate (--cert): {why}");
    match alert {
        Alert::CertificateRequired => {
            "the server asks for a client certificate: give one with --cert and --key".to_owned()
        }
        Alert::UnknownCA => refusal("it does not trust the issuer"),
        Alert::DecryptError => {
            refusal("its signature does not match the issuer that the server knows by this name")
        }
        Alert::CertificateExpired => refusal("it has expired or is not valid yet"),
        Alert::CertificateRevoked => refusal("it is revoked"),
        Alert::BadCertificate => refusal("it is not acceptable, or none was given"),
        Alert::UnsupportedCertificate => refusal("it is of the wrong kind"),
        Alert::CertificateUnknown => refusal("it is not acceptable"),
        Alert::AccessDenied => refusal("it has no access"),
        Alert::HandshakeFailure => "the server found nothing acceptable in what we offer: \
             it may ask for a client certificate (--cert, --key) or other --ciphers"
            .to_owned(),
        Alert::ProtocolVersion => version_refused(),
        Alert::NoApplicationProtocol => {
            "the server accepts none of the application protocols in --tls-alpn".to_owned()
        }
        Alert::UnrecognisedName => "the server does not know this host name".to_owned(),
        Alert::UnknownPSKIdentity => {
            "the server wants a pre-shared key, which is not supported".to_owned()
        }
        other => format!("the server ended the TLS session with the alert {other:?}"),
    }
}

/// `DnsName("a.example")` and `IpAddress(127.0.0.1)` without the wrapping that webpki prints.
fn plain_name(name: &str) -> &str {
    name.split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'))
        .map_or(name, |inner| inner.trim_matches('"'))
}

/// The day, in UTC. Gregorian calendar in eras of 400 years that begin on 1 March.
pub(super) fn date(time: UnixTime) -> String {
    const DAYS_PER_ERA: u64 = 146_097;
    let days = time.as_secs() / 86_400 + 719_468;
    let (era, day_of_era) = (days / DAYS_PER_ERA, days % DAYS_PER_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}

/// The name that a certificate must be for, from a host as a person writes it.
pub(super) fn host_without_zone(host: &str) -> &str {
    match host.split_once('%') {
        Some((address, _)) if address.parse::<IpAddr>().is_ok() => address,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn dates_are_right_at_the_edges_of_the_calendar() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_735_689_599, "2024-12-31"),
            (4_107_542_399, "2100-02-28"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(
                date(UnixTime::since_unix_epoch(Duration::from_secs(seconds))),
                day
            );
        }
    }

    #[test]
    fn names_lose_their_wrapping() {
        assert_eq!(plain_name("DnsName(\"a.example\")"), "a.example");
        assert_eq!(plain_name("IpAddress(127.0.0.1)"), "127.0.0.1");
        assert_eq!(plain_name("a.example"), "a.example");
    }

    #[test]
    fn a_zone_is_no_part_of_the_name() {
        assert_eq!(host_without_zone("fe80::1%eth0"), "fe80::1");
        assert_eq!(host_without_zone("a%b.example"), "a%b.example");
    }
}
