//! One end of a channel: its counters, its owner, and a sender's mark that it is inside a send.

use std::sync::Arc;

use crossbeam_utils::CachePadded;

use crate::channel::broadcast::audience::{NO_SEAT, SeatNumber};
use crate::channel::close::reason::{CloseReason, Death};
use crate::primitives::{
    AtomicBool, AtomicU64, AtomicUsize, Backoff, Mutex, Ordering, lock, store_and_fence,
};
use crate::wait::environment::EnvironmentId;

/// Which side an end is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// It sends.
    Sender,
    /// It receives.
    Receiver,
}

/// Messages and their bytes, counted by one writer at a time and summed by anybody.
#[derive(Default)]
pub(crate) struct Tally {
    messages: AtomicU64,
    bytes: AtomicU64,
}

impl Tally {
    /// Counts one. Only one thread at a time may: the end's own for `direct`, the holder of the
    /// channel's lock for `handed`. That is why a load and a store do.
    pub(crate) fn add(&self, bytes: usize) {
        // Relaxed: exact whenever the channel is at rest, because whatever brought it to rest ordered
        // them; `busy` orders them where an exact figure is needed earlier.
        self.messages.store(self.messages.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        self.bytes.store(self.bytes.load(Ordering::Relaxed) + bytes as u64, Ordering::Relaxed);
    }

    /// As `add`, seen by everybody before anything that the caller reads after it.
    #[inline]
    pub(crate) fn add_and_fence(&self, bytes: usize) {
        // Relaxed: as in `add`.
        self.bytes.store(self.bytes.load(Ordering::Relaxed) + bytes as u64, Ordering::Relaxed);
        store_and_fence(&self.messages, self.messages.load(Ordering::Relaxed) + 1);
    }

    /// As `add`, for several messages.
    pub(crate) fn add_many(&self, messages: usize, bytes: usize) {
        // Relaxed: as in `add`.
        self.messages.store(self.messages.load(Ordering::Relaxed) + messages as u64, Ordering::Relaxed);
        self.bytes.store(self.bytes.load(Ordering::Relaxed) + bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn sum(&self) -> Sum {
        Sum { messages: self.messages.load(Ordering::Relaxed), bytes: self.bytes.load(Ordering::Relaxed) }
    }

    fn set(&self, Sum { messages, bytes }: Sum) {
        self.messages.store(messages, Ordering::Relaxed);
        self.bytes.store(bytes, Ordering::Relaxed);
    }
}

/// A tally's figures.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) messages: u64,
    pub(crate) bytes: u64,
}

impl std::ops::Sub for Sum {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { messages: self.messages - other.messages, bytes: self.bytes - other.bytes }
    }
}

impl std::ops::AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.messages += other.messages;
        self.bytes += other.bytes;
    }
}

pub(crate) struct End {
    pub(crate) side: Side,
    /// The environment that holds the end, 0 for a ticket. Written under the channel's lock.
    owner: AtomicU64,
    /// Odd while a sender is between its look at the channel's phase and the end of its push. Padded:
    /// its own thread writes it twice a message.
    busy: CachePadded<AtomicU64>,
    /// What went through without waiting; written by the end's own thread.
    pub(crate) direct: Tally,
    /// What was handed to or taken from a wait; written under the channel's lock.
    pub(crate) handed: Tally,
    /// A sender's dropped messages, a receiver's skipped ones; written by the end's own thread.
    pub(crate) lost: Tally,
    /// Whether it is among those that are looked at when the channel's figures are summed; see `sums.rs`. Written
    /// under the channel's lock.
    pub(crate) listed: AtomicBool,
    /// What of its counts is in the channel's sums; under the channel's lock, as the next two.
    summed: Tally,
    summed_lost: Tally,
    /// Its place among the ends of its side.
    pub(crate) at: AtomicUsize,
    /// Sends of this end that wait for room; written under the channel's lock, and read by the end's
    /// own thread, which alone makes it grow: what it reads as zero is zero.
    pub(crate) pending: AtomicUsize,
    /// A broadcast's receiver: its seat in the audience; under the channel's lock.
    pub(crate) seat: AtomicUsize,
    /// A watch's receiver: the number of the value that it has seen; written by the end's own thread.
    pub(crate) seen: AtomicU64,
    /// Leases that were given for this end's messages, and are not settled.
    pub(crate) leases: AtomicUsize,
    /// The handle is gone and the end stays for its pending sends; under the channel's lock.
    pub(crate) leaving: AtomicUsize,
    /// Where its holder made it; only when tracing.
    made_at: Mutex<Option<Arc<str>>>,
    /// How the thread died with which a ticket goes.
    death: Mutex<Option<Death>>,
    /// Why it gets nothing more, where that concerns no other end; under the channel's lock.
    reason: Mutex<Option<CloseReason>>,
}

