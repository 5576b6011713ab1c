//! Control Packets written by hand.

pub const PINGREQ: [u8; 2] = [0xC0, 0];
pub const PINGRESP: [u8; 2] = [0xD0, 0];

pub const V3_1: u8 = 3;
pub const V3_1_1: u8 = 4;
pub const V5: u8 = 5;

/// A packet with its Remaining Length.
pub fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    let mut length = body.len();
    loop {
        let byte = (length % 128) as u8;
        length /= 128;
        bytes.push(if length > 0 { byte | 128 } else { byte });
        if length == 0 {
            break;
        }
    }
    bytes.extend_from_slice(body);
    bytes
}

/// Length and bytes.
fn sized(bytes: &[u8]) -> Vec<u8> {
    let mut sized = (bytes.len() as u16).to_be_bytes().to_vec();
    sized.extend_from_slice(bytes);
    sized
}

/// Property Length and properties, in MQTT 5.0.
fn properties(version: u8, properties: &[u8]) -> Vec<u8> {
    if version < V5 {
        assert!(
            properties.is_empty(),
            "there are no properties before MQTT 5.0"
        );
        return Vec::new();
    }
    let mut bytes = vec![u8::try_from(properties.len()).expect("short properties")];
    bytes.extend_from_slice(properties);
    bytes
}

/// CONNECT. Without further words: MQTT 3.1.1 or 5.0, Clean Start, no Keep Alive.
#[derive(Clone)]
pub struct Connect {
    version: u8,
    client_id: String,
    clean_start: bool,
    keep_alive: u16,
    properties: Vec<u8>,
    will: Option<Will>,
    username: Option<String>,
    password: Option<Vec<u8>>,
}

#[derive(Clone)]
struct Will {
    topic: String,
    payload: Vec<u8>,
    qos: u8,
    retain: bool,
    properties: Vec<u8>,
}

impl Connect {
    pub fn new(version: u8, client_id: &str) -> Self {
        Self {
            version,
            client_id: client_id.into(),
            clean_start: true,
            keep_alive: 0,
            properties: Vec::new(),
            will: None,
            username: None,
            password: None,
        }
    }

    /// Clean Start (Clean Session) 0.
    pub fn resuming(mut self) -> Self {
        self.clean_start = false;
        self
    }

    pub fn keep_alive(mut self, seconds: u16) -> Self {
        self.keep_alive = seconds;
        self
    }

    /// Adds encoded properties.
    pub fn with(mut self, properties: &[u8]) -> Self {
        self.properties.extend_from_slice(properties);
        self
    }

    /// Adds a Session Expiry Interval.
    pub fn expiring_after(self, seconds: u32) -> Self {
        let bytes = seconds.to_be_bytes();
        self.with(&[&[0x11], &bytes[..]].concat())
    }

    pub fn will(self, topic: &str, payload: &str, qos: u8, retain: bool) -> Self {
        self.will_with(topic, payload, qos, retain, &[])
    }

    pub fn will_with(
        mut self,
        topic: &str,
        payload: &str,
        qos: u8,
        retain: bool,
        properties: &[u8],
    ) -> Self {
        self.will = Some(Will {
            topic: topic.into(),
            payload: payload.into(),
            qos,
            retain,
            properties: properties.into(),
        });
        self
    }

    pub fn username(mut self, username: &str) -> Self {
        self.username = Some(username.into());
        self
    }

    pub fn password(mut self, password: &[u8]) -> Self {
        self.password = Some(password.into());
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let name = if self.version == V3_1 {
            "MQIsdp"
        } else {
            "MQTT"
        };
        let mut body = sized(name.as_bytes());
        body.push(self.version);
        let mut flags = u8::from(self.clean_start) << 1 | u8::from(self.username.is_some()) << 7;
        flags |= u8::from(self.password.is_some()) << 6;
        if let Some(will) = &self.will {
            flags |= 0x04 | will.qos << 3 | u8::from(will.retain) << 5;
        }
        body.push(flags);
        body.extend(self.keep_alive.to_be_bytes());
        body.extend(properties(self.version, &self.properties));
        body.extend(sized(self.client_id.as_bytes()));
        if let Some(will) = &self.will {
            body.extend(properties(self.version, &will.properties));
            body.extend(sized(will.topic.as_bytes()));
            body.extend(sized(&will.payload));
        }
        if let Some(username) = &self.username {
            body.extend(sized(username.as_bytes()));
        }
        if let Some(password) = &self.password {
            body.extend(sized(password));
        }
        packet(0x10, &body)
    }
}

