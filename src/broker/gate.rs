//! Holding back those who connect while a change is under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Lets connections through, unless a change is coming or under way.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// Set from a signal handler, which cannot do more.
    announcement: Arc<AtomicBool>,
    /// The [`Hold`]s that there are.
    holds: AtomicUsize,
    /// There is one less.
    freed: Notify,
}

/// Connections wait as long as there is one; see [`Control::hold`](super::Control::hold).
#[derive(Debug)]
#[must_use]
pub struct Hold(Arc<Gate>);

impl Gate {
    pub(super) fn announcement(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.announcement)
    }

    pub(super) fn hold(self: Arc<Self>) -> Hold {
        self.holds.fetch_add(1, Ordering::SeqCst);
        // What comes from now on is another change.
        self.announcement.store(false, Ordering::SeqCst);
        Hold(self)
    }

    /// Waits until nothing holds connections back. There is one who waits.
    pub(super) async fn opened(&self) {
        while self.announcement.load(Ordering::SeqCst) || self.holds.load(Ordering::SeqCst) > 0 {
            self.freed.notified().await;
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.holds.fetch_sub(1, Ordering::SeqCst);
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[test]
    fn it_is_closed_from_the_announcement_to_the_end_of_the_last_hold() {
        let gate = Arc::<Gate>::default();
        let mut cx = Context::from_waker(Waker::noop());
        let mut is_open = || pin!(gate.opened()).poll(&mut cx) == Poll::Ready(());
        assert!(is_open());
        gate.announcement().store(true, Ordering::SeqCst);
        assert!(!is_open());
        let one = Arc::clone(&gate).hold();
        let other = Arc::clone(&gate).hold();
        drop(one);
        assert!(!is_open());
        // Another change is announced meanwhile.
        gate.announcement().store(true, Ordering::SeqCst);
        drop(other);
        assert!(!is_open());
        drop(Arc::clone(&gate).hold());
        assert!(is_open());
    }

    #[test]
    fn who_waits_is_woken() {
        let gate = Arc::<Gate>::default();
        let hold = Arc::clone(&gate).hold();
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.expect("a runtime").block_on(async {
            let free = async {
                tokio::task::yield_now().await;
                drop(hold);
            };
            tokio::join!(gate.opened(), free);
        });
    }
}
