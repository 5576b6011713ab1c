//! How a program ended, and what a test says to that.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

/// How a program ended, and what it said.
#[derive(Debug)]
pub struct Finished {
    /// Its command line.
    pub line: String,
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: String,
    pub elapsed: Duration,
}

impl Finished {
    /// Fails unless the exit status is this one.
    #[track_caller]
    pub fn expect_code(self, code: i32) -> Self {
        assert!(
            self.status.code() == Some(code),
            "{}: ended with {} (signal {:?}), not {code}\nstdout: {}\nstderr: {}",
            self.line,
            self.status,
            self.status.signal(),
            tail(&self.stdout_text()),
            tail(&self.stderr)
        );
        self
    }

    /// Ended with one of these codes. A run of `mqtk bench` at a rate may also end with 11, where the
    /// generator was short of time on a busy machine.
    #[track_caller]
    pub fn expect_one_of(self, codes: &[i32]) -> Self {
        let code = self.status.code().unwrap_or(-1);
        match codes.contains(&code) {
            true => self,
            false => self.expect_code(codes.first().copied().unwrap_or(0)),
        }
    }

    /// Fails unless the program did what it was asked for, in silence.
    #[track_caller]
    pub fn expect_success(self) -> Self {
        let finished = self.expect_code(0);
        assert_eq!(finished.stderr, "", "{}: stderr", finished.line);
        finished
    }

    /// Fails unless the exit status is this one and stderr is one line with these words.
    #[track_caller]
    pub fn expect_failure(self, code: i32, words: &[&str]) -> Self {
        let finished = self.expect_code(code);
        let stderr = finished.stderr.trim_end_matches('\n');
        assert!(
            !stderr.is_empty() && !stderr.contains('\n'),
            "{}: stderr is not one line: {stderr}",
            finished.line
        );
        finished.expect_words(words)
    }

    /// Fails unless stderr has each of these, in whatever case.
    #[track_caller]
    pub fn expect_words(self, words: &[&str]) -> Self {
        let stderr = self.stderr.to_lowercase();
        for word in words {
            assert!(
                stderr.contains(&word.to_lowercase()),
                "{}: stderr does not say {word:?}: {stderr}",
                self.line
            );
        }
        self
    }

    pub fn stdout_text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    pub fn lines(&self) -> Vec<String> {
        self.stdout_text().lines().map(str::to_owned).collect()
    }
}

/// The end of a text that may be megabytes long.
pub fn tail(text: &str) -> &str {
    let start = text.len().saturating_sub(2000);
    let start = (start..text.len()).find(|&at| text.is_char_boundary(at));
    &text[start.unwrap_or(text.len())..]
}
