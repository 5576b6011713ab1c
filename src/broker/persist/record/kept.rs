//! A message that a Session keeps: it waits, or it is in flight.

use super::message::{put_message, read_message_if_any, read_qos};
use super::{Damaged, Value, bits};
use crate::broker::persist::clock::Clock;
use crate::broker::persist::reader::{Reader, put_bytes};
use crate::codec::PacketId;
use crate::session::{Delivery, Kept};

pub(super) fn put_kept(kept: &Kept, elsewhere: Option<u64>, clock: Clock, into: &mut Vec<u8>) {
    let packet_id = kept.packet_id.map_or(0, PacketId::get);
    into.extend_from_slice(&packet_id.to_be_bytes());
    let Delivery {
        qos,
        retain,
        subscription_ids,
        shared,
    } = &kept.delivery;
    let flags = [*retain, shared.is_some(), elsewhere.is_some()];
    into.push(qos.bits() | bits(flags) << 2);
    let ids = subscription_ids.as_slice();
    into.extend_from_slice(&(ids.len() as u32).to_be_bytes());
    for id in ids {
        into.extend_from_slice(&id.to_be_bytes());
    }
    if let Some(shared) = shared {
        put_bytes(into, shared.as_bytes());
    }
    match (elsewhere, &kept.message) {
        (Some(number), _) => into.extend_from_slice(&number.to_be_bytes()),
        (None, Some(message)) => put_message(message, clock, into),
        (None, None) => {}
    }
}

pub(super) fn read_kept(clock: Clock, from: &mut Reader<'_>) -> Result<Value, Damaged> {
    let packet_id = PacketId::new(from.u16()?);
    let flags = from.u8()?;
    let count = from.u32()?;
    let ids = (0..count).map(|_| from.u32());
    let subscription_ids = ids.collect::<Result<Vec<_>, _>>()?.into_iter().collect();
    let shared = match flags & 8 {
        0 => None,
        _ => Some(from.string()?.into()),
    };
    let elsewhere = match flags & 16 {
        0 => None,
        _ => Some(from.u64()?),
    };
    let message = read_message_if_any(clock, from)?;
    let kept = Kept {
        packet_id,
        message,
        delivery: Delivery {
            qos: read_qos(flags & 3)?,
            retain: flags & 4 != 0,
            subscription_ids,
            shared,
        },
    };
    Ok(Value::Kept { kept, elsewhere })
}
