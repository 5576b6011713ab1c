//! Programs under test: started, fed, watched, and never left behind.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::collected::Collected;
pub use super::finished::Finished;
use super::finished::tail;

/// No test waits longer than this for a program, unless it says so.
const DEADLINE: Duration = Duration::from_secs(60);

/// How often to ask whether a program that has closed its output has ended.
const POLL: Duration = Duration::from_millis(2);

/// The program under test.
pub fn mqtk<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Program {
    Program::new(env!("CARGO_BIN_EXE_mqtk"), "").args(args)
}

/// Mosquitto's publisher.
pub fn mosquitto_pub<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Program {
    Program::new("mosquitto_pub", "mosquitto-clients").args(args)
}

/// Mosquitto's subscriber.
pub fn mosquitto_sub<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Program {
    Program::new("mosquitto_sub", "mosquitto-clients").args(args)
}

/// A line of bash, with the program under test as `$MQTK_BIN`.
pub fn shell(line: &str) -> Program {
    Program::new("bash", "bash")
        .args(["-c", line])
        .env("MQTK_BIN", env!("CARGO_BIN_EXE_mqtk"))
}

/// A program to start: its command line, its stdin and its deadline.
pub struct Program {
    command: Command,
    package: &'static str,
    input: Input,
    stdout: Output,
    stderr_held: bool,
    deadline: Duration,
}

enum Input {
    Nothing,
    Bytes(Vec<u8>),
    Open,
}

enum Output {
    Collected,
    Held,
    File(File),
}

impl Program {
    /// A program by its path or name, and the Debian package that has it.
    pub fn new(program: &str, package: &'static str) -> Self {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", path_with_sbin())
            .env("HOME", "/nonexistent")
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .process_group(0);
        Self {
            command,
            package,
            input: Input::Nothing,
            stdout: Output::Collected,
            stderr_held: false,
            deadline: DEADLINE,
        }
    }

    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// `-p PORT`.
    pub fn port(self, port: u16) -> Self {
        self.arg("-p").arg(port.to_string())
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it in this directory.
    pub fn current_dir(mut self, directory: &Path) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// Feeds these bytes to stdin, then closes it.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Input::Bytes(bytes.into());
        self
    }

    /// Leaves stdin open, for [`Running::write`].
    pub fn stdin_open(mut self) -> Self {
        self.input = Input::Open;
        self
    }

    /// Leaves stdout unread, for [`Running::take_stdout`].
    pub fn stdout_held(mut self) -> Self {
        self.stdout = Output::Held;
        self
    }

    /// Leaves stderr unread, for [`Running::read_stderr`].
    pub fn stderr_held(mut self) -> Self {
        self.stderr_held = true;
        self
    }

    /// Sends stdout to a file.
    pub fn stdout_file(mut self, file: File) -> Self {
        self.stdout = Output::File(file);
        self
    }

    /// The longest time from start to end.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    pub fn start(mut self) -> Running {
        let line = command_line(&self.command);
        let held = matches!(self.stdout, Output::Held);
        let start = Instant::now();
        let mut child = self
            .command
            .stdin(match self.input {
                Input::Nothing => Stdio::null(),
                Input::Bytes(_) | Input::Open => Stdio::piped(),
            })
            .stdout(match self.stdout {
                Output::Collected | Output::Held => Stdio::piped(),
                Output::File(file) => file.into(),
            })
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| match error.kind() {
                ErrorKind::NotFound => panic!(
                    "{line}: the program is missing; tests/run installs it, or apt-get install {}",
                    self.package
                ),
                _ => panic!("{line}: {error}"),
            });
        let mut stdin = child.stdin.take();
        if let Input::Bytes(bytes) = self.input {
            let mut stdin = stdin.take().expect("stdin is a pipe");
            // A program may end before it has read everything; its exit status tells.
            thread::spawn(move || stdin.write_all(&bytes));
        }
        let collected = child.stdout.take_if(|_| !held).map(Collected::from_pipe);
        let stderr = child.stderr.take_if(|_| !self.stderr_held);
        let stderr = stderr.map(Collected::from_pipe).unwrap_or_default();
        Running {
            line,
            child,
            stdin,
            stdout: collected.unwrap_or_default(),
            stderr,
            start,
            deadline: start + self.deadline,
        }
    }

    /// Starts the program and waits for its end.
    pub fn run(self) -> Finished {
        self.start().finish()
    }
}

