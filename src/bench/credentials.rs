//! Who the clients are.

use crate::client::Secret;

/// How a client introduces itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// User Name.
    pub username: String,
    /// Password.
    pub password: Option<Secret>,
    /// Client Identifier; `None`: that of the [`Plan`](super::Plan).
    pub client_id: Option<String>,
}

/// User names and passwords, of which each client takes the one with its number; after the last
/// comes the first again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials(Vec<Credential>);

impl Credentials {
    /// Credentials in the order of the clients.
    ///
    /// # Errors
    ///
    /// There are none, or they cannot be those of so many `clients`: why, in one line.
    pub fn new(all: Vec<Credential>, clients: u64) -> Result<Credentials, String> {
        let rows = all.len() as u64;
        let have_ids = all.iter().any(|one| one.client_id.is_some());
        match rows {
            0 => Err("there is no user in it".into()),
            _ if have_ids && rows < clients => Err(format!(
                "{clients} clients need as many client ids, and there are {rows}: two clients \
                 with one id would drive each other out"
            )),
            _ => Ok(Credentials(all)),
        }
    }

    /// Those of a client.
    pub(super) fn of(&self, client: u64) -> Option<&Credential> {
        let place = client.checked_rem(self.0.len() as u64)?;
        self.0.get(usize::try_from(place).ok()?)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(username: &str, client_id: Option<&str>) -> Credential {
        Credential {
            username: username.into(),
            password: Some(Secret(b"secret".to_vec())),
            client_id: client_id.map(Into::into),
        }
    }

    #[test]
    fn clients_take_turns_and_secrets_stay_so() {
        let rows = vec![row("ann", None), row("bob", None)];
        let credentials = Credentials::new(rows, 5).unwrap();
        let names = (0..5).map(|client| &*credentials.of(client).unwrap().username);
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["ann", "bob", "ann", "bob", "ann"]
        );
        assert!(!format!("{credentials:?}").contains("secret"));
    }

    #[test]
    fn one_client_id_is_of_one_client() {
        let rows = vec![row("ann", Some("a")), row("bob", Some("b"))];
        assert!(Credentials::new(rows.clone(), 2).is_ok());
        assert!(Credentials::new(rows, 3).unwrap_err().contains("3 clients"));
        assert!(Credentials::new(Vec::new(), 1).is_err());
    }
}
