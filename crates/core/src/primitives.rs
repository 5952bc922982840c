//! The one place that chooses between std's atomics, locks and threads and loom's.

#[cfg(not(loom))]
pub(crate) use crossbeam_utils::Backoff;
#[cfg(not(loom))]
use std::sync::atomic;
#[cfg(not(loom))]
pub(crate) use std::{
    sync::{Mutex, MutexGuard, RwLock},
    thread,
};

#[cfg(loom)]
use loom::sync::atomic;
#[cfg(loom)]
pub(crate) use loom::sync::{Mutex, MutexGuard, RwLock};
#[cfg(loom)]
pub(crate) mod thread;
#[cfg(loom)]
pub(crate) use thread::Backoff;

pub(crate) use atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::sync::PoisonError;
use std::time::Duration;

/// Locks. A panic in another thread leaves the data as it was between two statements, which every
/// user of this lock keeps valid, so poison is not passed on.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Parks the calling thread for at most `limit`; loom has no clock and parks until it is unparked.
pub(crate) fn park(limit: Duration) {
    #[cfg(not(loom))]
    thread::park_timeout(limit);
    #[cfg(loom)]
    {
        let _ = limit;
        thread::park();
    }
}

/// A sequentially consistent fence.
#[inline]
pub(crate) fn full_fence() {
    // x86 compiles the plain fence to `mfence`, which costs twice what any locked instruction does,
    // and a locked instruction is as full a barrier there.
    #[cfg(all(target_arch = "x86_64", not(loom), not(miri)))]
    crate::memory::locked_instruction();
    // loom tries two orders of what touches one atomic, and of fences it tries none: let them touch one.
    #[cfg(loom)]
    {
        loom::lazy_static! { static ref FENCES: AtomicUsize = AtomicUsize::new(0); }
        FENCES.fetch_add(1, Ordering::Relaxed);
    }
    #[cfg(not(all(target_arch = "x86_64", not(loom), not(miri))))]
    atomic::fence(Ordering::SeqCst);
}

/// A store that everybody sees before anything that is read after it: a store and a full fence.
#[inline]
pub(crate) fn store_and_fence(place: &AtomicU64, value: u64) {
    // x86 has both in one instruction.
    #[cfg(all(target_arch = "x86_64", not(loom), not(miri)))]
    place.swap(value, Ordering::SeqCst);
    #[cfg(not(all(target_arch = "x86_64", not(loom), not(miri))))]
    {
        place.store(value, Ordering::Relaxed);
        full_fence();
    }
}