/// Debian keeps mosquitto where only root's `PATH` looks.
fn path_with_sbin() -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    format!("{path}:/usr/local/sbin:/usr/sbin")
}

fn command_line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A program that runs; killed, with its children, when dropped.
pub struct Running {
    line: String,
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Collected,
    stderr: Collected,
    start: Instant,
    deadline: Instant,
}

impl Running {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Writes to the stdin that [`Program::stdin_open`] left open.
    pub fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let stdin = self.stdin.as_mut().expect("stdin is open");
        if let Err(error) = stdin.write_all(bytes.as_ref()) {
            self.fail(&format!("stdin: {error}"));
        }
    }

    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// The pipe that [`Program::stdout_held`] left unread.
    pub fn take_stdout(&mut self) -> ChildStdout {
        self.child.stdout.take().expect("stdout is held")
    }

    /// Reads the pipe that [`Program::stderr_held`] left unread, from now on.
    pub fn read_stderr(&mut self) {
        let stderr = self.child.stderr.take().expect("stderr is held");
        self.stderr = Collected::from_pipe(stderr);
    }

    /// Sends a signal to the program itself.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("the program runs");
    }

    pub fn is_running(&mut self) -> bool {
        self.child
            .try_wait()
            .expect("the child can be waited for")
            .is_none()
    }

    /// Waits until stdout has what the test waits for.
    pub fn await_stdout(&self, what: &str, found: impl Fn(&str) -> bool) -> String {
        self.stdout
            .wait_text(self.deadline, found)
            .unwrap_or_else(|| self.fail(&format!("no {what} on stdout")))
    }

    /// Waits until stderr has what the test waits for.
    pub fn await_stderr(&self, what: &str, found: impl Fn(&str) -> bool) -> String {
        self.stderr
            .wait_text(self.deadline, found)
            .unwrap_or_else(|| self.fail(&format!("no {what} on stderr")))
    }

    /// Whether stderr gets what the test waits for before it ends.
    pub fn says(&self, found: impl Fn(&str) -> bool) -> bool {
        self.stderr.wait_text(self.deadline, found).is_some()
    }

    /// Waits until stdout has this many lines.
    pub fn await_lines(&self, count: usize) {
        if self
            .stdout
            .wait(self.deadline, |output| output.lines >= count)
            .is_none()
        {
            self.fail(&format!("no line {count} on stdout"));
        }
    }

    /// Waits for the end; a program that runs past its deadline fails the test.
    pub fn finish(mut self) -> Finished {
        self.close_stdin();
        self.stdout.wait_end(self.deadline);
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("the child can be waited for") {
                break status;
            }
            if Instant::now() > self.deadline {
                self.fail("still runs at its deadline");
            }
            thread::sleep(POLL);
        };
        self.stdout.wait_end(self.deadline);
        self.stderr.wait_end(self.deadline);
        Finished {
            line: self.line.clone(),
            status,
            stdout: self.stdout.take(),
            stderr: String::from_utf8_lossy(&self.stderr.take()).into_owned(),
            elapsed: self.start.elapsed(),
        }
    }

    fn fail(&self, why: &str) -> ! {
        panic!(
            "{}: {why}\nstdout: {}\nstderr: {}",
            self.line,
            tail(&self.stdout.text()),
            tail(&self.stderr.text())
        )
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // The whole group: a shell's children as well.
            let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
            let _ = self.child.wait();
        }
    }
}
