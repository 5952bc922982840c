//! The Rust channels underneath: one file and one variant each. A queue only ever tries: waiting,
//! counting and closing are the channel's.

#[cfg(not(loom))]
mod crossbeam;
#[cfg(loom)]
mod model;
mod rendezvous;
#[cfg(not(loom))]
mod std_sync;

#[cfg(not(loom))]
use crossbeam::{Bounded, Unbounded};
#[cfg(loom)]
use model::{Bounded, Bounded as SyncBounded, Unbounded, Unbounded as SyncUnbounded};
use rendezvous::Rendezvous;
#[cfg(not(loom))]
use std_sync::{SyncBounded, SyncUnbounded};

use crate::error::NoMemory;
use crate::message::Message;

/// Largest capacity of a bounded channel, in messages.
pub const MAX_CAPACITY: usize = 1 << 23;

/// Which channel is underneath.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// `crossbeam_channel::bounded`, for a capacity up to [`MAX_CAPACITY`]; a rendezvous of our own for 0.
    Bounded(usize),
    /// `crossbeam_channel::unbounded`.
    Unbounded,
    /// `std::sync::mpsc::sync_channel`, with the same capacities; one receiver.
    Sync(usize),
    /// `std::sync::mpsc::channel`; one receiver.
    Channel,
}

impl Flavor {
    /// Most messages that may be queued; `None` when unbounded.
    #[must_use]
    pub fn capacity(self) -> Option<usize> {
        match self {
            Self::Bounded(capacity) | Self::Sync(capacity) => Some(capacity),
            Self::Unbounded | Self::Channel => None,
        }
    }
}

/// Both halves of one queue.
pub(crate) enum Queue {
    Bounded(Bounded),
    Unbounded(Unbounded),
    Rendezvous(Rendezvous),
    SyncBounded(SyncBounded),
    SyncUnbounded(SyncUnbounded),
}

impl Queue {
    pub(crate) fn new(flavor: Flavor) -> Result<Self, NoMemory> {
        Ok(match flavor {
            Flavor::Bounded(0) | Flavor::Sync(0) => Self::Rendezvous(Rendezvous),
            Flavor::Bounded(capacity) => Self::Bounded(Bounded::new(capacity)?),
            Flavor::Unbounded => Self::Unbounded(Unbounded::new()),
            Flavor::Sync(capacity) => Self::SyncBounded(SyncBounded::new(capacity)?),
            Flavor::Channel => Self::SyncUnbounded(SyncUnbounded::new()),
        })
    }

    /// Appends, or gives the message back when there is no room.
    pub(crate) fn try_push(&self, message: Message) -> Result<(), Message> {
        match self {
            Self::Bounded(queue) => queue.try_push(message),
            Self::Unbounded(queue) => queue.try_push(message),
            Self::Rendezvous(queue) => queue.try_push(message),
            Self::SyncBounded(queue) => queue.try_push(message),
            Self::SyncUnbounded(queue) => queue.try_push(message),
        }
    }

    /// Takes the oldest.
    pub(crate) fn try_pop(&self) -> Option<Message> {
        match self {
            Self::Bounded(queue) => queue.try_pop(),
            Self::Unbounded(queue) => queue.try_pop(),
            Self::Rendezvous(_) => None,
            Self::SyncBounded(queue) => queue.try_pop(),
            Self::SyncUnbounded(queue) => queue.try_pop(),
        }
    }

    /// How many are queued; a snapshot.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Bounded(queue) => queue.len(),
            Self::Unbounded(queue) => queue.len(),
            Self::Rendezvous(_) => 0,
            Self::SyncBounded(queue) => queue.len(),
            Self::SyncUnbounded(queue) => queue.len(),
        }
    }

    /// Whether messages pass from wait to wait, without a queue.
    pub(crate) fn is_rendezvous(&self) -> bool {
        matches!(self, Self::Rendezvous(_))
    }
}

/// The array flavors make their slots up front and abort when they cannot: asks for as much first, in
/// a way that may fail. A slot is a message and its stamp.
#[cfg(not(loom))]
fn probe(capacity: usize) -> Result<(), NoMemory> {
    let bytes = capacity.saturating_mul(size_of::<Message>() + size_of::<usize>());
    let mut probe = Vec::<u8>::new();
    probe.try_reserve_exact(bytes).map_err(|_| NoMemory { bytes })
}
