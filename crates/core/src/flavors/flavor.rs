//! Which flavors there are, and what their names and capacities are.

use super::Broadcast;

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
    /// `triple_buffer`, with slots of so many bytes; one writer, one reader. See [`crate::triple_buffer`].
    Latest(usize),
    /// A ring of our own: every receiver gets every message.
    Broadcast(Broadcast),
    /// The newest value, for every reader. See [`crate::watch_channel`].
    Watch,
    /// Requests that want an answer: see [`crate::Sender::ask`].
    Calls(usize),
}

impl Flavor {
    /// Most messages that may be queued; `None` when unbounded.
    #[must_use]
    pub fn capacity(self) -> Option<usize> {
        match self {
            Self::Bounded(capacity) | Self::Sync(capacity) | Self::Calls(capacity) => Some(capacity),
            Self::Unbounded | Self::Channel => None,
            Self::Latest(_) | Self::Watch => Some(1),
            Self::Broadcast(made) => Some(made.capacity),
        }
    }

    /// What people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bounded(_) => "bounded",
            Self::Unbounded => "unbounded",
            Self::Sync(_) => "sync",
            Self::Channel => "channel",
            Self::Latest(_) => "latest",
            Self::Broadcast(_) => "broadcast",
            Self::Watch => "watch",
            Self::Calls(_) => "rpc",
        }
    }
}
