//! Records: the frames of a network as a capture file keeps them.

use core::fmt;

use super::super::Time;
use super::pcap::Pcap;
use super::pcapng::PcapNg;

/// No capture program records longer frames; a longer record is damage.
pub(super) const MAX_RECORD: usize = 1 << 20;

/// A frame of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record<'a> {
    pub time: Option<Time>,
    /// What kind of network it is: a `LINKTYPE_` number.
    pub link: u16,
    /// As much of it as was captured.
    pub bytes: &'a [u8],
}

/// What stands at the beginning of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// A record, and the number of bytes that it takes in the file.
    Record(Record<'a>, usize),
    /// This many bytes of something else, which need not all be there yet.
    Skip(u64),
    /// More bytes are needed to tell.
    More,
}

/// Why a capture cannot be read on. What came before is not lost by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaptureError {
    /// The bytes are neither pcap nor pcapng.
    NotACapture,
    /// They are a capture in compressed form, by this program.
    Compressed(&'static str),
    /// What stands at this byte cannot be there.
    Damaged {
        /// The byte, counted from the beginning of the file.
        offset: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// The capture ends within the record or block that begins at this byte.
    CutShort {
        /// The byte, counted from the beginning of the file.
        offset: u64,
    },
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotACapture => f.write_str("neither a pcap nor a pcapng capture"),
            Self::Compressed(program) => {
                write!(f, "compressed: decompress it with {program} first")
            }
            Self::Damaged { offset, what } => {
                write!(f, "the capture is damaged at byte {offset}: {what}")
            }
            Self::CutShort { offset } => write!(
                f,
                "the capture is cut short in the middle of the packet at byte {offset}"
            ),
        }
    }
}

impl core::error::Error for CaptureError {}

/// The form of a capture file.
#[derive(Debug)]
pub(super) enum Format {
    Pcap(Pcap),
    PcapNg(PcapNg),
}

impl Format {
    /// Finds out by the first bytes; `None`: more of them are needed.
    pub fn of(bytes: &[u8]) -> Result<Option<Format>, CaptureError> {
        let Some(magic) = bytes.first_chunk::<4>() else {
            return Ok(None);
        };
        match magic {
            [0x1f, 0x8b, ..] => Err(CaptureError::Compressed("gunzip")),
            [0x28, 0xb5, 0x2f, 0xfd] => Err(CaptureError::Compressed("unzstd")),
            [0xfd, b'7', b'z', b'X'] => Err(CaptureError::Compressed("unxz")),
            [0x04, 0x22, 0x4d, 0x18] => Err(CaptureError::Compressed("unlz4")),
            &PcapNg::MAGIC => Ok(Some(Format::PcapNg(PcapNg::default()))),
            magic => match Pcap::of(*magic) {
                Some(pcap) => Ok(Some(Format::Pcap(pcap))),
                None => Err(CaptureError::NotACapture),
            },
        }
    }

    /// Looks at what begins `bytes`. `Err` says what is wrong with it.
    #[inline]
    pub fn step<'a>(&mut self, bytes: &'a [u8]) -> Result<Step<'a>, &'static str> {
        match self {
            Format::Pcap(pcap) => pcap.step(bytes),
            Format::PcapNg(pcapng) => pcapng.step(bytes),
        }
    }
}

/// The order of the bytes of a number: that of the computer that captured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    #[default]
    Little,
    Big,
}

impl Order {
    /// The number of 16 bits at `at`.
    #[inline]
    pub fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let bytes = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Order::Little => u16::from_le_bytes(bytes),
            Order::Big => u16::from_be_bytes(bytes),
        })
    }

    /// The number of 32 bits at `at`.
    #[inline]
    pub fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let bytes = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Order::Little => u32::from_le_bytes(bytes),
            Order::Big => u32::from_be_bytes(bytes),
        })
    }
}
