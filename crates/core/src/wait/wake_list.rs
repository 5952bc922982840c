//! Whom to wake once a lock is released.

use std::sync::Arc;

use crate::wait::{Waiter, ringer};

/// Whom to wake once the lock is released.
#[derive(Default)]
pub(crate) struct WakeList(Vec<Arc<Waiter>>);

impl WakeList {
    pub(crate) fn push(&mut self, waiter: Arc<Waiter>) {
        self.0.push(waiter);
    }

    /// Wakes them, after the lock is released.
    pub(crate) fn wake(self) {
        ringer::wake(self.0);
    }

    /// As `wake`, one after the other: the first of them has begun by then.
    pub(crate) fn wake_here(self) {
        for waiter in self.0 {
            if waiter.is_to_be_woken() {
                waiter.wake();
            }
        }
    }
}
