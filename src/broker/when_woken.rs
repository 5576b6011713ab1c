//! One task of many parts.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// A part of a task that is polled when it was woken, and not whenever another part was.
///
/// The broker's connections share a task with what goes on beside them (timers, signals, the
/// listeners): to ask all of that after each packet would cost as much as the packet.
pub(super) struct WhenWoken<F> {
    future: Pin<Box<F>>,
    bell: Arc<Bell>,
    /// Rings the bell.
    waker: Waker,
    /// Who polls the whole, as the bell knows.
    task: Option<Waker>,
}

struct Bell {
    has_rung: AtomicBool,
    task: Mutex<Option<Waker>>,
}

/// Makes `future` such a part.
pub(super) fn when_woken<F: Future>(future: F) -> WhenWoken<F> {
    let bell = Arc::new(Bell {
        // Everything has to be polled once.
        has_rung: AtomicBool::new(true),
        task: Mutex::default(),
    });
    WhenWoken {
        future: Box::pin(future),
        waker: Arc::clone(&bell).into(),
        bell,
        task: None,
    }
}

impl Bell {
    fn task(&self) -> MutexGuard<'_, Option<Waker>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has_rung.store(true, Ordering::Release);
        if let Some(task) = &*self.task() {
            task.wake_by_ref();
        }
    }
}

impl<F: Future> Future for WhenWoken<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Self {
            future,
            bell,
            waker,
            task,
        } = &mut *self;
        // It is known before one looks whether the bell has rung: whoever rings later finds it.
        if !task.as_ref().is_some_and(|task| task.will_wake(cx.waker())) {
            *task = Some(cx.waker().clone());
            bell.task().clone_from(task);
        }
        if !bell.has_rung.swap(false, Ordering::AcqRel) {
            return Poll::Pending;
        }
        future.as_mut().poll(&mut Context::from_waker(waker))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn only_who_was_woken_is_polled() {
        let (polls, bell) = (Cell::new(0), Cell::new(None));
        let mut part = pin!(when_woken(poll_fn(|cx| {
            polls.set(polls.get() + 1);
            bell.set(Some(cx.waker().clone()));
            if polls.get() < 2 {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })));
        let count = Arc::new(Count::default());
        let task = Waker::from(Arc::clone(&count));
        let mut cx = Context::from_waker(&task);
        assert!(part.as_mut().poll(&mut cx).is_pending());
        assert!(part.as_mut().poll(&mut cx).is_pending());
        assert_eq!((polls.get(), count.0.load(Ordering::Relaxed)), (1, 0));
        bell.take().unwrap().wake();
        assert_eq!(count.0.load(Ordering::Relaxed), 1);
        assert!(part.as_mut().poll(&mut cx).is_ready());
        assert_eq!(polls.get(), 2);
    }
}
