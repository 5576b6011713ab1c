//! Limits as they are written: a name, a comparison, and a number with its unit.

use std::fmt;

/// How what was measured is compared with a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    AtLeast,
    AtMost,
    Equal,
    NotEqual,
    Above,
    Below,
}

/// Longer signs before those they begin with.
const COMPARISONS: [(&str, Comparison); 6] = [
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    (">", Comparison::Above),
    ("<", Comparison::Below),
];

/// How a limit is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unit {
    None,
    Percent,
    /// A name, and the nanoseconds it stands for.
    Time(&'static str, f64),
}

const UNITS: [(&str, Unit); 5] = [
    ("us", Unit::Time("us", 1e3)),
    ("µs", Unit::Time("us", 1e3)),
    ("ms", Unit::Time("ms", 1e6)),
    ("s", Unit::Time("s", 1e9)),
    ("%", Unit::Percent),
];

impl Comparison {
    pub(super) fn holds(self, measured: f64, limit: f64) -> bool {
        match self {
            Comparison::AtLeast => measured >= limit,
            Comparison::AtMost => measured <= limit,
            Comparison::Equal => measured == limit,
            Comparison::NotEqual => measured != limit,
            Comparison::Above => measured > limit,
            Comparison::Below => measured < limit,
        }
    }
}

/// A name, a comparison and a limit.
pub(super) fn parts(text: &str) -> Option<(&str, Comparison, &str)> {
    let at = text.find(['<', '>', '=', '!'])?;
    let mut signs = COMPARISONS.iter();
    let (sign, comparison) = signs.find(|(sign, _)| text[at..].starts_with(sign))?;
    let limit = &text[at + sign.len()..];
    Some((text[..at].trim(), *comparison, limit.trim()))
}

/// The parts of a limit.
pub(super) fn number_and_unit(limit: &str) -> (&str, Unit) {
    let mut units = UNITS.iter();
    let found = units.find_map(|(name, unit)| Some((limit.strip_suffix(name)?.trim(), *unit)));
    found.unwrap_or((limit, Unit::None))
}

impl Unit {
    pub(super) fn name(self) -> &'static str {
        match self {
            Unit::None => "",
            Unit::Percent => "%",
            Unit::Time(name, _) => name,
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = COMPARISONS
            .iter()
            .find(|(_, comparison)| comparison == self);
        f.write_str(sign.map_or("", |(sign, _)| sign))
    }
}
