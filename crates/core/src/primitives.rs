//! The one place that chooses between std's atomics, locks and threads and loom's.

#[cfg(not(loom))]
pub(crate) use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering, fence},
    },
    thread,
};

#[cfg(loom)]
pub(crate) use loom::{
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering, fence},
    },
    thread,
};
#[cfg(loom)]
pub(crate) use std::sync::PoisonError;

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

/// One turn of a short busy wait for another thread's handful of instructions.
pub(crate) fn relax(turn: &mut u32) {
    #[cfg(not(loom))]
    if *turn < 64 {
        *turn += 1;
        std::hint::spin_loop();
        return;
    }
    let _ = turn;
    thread::yield_now();
}
