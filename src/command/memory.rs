//! What the allocator of the binary does with memory that is free again.

/// Gives memory that a load has used back to the system about a second after it is free, by a
/// thread of the allocator's own, so that it goes back while nothing happens too.
///
/// Not for commands that end soon: they would start the thread for nothing.
#[cfg(target_os = "linux")]
pub(super) fn return_when_idle() {
    use tikv_jemalloc_ctl::{Access, AsName, background_thread};

    const DECAY_MS: isize = 1_000;

    // The arena that is in use already, and those to come. What the allocator refuses leaves its
    // defaults: memory goes back later.
    for arenas in ["arena.0.dirty_decay_ms\0", "arenas.dirty_decay_ms\0"] {
        let _ = arenas.name().write(DECAY_MS);
    }
    let _ = background_thread::write(true);
}

#[cfg(not(target_os = "linux"))]
pub(super) fn return_when_idle() {}
