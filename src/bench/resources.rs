//! What the system grants this process.

use std::time::Duration;

/// Descriptors beside those of the connections.
const SPARE_DESCRIPTORS: u64 = 64;

/// Raises the limit of open descriptors as far as `connections` need it and the system allows it.
///
/// # Errors
///
/// It is still too low: what to do.
pub(super) fn reserve_descriptors(connections: u64) -> Result<(), String> {
    use rustix::process::{Resource, getrlimit, setrlimit};

    let needed = connections + SPARE_DESCRIPTORS;
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

/// CPU time of this process until now, all threads.
pub fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
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
