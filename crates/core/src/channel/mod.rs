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

pub(crate) mod audience;
pub(crate) mod broadcast;
pub(crate) mod close;
pub(crate) mod discard;
pub(crate) mod drains;
pub(crate) mod end;
pub(crate) mod leases;
pub(crate) mod packed;
pub(crate) mod payload;
pub(crate) mod reason;
pub(crate) mod rendezvous;
pub(crate) mod settle;
pub(crate) mod sums;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crossbeam_utils::CachePadded;

use crate::channel::audience::Audience;
use crate::channel::drains::Drains;
use crate::channel::end::{End, Sum};
use crate::channel::leases::{Leases, Leasing};
use crate::channel::packed::Packed;
use crate::channel::payload::Payload;
use crate::channel::reason::Reasons;
use crate::channel::sums::{Owners, Sums};
use crate::error::NoMemory;
use crate::flavors::{Flavor, Queue, Ring};
use crate::memory::{Pool, freed};
use crate::message::{INLINE, Message};
use crate::observe::counts::CHANNELS;
use crate::observe::inspect::{self, Serial};
use crate::primitives::{AtomicUsize, Mutex, MutexGuard, Ordering, full_fence, lock};
use crate::wait::{Entry, Place, WaitList, Waiter, ringer};

/// What a channel is made with.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Shown by inspection.
    pub label: Option<String>,
    /// Carried for the ends' owners; the core does not read it.
    pub meta: String,
    /// How long a blocking wait spins before it sleeps, in microseconds; adaptive when absent.
    pub spin_micros: Option<u32>,
    /// An awaiting wait begins at once, without a last moment's look.
    pub unpolled: bool,
    /// Most payload bytes that may be queued.
    pub max_bytes: Option<usize>,
    /// What becomes of a message for which there is no room.
    pub overflow: Overflow,
    /// Longest message; memory for as many as may be queued is made up front, and recycled.
    pub slot_bytes: Option<usize>,
    /// Touches that memory when it is made.
    pub prefault: bool,
    /// A sender that goes with a thread that died fails the channel.
    pub death_fails: bool,
    /// Keeps how long messages wait, for [`crate::Stats::waits`].
    pub timing: bool,
    /// What is received is leased, and goes back unless it is settled.
    pub leasing: Option<Leasing>,
}

/// What becomes of a message for which there is no room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Overflow {
    /// It waits.
    #[default]
    Wait,
    /// It is dropped.
    DropNewest,
    /// The oldest are dropped, until it fits.
    DropOldest,
}

/// Most memory that is made up front for slots, in bytes.
const MAX_SLOT_MEMORY: usize = 1 << 30;

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

/// What the channel's lock guards.
pub(crate) struct Inner {
    pub(crate) receives: WaitList<()>,
    pub(crate) sends: WaitList<Payload>,
    pub(crate) drains: Drains,
    /// Messages that go ahead of the queue, oldest first.
    pub(crate) returned: VecDeque<Message>,
    /// As `returned`, of leased messages, by their numbers.
    pub(crate) back: BTreeMap<u64, Message>,
    /// The number of the next message that is leased for the first time.
    pub(crate) next_lease: u64,
    /// Receivers that are gone and had leases when they went.
    pub(crate) departed: Vec<Arc<End>>,
    pub(crate) packed: Packed,
    /// The receivers of a broadcast, and what they have yet to get.
    pub(crate) audience: Option<Box<Audience>>,
    /// Of a watch.
    pub(crate) told: Option<Told>,
    pub(crate) senders: Vec<Arc<End>>,
    pub(crate) receivers: Vec<Arc<End>>,
    pub(crate) owners: Owners,
    /// What the ends have counted.
    pub(crate) sums: Sums,
    /// It was closed, or went packed, and no push to the flavor's queue is under way any more.
    pub(crate) is_quiet: bool,
    /// What was counted as received and came back.
    pub(crate) given_back: Sum,
    /// How many messages were discarded.
    pub(crate) discarded: u64,
    /// Bytes of the requests among them that were withdrawn while the channel was open.
    pub(crate) withdrawn_bytes: u64,
    /// Why it is closed.
    pub(crate) reasons: Reasons,
    pub(crate) high_water: usize,
    /// Somebody knows that it holds more than a channel without a bound should.
    pub(crate) growth_is_told: bool,
}

