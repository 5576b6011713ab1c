//! An Application Message.

use std::rc::Rc;

use bytes::Bytes;

use super::Damaged;
use crate::broker::persist::clock::Clock;
use crate::broker::persist::reader::{Reader, put_bytes};
use crate::codec::{PropertyBuf, QoS};
use crate::session::Message;

pub(super) fn put_message(message: &Message, clock: Clock, into: &mut Vec<u8>) {
    into.push(message.qos.bits() | u8::from(message.retain) << 2);
    clock.put(message.expires, into);
    put_bytes(into, message.topic.as_bytes());
    put_bytes(into, message.properties.as_properties().as_bytes());
    into.extend_from_slice(&message.payload);
}

pub(super) fn read_message_if_any(
    clock: Clock,
    from: &mut Reader<'_>,
) -> Result<Option<Rc<Message>>, Damaged> {
    match from.0 {
        [] => Ok(None),
        _ => Ok(Some(Rc::new(read_message(clock, from)?))),
    }
}

pub(super) fn read_message(clock: Clock, from: &mut Reader<'_>) -> Result<Message, Damaged> {
    let flags = from.u8()?;
    Ok(Message {
        qos: read_qos(flags & 3)?,
        retain: flags & 4 != 0,
        expires: clock.read(from)?,
        topic: from.string()?.into(),
        properties: PropertyBuf::from_bytes(from.bytes()?).ok_or(Damaged)?,
        payload: Bytes::copy_from_slice(from.rest()),
    })
}

pub(super) fn read_qos(bits: u8) -> Result<QoS, Damaged> {
    QoS::from_bits(bits).ok_or(Damaged)
}
