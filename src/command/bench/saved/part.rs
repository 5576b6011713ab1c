//! A part of a JSON report, which knows its name.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;
use serde_json::Value;

use crate::bench::Latency;

/// No run counts so many: the highest number that every JSON program knows exactly, and low enough
/// to be added up.
const MOST: u64 = 1 << 53;
/// No run lasts so long, and no clock runs so late, in seconds: some three centuries.
const LATEST: f64 = 1e10;
/// The longest latency of ours, as it is written, in nanoseconds: an hour, and what its place in a
/// histogram adds to it.
const LONGEST: u64 = 3_700_000_000_000;

/// A part of a report, and the names that lead there.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) value: &'a Value,
    pub(super) name: &'a str,
}

impl<'a> Part<'a> {
    /// What is called so in it; nothing if it is `null` or missing.
    pub(super) fn find(self, name: &'a str) -> Option<Part<'a>> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(Part { value, name })
    }

    pub(super) fn get(self, name: &'a str) -> Result<Part<'a>, String> {
        self.find(name)
            .ok_or_else(|| format!("'{name}' is missing"))
    }

    pub(super) fn wrong(self) -> String {
        format!("'{}' is not what it should be", self.name)
    }

    pub(super) fn parsed<T>(self, read: impl FnOnce(&'a Value) -> Option<T>) -> Result<T, String> {
        read(self.value).ok_or_else(|| self.wrong())
    }

    pub(super) fn count(self, name: &'a str) -> Result<u64, String> {
        self.get(name)?.number()
    }

    /// It is a count itself.
    pub(super) fn number(self) -> Result<u64, String> {
        self.parsed(|value| value.as_u64().filter(|count| *count <= MOST))
    }

    pub(super) fn text(self, name: &'a str) -> Result<&'a str, String> {
        self.get(name)?.parsed(Value::as_str)
    }

    pub(super) fn flag(self, name: &'a str) -> Result<bool, String> {
        self.get(name)?.parsed(Value::as_bool)
    }

    pub(super) fn seconds(self, name: &'a str) -> Result<Duration, String> {
        self.get(name)?.span()
    }

    /// It is a number of seconds itself.
    pub(super) fn span(self) -> Result<Duration, String> {
        self.parsed(|value| {
            let seconds = value.as_f64().filter(|seconds| *seconds <= LATEST)?;
            Duration::try_from_secs_f64(seconds).ok()
        })
    }

    pub(super) fn list(self, name: &'a str) -> Result<impl Iterator<Item = Part<'a>>, String> {
        let list = self.get(name)?.parsed(Value::as_array)?;
        Ok(list.iter().map(move |value| Part { value, name }))
    }

    pub(super) fn map(
        self,
        name: &'a str,
    ) -> Result<impl Iterator<Item = (&'a String, Part<'a>)>, String> {
        let map = self.get(name)?.parsed(Value::as_object)?;
        Ok(map
            .iter()
            .map(move |(key, value)| (key, Part { value, name })))
    }

    /// The histogram that is called so; an empty one where there is none.
    pub(super) fn histogram(self, name: &str) -> Result<Histogram<u64>, String> {
        match self.value.get(name) {
            None => Ok(Latency::default().corrected),
            Some(text) => bytes(text)
                .and_then(|bytes| decoded(&bytes))
                .ok_or_else(|| format!("'{name}' is no HdrHistogram of mqtk")),
        }
    }
}

/// What base64 stands for.
pub(super) fn bytes(text: &Value) -> Option<Vec<u8>> {
    STANDARD.decode(text.as_str()?).ok()
}

/// A histogram that can be added to ours.
fn decoded(bytes: &[u8]) -> Option<Histogram<u64>> {
    let read: Histogram<u64> = Deserializer::new().deserialize(&mut &bytes[..]).ok()?;
    if read.max() > LONGEST {
        return None;
    }
    let mut histogram = Latency::default().corrected;
    histogram.add(&read).ok()?;
    Some(histogram)
}
