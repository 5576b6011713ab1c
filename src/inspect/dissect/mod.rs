//! From the bytes of conversations to the packets in them.

mod citation;
mod dialogue;
mod flow;
mod framing;
mod inference;
mod reading;
mod sessions;
mod telling;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::conversation::Room;
use super::{Chunk, Data, Finding, Sink};
use crate::codec::{Version, Violation};
pub(super) use citation::other_than;
use dialogue::Dialogue;
use flow::MAX_KEPT;
use sessions::{Last, Sessions};

/// How many conversations are followed at once; when there is one more, the half that was silent for
/// longest is forgotten.
const MAX_DIALOGUES: usize = 16_384;

/// How to look at the bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DissectorOptions {
    /// The version, where no CONNECT says it; else it is inferred.
    pub version: Option<Version>,
}

/// Finds Control Packets in the byte streams of many conversations, and what is wrong with them:
/// each by itself, and at its place in the conversation.
///
/// What it keeps is bounded: conversations, bytes of packets that have not come to their end, and
/// what is remembered of each conversation. Where something was forgotten or lost, it is silent
/// rather than wrong.
///
/// ```
/// use mqtk::inspect::{Chunk, Data, Dissector, Observed, Origin, Partial, Sink, Skipped};
///
/// struct Types(Vec<String>);
/// impl Sink for Types {
///     fn packet(&mut self, packet: &Observed<'_>) {
///         self.0.push(packet.packet.map_or("?".into(), |p| p.packet_type().to_string()));
///     }
///     fn skipped(&mut self, _: &Skipped<'_>) {}
///     fn partial(&mut self, _: &Partial<'_>) {}
/// }
///
/// let mut types = Types(Vec::new());
/// let mut dissector = Dissector::default();
/// for data in [Data::Bytes(&[0xc0, 0, 0xd0]), Data::Bytes(&[0]), Data::End] {
///     dissector.push(Chunk { origin: Origin::default(), data }, &mut types);
/// }
/// assert_eq!(types.0, ["PINGREQ", "PINGRESP"]);
/// ```
#[derive(Debug)]
pub struct Dissector {
    options: DissectorOptions,
    /// Boxed, as a table is half empty when it has just grown.
    dialogues: HashMap<u32, Box<Dialogue>>,
    sessions: Sessions,
    /// Counts chunks, to know which conversation was silent longest.
    now: u64,
    common: Common,
}

/// What the conversations share.
#[derive(Debug)]
struct Common {
    /// Bytes that may still be kept of packets without end.
    room_for_bytes: usize,
    /// What may still be remembered of conversations.
    room: Room,
    /// What is wrong with the packet at hand: made once, used for every packet.
    violations: Vec<Violation>,
    findings: Vec<Finding>,
}

impl Default for Dissector {
    fn default() -> Self {
        Dissector::new(DissectorOptions::default())
    }
}

impl Dissector {
    /// A dissector that has seen nothing yet.
    #[must_use]
    pub fn new(options: DissectorOptions) -> Self {
        Dissector {
            options,
            dialogues: HashMap::new(),
            sessions: Sessions::default(),
            now: 0,
            common: Common {
                room_for_bytes: MAX_KEPT,
                room: Room::default(),
                violations: Vec::new(),
                findings: Vec::new(),
            },
        }
    }

    /// Takes a chunk and tells `sink` of the packets that end in it.
    pub fn push(&mut self, chunk: Chunk<'_>, sink: &mut impl Sink) {
        self.now += 1;
        let stream = chunk.origin.stream;
        if self.dialogues.len() >= MAX_DIALOGUES && !self.dialogues.contains_key(&stream) {
            self.forget_silent();
        }
        let version = self.options.version;
        let dialogue = self
            .dialogues
            .entry(stream)
            .or_insert_with(|| Box::new(Dialogue::new(version)));
        dialogue.last = self.now;
        dialogue.take(chunk, &mut self.common, sink);
        if let Some(client_id) = dialogue.opened() {
            let last = self.sessions.open(client_id, stream, &mut self.common.room);
            self.resume(stream, last);
        } else if matches!(chunk.data, Data::End)
            && dialogue.is_over()
            && let Some(dialogue) = self.dialogues.remove(&stream)
        {
            self.close(stream, dialogue);
        }
    }

    /// A client has connected that was seen before: it may go on where it was.
    #[cold]
    fn resume(&mut self, stream: u32, last: Option<Last>) {
        let left = match last {
            None => return,
            Some(Last::Left(left)) => left,
            Some(Last::Open(open)) => match self.dialogues.get(&open).filter(|_| open != stream) {
                Some(dialogue) => dialogue.unacknowledged(),
                None => return,
            },
        };
        if let Some(dialogue) = self.dialogues.get_mut(&stream) {
            dialogue.resume(left, &mut self.common);
        }
    }

    /// A conversation is over, or forgotten.
    fn close(&mut self, stream: u32, dialogue: Box<Dialogue>) {
        if let Some(client_id) = dialogue.client_id() {
            let left = dialogue.unacknowledged();
            self.sessions
                .close(client_id, stream, left, &mut self.common.room);
        }
        dialogue.give_back(&mut self.common);
    }

    /// Forgets the half of the conversations that was silent longest.
    #[cold]
    fn forget_silent(&mut self) {
        let mut times: Vec<u64> = self
            .dialogues
            .values()
            .map(|dialogue| dialogue.last)
            .collect();
        let half = times.len() / 2;
        let (_, middle, _) = times.select_nth_unstable(half);
        let middle = *middle;
        let silent = self
            .dialogues
            .extract_if(|_, dialogue| dialogue.last < middle);
        for (stream, dialogue) in silent.collect::<Vec<_>>() {
            self.close(stream, dialogue);
        }
    }
}
