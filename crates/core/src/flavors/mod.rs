//! The Rust channels underneath: one file and one variant each. A queue only ever tries: waiting,
//! counting and closing are the channel's.

#[cfg(not(loom))]
mod crossbeam;
#[cfg(loom)]
mod model;

#[cfg(not(loom))]
use crossbeam::{Bounded, Unbounded};
#[cfg(loom)]
use model::{Bounded, Unbounded};

use crate::error::NoMemory;
use crate::message::Message;

/// Largest capacity of a bounded channel, in messages.
pub const MAX_CAPACITY: usize = 1 << 23;

/// Which channel is underneath.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// `crossbeam_channel::bounded`, for a capacity from 1 to [`MAX_CAPACITY`].
    Bounded(usize),
    /// `crossbeam_channel::unbounded`.
    Unbounded,
}

/// Both halves of one queue.
pub(crate) enum Queue {
    Bounded(Bounded),
    Unbounded(Unbounded),
}

impl Queue {
    pub(crate) fn new(flavor: Flavor) -> Result<Self, NoMemory> {
        Ok(match flavor {
            Flavor::Bounded(capacity) => Self::Bounded(Bounded::new(capacity)?),
            Flavor::Unbounded => Self::Unbounded(Unbounded::new()),
        })
    }

    /// Appends, or gives the message back when there is no room.
    pub(crate) fn try_push(&self, message: Message) -> Result<(), Message> {
        match self {
            Self::Bounded(queue) => queue.try_push(message),
            Self::Unbounded(queue) => queue.try_push(message),
        }
    }

    /// Takes the oldest.
    pub(crate) fn try_pop(&self) -> Option<Message> {
        match self {
            Self::Bounded(queue) => queue.try_pop(),
            Self::Unbounded(queue) => queue.try_pop(),
        }
    }

    /// How many are queued; a snapshot.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Bounded(queue) => queue.len(),
            Self::Unbounded(queue) => queue.len(),
        }
    }
}
