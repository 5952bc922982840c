//! Freed memory goes back to the system: what glibc's allocator keeps of it until somebody asks, because a single block
//! above it is still in use. Other allocators give it back by themselves.
//!
//! ```text
//!   freed(bytes) --(32 MiB since the last time)--> janitor: a second later, is more freed? -- yes: again
//!                                                                                       \-- no: trim
//! ```

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::janitor;

/// So much has to be freed before it is worth a walk through the allocator's arenas.
const ENOUGH: usize = 32 << 20;
/// Nothing was freed for this long: a program that frees and takes memory all the time keeps it.
const QUIET: Duration = Duration::from_secs(1);

/// Bytes freed since memory was last given back.
static FREED: AtomicUsize = AtomicUsize::new(0);
/// The janitor looks at it.
static WATCHED: AtomicBool = AtomicBool::new(false);

/// So many bytes were freed, or will be at once.
pub(crate) fn freed(bytes: usize) {
    // Relaxed, here and below: an estimate, not a lock.
    let before = FREED.fetch_add(bytes, Ordering::Relaxed);
    if before.saturating_add(bytes) >= ENOUGH && !WATCHED.swap(true, Ordering::Relaxed) {
        watch(FREED.load(Ordering::Relaxed));
    }
}

/// Gives memory back when no more than `seen` bytes have been freed in a second.
fn watch(seen: usize) {
    janitor::schedule(
        Instant::now() + QUIET,
        Box::new(move || {
            let now = FREED.load(Ordering::Relaxed);
            if now != seen {
                watch(now);
                return;
            }
            FREED.fetch_sub(now, Ordering::Relaxed);
            WATCHED.store(false, Ordering::Relaxed);
            trim();
        }),
    );
}

#[cfg(all(target_os = "linux", target_env = "gnu", not(miri)))]
fn trim() {
    unsafe extern "C" {
        /// Of glibc: gives back every whole page that is free. Whether any was is answered.
        fn malloc_trim(pad: usize) -> std::ffi::c_int;
    }
    // SAFETY: it takes any number, locks each arena while it looks at it, and touches free memory only.
    unsafe { malloc_trim(0) };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu", not(miri))))]
fn trim() {}
