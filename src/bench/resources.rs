//! What the system grants this process.

use std::future::poll_fn;
use std::io::ErrorKind;
use std::net::{IpAddr, UdpSocket};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::transport::make_room;

/// Descriptors beside those of the connections.
const SPARE_DESCRIPTORS: u64 = 64;

/// Raises the limit of open descriptors as far as `connections` need it and the system allows it,
/// and makes room for so many.
///
/// # Errors
///
/// It is still too low: what to do.
pub(super) fn reserve_descriptors(connections: u64) -> Result<(), String> {
    let needed = connections + SPARE_DESCRIPTORS;
    raise_limit(connections, needed)?;
    make_room(needed);
    Ok(())
}

fn raise_limit(connections: u64, needed: u64) -> Result<(), String> {
    use rustix::process::{Resource, getrlimit, setrlimit};

    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= needed) {
        return Ok(());
    }
    limit.current = limit.maximum;
    let raised = setrlimit(Resource::Nofile, limit);
    match (raised, limit.maximum) {
        (Ok(()), None) => Ok(()),
        (Ok(()), Some(maximum)) if maximum >= needed => Ok(()),
        (_, maximum) => Err(format!(
            "{connections} connections need {needed} file descriptors, and this process may open {}: \
             raise the limit (ulimit -Hn), or use fewer clients",
            maximum.unwrap_or_default()
        )),
    }
}

/// Whether this machine has the addresses that clients are to connect from.
///
/// # Errors
///
/// It has not: which.
pub(super) fn check_sources(sources: &[IpAddr]) -> Result<(), String> {
    let is_missing = |source: &&IpAddr| {
        let bound = UdpSocket::bind((**source, 0));
        bound.is_err_and(|error| error.kind() == ErrorKind::AddrNotAvailable)
    };
    match sources.iter().find(is_missing) {
        None => Ok(()),
        Some(source) => Err(format!(
            "--bind {source}: this machine does not have that address (ip address add)"
        )),
    }
}

/// CPU time of this process until now, all threads.
pub fn cpu_time() -> Duration {
    cpu_clock(ClockId::ProcessCPUTime)
}

/// CPU time of this thread until now.
pub(super) fn thread_cpu_time() -> Duration {
    cpu_clock(ClockId::ThreadCPUTime)
}

fn cpu_clock(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// The CPU time of a task that shares its thread with others: clones count together.
#[derive(Clone, Debug, Default)]
pub(super) struct TaskCpu(Arc<AtomicU64>);

impl TaskCpu {
    /// Does the task, and counts what it uses.
    pub(super) async fn around<T: Future>(&self, task: T) -> T::Output {
        let mut task = pin!(task);
        poll_fn(|cx| {
            let before = thread_cpu_time();
            let polled = task.as_mut().poll(cx);
            let used = thread_cpu_time().saturating_sub(before);
            self.0.fetch_add(used.as_nanos() as u64, Ordering::Relaxed);
            polled
        })
        .await
    }

    /// Forgets what was used until now.
    pub(super) fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// What was used.
    pub(super) fn get(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }
}

/// Bytes of memory that this process holds; `None` where the system does not say.
pub(super) fn resident_bytes() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_of_the_process_runs() {
        let before = cpu_time();
        while cpu_time() == before {
            std::hint::spin_loop();
        }
    }

    #[tokio::test]
    async fn a_task_is_charged_for_what_it_does() {
        let busy = TaskCpu::default();
        let until = thread_cpu_time() + Duration::from_millis(2);
        let spin = async {
            tokio::task::yield_now().await;
            while thread_cpu_time() < until {
                std::hint::spin_loop();
            }
        };
        busy.around(spin).await;
        assert!(busy.get() > Duration::ZERO && busy.get() <= thread_cpu_time());
        let idle = TaskCpu::default();
        assert_eq!(idle.get(), Duration::ZERO);
    }

    #[test]
    fn more_descriptors_than_any_system_has_are_refused() {
        assert_eq!(reserve_descriptors(1), Ok(()));
        let maximum = rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum;
        if maximum.is_some() {
            let refused = reserve_descriptors(1 << 60).unwrap_err();
            assert!(refused.contains("ulimit -Hn"), "{refused}");
        }
    }
}
