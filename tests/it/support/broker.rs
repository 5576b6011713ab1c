//! What the tests need of a broker, whichever it is.

use super::Mosquitto;
use super::mqtk_broker::MqtkBroker;

/// A broker that runs.
pub trait Broker {
    /// Of its TCP listener.
    fn port(&self) -> u16;

    /// Waits until `count` subscriptions to this Topic Filter have been made.
    fn await_subscriptions(&self, filter: &str, count: usize);
}

impl Broker for Mosquitto {
    fn port(&self) -> u16 {
        self.port()
    }

    fn await_subscriptions(&self, filter: &str, count: usize) {
        self.await_subscriptions(filter, count);
    }
}

impl Broker for MqtkBroker {
    fn port(&self) -> u16 {
        self.port()
    }

    fn await_subscriptions(&self, filter: &str, count: usize) {
        self.await_subscriptions(filter, count);
    }
}
