//! A place to listen at as `--listen` takes it: a URL, and who may connect there.

use std::str::FromStr;

use crate::transport::ListenUrl;

/// A URL to listen at, with what `?auth=…&anonymous=…` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ListenPlace {
    pub url: ListenUrl,
    /// Who is asked about clients; `None`: whoever is there.
    pub auth: Option<Vec<Judge>>,
    /// Whether clients without authentication may connect.
    pub anonymous: Option<bool>,
}

/// Who can be asked whether a client is who it says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judge {
    /// The password file.
    Password,
    /// The program.
    Command,
    /// The client's certificate.
    Certificate,
}

impl From<ListenUrl> for ListenPlace {
    fn from(url: ListenUrl) -> Self {
        Self {
            url,
            auth: None,
            anonymous: None,
        }
    }
}

impl FromStr for ListenPlace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (url, parameters) = match text.split_once('?') {
            Some((url, parameters)) => (url, Some(parameters)),
            None => (text, None),
        };
        let url: ListenUrl = url.parse().map_err(|error| format!("{error}"))?;
        let mut place = Self::from(url);
        for parameter in parameters.into_iter().flat_map(|text| text.split('&')) {
            match parameter.split_once('=') {
                Some(("auth", "none")) => {
                    place.auth = Some(Vec::new());
                    place.anonymous.get_or_insert(true);
                }
                Some(("auth", judges)) => {
                    let judges = judges.split(',').map(judge).collect::<Result<_, _>>()?;
                    place.auth = Some(judges);
                }
                Some(("anonymous", "true" | "1")) => place.anonymous = Some(true),
                Some(("anonymous", "false" | "0")) => place.anonymous = Some(false),
                _ => {
                    return Err(format!(
                        "unknown parameter {parameter:?}: there are auth=none, auth=password, \
                         auth=command, auth=certificate and anonymous=true"
                    ));
                }
            }
        }
        Ok(place)
    }
}

fn judge(name: &str) -> Result<Judge, String> {
    match name {
        "password" => Ok(Judge::Password),
        "command" => Ok(Judge::Command),
        "certificate" => Ok(Judge::Certificate),
        _ => Err(format!(
            "auth={name}: it can be none, password, command and certificate, or several with commas"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_may_say_who_is_asked() {
        for (text, url, auth, anonymous) in [
            ("mqtt://h", "mqtt://h:1883", None, None),
            (
                "mqtt://h?auth=none",
                "mqtt://h:1883",
                Some(vec![]),
                Some(true),
            ),
            (
                "mqtts://h:1?auth=certificate,password",
                "mqtts://h:1",
                Some(vec![Judge::Certificate, Judge::Password]),
                None,
            ),
            (
                "ws://h/m?anonymous=true&auth=password",
                "ws://h:80/m",
                Some(vec![Judge::Password]),
                Some(true),
            ),
            (
                "unix:///run/m?anonymous=0",
                "unix:///run/m",
                None,
                Some(false),
            ),
        ] {
            let place: ListenPlace = text.parse().expect(text);
            assert_eq!(place.url.to_string(), url);
            assert_eq!((place.auth, place.anonymous), (auth, anonymous), "{text}");
        }
    }

    #[test]
    fn other_parameters_are_refused() {
        for text in [
            "mqtt://h?",
            "mqtt://h?user=ann",
            "mqtt://h?auth=",
            "mqtt://h?auth=magic",
            "mqtt://h?anonymous=maybe",
            "mqtt://h?auth=none&",
            "h?auth=none",
        ] {
            assert!(text.parse::<ListenPlace>().is_err(), "{text}");
        }
    }
}
