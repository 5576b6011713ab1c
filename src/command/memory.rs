//! What the allocator of the binary does with freed memory.

/// Makes the allocator return freed memory to the system after about a second. A thread of the
/// allocator does so, and so even an idle broker returns memory.
///
/// Not worth it for commands that end soon.
#[cfg(target_os = "linux")]
pub(super) fn return_when_idle() {
    use tikv_jemalloc_ctl::{Access, AsName, background_thread};

    const DECAY_MS: isize = 1_000;

    // For the arena that is in use already, and for those to come. If the allocator refuses, its
    // defaults hold, and memory is returned later.
    for arenas in ["arena.0.dirty_decay_ms\0", "arenas.dirty_decay_ms\0"] {
        let _ = arenas.name().write(DECAY_MS);
    }
    let _ = background_thread::write(true);
}

#[cfg(not(target_os = "linux"))]
pub(super) fn return_when_idle() {}
