//! What the fast paths look at before they go the fast way.

use crate::primitives::AtomicUsize;

/// Nothing more is accepted: the senders ended it, or are gone.
pub(crate) const ENDED: usize = 1;
/// Nothing more is accepted, and nothing is received: the receivers cancelled it, or are gone.
pub(crate) const REFUSED: usize = 2;
/// Pushes go to the second queue, under the lock: see `packed.rs`.
pub(crate) const PACKED: usize = 4;
/// Refused, and what was queued is out of sight: see `discard.rs`.
pub(crate) const CUT_OFF: usize = 8;
/// Every receiver gets every message, under the lock: see `broadcast.rs`.
pub(crate) const SHARED: usize = 16;

/// In the count of returned messages: messages are leased, under the lock. See `leases.rs`.
pub(crate) const LEASING: usize = 1 << (usize::BITS - 1);

/// What the fast paths look at. One line: all of it is read by every message, and written rarely.
pub(crate) struct Flags {
    pub(crate) phase: AtomicUsize,
    /// How many receives wait.
    pub(crate) receivers_wait: AtomicUsize,
    /// How many sends and `drained` wait.
    pub(crate) senders_wait: AtomicUsize,
    /// How many messages lie ahead of the queue, and `LEASING`: the fast paths look at whether it is 0.
    pub(crate) returned: AtomicUsize,
    /// How many messages lie in the second queue.
    pub(crate) packed: AtomicUsize,
}
