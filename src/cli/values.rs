//! Values as people write them on a command line: what each parser takes, and the words in
//! which it refuses.

use std::num::NonZeroU64;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::client::Secret;
use crate::codec::{QoS, RetainHandling, Version};
use crate::transport::TlsVersion;

/// Session Expiry Interval (MQTT 5.0 section 3.1.2.11.2) in seconds; `u32::MAX` never expires.
pub(super) const NEVER_EXPIRES: u32 = u32::MAX;

pub(super) fn secret(text: &str) -> Result<Secret, String> {
    Ok(Secret(text.as_bytes().to_vec()))
}

/// Text that an MQTT string can hold.
pub(super) fn mqtt_text(text: &str) -> Result<String, String> {
    if text.is_empty() || text.len() > usize::from(u16::MAX) {
        Err("the text has 1 to 65535 bytes".into())
    } else if text.chars().any(char::is_control) {
        Err("the text holds no control characters".into())
    } else {
        Ok(text.to_owned())
    }
}

/// A host name or an address, of either family.
pub(super) fn host(text: &str) -> Result<String, String> {
    let colons = text.matches(':').count();
    if text.contains("://") {
        Err("this is a URL: give it by -L".into())
    } else if colons == 1 {
        Err("a port is given by -p".into())
    } else if text.is_empty() {
        Err("it is empty".into())
    } else {
        Ok(text.to_owned())
    }
}

/// `0`, `1` or `2`.
pub(super) fn qos() -> impl TypedValueParser<Value = QoS> {
    PossibleValuesParser::new(["0", "1", "2"]).map(|text| match &*text {
        "0" => QoS::AtMostOnce,
        "1" => QoS::AtLeastOnce,
        _ => QoS::ExactlyOnce,
    })
}

/// A version by its short name or the one it has in Mosquitto's clients.
pub(super) fn version() -> impl TypedValueParser<Value = Version> {
    let names = [
        PossibleValue::new("31").aliases(["3.1", "mqttv31"]),
        PossibleValue::new("311").aliases(["3.1.1", "mqttv311"]),
        PossibleValue::new("5").aliases(["5.0", "mqttv5"]),
    ];
    PossibleValuesParser::new(names).map(|text| match &*text {
        "31" | "3.1" | "mqttv31" => Version::V3_1,
        "311" | "3.1.1" | "mqttv311" => Version::V3_1_1,
        _ => Version::V5,
    })
}

/// When retained messages are sent.
pub(super) fn retain_handling() -> impl TypedValueParser<Value = RetainHandling> {
    PossibleValuesParser::new(["always", "new", "never"]).map(|text| match &*text {
        "always" => RetainHandling::Send,
        "new" => RetainHandling::SendIfNew,
        _ => RetainHandling::DoNotSend,
    })
}

/// `tlsv1.2` or `tlsv1.3`.
pub(super) fn tls_version() -> impl TypedValueParser<Value = TlsVersion> {
    PossibleValuesParser::new(["tlsv1.2", "tlsv1.3"]).try_map(|text| text.parse())
}

pub(super) fn session_expiry(text: &str) -> Result<u32, String> {
    match text {
        "-1" | "∞" => Ok(NEVER_EXPIRES),
        _ => text
            .parse()
            .map_err(|_| "an expiry is 0 to 4294967295 seconds, or -1 or ∞ for never".into()),
    }
}

/// Longer than anyone waits, and still an `Instant` on every system.
pub(super) const FOR_EVER: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// A span in seconds, with decimals; [`FOR_EVER`] at most.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    text.parse::<f64>()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .map(|span| span.min(FOR_EVER))
        .ok_or_else(|| "a time is a number of seconds, such as 5 or 0.5".into())
}

/// A span that is longer than nothing.
pub(super) fn positive_seconds(text: &str) -> Result<Duration, String> {
    match seconds(text)? {
        Duration::ZERO => Err("the time must be longer than 0 seconds".into()),
        span => Ok(span),
    }
}

