//! A SOCKS5 proxy: microsocks.

use super::ports::{await_listener, free_port};
use super::process::{Program, Running};

/// microsocks on a port of the loopback interface; killed when dropped.
pub struct Socks {
    port: u16,
    _process: Running,
}

impl Socks {
    /// With a user and a password, or for everybody.
    pub fn start(credentials: Option<(&str, &str)>) -> Self {
        loop {
            let port = free_port();
            let mut program = Program::new("microsocks", "microsocks")
                .args(["-i", "127.0.0.1", "-p"])
                .arg(port.to_string());
            if let Some((user, password)) = credentials {
                program = program.args(["-u", user, "-P", password]);
            }
            let mut process = program.start();
            if await_listener(port, || process.is_running()) {
                return Self {
                    port,
                    _process: process,
                };
            }
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }
}
