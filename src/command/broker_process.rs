//! A broker in a process of its own, so that its CPU time can be told from that of the load generator.

use std::env;
use std::io;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, Command};
use tokio::time::timeout;

use crate::client;
use crate::exit::ExitStatus;
use crate::transport::{SELF_SIGNED_CA, Target, Url};

use super::failure::Failure;
use super::listen::self_signed_directory;
use super::talk::Talk;

/// How long it may take to listen, which a self-signed certificate delays.
const START: Duration = Duration::from_secs(20);
/// How long it may take to end.
const END: Duration = Duration::from_secs(2);
/// How much of its error output is repeated, in bytes.
const LONGEST_COMPLAINT: u64 = 4096;

/// `mqtk broker` in a process of its own. It ends with this process, however that ends: its stdin
/// is a pipe from here.
pub(super) struct BrokerProcess {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl BrokerProcess {
    /// Starts a broker for this client, with the transport that the client uses, and makes the
    /// client connect to it.
    ///
    /// # Errors
    ///
    /// It does not start: with what it says about that.
    pub(super) async fn start(
        listen: SocketAddr,
        client: &mut client::Options,
        talk: &Talk,
    ) -> Result<BrokerProcess, Failure> {
        let failed = |error: io::Error| Failure::io("cannot start the embedded broker", &error);
        let url = listen_url(listen, &client.target);
        let mut command = Command::new(env::current_exe().map_err(failed)?);
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("MQTK_")) {
                command.env_remove(name);
            }
        }
        command
            .args(["broker", "--end-with-stdin", "-o", "/dev/null", "--listen"])
            .arg(url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C is for this process, which ends the run before the broker.
            .process_group(0)
            .kill_on_drop(true);
        if client.target.tls.is_some() {
            command.arg("--self-signed");
        }
        let mut child = command.spawn().map_err(failed)?;
        let stdin = child.stdin.take();
        let stderr = child.stderr.take();
        let Some(url) = first_line(&mut child).await else {
            return Err(complaint(stderr).await);
        };
        let found: Result<Url, _> = url.parse();
        let found = found.map_err(|error| {
            let text = format!("cannot start the embedded broker: {url}: {error}");
            Failure::new(ExitStatus::Failure, text)
        })?;
        talk.note(format_args!("broker listening on {url}"));
        forget(stderr);
        let target = &mut client.target;
        let address = found.target().address;
        *target = Target {
            address,
            ..target.clone()
        };
        if let Some(tls) = &mut target.tls {
            tls.cafile = Some(self_signed_directory()?.join(SELF_SIGNED_CA));
            tls.system_roots = false;
        }
        Ok(BrokerProcess { child, stdin })
    }

    /// Ends the broker, and warns if it had ended by itself.
    pub(super) async fn end(mut self, talk: &Talk) {
        if let Ok(Some(status)) = self.child.try_wait() {
            return talk.warn(format_args!(
                "the embedded broker ended during the run: {status}"
            ));
        }
        drop(self.stdin.take());
        if timeout(END, self.child.wait()).await.is_err() {
            // Nothing is left to be done if that fails too.
            let _ = self.child.kill().await;
        }
    }
}

/// Where the broker is to listen, for clients with this target.
fn listen_url(listen: SocketAddr, target: &Target) -> String {
    let scheme = match (&target.tls, &target.websocket) {
        (None, None) => "mqtt",
        (Some(_), None) => "mqtts",
        (None, Some(_)) => "ws",
        (Some(_), Some(_)) => "wss",
    };
    let path = target.websocket.as_ref().map_or("", |ws| &ws.path);
    format!("{scheme}://{listen}{path}")
}

/// The first line of its output: where it listens.
async fn first_line(child: &mut Child) -> Option<String> {
    let mut line = String::new();
    let stdout = child.stdout.as_mut()?;
    let reading = timeout(START, BufReader::new(stdout).read_line(&mut line)).await;
    reading.ok()?.ok().filter(|&read| read > 0)?;
    Some(line.trim_end().to_owned())
}

/// Why it did not start.
async fn complaint(stderr: Option<ChildStderr>) -> Failure {
    let mut said = Vec::new();
    if let Some(stderr) = stderr {
        let mut stderr = stderr.take(LONGEST_COMPLAINT);
        let reading = stderr.read_to_end(&mut said);
        // What was said until then is all there is.
        let _ = timeout(END, reading).await;
    }
    let said = String::from_utf8_lossy(&said);
    let said = said.lines().find_map(|line| line.strip_prefix("error: "));
    let said = said.unwrap_or("it does not say why");
    let text = format!("the embedded broker does not start: {said}");
    Failure::new(ExitStatus::Failure, text)
}

/// Reads and discards what comes, so that a full pipe does not block the writer.
fn forget(pipe: Option<impl AsyncRead + Unpin + Send + 'static>) {
    if let Some(mut pipe) = pipe {
        tokio::spawn(async move {
            // An error ends this as the end of the pipe does.
            let _ = tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::{Address, TlsOptions, WebSocketOptions};

    #[test]
    fn the_broker_listens_as_the_clients_connect() {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut target = Target::new(Address::tcp("localhost", 1883));
        assert_eq!(listen_url(listen, &target), "mqtt://127.0.0.1:0");
        target.websocket = Some(WebSocketOptions::default());
        assert_eq!(listen_url(listen, &target), "ws://127.0.0.1:0/mqtt");
        target.tls = Some(TlsOptions::default());
        assert_eq!(listen_url(listen, &target), "wss://127.0.0.1:0/mqtt");
        target.websocket = None;
        assert_eq!(listen_url(listen, &target), "mqtts://127.0.0.1:0");
    }
}
