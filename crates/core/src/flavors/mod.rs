//! The Rust channels underneath: one file and one variant each. A queue only ever tries: waiting,
//! counting and closing are the channel's.

mod calls;
#[cfg(not(loom))]
mod crossbeam;
mod extras;
mod flavor;
mod latest;
#[cfg(loom)]
mod model;
mod newest;
mod rendezvous;
mod ring;
#[cfg(not(loom))]
mod std_sync;

use calls::Calls;
#[cfg(not(loom))]
use crossbeam::{Bounded, Unbounded};
use extras::{Extras, Limit};
pub use flavor::{Flavor, MAX_CAPACITY};
pub(crate) use latest::{Latest, Reading, Writing};
#[cfg(loom)]
use model::{Bounded, Bounded as SyncBounded, Unbounded, Unbounded as SyncUnbounded};
pub(crate) use newest::Newest;
use rendezvous::Rendezvous;
pub use ring::Broadcast;
pub(crate) use ring::{Got, Marks, Ring};
#[cfg(not(loom))]
use std_sync::{SyncBounded, SyncUnbounded};

use std::sync::Arc;

use crossbeam_channel::TryRecvError;

use crate::calls::{Call, InFlight};
use crate::error::NoMemory;
use crate::message::Message;
use crate::observe::timing::Timing;

/// Both halves of one queue.
enum Slots {
    Bounded(Bounded),
    Unbounded(Unbounded),
    Rendezvous(Rendezvous),
    SyncBounded(SyncBounded),
    SyncUnbounded(SyncUnbounded),
    Latest(Arc<Latest>),
    /// What is known of a ring that lies behind the channel's lock.
    Broadcast(Arc<Marks>),
    Watch(Arc<Newest>),
    Calls(Calls),
}

#[cfg_attr(loom, expect(clippy::match_same_arms, reason = "one model stands for several flavors"))]
impl Slots {
    fn new(flavor: Flavor) -> Result<Self, NoMemory> {
        if let Flavor::Bounded(capacity) | Flavor::Sync(capacity) = flavor
            && capacity > MAX_CAPACITY
        {
            return Err(NoMemory { bytes: capacity.saturating_mul(size_of::<Message>()) });
        }
        Ok(match flavor {
            Flavor::Bounded(0) | Flavor::Sync(0) => Self::Rendezvous(Rendezvous),
            Flavor::Bounded(capacity) => Self::Bounded(Bounded::new(capacity)?),
            Flavor::Unbounded => Self::Unbounded(Unbounded::new()),
            Flavor::Sync(capacity) => Self::SyncBounded(SyncBounded::new(capacity)?),
            Flavor::Channel => Self::SyncUnbounded(SyncUnbounded::new()),
            Flavor::Latest(byte_length) => Self::Latest(Latest::new(byte_length)?),
            Flavor::Broadcast(_) => Self::Broadcast(Arc::default()),
            Flavor::Watch => Self::Watch(Arc::new(Newest::new())),
            Flavor::Calls(capacity) => Self::Calls(Calls::new(capacity)),
        })
    }

    #[inline(always)]
    fn try_push(&self, message: Message) -> Result<(), Message> {
        match self {
            Self::Bounded(queue) => queue.try_push(message),
            Self::Unbounded(queue) => queue.try_push(message),
            Self::Rendezvous(queue) => queue.try_push(message),
            Self::SyncBounded(queue) => queue.try_push(message),
            Self::SyncUnbounded(queue) => queue.try_push(message),
            Self::Latest(_) | Self::Broadcast(_) | Self::Watch(_) => Err(message),
            Self::Calls(queue) => queue.try_push(message),
        }
    }

    #[inline(always)]
    fn try_pop(&self) -> Popped {
        match self {
            Self::Bounded(queue) => queue.try_pop(),
            Self::Unbounded(queue) => queue.try_pop(),
            Self::Rendezvous(_) | Self::Latest(_) | Self::Broadcast(_) | Self::Watch(_) => {
                Err(TryRecvError::Empty)
            }
            Self::SyncBounded(queue) => queue.try_pop(),
            Self::SyncUnbounded(queue) => queue.try_pop(),
            Self::Calls(queue) => queue.try_pop(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Bounded(queue) => queue.len(),
            Self::Unbounded(queue) => queue.len(),
            Self::Rendezvous(_) | Self::Watch(_) => 0,
            Self::Broadcast(marks) => marks.len(),
            Self::SyncBounded(queue) => queue.len(),
            Self::SyncUnbounded(queue) => queue.len(),
            Self::Latest(latest) => usize::from(latest.is_unread()),
            Self::Calls(queue) => queue.len(),
        }
    }
}

/// What a pop gives: the type is crossbeam's, because another would have each message moved once more.
pub(crate) type Popped = Result<Message, TryRecvError>;

/// A flavor's queue, and what is kept beside it where that is asked for.
pub(crate) struct Queue {
    slots: Slots,
    extras: Option<Box<Extras>>,
}

impl Queue {
    /// `leased`: what is popped takes up room until it is settled.
    pub(crate) fn new(
        flavor: Flavor,
        max_bytes: Option<usize>,
        timed: bool,
        leased: bool,
    ) -> Result<Self, NoMemory> {
        let most = flavor.capacity().filter(|_| leased);
        Ok(Self { slots: Slots::new(flavor)?, extras: Extras::new(max_bytes, most, timed, leased)? })
    }

