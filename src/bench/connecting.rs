//! How long connection attempts took, part by part.

use std::time::Duration;

use hdrhistogram::Histogram;

use super::latency;
use crate::transport::Timings;

/// How long successful connection attempts took, part by part, in nanoseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Connecting {
    /// From when the attempt was due to CONNACK.
    pub whole: Histogram<u64>,
    /// Finding the host, and TCP.
    pub transport: Histogram<u64>,
    /// TLS handshakes that proved everything anew.
    pub tls_full: Histogram<u64>,
    /// TLS handshakes that resumed an earlier session.
    pub tls_resumed: Histogram<u64>,
    /// WebSocket handshakes.
    pub websocket: Histogram<u64>,
    /// From CONNECT to CONNACK.
    pub connack: Histogram<u64>,
}

impl Default for Connecting {
    fn default() -> Connecting {
        Connecting {
            whole: latency::histogram(),
            transport: latency::histogram(),
            tls_full: latency::histogram(),
            tls_resumed: latency::histogram(),
            websocket: latency::histogram(),
            connack: latency::histogram(),
        }
    }
}

/// One successful attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connected {
    pub(super) timings: Timings,
    pub(super) is_resumed: bool,
    pub(super) connack: Duration,
    pub(super) whole: Duration,
}

impl Connecting {
    /// Counts an attempt.
    pub(super) fn record(&mut self, connected: &Connected) {
        let Timings {
            connect,
            tls,
            websocket,
        } = connected.timings;
        let tls_histogram = match connected.is_resumed {
            true => &mut self.tls_resumed,
            false => &mut self.tls_full,
        };
        for (histogram, span) in [
            (&mut self.whole, Some(connected.whole)),
            (&mut self.transport, Some(connect)),
            (tls_histogram, tls),
            (&mut self.websocket, websocket),
            (&mut self.connack, Some(connected.connack)),
        ] {
            if let Some(span) = span {
                latency::record(histogram, span.as_nanos() as u64);
            }
        }
    }

    /// Takes in what another counted.
    pub fn merge(&mut self, other: &Connecting) {
        for ((_, histogram), (_, other)) in self.parts_mut().into_iter().zip(other.parts()) {
            latency::merge(histogram, other);
        }
    }

    /// Every part with its name.
    pub fn parts(&self) -> [(&'static str, &Histogram<u64>); 6] {
        [
            ("whole", &self.whole),
            ("transport", &self.transport),
            ("tls_full", &self.tls_full),
            ("tls_resumed", &self.tls_resumed),
            ("websocket", &self.websocket),
            ("connack", &self.connack),
        ]
    }

    /// Every part with its name, to be changed.
    pub fn parts_mut(&mut self) -> [(&'static str, &mut Histogram<u64>); 6] {
        [
            ("whole", &mut self.whole),
            ("transport", &mut self.transport),
            ("tls_full", &mut self.tls_full),
            ("tls_resumed", &mut self.tls_resumed),
            ("websocket", &mut self.websocket),
            ("connack", &mut self.connack),
        ]
    }
}
