//! What a measured message says about itself, at the start of its payload.

use crate::codec::QoS;

/// The messages of one publisher at one QoS, which the broker hands on in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Series(u32);

impl Series {
    /// Publishers that can be told apart.
    pub const PUBLISHERS: u64 = 1 << 30;

    /// The series of a publisher, whose number is below [`Series::PUBLISHERS`].
    pub const fn new(publisher: u64, qos: QoS) -> Series {
        Series((publisher as u32) << 2 | qos.bits() as u32)
    }

    /// The number of the publisher.
    pub fn publisher(self) -> u64 {
        u64::from(self.0 >> 2)
    }

    /// The QoS at which it was published.
    pub fn qos(self) -> QoS {
        match self.0 & 3 {
            0 => QoS::AtMostOnce,
            1 => QoS::AtLeastOnce,
            _ => QoS::ExactlyOnce,
        }
    }
}

/// The first bytes of a measured message's payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Which run it belongs to: what is left over from others does not count.
    pub run: u32,
    /// Its publisher and its QoS.
    pub series: Series,
    /// Counts the measured messages of its series from 0; `None` during the warm-up.
    pub sequence: Option<u64>,
    /// When it was due, in nanoseconds of the run's clock.
    pub intended: u64,
    /// How long after that it was handed to the socket, in microseconds.
    pub lag: u32,
}

/// Stands for the messages of the warm-up.
const UNMEASURED: u64 = u64::MAX;

impl Stamp {
    /// Bytes of a stamp.
    pub const LEN: usize = 28;

    /// When it was handed to the socket, in nanoseconds of the run's clock.
    #[inline]
    pub fn sent(&self) -> u64 {
        // A broker may have changed the bytes.
        (self.intended).saturating_add(u64::from(self.lag) * 1000)
    }

    /// The stamp as bytes.
    pub fn to_bytes(self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        let (run, rest) = bytes.split_at_mut(4);
        let (series, rest) = rest.split_at_mut(4);
        let (sequence, rest) = rest.split_at_mut(8);
        let (intended, lag) = rest.split_at_mut(8);
        run.copy_from_slice(&self.run.to_be_bytes());
        series.copy_from_slice(&self.series.0.to_be_bytes());
        sequence.copy_from_slice(&self.sequence.unwrap_or(UNMEASURED).to_be_bytes());
        intended.copy_from_slice(&self.intended.to_be_bytes());
        lag.copy_from_slice(&self.lag.to_be_bytes());
        bytes
    }

    /// Reads the stamp of this `run` at the start of a payload; `None`: there is none.
    #[inline]
    pub fn read(run: u32, payload: &[u8]) -> Option<Stamp> {
        let (stamp, _) = payload.split_first_chunk::<{ Stamp::LEN }>()?;
        let (found, rest) = stamp.split_first_chunk()?;
        let (series, rest) = rest.split_first_chunk()?;
        let (sequence, rest) = rest.split_first_chunk()?;
        let (intended, rest) = rest.split_first_chunk()?;
        let (lag, _) = rest.split_first_chunk()?;
        let sequence = u64::from_be_bytes(*sequence);
        (u32::from_be_bytes(*found) == run).then(|| Stamp {
            run,
            series: Series(u32::from_be_bytes(*series)),
            sequence: (sequence != UNMEASURED).then_some(sequence),
            intended: u64::from_be_bytes(*intended),
            lag: u32::from_be_bytes(*lag),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_back_and_others_are_not_ours() {
        let stamp = Stamp {
            run: 7,
            series: Series::new(3, QoS::ExactlyOnce),
            sequence: Some(1 << 40),
            intended: 123_456_789_012,
            lag: 17,
        };
        let warm = Stamp {
            sequence: None,
            ..stamp
        };
        for stamp in [stamp, warm] {
            let payload = [&stamp.to_bytes()[..], b"padding"].concat();
            assert_eq!(Stamp::read(7, &payload), Some(stamp));
            assert_eq!(Stamp::read(8, &payload), None);
            assert_eq!(Stamp::read(7, &payload[..Stamp::LEN - 1]), None);
        }
        let last = Series::new(Series::PUBLISHERS - 1, QoS::AtLeastOnce);
        assert_eq!(last.publisher(), Series::PUBLISHERS - 1);
        assert_eq!(last.qos(), QoS::AtLeastOnce);
    }
}
