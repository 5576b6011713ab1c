//! A timer that rings on time.

use std::io;
use std::time::{Duration, Instant};

/// Rings within microseconds of its time; the runtime's own timer counts in milliseconds.
pub(super) struct Timer(imp::Timer);

impl Timer {
    pub(super) fn new() -> io::Result<Timer> {
        imp::Timer::new().map(Timer)
    }

    /// Waits until `at`.
    pub(super) async fn until(&self, at: Instant) -> io::Result<()> {
        match at.checked_duration_since(Instant::now()) {
            None | Some(Duration::ZERO) => {
                tokio::task::yield_now().await;
                Ok(())
            }
            Some(time) => self.0.sleep(time).await,
        }
    }
}

#[cfg(target_os = "linux")]
mod imp {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::time::Duration;

    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use tokio::io::unix::AsyncFd;

    pub(super) struct Timer(AsyncFd<OwnedFd>);

    impl Timer {
        pub(super) fn new() -> io::Result<Timer> {
            let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
            let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
            #[expect(
                deprecated,
                reason = "its replacement is unsafe, for types that are no OwnedFd"
            )]
            AsyncFd::new(timer).map(Timer)
        }

        pub(super) async fn sleep(&self, time: Duration) -> io::Result<()> {
            let once = Itimerspec {
                it_interval: Timespec {
                    tv_sec: 0,
                    tv_nsec: 0,
                },
                it_value: Timespec {
                    tv_sec: time.as_secs().try_into().unwrap_or(i64::MAX),
                    tv_nsec: time.subsec_nanos().into(),
                },
            };
            timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &once)?;
            let mut ready = self.0.readable().await?;
            let mut expirations = [0; 8];
            // One that has not rung yet was only stirred: the caller looks at the clock anyway.
            let _ = ready.try_io(|timer| Ok(rustix::io::read(timer, &mut expirations)?));
            Ok(())
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    use std::io;
    use std::time::Duration;

    pub(super) struct Timer;

    impl Timer {
        pub(super) fn new() -> io::Result<Timer> {
            Ok(Timer)
        }

        pub(super) async fn sleep(&self, time: Duration) -> io::Result<()> {
            tokio::time::sleep(time).await;
            Ok(())
        }
    }
}
