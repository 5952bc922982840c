//! Something that any thread may use until its owner takes it away, without a lock: whoever uses it is counted, and
//! the owner waits until the last one has finished.
//!
//! ```text
//!   any thread:  count one more -> not revoked? use it -> count one less
//!   the owner:   revoked -> wait until nobody is counted -> it is the owner's alone
//! ```

use std::ptr::{self, NonNull};

use crate::primitives::{AtomicPtr, AtomicUsize, Backoff, Ordering};

/// The bit of `uses` that says that it is not there yet, or gone. The count stands above it.
const REVOKED: usize = 1;
const ONE: usize = 2;

/// A pointer that can be used by any thread, and taken away while others would use it.
pub struct Revocable<T> {
    it: AtomicPtr<T>,
    uses: AtomicUsize,
}

impl<T> Default for Revocable<T> {
    fn default() -> Self {
        Self { it: AtomicPtr::new(ptr::null_mut()), uses: AtomicUsize::new(REVOKED) }
    }
}

impl<T> Revocable<T> {
    /// From here on it can be used. The owner's to call, once, before `revoke`.
    pub fn provide(&self, it: NonNull<T>) {
        // Relaxed: published by the next line.
        self.it.store(it.as_ptr(), Ordering::Relaxed);
        // Release: whoever finds it not revoked finds the pointer, and what it points to.
        self.uses.fetch_and(!REVOKED, Ordering::Release);
    }

    /// Uses it; `None` when it is not there. It lives until `using` returns, which is to be soon: the owner waits.
    pub fn with<R>(&self, using: impl FnOnce(NonNull<T>) -> R) -> Option<R> {
        // Acquire: what `provide` published. Counted and looked at in one step, so that `revoke` either sees this use
        // or is seen by it.
        let revoked = self.uses.fetch_add(ONE, Ordering::Acquire) & REVOKED != 0;
        let _finished = Finished(&self.uses);
        if revoked {
            return None;
        }
        NonNull::new(self.it.load(Ordering::Relaxed)).map(using)
    }

    /// Takes it away: when this returns nobody uses it, nor will. `None`: it was not there, or was taken away before.
    pub fn revoke(&self) -> Option<NonNull<T>> {
        // Relaxed: the look below orders.
        if self.uses.fetch_or(REVOKED, Ordering::Relaxed) & REVOKED != 0 {
            return None;
        }
        let backoff = Backoff::new();
        // Acquire: of the uses that are over, all is seen.
        while self.uses.load(Ordering::Acquire) != REVOKED {
            backoff.snooze();
        }
        NonNull::new(self.it.load(Ordering::Relaxed))
    }
}

/// Counts a use as over, also when it panicked.
struct Finished<'a>(&'a AtomicUsize);

impl Drop for Finished<'_> {
    fn drop(&mut self) {
        // Release: what was done with it is seen by the owner who takes it away.
        self.0.fetch_sub(ONE, Ordering::Release);
    }
}
