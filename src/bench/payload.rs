//! What messages carry.

use std::fmt::{self, Write};
use std::sync::Arc;

use super::{Sizes, Stamp, Template};

/// What messages carry besides their [`Stamp`].
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// The same byte over and over. The stamp takes the place of the first ones.
    Filler(Sizes),
    /// Random bytes, others in each message. The stamp takes the place of the first ones.
    Random(Sizes),
    /// A text that differs from message to message. The stamp comes before it.
    Template(Template),
    /// What is in a file. The stamp comes before it.
    File {
        /// Its name.
        name: String,
        /// What is in it.
        bytes: Arc<[u8]>,
    },
}

impl Payload {
    /// The sizes, where they were chosen.
    pub fn sizes(&self) -> Option<&Sizes> {
        match self {
            Payload::Filler(sizes) | Payload::Random(sizes) => Some(sizes),
            Payload::Template(_) | Payload::File { .. } => None,
        }
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Payload::Filler(sizes) => write!(f, "{sizes} B"),
            Payload::Random(sizes) => write!(f, "{sizes} random B"),
            Payload::Template(template) => write!(f, "'{template}'"),
            Payload::File { name, bytes } => write!(f, "{name} ({} B)", bytes.len()),
        }
    }
}

/// Writes one payload after the other to the same place.
#[derive(Debug)]
pub(super) struct Writer {
    payload: Payload,
    /// Whether the stamp comes before a payload that is not ours to change.
    stamps_before: bool,
    buffer: Vec<u8>,
    random: fastrand::Rng,
}

impl Writer {
    /// A writer of such payloads. `is_measured`: on arrival somebody looks at their stamps.
    pub(super) fn new(payload: &Payload, is_measured: bool) -> Writer {
        let mut writer = Writer {
            stamps_before: is_measured && payload.sizes().is_none(),
            payload: payload.clone(),
            buffer: Vec::new(),
            random: fastrand::Rng::new(),
        };
        writer.buffer = match payload {
            Payload::Filler(sizes) => vec![b'x'; sizes.most()],
            Payload::Random(sizes) => vec![0; sizes.most()],
            Payload::Template(_) => vec![0; writer.room()],
            Payload::File { bytes, .. } => [&vec![0; writer.room()], &bytes[..]].concat(),
        };
        writer
    }

    /// The payload of a client's `message`, with its stamp if it has one.
    #[inline]
    pub(super) fn next(
        &mut self,
        client: u64,
        message: u64,
        stamp: impl FnOnce() -> Stamp,
    ) -> &[u8] {
        let room = self.room();
        let (size, is_stamped) = match &self.payload {
            Payload::Filler(sizes) => (sizes.draw(), true),
            Payload::Random(sizes) => (sizes.draw(), true),
            Payload::Template(template) => {
                self.buffer.truncate(room);
                template.write(&mut Bytes(&mut self.buffer), client, message);
                (self.buffer.len(), room > 0)
            }
            Payload::File { .. } => (self.buffer.len(), room > 0),
        };
        let payload = self.buffer.get_mut(..size).unwrap_or_default();
        if matches!(self.payload, Payload::Random(_)) {
            self.random.fill(payload);
        }
        // A payload that is too short for a stamp goes without.
        if is_stamped && let Some(start) = payload.first_chunk_mut() {
            *start = stamp().to_bytes();
        }
        payload
    }

    /// Bytes for the stamp, if it comes first.
    fn room(&self) -> usize {
        match self.stamps_before {
            true => Stamp::LEN,
            false => 0,
        }
    }
}

/// Text goes in as its bytes.
struct Bytes<'a>(&'a mut Vec<u8>);

impl Write for Bytes<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Series;
    use crate::codec::QoS;

    const STAMP: Stamp = Stamp {
        run: 1,
        series: Series::new(2, QoS::AtMostOnce),
        sequence: Some(3),
        intended: 4,
        lag: 5,
    };

    fn written(payload: Payload, is_measured: bool) -> Vec<Vec<u8>> {
        let mut writer = Writer::new(&payload, is_measured);
        let mut next = |message| writer.next(7, message, || STAMP).to_vec();
        vec![next(0), next(1)]
    }

    #[test]
    fn the_stamp_is_in_what_is_ours_and_before_what_is_not() {
        let stamp = STAMP.to_bytes();
        let template = Payload::Template("{client}:{message}".parse().unwrap());
        assert_eq!(written(template.clone(), false), [b"7:0", b"7:1"]);
        for (message, payload) in written(template, true).into_iter().enumerate() {
            assert_eq!(payload[..Stamp::LEN], stamp);
            assert_eq!(payload[Stamp::LEN..], *format!("7:{message}").as_bytes());
        }
        let file = Payload::File {
            name: "f".into(),
            bytes: Arc::from(*b"content"),
        };
        assert_eq!(written(file.clone(), false), [b"content", b"content"]);
        assert_eq!(written(file, true)[1], [&stamp[..], b"content"].concat());
        let sized = Payload::Filler(Sizes::fixed(30));
        assert_eq!(written(sized, false)[0], [&stamp[..], b"xx"].concat());
        let short = Payload::Filler(Sizes::fixed(3));
        assert_eq!(written(short, false), [b"xxx", b"xxx"]);
    }

    #[test]
    fn random_bytes_differ_each_time() {
        let payloads = written(Payload::Random(Sizes::fixed(60)), true);
        assert_eq!(payloads[0].len(), 60);
        assert_ne!(payloads[0][Stamp::LEN..], payloads[1][Stamp::LEN..]);
    }
}
