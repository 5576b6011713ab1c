//! A [`Link`] over a stream that gives and takes what it is told.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::Waker;

use tokio::io::ReadBuf;

use super::*;
use crate::codec::{Packet, PacketType, Properties, QoS, Version};

/// A stream that gives and takes what it is told.
#[derive(Default)]
struct Scripted {
    /// One piece for each read; then the reads wait, or end.
    reads: VecDeque<Vec<u8>>,
    ends: bool,
    /// How much each write takes; then the writes wait.
    room: VecDeque<usize>,
    written: Vec<u8>,
    flushes: usize,
}

impl AsyncRead for Scripted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Some(mut piece) = self.reads.pop_front() else {
            return match self.ends {
                true => Poll::Ready(Ok(())),
                false => Poll::Pending,
            };
        };
        let rest = piece.split_off(piece.len().min(buffer.remaining()));
        buffer.put_slice(&piece);
        if !rest.is_empty() {
            self.reads.push_front(rest);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Scripted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Some(room) = self.room.pop_front() else {
            return Poll::Pending;
        };
        let taken = room.min(bytes.len());
        self.written.extend_from_slice(&bytes[..taken]);
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.flushes += 1;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

fn reading(pieces: impl IntoIterator<Item = Vec<u8>>) -> Link<Scripted> {
    let reads = pieces.into_iter().collect();
    let ends = true;
    Link::new(
        Scripted {
            reads,
            ends,
            ..Scripted::default()
        },
        usize::MAX,
    )
}

fn writing(room: impl IntoIterator<Item = usize>) -> Link<Scripted> {
    let room = room.into_iter().collect();
    Link::new(
        Scripted {
            room,
            ..Scripted::default()
        },
        usize::MAX,
    )
}

fn flush(link: &mut Link<Scripted>) -> Poll<io::Result<()>> {
    link.poll_flush(&mut Context::from_waker(Waker::noop()))
}

/// Everything until the stream ends, as Frames, and the end.
fn frames_of(link: &mut Link<Scripted>, scratch: usize) -> (Vec<Vec<u8>>, End) {
    let mut scratch = Vec::with_capacity(scratch);
    let mut frames = Vec::new();
    loop {
        let mut context = Context::from_waker(Waker::noop());
        let read = link.poll_read_frames(&mut context, &mut scratch, |frame, _| {
            frames.push(frame.bytes().to_vec());
            Ok(())
        });
        match read {
            Poll::Ready(Ok(_)) => {}
            Poll::Ready(Err(end)) => return (frames, end),
            Poll::Pending => panic!("the script never waits"),
        }
    }
}

/// A PUBLISH at QoS 0 with this payload.
fn publish(payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let publish = crate::codec::Publish {
        dup: false,
        qos: QoS::AtMostOnce,
        retain: false,
        topic: "t",
        packet_id: None,
        properties: Properties::EMPTY,
        payload,
    };
    Packet::Publish(publish).encode(Version::V3_1_1, &mut bytes);
    bytes
}

#[test]
fn frames_are_the_same_however_the_stream_is_cut() {
    let frames = [
        publish(b"one"),
        vec![0xd0, 0],
        publish(&[7; 300]),
        vec![0x40, 2, 0, 1],
    ];
    let stream = frames.concat();
    for size in 1..=stream.len() {
        let mut link = reading(stream.chunks(size).map(<[u8]>::to_vec));
        let (read, end) = frames_of(&mut link, 1024);
        assert_eq!(read, frames, "in pieces of {size}");
        assert!(matches!(end, End::Closed), "{end:?}");
        assert_eq!(link.partial.capacity(), 0, "an idle link owns no buffer");
    }
}

#[test]
fn frames_larger_than_the_scratch_buffer_arrive_whole_with_those_behind() {
    let frames = [
        publish(&vec![1; 3 * LARGE_FRAME]),
        publish(b"small"),
        publish(&vec![2; 20 * LARGE_FRAME]),
        publish(b"last"),
    ];
    let stream = frames.concat();
    for (size, scratch) in [(1000, 2048), (16_384, 65_536), (100_000, 65_536), (7, 64)] {
        let mut link = reading(stream.chunks(size).map(<[u8]>::to_vec));
        let (read, end) = frames_of(&mut link, scratch);
        assert!(read == frames, "in pieces of {size} through {scratch}");
        assert!(matches!(end, End::Closed), "{end:?}");
    }
}

#[test]
fn a_length_that_has_not_arrived_allocates_nothing() {
    let mut link = reading([vec![0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1]]);
    let (read, _) = frames_of(&mut link, 1024);
    assert!(read.is_empty());
    assert!(link.partial.capacity() < 64, "{}", link.partial.capacity());
}

#[test]
fn a_violation_in_a_batch_comes_after_what_precedes_it() {
    let stream = [publish(b"good"), vec![0x00, 0x00], publish(b"unseen")].concat();
    let (read, end) = frames_of(&mut reading([stream]), 1024);
    assert_eq!(read, [publish(b"good")]);
    assert!(matches!(end, End::Violation(_)), "{end:?}");
}

#[test]
fn a_frame_above_the_maximum_is_a_violation_before_it_has_arrived() {
    let mut link = reading([publish(&[0; 200])[..3].to_vec()]);
    link.max_packet_size = 100;
    let (read, end) = frames_of(&mut link, 1024);
    assert!(
        read.is_empty() && matches!(end, End::Violation(_)),
        "{end:?}"
    );
}

#[test]
fn what_a_violation_left_in_the_output_can_still_be_sent() {
    let stream = [publish(b"good"), publish(b"bad")].concat();
    let mut link = reading([stream]);
    let mut seen = 0;
    let mut scratch = Vec::with_capacity(1024);
    let mut context = Context::from_waker(Waker::noop());
    let read = link.poll_read_frames(&mut context, &mut scratch, |_, output| {
        output.put(b"answer");
        seen += 1;
        match seen {
            1 => Ok(()),
            _ => Err(Frame::parse(&[0x00, 0x00], 10).unwrap_err()),
        }
    });
    assert!(matches!(read, Poll::Ready(Err(End::Violation(_)))));
    assert_eq!(link.output.len(), 2 * b"answer".len());
}

#[test]
fn short_writes_and_waits_lose_and_double_nothing() {
    let bytes: Vec<u8> = (0..=255).collect();
    let mut link = writing([1, 7, 100]);
    link.output.put(&bytes[..200]);
    assert!(flush(&mut link).is_pending());
    assert_eq!(link.stream.written, bytes[..108]);
    assert_eq!(link.stream.flushes, 0);
    link.output.put(&bytes[200..]);
    link.stream.room = [usize::MAX].into();
    assert!(link.wants_flush() && flush(&mut link).is_ready());
    assert_eq!(link.stream.written, bytes);
    assert_eq!(link.stream.flushes, 1);
    assert!(!link.wants_flush());
}

#[test]
fn a_stream_that_takes_nothing_is_an_error() {
    let mut link = writing([0]);
    link.output.put(b"x");
    assert!(matches!(flush(&mut link), Poll::Ready(Err(error))
        if error.kind() == io::ErrorKind::WriteZero));
}

#[test]
fn what_is_held_is_not_sent_before_its_release() {
    let mut link = writing([usize::MAX; 8]);
    link.output.put(b"first");
    link.hold();
    link.output.put(b"held");
    assert!(flush(&mut link).is_ready());
    assert_eq!(link.stream.written, b"first");
    assert!(!link.wants_flush(), "nothing that may be sent waits");

    link.put_before_held(b"ping");
    link.hold();
    assert!(flush(&mut link).is_ready());
    assert_eq!(link.stream.written, b"firstping");

    link.release();
    assert!(flush(&mut link).is_ready());
    assert_eq!(link.stream.written, b"firstpingheld");
}

#[test]
fn what_is_held_can_be_given_up() {
    let mut link = writing([usize::MAX; 8]);
    link.output.put(b"kept");
    link.hold();
    link.output.put(b"never sent");
    link.discard_held();
    link.output.put(b"end");
    assert!(flush(&mut link).is_ready());
    assert_eq!(link.stream.written, b"keptend");
}

#[test]
fn every_packet_is_observed_once() {
    let mut link = writing([3, usize::MAX]);
    link.output.put(b"one");
    link.hold();
    link.output.put(b"two");
    assert_eq!(link.take_unobserved(), b"one", "the rest may not be sent");
    assert!(flush(&mut link).is_ready());
    link.put_before_held(b"ping");
    assert_eq!(link.take_unobserved(), b"ping");
    link.release();
    link.output.put(b"three");
    assert_eq!(link.take_unobserved(), b"twothree");
    assert!(link.take_unobserved().is_empty());
    link.hold();
    link.output.put(b"never sent");
    link.discard_held();
    assert!(link.take_unobserved().is_empty());
}

#[tokio::test]
async fn two_links_talk_through_a_narrow_pipe() {
    let (here, there) = tokio::io::duplex(5);
    let (mut here, mut there) = (Link::new(here, usize::MAX), Link::new(there, usize::MAX));
    let payload = vec![9; 1000];
    here.output.put(&publish(&payload));
    let mut scratch = Vec::with_capacity(64);
    let mut answered = false;
    let sending = poll_fn(|cx| here.poll_flush(cx));
    let receiving = async {
        while !answered {
            poll_fn(|cx| {
                there.poll_read_frames(cx, &mut scratch, |frame, output| {
                    answered = frame.packet_type() == PacketType::Publish;
                    output.put(&[0x40, 2, 0, 1]);
                    Ok(())
                })
            })
            .await
            .unwrap();
        }
    };
    let (sent, ()) = tokio::join!(sending, receiving);
    sent.unwrap();
    assert_eq!(there.output.len(), 4);
}
