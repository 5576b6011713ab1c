//! `--credentials FILE`: who each client of `mqtk bench` is, as CSV.

use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use crate::bench::{Credential, Credentials};
use crate::client::Secret;
use crate::transport::plain_io;

/// The names of the columns, which may stand in the first line.
const COLUMNS: [&str; 3] = ["user", "password", "client-id"];

/// Reads the credentials of so many clients. No message shows what stands in the file.
pub(super) fn read(path: &Path, clients: u64) -> Result<Credentials, String> {
    let wrong = |error: String| format!("--credentials {}: {error}", path.display());
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_path(path)
        .map_err(|error| wrong(plain(&error)))?;
    let mut all = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|error| wrong(plain(&error)))?;
        if at == 0 && is_header(&record) {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        let credential = credential(&record);
        all.push(credential.map_err(|error| wrong(format!("line {line}: {error}")))?);
    }
    Credentials::new(all, clients).map_err(wrong)
}

fn is_header(record: &StringRecord) -> bool {
    record.len() >= 2 && record.iter().eq(COLUMNS.into_iter().take(record.len()))
}

fn credential(record: &StringRecord) -> Result<Credential, String> {
    if record.len() > COLUMNS.len() {
        return Err("there are more than three fields: user,password,client-id".into());
    }
    let field = |at: usize| record.get(at).filter(|field| !field.is_empty());
    let username = field(0).ok_or("the user is missing: user,password,client-id")?;
    let too_long = |text: &&str| text.len() > usize::from(u16::MAX);
    if record.iter().any(|text| too_long(&text)) {
        return Err("a field is longer than the 65535 bytes that MQTT allows".into());
    }
    if [field(0), field(2)]
        .into_iter()
        .flatten()
        .any(|text| text.contains('\0'))
    {
        return Err("a field contains U+0000, which MQTT does not allow".into());
    }
    Ok(Credential {
        username: username.to_owned(),
        password: field(1).map(|password| Secret(password.as_bytes().to_vec())),
        client_id: field(2).map(str::to_owned),
    })
}

/// What is wrong with the file, without anything out of it.
fn plain(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => plain_io(error),
        csv::ErrorKind::Utf8 { pos, .. } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!("line {line} is not UTF-8")
        }
        _ => "it is no CSV".into(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read_text(text: &[u8], clients: u64) -> Result<Credentials, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        read(file.path(), clients)
    }

    #[test]
    fn a_header_quotes_and_empty_fields_are_read() {
        let text = b"user,password,client-id\nann,\"a,\"\"b\",c1\nbob,,c2\n";
        let credential = |username: &str, password: Option<&str>, id: &str| Credential {
            username: username.into(),
            password: password.map(|password| Secret(password.into())),
            client_id: Some(id.into()),
        };
        let rows = vec![
            credential("ann", Some("a,\"b"), "c1"),
            credential("bob", None, "c2"),
        ];
        assert_eq!(read_text(text, 2), Credentials::new(rows, 2));
        assert_eq!(read_text(b"ann,x\nbob,y", 9).map(|all| all.count()), Ok(2));
    }

    #[test]
    fn errors_name_the_line_and_no_secret() {
        for (text, error) in [
            (
                &b"ann,topsecret\n,topsecret\n"[..],
                "line 2: the user is missing",
            ),
            (
                b"ann,topsecret,c,d",
                "line 1: there are more than three fields",
            ),
            (b"ann,topsecret\xff\n", "line 1 is not UTF-8"),
            (b"", "no user"),
            (b"ann,topsecret,c1\n", "2 clients need as many"),
        ] {
            let said = read_text(text, 2).unwrap_err();
            assert!(
                said.contains(error) && !said.contains("topsecret"),
                "{said}"
            );
        }
        let missing = read(Path::new("/nowhere/users.csv"), 1).unwrap_err();
        assert!(
            missing.contains("--credentials /nowhere/users.csv: No such file"),
            "{missing}"
        );
    }
}