/// PUBLISH. Without further words: QoS 0.
#[derive(Clone)]
pub struct Publish {
    version: u8,
    topic: String,
    payload: Vec<u8>,
    qos: u8,
    packet_id: u16,
    retain: bool,
    dup: bool,
    properties: Vec<u8>,
}

impl Publish {
    pub fn new(version: u8, topic: &str, payload: &str) -> Self {
        Self {
            version,
            topic: topic.into(),
            payload: payload.into(),
            qos: 0,
            packet_id: 0,
            retain: false,
            dup: false,
            properties: Vec::new(),
        }
    }

    pub fn qos(mut self, qos: u8, packet_id: u16) -> Self {
        (self.qos, self.packet_id) = (qos, packet_id);
        self
    }

    pub fn retain(mut self) -> Self {
        self.retain = true;
        self
    }

    pub fn dup(mut self) -> Self {
        self.dup = true;
        self
    }

    /// Adds encoded properties.
    pub fn with(mut self, properties: &[u8]) -> Self {
        self.properties.extend_from_slice(properties);
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut body = sized(self.topic.as_bytes());
        if self.qos > 0 {
            body.extend(self.packet_id.to_be_bytes());
        }
        body.extend(properties(self.version, &self.properties));
        body.extend_from_slice(&self.payload);
        let flags = u8::from(self.dup) << 3 | self.qos << 1 | u8::from(self.retain);
        packet(0x30 | flags, &body)
    }
}

/// PUBACK, PUBREC, PUBREL or PUBCOMP with success.
pub fn ack(kind: u8, packet_id: u16) -> Vec<u8> {
    packet(kind, &packet_id.to_be_bytes())
}

pub const PUBACK: u8 = 0x40;
pub const PUBREC: u8 = 0x50;
pub const PUBREL: u8 = 0x62;
pub const PUBCOMP: u8 = 0x70;

/// One of the same with a Reason Code (MQTT 5.0).
pub fn ack_with(kind: u8, packet_id: u16, reason: u8) -> Vec<u8> {
    packet(kind, &[&packet_id.to_be_bytes()[..], &[reason]].concat())
}

/// SUBSCRIBE with Subscription Options for each Topic Filter.
pub fn subscribe(version: u8, packet_id: u16, filters: &[(&str, u8)]) -> Vec<u8> {
    subscribe_with(version, packet_id, &[], filters)
}

pub fn subscribe_with(version: u8, packet_id: u16, with: &[u8], filters: &[(&str, u8)]) -> Vec<u8> {
    let mut body = packet_id.to_be_bytes().to_vec();
    body.extend(properties(version, with));
    for (filter, options) in filters {
        body.extend(sized(filter.as_bytes()));
        body.push(*options);
    }
    packet(0x82, &body)
}

pub fn suback(version: u8, packet_id: u16, reasons: &[u8]) -> Vec<u8> {
    answer(0x90, version, packet_id, reasons)
}

pub fn unsubscribe(version: u8, packet_id: u16, filters: &[&str]) -> Vec<u8> {
    let mut body = packet_id.to_be_bytes().to_vec();
    body.extend(properties(version, &[]));
    for filter in filters {
        body.extend(sized(filter.as_bytes()));
    }
    packet(0xA2, &body)
}

pub fn unsuback(version: u8, packet_id: u16, reasons: &[u8]) -> Vec<u8> {
    answer(0xB0, version, packet_id, reasons)
}

fn answer(first: u8, version: u8, packet_id: u16, reasons: &[u8]) -> Vec<u8> {
    let mut body = packet_id.to_be_bytes().to_vec();
    body.extend(properties(version, &[]));
    body.extend_from_slice(reasons);
    packet(first, &body)
}
