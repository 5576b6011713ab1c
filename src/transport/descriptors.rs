//! Room for the descriptors of many connections.

/// Lets the system make its table of this process's descriptors large enough for `count` now.
///
/// Otherwise the table doubles as connections are opened or accepted, and each time Linux has a
/// process of several threads wait until none of them can be looking at the old one: some ten
/// milliseconds in which a thread does nothing else.
pub fn make_room(count: u64) {
    let last = i32::try_from(count.saturating_sub(1)).unwrap_or(i32::MAX);
    // Where that is more than the process may have, the table grows when it has to.
    let _ = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), last);
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_the_room_that_was_asked_for() {
        make_room(700);
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let size = status
            .lines()
            .find_map(|line| line.strip_prefix("FDSize:"))
            .unwrap();
        assert!(size.trim().parse::<u64>().unwrap() >= 700, "{size}");
    }
}
