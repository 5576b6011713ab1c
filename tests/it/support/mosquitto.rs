//! A real Mosquitto, for one test.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::Signal;
use tempfile::TempDir;

use super::certificates::Certificates;
use super::ports::free_port;
use super::process::{Program, Running};

/// What a Mosquitto should be like.
pub struct Builder {
    directory: TempDir,
    lines: String,
    anonymous: bool,
    extra_listeners: String,
    with_tls: Option<String>,
    with_websocket: bool,
    with_unix: bool,
}

/// A Mosquitto that runs; killed when dropped.
pub struct Mosquitto {
    port: u16,
    tls_port: u16,
    websocket_port: u16,
    directory: TempDir,
    process: Option<Running>,
}

impl Mosquitto {
    /// A Mosquitto with one TCP listener, a hundred messages in flight and no limit to queues.
    pub fn start() -> Self {
        Self::builder().start()
    }

    pub fn builder() -> Builder {
        Builder {
            directory: TempDir::new().expect("a directory for Mosquitto"),
            lines: String::new(),
            anonymous: true,
            extra_listeners: String::new(),
            with_tls: None,
            with_websocket: false,
            with_unix: false,
        }
    }

    /// Of the plain TCP listener, which is always there.
    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn tls_port(&self) -> u16 {
        self.tls_port
    }

    pub fn websocket_port(&self) -> u16 {
        self.websocket_port
    }

    pub fn unix_path(&self) -> PathBuf {
        self.directory.path().join("socket")
    }

    /// The process, to be signalled.
    pub fn process(&self) -> &Running {
        self.process.as_ref().expect("Mosquitto runs")
    }

    /// Waits until `count` subscriptions to this Topic Filter have been made in the life of
    /// this process.
    pub fn await_subscriptions(&self, filter: &str, count: usize) {
        let ending = format!(" {filter}");
        self.process()
            .await_stderr(&format!("subscription to {filter}"), |log| {
                log.lines().filter(|line| line.ends_with(&ending)).count() >= count
            });
    }

    /// Waits until somebody has subscribed to this Topic Filter.
    pub fn await_subscription(&self, filter: &str) {
        self.await_subscriptions(filter, 1);
    }

    /// Stops it as an administrator would, with SIGTERM, and waits for its end.
    pub fn stop(&mut self) {
        let process = self.process.take().expect("Mosquitto runs");
        process.signal(Signal::TERM);
        process.finish();
    }

    /// Starts it again on the same ports.
    pub fn restart(&mut self) {
        for _ in 0..50 {
            self.process = launch(self.directory.path());
            if self.process.is_some() {
                return;
            }
        }
        panic!("Mosquitto does not start again on port {}", self.port);
    }
}

impl Builder {
    /// A line of the configuration file, for all listeners.
    pub fn line(mut self, line: &str) -> Self {
        self.lines.push_str(line);
        self.lines.push('\n');
        self
    }

    /// Messages and sessions survive a restart.
    pub fn persistent(self) -> Self {
        let directory = self.directory.path().display().to_string();
        self.line("persistence true")
            .line(&format!("persistence_location {directory}/"))
    }

    /// Only this user, and others named so, may connect.
    pub fn password(mut self, user: &str, password: &str) -> Self {
        let file = self.directory.path().join("passwords");
        let is_first = !file.exists();
        Program::new("mosquitto_passwd", "mosquitto")
            .args(is_first.then_some("-c"))
            .arg("-b")
            .arg(&file)
            .args([user, password])
            .run()
            .expect_code(0);
        self.anonymous = false;
        if !is_first {
            return self;
        }
        self.line(&format!("password_file {}", file.display()))
    }

    /// Who may read and write what.
    pub fn access(self, rules: &str) -> Self {
        let file = self.directory.path().join("access");
        fs::write(&file, rules).expect("the directory is writable");
        self.line(&format!("acl_file {}", file.display()))
    }

    /// A TLS listener; with `client_certificates`, only for those who have one.
    pub fn tls(mut self, certificates: &Certificates, client_certificates: bool) -> Self {
        self.with_tls = Some(format!(
            "cafile {}\ncertfile {}\nkeyfile {}\nrequire_certificate {client_certificates}\n",
            certificates.ca.display(),
            certificates.server.display(),
            certificates.server_key.display(),
        ));
        self
    }

    pub fn websocket(mut self) -> Self {
        self.with_websocket = true;
        self
    }

    pub fn unix(mut self) -> Self {
        self.with_unix = true;
        self
    }

    pub fn start(mut self) -> Mosquitto {
        loop {
            let (port, tls_port, websocket_port) = (free_port(), free_port(), free_port());
            self.extra_listeners.clear();
            if let Some(tls) = &self.with_tls {
                let _ = write!(self.extra_listeners, "listener {tls_port} 127.0.0.1\n{tls}");
            }
            if self.with_websocket {
                let _ = write!(
                    self.extra_listeners,
                    "listener {websocket_port} 127.0.0.1\nprotocol websockets\n"
                );
            }
            if self.with_unix {
                let socket = self.directory.path().join("socket");
                let _ = writeln!(self.extra_listeners, "listener 0 {}", socket.display());
            }
            self.write_configuration(port);
            if let Some(process) = launch(self.directory.path()) {
                let directory = self.directory;
                let process = Some(process);
                return Mosquitto {
                    port,
                    tls_port,
                    websocket_port,
                    directory,
                    process,
                };
            }
            // Somebody took the port between our look and Mosquitto's: once more.
        }
    }

    fn write_configuration(&self, port: u16) {
        let configuration = format!(
            "user {user}\nlog_dest stderr\nlog_type error\nlog_type warning\nlog_type notice\n\
             log_type information\nlog_type subscribe\nmax_inflight_messages 100\nmax_queued_messages 0\n\
             allow_anonymous {anonymous}\n{lines}{extra}listener {port} 127.0.0.1\n",
            // Mosquitto started by root becomes another user, who may not read our files.
            user = if rustix::process::geteuid().is_root() {
                "root"
            } else {
                "nobody"
            },
            anonymous = self.anonymous,
            lines = self.lines,
            extra = self.extra_listeners,
        );
        let file = self.directory.path().join("mosquitto.conf");
        fs::write(file, configuration).expect("the directory is writable");
    }
}

/// A Mosquitto that accepts connections; nothing when it ended at once.
fn launch(directory: &Path) -> Option<Running> {
    let process = Program::new("mosquitto", "mosquitto")
        .arg("-c")
        .arg(directory.join("mosquitto.conf"))
        .deadline(std::time::Duration::from_secs(600))
        .start();
    // Its own word for it: on the port might as well listen whoever took it first.
    if process.says(|log| log.contains(" running\n")) {
        return Some(process);
    }
    let finished = process.finish();
    assert!(
        finished.stderr.contains("Address already in use"),
        "Mosquitto: {}",
        finished.stderr
    );
    None
}
