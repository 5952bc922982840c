//! The Rust channels underneath: one file and one variant each. A queue only ever tries: waiting,
//! counting and closing are the channel's.

mod calls;
#[cfg(not(loom))]
mod crossbeam;
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
use crate::primitives::{AtomicUsize, Ordering};

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

/// The bounds on what is in a queue beside the number of its slots, and how long its messages wait.
struct Extras {
    limit: Option<Limit>,
    timing: Option<Timing>,
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
        let limit = (max_bytes.is_some() || most.is_some()).then(|| Limit {
            bytes: max_bytes.map(Bound::new),
            messages: most.map(Bound::new),
            lasts: leased,
        });
        let timing = if timed { Some(Timing::new()?) } else { None };
        // One look tells a message that there is neither.
        let extras = (limit.is_some() || timed).then(|| Box::new(Extras { limit, timing }));
        Ok(Self { slots: Slots::new(flavor)?, extras })
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

impl Extras {
    fn try_push(&self, slots: &Slots, message: Message) -> Result<(), Message> {
        let length = message.len();
        if self.limit.as_ref().is_some_and(|limit| !limit.reserve(1, length)) {
            return Err(message);
        }
        let pushed = match &self.timing {
            Some(timing) => timing.pushing(|| slots.try_push(message)),
            None => slots.try_push(message),
        };
        if let (Some(limit), Err(_)) = (&self.limit, &pushed) {
            limit.release(1, length);
        }
        pushed
    }

    fn try_pop(&self, slots: &Slots) -> Popped {
        let popped = match &self.timing {
            Some(timing) => timing.popping(|| slots.try_pop()),
            None => slots.try_pop(),
        };
        if let (Some(limit), Ok(message)) = (&self.limit, &popped)
            && !limit.lasts
        {
            limit.release(1, message.len());
        }
        popped
    }
}

/// Bounds on the payload bytes and the messages of a queue: reserved before a push, released after a pop, or, where that
/// `lasts`, once what was popped is settled.
struct Limit {
    bytes: Option<Bound>,
    messages: Option<Bound>,
    lasts: bool,
}

impl Limit {
    fn reserve(&self, messages: usize, bytes: usize) -> bool {
        let fits = |bound: &Option<Bound>, count| bound.as_ref().is_none_or(|bound| bound.reserve(count));
        if !fits(&self.messages, messages) {
            return false;
        }
        let fits_too = fits(&self.bytes, bytes);
        if !fits_too {
            self.release(messages, 0);
        }
        fits_too
    }

    fn release(&self, messages: usize, bytes: usize) {
        for (bound, count) in [(&self.messages, messages), (&self.bytes, bytes)] {
            if let Some(bound) = bound {
                bound.release(count);
            }
        }
    }

    fn is_reached(&self) -> bool {
        self.bytes.iter().chain(&self.messages).any(Bound::is_reached)
    }
}

/// One of them.
struct Bound {
    most: usize,
    reserved: AtomicUsize,
}

impl Bound {
    fn new(most: usize) -> Self {
        Self { most, reserved: AtomicUsize::new(0) }
    }

    fn reserve(&self, count: usize) -> bool {
        // Relaxed, here and below: the queue orders the messages, this only counts them.
        let fits = |reserved: usize| reserved.checked_add(count).filter(|sum| *sum <= self.most);
        self.reserved.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok()
    }

    fn release(&self, count: usize) {
        self.reserved.fetch_sub(count, Ordering::Relaxed);
    }

    fn is_reached(&self) -> bool {
        self.reserved.load(Ordering::Relaxed) >= self.most
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