/// A span with or without its unit: `6s`, `500ms`, `2m`, `1.5`; [`FOR_EVER`] at most.
pub(super) fn span(text: &str) -> Result<Duration, String> {
    let units = [
        ("ms", 0.001),
        ("us", 1e-6),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3600.0),
    ];
    let found = units
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)));
    let (number, factor) = found.unwrap_or((text, 1.0));
    number
        .parse::<f64>()
        .ok()
        .and_then(|number| Duration::try_from_secs_f64(number * factor).ok())
        .map(|span| span.min(FOR_EVER))
        .ok_or_else(|| "a time is a number with a unit, such as 500ms, 6s, 2m or 1h".into())
}

/// A [`span`] that is longer than nothing.
pub(super) fn positive_span(text: &str) -> Result<Duration, String> {
    match span(text)? {
        Duration::ZERO => Err("the time must be longer than nothing".into()),
        span => Ok(span),
    }
}

/// Events a second.
pub(super) fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate.is_finite() => Ok(rate),
        _ => Err("a rate is a number above 0, in events a second".into()),
    }
}

pub(super) fn count(text: &str) -> Result<NonZeroU64, String> {
    text.parse()
        .map_err(|_| "a count is a number from 1 up".into())
}

/// A share of the messages, from `100` down to above 0, as a fraction of one.
pub(super) fn percentage(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(percent) if percent > 0.0 && percent <= 100.0 => Ok(percent / 100.0),
        _ => Err("a percentage is above 0 and at most 100".into()),
    }
}

/// `Name: value`, a header of the WebSocket request.
pub(super) fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once(':')
        .ok_or("a header is written 'Name: value'")?;
    let (name, value) = (name.trim(), value.trim());
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(format!("'{name}' is not the name of a header"));
    }
    if value.chars().any(char::is_control) {
        return Err("the value of a header holds no control characters".into());
    }
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_brings_neither_scheme_nor_port() {
        for right in ["localhost", "192.0.2.1", "::1", "fe80::1%eth0"] {
            assert_eq!(host(right).as_deref(), Ok(right));
        }
        for (wrong, hint) in [("mqtt://a", "-L"), ("a:1883", "-p"), ("", "empty")] {
            assert!(host(wrong).unwrap_err().contains(hint), "{wrong}");
        }
    }

    #[test]
    fn an_expiry_may_be_never() {
        assert_eq!(session_expiry("0"), Ok(0));
        assert_eq!(session_expiry("4294967294"), Ok(4_294_967_294));
        for never in ["-1", "∞", "4294967295"] {
            assert_eq!(session_expiry(never), Ok(NEVER_EXPIRES));
        }
        for wrong in ["-2", "4294967296", "soon", ""] {
            assert!(session_expiry(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_have_decimals_but_no_sign() {
        assert_eq!(seconds("0.25"), Ok(Duration::from_millis(250)));
        assert_eq!(seconds("0"), Ok(Duration::ZERO));
        // What no clock can count is as good as for ever.
        assert_eq!(seconds("1e19"), Ok(FOR_EVER));
        assert_eq!(span("1e15h"), Ok(FOR_EVER));
        for wrong in ["-1", "NaN", "inf", "1e300", "1s", ""] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
        assert!(positive_seconds("0").is_err());
    }

    #[test]
    fn spans_have_units() {
        for (text, millis) in [
            ("6s", 6000),
            ("500ms", 500),
            ("2m", 120_000),
            ("1.5", 1500),
            ("1h", 3_600_000),
        ] {
            assert_eq!(span(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for wrong in ["-1s", "s", "1 day", "", "NaNs"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
        assert!(positive_span("0s").is_err());
    }

    #[test]
    fn a_rate_is_above_nothing() {
        assert_eq!(rate("0.5"), Ok(0.5));
        for wrong in ["0", "-1", "inf", "fast"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_percentage_is_a_fraction_of_the_messages() {
        assert_eq!(percentage("100"), Ok(1.0));
        assert_eq!(percentage("12.5"), Ok(0.125));
        for wrong in ["0", "100.1", "-1", "NaN", "half"] {
            assert!(percentage(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_header_is_a_name_and_a_value() {
        let parsed = header("Authorization: Bearer a:b").expect("a header");
        assert_eq!(parsed, ("Authorization".into(), "Bearer a:b".into()));
        for wrong in ["Authorization", ": x", "a b: c", "a: b\r\nc: d"] {
            assert!(header(wrong).is_err(), "{wrong:?}");
        }
    }
}
