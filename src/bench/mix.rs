//! Several QoS in one run.

use std::fmt;
use std::str::FromStr;

use crate::codec::QoS;

/// Shares that add up to more are finer than a run can show.
const MOST: u64 = 10_000;

/// The shares of the QoS in a run, such as `0:70,1:25,2:5`.
///
/// The messages of all publishers together keep them as exactly as their number allows, and every
/// publisher uses every QoS.
///
/// ```
/// use mqtk::bench::Mix;
///
/// let mix: Mix = "0:70,1:25,2:5".parse()?;
/// let at_least_once = (0..100).filter(|&n| mix.qos(n).bits() == 1);
/// assert_eq!(at_least_once.count(), 25);
/// assert!("0:70,3:30".parse::<Mix>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mix {
    shares: [u64; 3],
    /// The QoS in turn, each as evenly spread as can be.
    pattern: Vec<QoS>,
}

impl Mix {
    const ALL: [QoS; 3] = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];

    fn new(shares: [u64; 3]) -> Mix {
        let divisor = shares.into_iter().fold(0, greatest_common_divisor).max(1);
        let parts = shares.map(|share| (share / divisor) as i64);
        let all: i64 = parts.iter().sum();
        let mut credit = [0; 3];
        let mut pattern = Vec::new();
        for _ in 0..all {
            for (credit, part) in credit.iter_mut().zip(parts) {
                *credit += part;
            }
            // Who waits for the longest has its turn.
            let (next, qos) = (credit.iter_mut().zip(Mix::ALL))
                .max_by_key(|(credit, _)| **credit)
                .unwrap_or_else(|| unreachable!("there are three"));
            *next -= all;
            pattern.push(qos);
        }
        Mix { shares, pattern }
    }

    /// The QoS of message `n` of all publishers.
    pub fn qos(&self, n: u64) -> QoS {
        let length = self.pattern.len() as u64;
        // Each round begins one further: no publisher has the same place in all of them.
        let place = (n % length + n / length) % length;
        let qos = usize::try_from(place)
            .ok()
            .and_then(|place| self.pattern.get(place));
        qos.copied().unwrap_or(QoS::AtMostOnce)
    }

    /// The QoS that have a share, the lowest first.
    pub fn levels(&self) -> impl DoubleEndedIterator<Item = QoS> + use<> {
        let shares = self.shares;
        let levels = Mix::ALL.into_iter().zip(shares);
        levels.filter(|(_, share)| *share > 0).map(|(qos, _)| qos)
    }

    /// The highest QoS that has a share.
    pub fn highest(&self) -> QoS {
        self.levels().next_back().unwrap_or(QoS::AtMostOnce)
    }
}

fn greatest_common_divisor(one: u64, other: u64) -> u64 {
    match other {
        0 => one,
        _ => greatest_common_divisor(other, one % other),
    }
}

impl FromStr for Mix {
    type Err = String;

    fn from_str(text: &str) -> Result<Mix, String> {
        let mut shares = [None; 3];
        for part in text.split(',') {
            let numbers = part.trim().split_once(':');
            let numbers = numbers.and_then(|(qos, share)| {
                Some((qos.parse::<usize>().ok()?, share.parse::<u64>().ok()?))
            });
            let Some((qos, share)) = numbers else {
                return Err(format!(
                    "'{part}' is not a QoS and its share, as in 0:70,1:25,2:5"
                ));
            };
            let Some(place) = shares.get_mut(qos) else {
                return Err(format!("there is no QoS {qos}"));
            };
            if place.replace(share).is_some() {
                return Err(format!("QoS {qos} has two shares"));
            }
        }
        let shares = shares.map(Option::unwrap_or_default);
        match shares.into_iter().try_fold(0_u64, u64::checked_add) {
            Some(1..=MOST) => Ok(Mix::new(shares)),
            _ => Err(format!("the shares add up to 1 to {MOST}")),
        }
    }
}

impl fmt::Display for Mix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, qos) in self.levels().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            let share = self.shares.get(usize::from(qos.bits())).copied();
            write!(f, "{comma}{}:{}", qos.bits(), share.unwrap_or_default())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mix(text: &str) -> Mix {
        text.parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn counts(qos: impl Iterator<Item = QoS>) -> [u64; 3] {
        qos.fold([0; 3], |mut counts, qos| {
            counts[usize::from(qos.bits())] += 1;
            counts
        })
    }

    #[test]
    fn shares_are_kept_by_all_together() {
        let mix = mix("0:70,1:25,2:5");
        assert_eq!(counts((0..200).map(|n| mix.qos(n))), [140, 50, 10]);
        // Also where a run is short.
        let [_, at_least_once, _] = counts((0..12).map(|n| mix.qos(n)));
        assert!((2..=4).contains(&at_least_once), "{at_least_once}");
    }

    #[test]
    fn every_publisher_uses_every_qos() {
        let mix = mix("0:70,1:25,2:5");
        for publishers in [1, 5, 10, 20, 40] {
            let of_one = counts((0..100).map(|turn| mix.qos(turn * publishers)));
            assert!(
                of_one.iter().all(|&count| count > 0),
                "{publishers}: {of_one:?}"
            );
        }
    }

    #[test]
    fn a_mix_is_written_as_it_is_read() {
        assert_eq!(mix(" 1:1, 2:3").to_string(), "1:1,2:3");
        assert_eq!(mix("2:0,0:1").to_string(), "0:1");
        assert_eq!(mix("0:1,2:1").highest(), QoS::ExactlyOnce);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, hint) in [
            ("", "as in 0:70,1:25,2:5"),
            ("0:70;1:30", "as in 0:70,1:25,2:5"),
            ("0:-1", "as in"),
            ("3:1", "no QoS 3"),
            ("0:1,0:2", "two shares"),
            ("0:0", "add up to 1 to 10000"),
            ("0:18446744073709551615,1:1", "add up to"),
        ] {
            let error = text.parse::<Mix>().expect_err(text);
            assert!(error.contains(hint), "{text}: {error}");
        }
    }
}
