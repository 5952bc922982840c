//! A channel: one queue, one waiting list a side, and the ends that share it.
//!
//! ```text
//!   fast path, no lock          +--------------- channel ----------------+
//!   Sender --- try_push ------->| queue (flavor)                         |--- try_pop ---> Receiver
//!      |                        |   returned: goes ahead of the queue    |                     |
//!      +- anybody waiting? ---->| flags: phase, receivers_wait, ...      |<--- anybody waiting?+
//!              yes              | inner (lock): waiting lists, ends      |        yes
//!               +-------------->|   settle: queue -> receives,           |<---------+
//!                               |           pending sends -> queue       |
//!                               +----------------------------------------+
//! ```
//! The one race that matters for waiting: a side makes its wait visible, then looks at the queue; the
//! other changes the queue, then looks for waits. A full fence between the two steps on both sides
//! makes sure that one of them sees the other.

pub(crate) mod broadcast;
pub(crate) mod close;
pub(crate) mod drains;
pub(crate) mod end;
mod flags;
mod inner;
pub(crate) mod leases;
pub(crate) mod payload;
pub(crate) mod rendezvous;
mod returned;
mod settings;
pub(crate) mod settle;
pub(crate) mod sums;

pub(crate) use flags::{CUT_OFF, ENDED, Flags, LEASING, PACKED, REFUSED, SHARED};
pub(crate) use inner::{Inner, Told};
pub use settings::{Overflow, Settings};

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crossbeam_utils::CachePadded;

use crate::channel::broadcast::audience::Audience;
use crate::channel::close::reason::Reasons;
use crate::channel::drains::Drains;
use crate::channel::end::{End, Sum};
use crate::channel::leases::Leases;
use crate::channel::payload::packed::Packed;
use crate::channel::sums::{Owners, Sums};
use crate::error::NoMemory;
use crate::flavors::{Flavor, Queue, Ring};
use crate::memory::{Pool, freed};
use crate::message::Message;
use crate::observe::counts::CHANNELS;
use crate::observe::inspect::{self, Serial};
use crate::primitives::{AtomicUsize, Mutex, MutexGuard, Ordering, full_fence, lock};
use crate::wait::{WaitList, WakeList};

pub(crate) struct Channel {
    serial: Serial,
    pub(crate) queue: Queue,
    pub(crate) flavor: Flavor,
    pub(crate) settings: Settings,
    pub(crate) pool: Arc<Pool>,
    pub(crate) flags: CachePadded<Flags>,
    /// Of a channel whose messages are leased.
    pub(crate) leases: Option<Leases>,
    inner: Mutex<Inner>,
}

impl Channel {
    pub(crate) fn new(flavor: Flavor, settings: Settings) -> Result<Arc<Self>, NoMemory> {
        let leases = settings.leasing.filter(|_| leases::are_for(flavor, settings.overflow)).map(Leases::new);
        let queue = Queue::new(flavor, settings.max_bytes, settings.timing, leases.is_some())?;
        let pool = settings.make_pool(flavor)?;
        let audience = match (flavor, queue.broadcast()) {
            (Flavor::Broadcast(made), Some(marks)) => Some(Box::new(Audience::new(Ring::new(made, marks)?))),
            _ => None,
        };
        let phase = if audience.is_some() { SHARED } else { 0 };
        CHANNELS.up();
        Ok(inspect::enlist(|serial| Self {
            serial,
            queue,
            flavor,
            settings,
            pool,
            flags: CachePadded::new(Flags {
                phase: AtomicUsize::new(phase),
                receivers_wait: AtomicUsize::new(0),
                senders_wait: AtomicUsize::new(0),
                returned: AtomicUsize::new(if leases.is_some() { LEASING } else { 0 }),
                packed: AtomicUsize::new(0),
            }),
            leases,
            inner: Mutex::new(Inner {
                receives: WaitList::new(),
                sends: WaitList::new(),
                drains: Drains::new(),
                returned: VecDeque::new(),
                back: BTreeMap::new(),
                next_lease: 0,
                departed: Vec::new(),
                packed: Packed::default(),
                audience,
                told: matches!(flavor, Flavor::Watch).then(Told::default),
                senders: Vec::new(),
                receivers: Vec::new(),
                owners: Owners::default(),
                sums: Sums::default(),
                is_quiet: false,
                given_back: Sum::default(),
                discarded: 0,
                withdrawn_bytes: 0,
                reasons: Reasons::default(),
                high_water: 0,
                growth_is_told: false,
            }),
        }))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }

    /// Changes what the lock guards, settles whatever that made possible, and wakes whom it concerns.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut Inner, &mut WakeList) -> R) -> R {
        let mut wakes = WakeList::default();
        let mut inner = self.lock();
        let result = change(&mut inner, &mut wakes);
        self.show_waits(&inner);
        // SeqCst: the waits shown above before the looks at the queue below; see the file's head.
        full_fence();
        self.settle(&mut inner, &mut wakes);
        self.show_waits(&inner);
        drop(inner);
        wakes.wake();
        result
    }

    /// After a push: settles if a receive waits.
    #[inline(always)]
    pub(crate) fn pushed(&self, end: &Arc<End>) {
        // SeqCst: the push and its count before the look for waits and for the list; see the file's head and sums.rs.
        full_fence();
        self.counted(end);
        if self.flags.receivers_wait.load(Ordering::Relaxed) > 0 {
            self.change(|_, _| ());
        }
    }

    /// After a pop: settles if a send or a `drained` waits.
    #[inline(always)]
    pub(crate) fn popped(&self, end: &Arc<End>) {
        // SeqCst: as in `pushed`.
        full_fence();
        self.popped_and_fenced(end);
    }

    /// As `popped`, after a fence.
    #[inline(always)]
    pub(crate) fn popped_and_fenced(&self, end: &Arc<End>) {
        self.counted(end);
        if self.flags.senders_wait.load(Ordering::Relaxed) > 0 {
            self.change(|_, _| ());
        }
    }

    /// Takes the next message: what was returned first, then the queue's oldest, then the second queue's.
    #[inline(always)]
    pub(crate) fn take(&self) -> Option<Message> {
        // Acquire: whoever returned a message did so before showing it.
        if self.flags.returned.load(Ordering::Acquire) > 0 {
            let mut inner = self.lock();
            if self.is_cut_off() {
                return None;
            }
            if self.leases.is_some() {
                return self.take_next(&mut inner);
            }
            if let Some(message) = self.take_returned(&mut inner) {
                return Some(message);
            }
        }
        if let Ok(message) = self.queue.try_pop() {
            return Some(message);
        }
        // Acquire: once a message is there, no push to the flavor's queue is left; but one may have ended
        // since the look at it, so it is looked at again, under the lock.
        if self.flags.packed.load(Ordering::Acquire) > 0 { self.take_next(&mut self.lock()) } else { None }
    }

    /// Whether a receive is worth an attempt.
    pub(crate) fn may_have_messages(&self) -> bool {
        // Relaxed, and a snapshot: the attempt finds out.
        self.flags.phase.load(Ordering::Relaxed) != 0 || self.ahead() > 0 || !self.queue.is_empty()
    }

    /// Whether what was queued is out of sight.
    pub(crate) fn is_cut_off(&self) -> bool {
        // Acquire: seen with it, what was counted as discarded.
        self.flags.phase.load(Ordering::Acquire) & CUT_OFF != 0
    }

    /// How far it is closed; not whether it is packed.
    pub(crate) fn phase(&self) -> usize {
        // Acquire: what its closer did before is seen.
        self.flags.phase.load(Ordering::Acquire) & (ENDED | REFUSED)
    }

    /// How many messages are queued; a snapshot.
    pub(crate) fn len(&self) -> usize {
        if self.is_cut_off() { 0 } else { self.queue_len() + self.ahead() }
    }

    /// How many messages lie ahead of the queue.
    fn ahead(&self) -> usize {
        self.flags.returned.load(Ordering::Relaxed) & !LEASING
    }

    /// How many messages are queued by the flavor, or packed.
    pub(crate) fn queue_len(&self) -> usize {
        self.queue.len() + self.flags.packed.load(Ordering::Relaxed)
    }

    pub(crate) fn capacity(&self) -> Option<usize> {
        self.flavor.capacity()
    }

    /// Whether every end but `end` itself is in `end`'s own thread, so that nobody could ever answer it.
    pub(crate) fn is_stuck(&self, end: &End) -> bool {
        let inner = self.lock();
        inner.owners.is_only(end.owner()) && !inner.has_leases_elsewhere(end.owner())
    }

    pub(crate) fn show_waits(&self, inner: &Inner) {
        let senders = inner.sends.len() + inner.drains.len();
        // Relaxed: `change` and the readers fence.
        self.flags.receivers_wait.store(inner.receives.len(), Ordering::Relaxed);
        self.flags.senders_wait.store(senders, Ordering::Relaxed);
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        // Whoever holds a message that was lent out holds the pool too.
        self.pool.give_up();
        // What the queue may have held at once, which it frees piece by piece as it is read.
        let sent = usize::try_from(self.lock().sent().messages).unwrap_or(usize::MAX);
        let held = self.capacity().map_or(sent, |capacity| capacity.min(sent));
        freed(held.saturating_mul(size_of::<Message>()));
        inspect::strike_off(self.serial);
    }
}
