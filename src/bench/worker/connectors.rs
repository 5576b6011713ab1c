//! How the clients of a worker connect.

use std::time::Duration;

use crate::bench::{Plan, Scenario};
use crate::transport::{Begun, ConnectError, Connector, Stream, Timings};

/// How the clients of a worker connect: to one of the brokers, from one of the local addresses.
pub(super) struct Connectors {
    /// One for each broker.
    resuming: Vec<Connector>,
    /// The same, but all is proved anew: for every other attempt of the scenario that compares.
    anew: Option<Vec<Connector>>,
}

/// Whose turn it is to connect.
#[derive(Clone, Copy)]
pub(super) struct Caller {
    /// How many clients of other kinds come before those of its own.
    pub(super) offset: u64,
    /// Its number among those of its own kind.
    pub(super) number: u64,
    /// How often it has connected before.
    pub(super) turn: u64,
}

impl Connectors {
    pub(super) fn new(plan: &Plan) -> Result<Connectors, ConnectError> {
        let targets = || std::iter::once(&plan.client.target).chain(&plan.placement.others);
        let anew = || {
            targets().map(|target| {
                let mut target = target.clone();
                if let Some(tls) = &mut target.tls {
                    tls.no_resumption = true;
                }
                Connector::new(&target)
            })
        };
        Ok(Connectors {
            resuming: targets().map(Connector::new).collect::<Result<_, _>>()?,
            anew: match plan.scenario {
                Scenario::Tls => Some(anew().collect::<Result<_, _>>()?),
                _ => None,
            },
        })
    }

    /// Opens a connection for this client within a time.
    pub(super) async fn connect(
        &self,
        plan: &Plan,
        caller: Caller,
        limit: Duration,
    ) -> Result<(Stream, Timings), ConnectError> {
        let Some(connector) = self.of(plan, caller) else {
            return Err(ConnectError::Options("there is no broker".into()));
        };
        let source = plan.source(caller.offset, caller.number);
        connector.connect_from(source, limit).await
    }

    /// Begins a connection for this client, and waits for nothing; `None`: there is something to
    /// wait for, and only [`connect`](Connectors::connect) does that.
    pub(super) fn begin(&self, plan: &Plan, caller: Caller) -> Option<Result<Begun, ConnectError>> {
        let source = plan.source(caller.offset, caller.number);
        self.of(plan, caller)?.begin_from(source)
    }

    fn of(&self, plan: &Plan, caller: Caller) -> Option<&Connector> {
        let connectors = match &self.anew {
            Some(anew) if caller.turn.is_multiple_of(2) => anew,
            _ => &self.resuming,
        };
        let connector = connectors.get(plan.broker(caller.number));
        connector.or(connectors.first())
    }
}
