//! Pauses and parking for loom, whose own `park` forgets an `unpark` that comes while the thread waits for a
//! lock (0.7.2: being blocked by a lock and being parked are one state). std's keeps it.

use std::sync::{Arc, PoisonError};

use loom::sync::{Condvar, Mutex};
pub(crate) use loom::thread::yield_now;

use super::lock;

/// A thread, to be unparked.
#[derive(Clone)]
pub(crate) struct Thread(Arc<Parking>);

struct Parking {
    /// An `unpark` has come and no `park` has used it up.
    unparked: Mutex<bool>,
    changed: Condvar,
}

loom::thread_local! {
    static CURRENT: Thread =
        Thread(Arc::new(Parking { unparked: Mutex::new(false), changed: Condvar::new() }));
}

pub(crate) fn current() -> Thread {
    CURRENT.with(Thread::clone)
}

pub(crate) fn park() {
    let Thread(parking) = current();
    let mut unparked = lock(&parking.unparked);
    while !*unparked {
        unparked = parking.changed.wait(unparked).unwrap_or_else(PoisonError::into_inner);
    }
    *unparked = false;
}

impl Thread {
    pub(crate) fn unpark(&self) {
        *lock(&self.0.unparked) = true;
        self.0.changed.notify_one();
    }
}

/// crossbeam's, for loom, which tries all orders and so needs no growing pauses.
pub(crate) struct Backoff;

impl Backoff {
    pub(crate) fn new() -> Self {
        Self
    }

    pub(crate) fn snooze(&self) {
        yield_now();
    }
}
