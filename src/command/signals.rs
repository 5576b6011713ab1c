//! SIGINT and SIGTERM: the polite ways to end.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::failure::Failure;

/// Waits for SIGINT or SIGTERM.
pub(super) struct Signals(Option<(Signal, Signal)>);

impl Signals {
    /// Catches both signals, if `wanted`; else the system ends the process as ever.
    ///
    /// # Errors
    ///
    /// The system has no handler to give.
    pub(super) fn new(wanted: bool) -> Result<Signals, Failure> {
        if !wanted {
            return Ok(Signals(None));
        }
        let catch =
            |kind| signal(kind).map_err(|error| Failure::io("cannot catch signals", &error));
        let both = (
            catch(SignalKind::interrupt())?,
            catch(SignalKind::terminate())?,
        );
        Ok(Signals(Some(both)))
    }

    /// Waits for a signal. The next one ends the process at once, as without us.
    pub(super) async fn recv_last(&mut self) {
        self.recv().await;
        if let Some((mut interrupt, mut terminate)) = self.0.take() {
            tokio::spawn(async move {
                let signal = tokio::select! {
                    _ = interrupt.recv() => SignalKind::interrupt(),
                    _ = terminate.recv() => SignalKind::terminate(),
                };
                // What a shell says of a process that the signal ended.
                std::process::exit(128 + signal.as_raw_value());
            });
        }
    }

    /// Waits for a signal. May be dropped while waiting.
    pub(super) async fn recv(&mut self) {
        match &mut self.0 {
            Some((interrupt, terminate)) => {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
            }
            None => std::future::pending().await,
        }
    }
}
