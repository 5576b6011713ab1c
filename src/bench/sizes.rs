//! How long payloads are.

use std::fmt;
use std::str::FromStr;

/// The longest payload that fits a PUBLISH with a short Topic Name, in bytes.
const LONGEST: usize = 268_435_455 - 1024;

/// How many bytes payloads have: always as many, any number between two, or some sizes more often
/// than others.
///
/// ```
/// use mqtk::bench::Sizes;
///
/// let sizes: Sizes = "64:90,1024:9,65536:1".parse()?; // 90 % have 64 bytes
/// assert_eq!((sizes.least(), sizes.most()), (64, 65536));
/// let sizes: Sizes = "16..1024".parse()?; // both included
/// assert_eq!((sizes.least(), sizes.most()), (16, 1024));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizes(Form);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Fixed(usize),
    Between(usize, usize),
    /// Each size, with the sum of its weight and those before it.
    Weighted(Vec<(usize, u64)>),
}

impl Sizes {
    /// Always as many bytes.
    pub fn fixed(bytes: usize) -> Sizes {
        Sizes(Form::Fixed(bytes))
    }

    /// The fewest bytes of a payload.
    pub fn least(&self) -> usize {
        match &self.0 {
            Form::Fixed(size) | Form::Between(size, _) => *size,
            Form::Weighted(sizes) => sizes.iter().map(|(size, _)| *size).min().unwrap_or(0),
        }
    }

    /// The most bytes of a payload.
    pub fn most(&self) -> usize {
        match &self.0 {
            Form::Fixed(size) | Form::Between(_, size) => *size,
            Form::Weighted(sizes) => sizes.iter().map(|(size, _)| *size).max().unwrap_or(0),
        }
    }

    /// The size of the next payload.
    #[inline]
    pub(super) fn draw(&self) -> usize {
        match &self.0 {
            Form::Fixed(size) => *size,
            Form::Between(least, most) => fastrand::usize(least..=most),
            Form::Weighted(sizes) => {
                let all = sizes.last().map_or(1, |(_, sum)| *sum);
                let drawn = fastrand::u64(..all);
                let place = sizes.partition_point(|(_, sum)| *sum <= drawn);
                sizes.get(place).map_or(0, |(size, _)| *size)
            }
        }
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Fixed(size) => write!(f, "{size}"),
            Form::Between(least, most) => write!(f, "{least}..{most}"),
            Form::Weighted(sizes) => {
                let mut before = 0;
                for (size, sum) in sizes {
                    let comma = if before == 0 { "" } else { "," };
                    write!(f, "{comma}{size}:{}", sum - before)?;
                    before = *sum;
                }
                Ok(())
            }
        }
    }
}

impl FromStr for Sizes {
    type Err = String;

    fn from_str(text: &str) -> Result<Sizes, String> {
        let size = |text: &str| match text.trim().parse() {
            Ok(size) if size <= LONGEST => Ok(size),
            Ok(size) => Err(format!("{size} bytes do not fit a PUBLISH packet")),
            Err(_) => Err(format!(
                "'{text}' is no size: write 64, 16..1024, or 64:90,1024:9,65536:1"
            )),
        };
        if let Some((least, most)) = text.split_once("..") {
            let (least, most) = (size(least)?, size(most)?);
            return match least <= most {
                true => Ok(Sizes(Form::Between(least, most))),
                false => Err(format!("{least} is more than {most}")),
            };
        }
        if !text.contains(':') {
            return size(text).map(Sizes::fixed);
        }
        let mut sizes = Vec::new();
        let mut sum = 0_u64;
        for part in text.split(',') {
            let (bytes, weight) = part
                .split_once(':')
                .ok_or_else(|| format!("'{part}' has no weight: write 64:90,1024:10"))?;
            let weight = weight
                .trim()
                .parse::<u32>()
                .ok()
                .filter(|weight| *weight > 0);
            let weight = weight
                .ok_or_else(|| format!("the weight of '{part}' is a whole number from 1 on"))?;
            sum += u64::from(weight);
            sizes.push((size(bytes)?, sum));
        }
        Ok(Sizes(Form::Weighted(sizes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_drawn_as_often_as_they_weigh() {
        fastrand::seed(3);
        let sizes: Sizes = "64:90,1024:9,65536:1".parse().unwrap();
        let mut counts = [0; 3];
        for _ in 0..100_000 {
            match sizes.draw() {
                64 => counts[0] += 1,
                1024 => counts[1] += 1,
                65536 => counts[2] += 1,
                other => panic!("{other}"),
            }
        }
        assert!((89_000..91_000).contains(&counts[0]), "{counts:?}");
        assert!((8_500..9_500).contains(&counts[1]), "{counts:?}");
        let between: Sizes = "5..7".parse().unwrap();
        let drawn: std::collections::BTreeSet<_> = (0..1000).map(|_| between.draw()).collect();
        assert_eq!(Vec::from_iter(drawn), [5, 6, 7]);
    }

    #[test]
    fn sizes_are_written_as_they_were_read() {
        for text in ["64", "0", "16..1024", "64:90,1024:9,65536:1"] {
            assert_eq!(text.parse::<Sizes>().unwrap().to_string(), text);
        }
        for (text, error) in [
            ("many", "'many' is no size"),
            ("9..3", "9 is more than 3"),
            ("64:0", "the weight of '64:0'"),
            ("64:1,128", "'128' has no weight"),
            ("300000000", "do not fit"),
            ("", "is no size"),
        ] {
            let said = text.parse::<Sizes>().expect_err(text);
            assert!(said.contains(error), "{said}");
        }
    }
}
