//! The fields of a template that can be padded.

use std::io::Write as _;

use super::Spec;
use super::error::Mismatch;
use crate::codec::{PropertyId, Value};
use crate::render::clock::Clock;
use crate::render::digits::{Case, decimal};
use crate::render::escape::{Keep, visible};
use crate::render::message::MessageView;

/// Something of a message that a `%` and a letter stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Topic,
    ClientId,
    Payload,
    Hex(Case),
    Double,
    Float,
    Len,
    QoS,
    Retain,
    PacketId,
    IsoTime,
    UserProperties,
    SubscriptionIdentifiers,
    Property(PropertyId),
}

impl Field {
    pub(super) fn of(letter: char) -> Option<Self> {
        Some(match letter {
            't' => Self::Topic,
            'c' => Self::ClientId,
            'p' => Self::Payload,
            'x' => Self::Hex(Case::Lower),
            'X' => Self::Hex(Case::Upper),
            'd' => Self::Double,
            'f' => Self::Float,
            'l' => Self::Len,
            'q' => Self::QoS,
            'r' => Self::Retain,
            'm' => Self::PacketId,
            'I' => Self::IsoTime,
            'P' => Self::UserProperties,
            'S' => Self::SubscriptionIdentifiers,
            'A' => Self::Property(PropertyId::TopicAlias),
            'C' => Self::Property(PropertyId::ContentType),
            'D' => Self::Property(PropertyId::CorrelationData),
            'E' => Self::Property(PropertyId::MessageExpiryInterval),
            'F' => Self::Property(PropertyId::PayloadFormatIndicator),
            'R' => Self::Property(PropertyId::ResponseTopic),
            _ => return None,
        })
    }

    /// Appends the field, padded to its width.
    pub(super) fn render(
        self,
        out: &mut Vec<u8>,
        spec: Spec,
        message: &MessageView<'_>,
        clock: &mut Clock,
        escape: bool,
    ) -> Option<Mismatch> {
        let start = out.len();
        let mut mismatch = None;
        match self {
            Self::Topic => text(out, spec, message.topic.as_bytes(), escape, Keep::Nothing),
            Self::ClientId => {
                let client_id = message.client_id.unwrap_or_default();
                text(out, spec, client_id.as_bytes(), escape, Keep::Nothing);
            }
            Self::Payload => text(out, spec, message.payload, escape, Keep::Layout),
            Self::Hex(case) => hex(out, spec, message.payload, case),
            Self::Double => {
                mismatch = floating_point(out, spec, message.payload, 'd', f64::from_le_bytes)
            }
            Self::Float => {
                mismatch = floating_point(out, spec, message.payload, 'f', |bytes| {
                    f32::from_le_bytes(bytes).into()
                });
            }
            Self::Len => decimal(out, message.payload.len() as u64),
            Self::QoS => decimal(out, message.qos as u64),
            Self::Retain => decimal(out, message.retain.into()),
            Self::PacketId => decimal(out, message.packet_id.map_or(0, |id| id.get().into())),
            Self::IsoTime => {
                clock.with_seconds(out, message.time);
                if let Some(precision) = spec.precision {
                    out.truncate(start.saturating_add(precision).min(out.len()));
                }
            }
            Self::UserProperties => {
                for (index, (name, value)) in message.properties.user_properties().enumerate() {
                    let separator: &[u8] = if index == 0 { b"" } else { b" " };
                    out.extend_from_slice(separator);
                    text(out, Spec::default(), name.as_bytes(), escape, Keep::Nothing);
                    out.push(b':');
                    text(
                        out,
                        Spec::default(),
                        value.as_bytes(),
                        escape,
                        Keep::Nothing,
                    );
                }
            }
            Self::SubscriptionIdentifiers => {
                for (index, id) in message.properties.subscription_identifiers().enumerate() {
                    let separator: &[u8] = if index == 0 { b"" } else { b"," };
                    out.extend_from_slice(separator);
                    decimal(out, id.into());
                }
            }
            Self::Property(id) => match message.properties.get(id) {
                Some(Value::Byte(number)) => decimal(out, number.into()),
                Some(Value::TwoByte(number)) => decimal(out, number.into()),
                Some(Value::FourByte(number) | Value::Variable(number)) => {
                    decimal(out, number.into());
                }
                Some(Value::String(value)) => {
                    text(out, spec, value.as_bytes(), escape, Keep::Nothing);
                }
                Some(Value::Binary(value)) => text(out, spec, value, escape, Keep::Nothing),
                Some(Value::Pair(..)) | None => {}
            },
        }
        self.pad(out, start, spec);
        mismatch
    }

