//! What the process holds, counted for people and tests. Leaked on purpose: nothing is torn down at exit.

use std::sync::atomic::{AtomicUsize, Ordering};

/// What the process holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registry {
    /// Channels with an end left.
    pub channels: usize,
    /// Ends, tickets included.
    pub ends: usize,
    /// Environments that have not ended.
    pub environments: usize,
}

/// One kind of thing.
pub(crate) struct Count(AtomicUsize);

pub(crate) static CHANNELS: Count = Count(AtomicUsize::new(0));
pub(crate) static ENDS: Count = Count(AtomicUsize::new(0));
pub(crate) static ENVIRONMENTS: Count = Count(AtomicUsize::new(0));
/// Counted up only, as the next.
pub(crate) static REGIONS: Count = Count(AtomicUsize::new(0));
pub(crate) static BLOCKS: Count = Count(AtomicUsize::new(0));

impl Count {
    pub(crate) fn up(&self) {
        // Relaxed, here and below: read at rest.
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn down(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// The counts of this moment.
#[must_use]
pub fn registry() -> Registry {
    Registry { channels: CHANNELS.get(), ends: ENDS.get(), environments: ENVIRONMENTS.get() }
}

/// How often memory was made for slots (see [`crate::Settings::slot_bytes`]) since the process began. It
/// stands still while every message finds a slot that was used before.
#[must_use]
pub fn slot_allocations() -> usize {
    REGIONS.get()
}

/// How often memory was made for a single block since the process began: for a message that found neither a
/// slot nor a used block, or for a slot of a triple buffer. It stands still while every message is recycled.
#[must_use]
pub fn block_allocations() -> usize {
    BLOCKS.get()
}
