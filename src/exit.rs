//! The exit statuses, which all subcommands share. The table in the README and the man pages are made
//! from this type.

/// How a run of `mqtk` ended, as the shell sees it.
///
/// ```
/// use mqtk::exit::ExitStatus;
///
/// assert_eq!(ExitStatus::TimedOut.code(), 27);
/// assert_eq!(ExitStatus::TimedOut.meaning(), "the time given by -W expired");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ExitStatus {
    /// Everything asked for was done.
    Done = 0,
    /// A failure that has no status of its own, such as input that cannot be read.
    Failure = 1,
    /// The command line, the environment or an options file is wrong.
    Usage = 2,
    /// No connection: host name, TCP, TLS, WebSocket handshake or proxy.
    CannotConnect = 3,
    /// The broker said no, in a CONNACK, SUBACK, UNSUBACK, PUBACK, PUBREC or DISCONNECT.
    Refused = 4,
    /// The connection was lost, or messages were not acknowledged.
    ConnectionLost = 5,
    /// The peer sent what MQTT forbids.
    ProtocolError = 6,
    /// A measured or checked value missed the limit that was set for it.
    VerdictFailed = 10,
    /// A measurement that does not measure what it should.
    InvalidMeasurement = 11,
    /// The time given by `-W` passed before everything asked for had happened.
    TimedOut = 27,
}

impl ExitStatus {
    /// Every status, in the order of its number.
    pub const ALL: [Self; 10] = [
        Self::Done,
        Self::Failure,
        Self::Usage,
        Self::CannotConnect,
        Self::Refused,
        Self::ConnectionLost,
        Self::ProtocolError,
        Self::VerdictFailed,
        Self::InvalidMeasurement,
        Self::TimedOut,
    ];

    /// The number that the shell sees in `$?`.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// What the status says, in the words of the README and the man pages.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done; also when a signal or a closed pipe ended it",
            Self::Failure => "another failure, such as input that cannot be read, or a full disk",
            Self::Usage => {
                "wrong usage: an option, a value, a topic, or a file that an option names"
            }
            Self::CannotConnect => "cannot connect: host name, TCP, TLS, WebSocket or proxy",
            Self::Refused => {
                "refused by the broker (CONNACK, SUBACK, PUBACK …); the Reason Code is on stderr"
            }
            Self::ConnectionLost => "connection lost, or messages were not acknowledged",
            Self::ProtocolError => "the peer broke the protocol",
            Self::VerdictFailed => {
                "a verdict failed: a threshold was missed or a check found faults"
            }
            Self::InvalidMeasurement => "a measurement was invalid",
            Self::TimedOut => "the time given by -W expired",
        }
    }
}

impl From<ExitStatus> for std::process::ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_documented_number() {
        let numbers = ExitStatus::ALL.map(ExitStatus::code);
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6, 10, 11, 27]);
    }

    #[test]
    fn every_meaning_is_told_apart_and_fits_a_table() {
        for (index, status) in ExitStatus::ALL.iter().enumerate() {
            let meaning = status.meaning();
            assert!(
                meaning.len() < 85 && !meaning.contains('\n'),
                "{status:?}: {meaning}"
            );
            assert!(
                ExitStatus::ALL[..index]
                    .iter()
                    .all(|other| other.meaning() != meaning),
                "{status:?} repeats a meaning"
            );
        }
    }
}
