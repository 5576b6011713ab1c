//! SIGINT and SIGTERM: the polite ways to end.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::failure::Failure;

/// Waits for SIGINT or SIGTERM.
pub(super) struct Signals(Option<(Signal, Signal)>);

impl Signals {
    /// Catches both signals, if `wanted`; otherwise they end the process, as they do by default.
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

    /// Waits for a signal. The next one ends the process at once, as it does by default.
    pub(super) async fn recv_last(&mut self) {
        self.recv().await;
        if let Some((mut interrupt, mut terminate)) = self.0.take() {
            tokio::spawn(async move {
                let signal = tokio::select! {
                    _ = interrupt.recv() => SignalKind::interrupt(),
                    _ = terminate.recv() => SignalKind::terminate(),
                };
                // The status that a shell reports of a process that the signal ended.
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
