//! `--auth-command`: a program says who may connect.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::broker::{Acl, AclError, Answer, Authenticator, Denial, Grant, Login, Turns, Verdict};
use crate::transport::plain_io;

/// Most programs that run at a time; further clients wait.
const AT_A_TIME: usize = 8;
/// The longest answer, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Runs a shell command for each client, with the client as JSON on stdin. The command answers by its
/// exit status, or with JSON on stdout. If anything fails, the client is not let in.
pub(super) struct AuthCommand {
    command: String,
    timeout: Duration,
    turns: Arc<Turns>,
}

impl AuthCommand {
    pub(super) fn new(command: String, timeout: Duration) -> Self {
        Self {
            command,
            timeout,
            turns: Turns::new(AT_A_TIME),
        }
    }

    async fn ask(&self, login: &Login) -> Verdict {
        let unavailable = |why: String| Verdict::Refuse(Denial::Unavailable(why.into()));
        let turn = self.turns.take(login).await;
        match timeout(self.timeout, self.run(login)).await {
            Ok(Ok(verdict)) => {
                if matches!(verdict, Verdict::Accept(_)) {
                    turn.succeeded();
                }
                verdict
            }
            Ok(Err(why)) => unavailable(format!("--auth-command: {why}")),
            Err(_) => unavailable(format!(
                "--auth-command: no answer within {} s",
                self.timeout.as_secs_f64()
            )),
        }
    }

    async fn run(&self, login: &Login) -> Result<Verdict, String> {
        let child = Command::new("sh")
            .arg("-c")
            .arg(&self.command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn();
        let mut group =
            Group(child.map_err(|error| format!("it cannot be started: {}", plain_io(&error)))?);
        let question = format!("{}\n", question(login));
        let (stdin, stdout) = (group.0.stdin.take(), group.0.stdout.take());
        let tell = async {
            if let Some(mut stdin) = stdin {
                // The command may answer without reading this.
                let _ = stdin.write_all(question.as_bytes()).await;
            }
        };
        let mut answer = Vec::new();
        let listen = async {
            match stdout {
                Some(stdout) => stdout.take(LONGEST).read_to_end(&mut answer).await,
                None => Ok(0),
            }
        };
        let ((), read) = tokio::join!(tell, listen);
        read.map_err(|error| format!("its answer cannot be read: {}", plain_io(&error)))?;
        let status = group.0.wait().await;
        let status =
            status.map_err(|error| format!("its end is not known: {}", plain_io(&error)))?;
        match status.code() {
            Some(code) => verdict(code, &answer),
            None => Err("a signal ended it".into()),
        }
    }
}

impl Authenticator for AuthCommand {
    fn authenticate<'a>(&'a self, login: &'a Login) -> Answer<'a> {
        Box::pin(self.ask(login))
    }
}

/// A child that is killed, together with its own children, when this is dropped before its end.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        let pid = self.0.id().and_then(|pid| Pid::from_raw(pid.cast_signed()));
        if let Some(pid) = pid {
            // It may have ended just now.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

/// The client as JSON. A password that is not text comes as base64.
fn question(login: &Login) -> Value {
    let password = login.password.as_deref();
    let text = password.and_then(|password| std::str::from_utf8(password).ok());
    let certificate = login.certificate.as_ref();
    json!({
        "client_id": login.client_id,
        "username": login.username,
        "password": text,
        "password_base64": password.filter(|_| text.is_none()).map(|it| STANDARD.encode(it)),
        "version": login.version.to_string(),
        "peer": login.peer.to_string(),
        "listener": login.listener.to_string(),
        "common_name": certificate.and_then(|certificate| certificate.common_name()),
    })
}

/// What an exit status and the output mean.
fn verdict(code: i32, answer: &[u8]) -> Result<Verdict, String> {
    let answer = answer.trim_ascii();
    match code {
        0 if answer.is_empty() => Ok(Verdict::accept()),
        0 => {
            let answer = serde_json::from_slice::<Value>(answer);
            said(&answer.map_err(|error| format!("its answer is not JSON: {error}"))?)
        }
        1 => Ok(Verdict::wrong("--auth-command says no")),
        2 => Ok(Verdict::Pass),
        code => Err(format!("it ended with exit status {code}")),
    }
}

fn said(answer: &Value) -> Result<Verdict, String> {
    let text = |key: &str| answer.get(key).and_then(Value::as_str).map(str::to_owned);
    let why = || text("reason").unwrap_or_else(|| "--auth-command says no".into());
    match text("result").as_deref() {
        Some("allow") => Ok(Verdict::Accept(Grant {
            username: text("username"),
            acl: text("acl").map(|rules| acl(&rules)).transpose()?,
            ..Grant::default()
        })),
        Some("deny") => Ok(Verdict::Refuse(Denial::NotAuthorized(why().into()))),
        Some("wrong") => Ok(Verdict::wrong(why())),
        Some("pass") => Ok(Verdict::Pass),
        _ => Err("its answer has no \"result\": allow, deny, wrong or pass".into()),
    }
}

/// Rules for the client, as they would stand in an ACL file.
fn acl(rules: &str) -> Result<Arc<Acl>, String> {
    let acl: Result<Acl, AclError> = rules.parse();
    acl.map(Arc::new).map_err(|error| {
        let line = error.line;
        format!("line {line} of its acl: {}", error.what())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_statuses_and_json_are_understood() {
        let grant = Grant {
            username: Some("ann".into()),
            ..Grant::default()
        };
        for (code, answer, expected) in [
            (0, "", Verdict::accept()),
            (0, " \n", Verdict::accept()),
            (0, r#"{"result":"allow"}"#, Verdict::accept()),
            (
                0,
                r#"{"result":"allow","username":"ann"}"#,
                Verdict::Accept(grant),
            ),
            (0, r#"{"result":"pass"}"#, Verdict::Pass),
            (0, r#"{"result":"wrong","reason":"r"}"#, Verdict::wrong("r")),
            (
                0,
                r#"{"result":"deny","reason":"r"}"#,
                Verdict::Refuse(Denial::NotAuthorized("r".into())),
            ),
            (1, "whatever", Verdict::wrong("--auth-command says no")),
            (2, "", Verdict::Pass),
        ] {
            assert_eq!(
                verdict(code, answer.as_bytes()),
                Ok(expected),
                "{code} {answer}"
            );
        }
    }

    #[test]
    fn whatever_else_lets_nobody_in() {
        for (code, answer) in [
            (0, "yes"),
            (0, "{}"),
            (0, r#"{"result":true}"#),
            (0, r#"{"result":"maybe"}"#),
            (0, r#"{"result":"allow","acl":"nonsense"}"#),
            (127, ""),
        ] {
            assert!(verdict(code, answer.as_bytes()).is_err(), "{code} {answer}");
        }
    }
}