    /// Appends, or gives the message back when there is no room.
    #[inline(always)]
    pub(crate) fn try_push(&self, message: Message) -> Result<(), Message> {
        let Some(extras) = &self.extras else { return self.slots.try_push(message) };
        extras.try_push(&self.slots, message)
    }

    /// Takes the oldest.
    #[inline(always)]
    pub(crate) fn try_pop(&self) -> Popped {
        let Some(extras) = &self.extras else { return self.slots.try_pop() };
        extras.try_pop(&self.slots)
    }

    /// A leased message of so many bytes takes up no room any more.
    pub(crate) fn settle(&self, bytes: usize) {
        if let Some(limit) = self.limit() {
            limit.release(1, bytes);
        }
    }

    /// How many are queued; a snapshot.
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether none is queued; a snapshot.
    #[cfg(not(loom))]
    pub(crate) fn is_empty(&self) -> bool {
        match &self.slots {
            Slots::Bounded(queue) => queue.is_empty(),
            Slots::Unbounded(queue) => queue.is_empty(),
            _ => self.slots.len() == 0,
        }
    }

    /// Whether none is queued; a snapshot.
    #[cfg(loom)]
    pub(crate) fn is_empty(&self) -> bool {
        self.slots.len() == 0
    }

    /// Whether messages pass from wait to wait, without a queue.
    pub(crate) fn is_rendezvous(&self) -> bool {
        matches!(self.slots, Slots::Rendezvous(_))
    }

    /// The triple buffer, where it is one: it carries no messages.
    pub(crate) fn latest(&self) -> Option<&Arc<Latest>> {
        match &self.slots {
            Slots::Latest(latest) => Some(latest),
            _ => None,
        }
    }

    /// Takes a call's request out, if it is queued.
    pub(crate) fn withdraw(&self, call: &Arc<Call>) -> Option<Message> {
        match &self.slots {
            Slots::Calls(queue) => queue.withdraw(call),
            _ => None,
        }
    }

    /// The marks of a broadcast's ring, where it is one.
    pub(crate) fn broadcast(&self) -> Option<&Arc<Marks>> {
        match &self.slots {
            Slots::Broadcast(marks) => Some(marks),
            _ => None,
        }
    }

    /// The count of requests that are taken and not answered, where requests are queued.
    pub(crate) fn in_flight(&self) -> Option<&InFlight> {
        match &self.slots {
            Slots::Calls(queue) => Some(&queue.in_flight),
            _ => None,
        }
    }

    /// The newest value of a watch, where it is one: it carries no messages.
    pub(crate) fn watch(&self) -> Option<&Arc<Newest>> {
        match &self.slots {
            Slots::Watch(newest) => Some(newest),
            _ => None,
        }
    }

    /// Whether messages go from one sender to one receiver.
    pub(crate) fn is_plain(&self) -> bool {
        !matches!(self.slots, Slots::Latest(_) | Slots::Broadcast(_) | Slots::Watch(_))
    }

    /// Reserves bytes for what is queued elsewhere; false when they do not fit.
    pub(crate) fn reserve(&self, bytes: usize) -> bool {
        self.limit().is_none_or(|limit| limit.reserve(0, bytes))
    }

    /// Gives reserved bytes back.
    pub(crate) fn release(&self, bytes: usize) {
        if let Some(limit) = self.limit() {
            limit.release(0, bytes);
        }
    }

    /// Whether not one more byte, or message, fits.
    pub(crate) fn is_at_limit(&self) -> bool {
        self.limit().is_some_and(Limit::is_reached)
    }

    fn limit(&self) -> Option<&Limit> {
        self.extras.as_ref()?.limit.as_ref()
    }

    /// How long messages wait, where that is kept.
    pub(crate) fn timing(&self) -> Option<&Timing> {
        self.extras.as_ref()?.timing.as_ref()
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