impl End {
    pub(crate) fn new(side: Side, owner: EnvironmentId) -> Self {
        Self {
            side,
            owner: AtomicU64::new(owner),
            busy: CachePadded::new(AtomicU64::new(0)),
            direct: Tally::default(),
            handed: Tally::default(),
            lost: Tally::default(),
            listed: AtomicBool::new(false),
            summed: Tally::default(),
            summed_lost: Tally::default(),
            at: AtomicUsize::new(0),
            pending: AtomicUsize::new(0),
            leases: AtomicUsize::new(0),
            leaving: AtomicUsize::new(0),
            seat: AtomicUsize::new(NO_SEAT),
            seen: AtomicU64::new(0),
            made_at: Mutex::new(None),
            death: Mutex::new(None),
            reason: Mutex::new(None),
        }
    }

    pub(crate) fn owner(&self) -> EnvironmentId {
        self.owner.load(Ordering::Relaxed)
    }

    pub(crate) fn set_owner(&self, owner: EnvironmentId) {
        self.owner.store(owner, Ordering::Relaxed);
    }

    /// What it has counted since the last call, in all and as lost; under the channel's lock.
    pub(crate) fn uncounted(&self) -> (Sum, Sum) {
        let mut all = self.direct.sum();
        all += self.handed.sum();
        let lost = self.lost.sum();
        let new = (all - self.summed.sum(), lost - self.summed_lost.sum());
        self.summed.set(all);
        self.summed_lost.set(lost);
        new
    }

    pub(crate) fn seat(&self) -> SeatNumber {
        // Relaxed, here and below: the channel's lock orders it.
        self.seat.load(Ordering::Relaxed)
    }

    pub(crate) fn set_seat(&self, seat: SeatNumber) {
        self.seat.store(seat, Ordering::Relaxed);
    }

    pub(crate) fn made_at(&self) -> Option<Arc<str>> {
        lock(&self.made_at).clone()
    }

    /// How the thread died with which the end goes, where its owner does not say.
    pub(crate) fn death(&self) -> Option<Death> {
        lock(&self.death).clone()
    }

    /// The end, a ticket, goes with a thread that died in this manner; `None`: it was redeemed all the same.
    pub(crate) fn goes_with(&self, death: Option<Death>) {
        *lock(&self.death) = death;
    }

    /// Why it gets nothing more, where that concerns no other end.
    pub(crate) fn reason(&self) -> Option<CloseReason> {
        lock(&self.reason).clone()
    }

    pub(crate) fn set_reason(&self, reason: Option<CloseReason>) {
        *lock(&self.reason) = reason;
    }

    pub(crate) fn set_made_at(&self, made_at: Arc<str>) {
        *lock(&self.made_at) = Some(made_at);
    }

    /// Begins a push: what is read after this cannot have been read before `busy` was seen.
    pub(crate) fn enter(&self) {
        // SeqCst, paired with the closer's in `quiet`: either this sender sees the phase closed, or
        // the closer sees it busy. Without it both could miss: accepted, and never received.
        store_and_fence(&self.busy, self.busy.load(Ordering::Relaxed) + 1);
    }

    /// Ends a push.
    pub(crate) fn leave(&self) {
        let busy = self.busy.load(Ordering::Relaxed);
        // Release: the push and its count are visible to whoever sees this end quiet.
        self.busy.store(busy + 1, Ordering::Release);
    }

    /// Returns once a push that was under way at the call, if any, is over. A push is a handful of
    /// instructions and takes no lock, so this is short unless its thread was put to sleep.
    pub(crate) fn await_quiet(&self) {
        let before = self.busy.load(Ordering::Acquire);
        let backoff = Backoff::new();
        if before % 2 == 1 {
            while self.busy.load(Ordering::Acquire) == before {
                backoff.snooze();
            }
        }
    }
}