/// What the waits of a watch have been told.
#[derive(Default)]
pub(crate) struct Told {
    /// The number of the value that all of them were told of.
    pub(crate) number: u64,
    /// Waits that have just begun.
    pub(crate) fresh: Vec<Place>,
}

impl Inner {
    /// A receive takes its place.
    pub(crate) fn begin_receive(&mut self, entry: Entry<()>) -> Place {
        let seat = entry.end.seat();
        let place = self.receives.push(entry);
        if let Some(audience) = &mut self.audience {
            audience.wait(seat, place);
        }
        if let Some(told) = &mut self.told {
            told.fresh.push(place);
        }
        place
    }
}

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

impl Channel {
    pub(crate) fn new(flavor: Flavor, settings: Settings) -> Result<Arc<Self>, NoMemory> {
        let leases = settings.leasing.filter(|_| leases::are_for(flavor, settings.overflow)).map(Leases::new);
        let queue = Queue::new(flavor, settings.max_bytes, settings.timing, leases.is_some())?;
        let pool = make_pool(flavor, &settings)?;
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

    pub(crate) fn take_returned(&self, inner: &mut Inner) -> Option<Message> {
        let first = || inner.back.pop_first().map(|(_, message)| message);
        let message = inner.returned.pop_front().or_else(first);
        self.show_ahead(inner);
        message
    }

    pub(crate) fn show_ahead(&self, inner: &Inner) {
        let leasing = if self.leases.is_some() { LEASING } else { 0 };
        self.flags.returned.store((inner.returned.len() + inner.back.len()) | leasing, Ordering::Release);
    }

    /// Puts messages that `end` was given, and that were counted as received, back, ahead of the queue, in their
    /// order.
    pub(crate) fn give_back(&self, end: &End, messages: Vec<Message>) {
        // What was seen of a watch is there still.
        if self.queue.watch().is_some() {
            return;
        }
        let mut unwanted = Vec::new();
        self.change(|inner, _| {
            for message in messages.into_iter().rev() {
                unwanted.extend(self.give_one_back(inner, end, message));
            }
        });
        drop(unwanted);
    }

    /// As `give_back`, of one, under the lock; the message comes back where nobody wants it.
    pub(crate) fn give_one_back(&self, inner: &mut Inner, end: &End, message: Message) -> Option<Message> {
        let bytes = message.len();
        inner.given_back += Sum { messages: 1, bytes: bytes as u64 };
        if let Some(leases) = self.leases.as_ref().filter(|_| message.is_leased()) {
            leases.put_back(end);
        }
        if inner.audience.is_some() {
            return self.give_back_to(inner, end, message);
        }
        if self.phase() & REFUSED == 0 && !message.is_abandoned() {
            self.put_first(inner, message);
            return None;
        }
        self.settled_room(bytes);
        inner.withdraw(&message);
        Some(message)
    }

    pub(crate) fn put_first(&self, inner: &mut Inner, message: Message) {
        match message.as_leased().map(|leased| leased.number) {
            Some(number) => drop(inner.back.insert(number, message)),
            None => inner.returned.push_front(message),
        }
        self.show_ahead(inner);
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

/// The memory of a channel's messages; slots no longer than `INLINE` lie inside the queue.
fn make_pool(flavor: Flavor, settings: &Settings) -> Result<Arc<Pool>, NoMemory> {
    match settings.slot_bytes {
        Some(slot_bytes) if slot_bytes > INLINE => {
            let capacity = flavor.capacity().unwrap_or(0);
            let bytes = capacity.saturating_mul(slot_bytes);
            if bytes > MAX_SLOT_MEMORY {
                return Err(NoMemory { bytes });
            }
            Pool::of_slots(capacity, slot_bytes, settings.prefault)
        }
        _ => Ok(Pool::new()),
    }
}