    /// Whether zeros can pad it: numbers, and the payload, which often is one.
    fn takes_zeros(self) -> bool {
        match self {
            Self::Topic | Self::IsoTime | Self::UserProperties => false,
            Self::Property(id) => !matches!(
                id,
                PropertyId::ContentType | PropertyId::CorrelationData | PropertyId::ResponseTopic
            ),
            _ => true,
        }
    }

    /// How many bytes at the start of the written field stand before the padding zeros.
    fn sign_len(self, written: &[u8]) -> usize {
        let can_be_negative = matches!(self, Self::Double | Self::Float);
        usize::from(can_be_negative && written.starts_with(b"-"))
    }

    /// Pads what stands from `start` on to the width.
    fn pad(self, out: &mut Vec<u8>, start: usize, spec: Spec) {
        if spec.width == 0 {
            return;
        }
        let written = &out[start..];
        let characters = written
            .iter()
            .filter(|&&byte| begins_character(byte))
            .count();
        let missing = spec.width.saturating_sub(characters);
        if spec.left {
            out.resize(out.len() + missing, b' ');
        } else if spec.zero && self.takes_zeros() {
            let digits = start + self.sign_len(written);
            out.resize(out.len() + missing, b'0');
            out[digits..].rotate_right(missing);
        } else {
            out.resize(out.len() + missing, b' ');
            out[start..].rotate_right(missing);
        }
    }
}

/// Appends at most `precision` characters of a text.
fn text(out: &mut Vec<u8>, spec: Spec, text: &[u8], escape: bool, keep: Keep) {
    let text = match spec.precision {
        Some(precision) => {
            let mut starts = (0..text.len()).filter(|&at| begins_character(text[at]));
            &text[..starts.nth(precision).unwrap_or(text.len())]
        }
        None => text,
    };
    if escape {
        visible(out, text, keep);
    } else {
        out.extend_from_slice(text);
    }
}

/// Appends the bytes in hexadecimal, with the separator after each `precision` digits.
fn hex(out: &mut Vec<u8>, spec: Spec, bytes: &[u8], case: Case) {
    let group = spec.precision.unwrap_or(0);
    if group == 0 {
        out.extend(bytes.iter().flat_map(|&byte| case.hex(byte)));
        return;
    }
    let separator = spec.separator.unwrap_or(b' ');
    for (index, digit) in bytes.iter().flat_map(|&byte| case.hex(byte)).enumerate() {
        if index > 0 && index % group == 0 {
            out.push(separator);
        }
        out.push(digit);
    }
}

/// Appends the number that a payload of `N` bytes is.
fn floating_point<const N: usize>(
    out: &mut Vec<u8>,
    spec: Spec,
    payload: &[u8],
    field: char,
    number: impl FnOnce([u8; N]) -> f64,
) -> Option<Mismatch> {
    let Ok(bytes) = payload.try_into() else {
        return Some(Mismatch {
            field,
            wanted: N,
            len: payload.len(),
        });
    };
    // A buffer takes everything.
    let _ = write!(out, "{:.*}", spec.precision.unwrap_or(6), number(bytes));
    None
}

/// Whether a byte is not the continuation of a UTF-8 character.
fn begins_character(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}
