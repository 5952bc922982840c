//! One thread's side of waiting: the list of its settled waits, and the doorbell that says so.
//!
//! ```text
//!   any thread                                  the environment's own thread
//!   claim a wait -> post (ready list) -> ring   bell -> next_settled, next_settled, ... -> answer -> more? again
//!                                        |
//!                                        +- silent until a ring is answered, and while polling
//! ```

use std::collections::VecDeque;
use std::sync::Arc;

use crate::observe::counts::ENVIRONMENTS;
use crate::primitives::{AtomicBool, AtomicU64, Mutex, Ordering, lock};
use crate::wait::Waiter;

/// Names an environment for the process's life; 0 names none (an end held by a ticket).
pub type EnvironmentId = u64;

/// Whose end it is that belongs to a channel: that of its dead letters.
pub(crate) const CHANNEL: EnvironmentId = EnvironmentId::MAX;

/// Where awaited waits settle. Ends belong to one environment at a time.
pub struct Environment {
    id: EnvironmentId,
    ready: Mutex<Ready>,
    /// A ring is on its way and was not answered yet.
    rung: AtomicBool,
    /// The environment looks at the ready list by itself.
    polling: AtomicBool,
    bell: Box<dyn Fn() + Send + Sync>,
}

struct Ready {
    settled: VecDeque<Arc<Waiter>>,
    /// Calls that were answered, by the names that the environment gave them.
    answered: VecDeque<u32>,
    /// Requests for which nobody waits any more, by theirs.
    abandoned: VecDeque<u32>,
    open: bool,
}

impl Environment {
    /// An environment whose doorbell is `bell`, called from any thread, at most once until answered.
    pub fn new(bell: impl Fn() + Send + Sync + 'static) -> Arc<Self> {
        ENVIRONMENTS.up();
        Arc::new(Self {
            id: next_id(),
            ready: Mutex::new(Ready {
                settled: VecDeque::new(),
                answered: VecDeque::new(),
                abandoned: VecDeque::new(),
                open: true,
            }),
            rung: AtomicBool::new(false),
            polling: AtomicBool::new(false),
            bell: Box::new(bell),
        })
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> EnvironmentId {
        self.id
    }

    /// Lists a claimed wait as settled, under its channel's lock, so that waits of one channel
    /// settle in the order of their claims. False when the environment is gone.
    pub(crate) fn post(&self, waiter: &Arc<Waiter>) -> bool {
        let mut ready = lock(&self.ready);
        if ready.open {
            ready.settled.push_back(Arc::clone(waiter));
        }
        ready.open
    }

    /// Lists a call as answered, under the call's lock. False when the environment is gone.
    pub(crate) fn post_answered(&self, call: u32) -> bool {
        let mut ready = lock(&self.ready);
        if ready.open {
            ready.answered.push_back(call);
        }
        ready.open
    }

    /// Lists a request as one for which nobody waits any more. False when the environment is gone.
    pub(crate) fn post_abandoned(&self, request: u32) -> bool {
        let mut ready = lock(&self.ready);
        if ready.open {
            ready.abandoned.push_back(request);
        }
        ready.open
    }

    /// Rings, after a post and outside of every lock.
    pub(crate) fn ring(&self) {
        if self.wants_ring() {
            self.ring_now();
        }
    }

    /// Whether a ring is needed, after a post and outside of every lock; then the caller's is the one that is on its
    /// way.
    pub(crate) fn wants_ring(&self) -> bool {
        // The ready list's lock orders this load after the post, and the store in `set_polling`
        // before the look that follows it: one of the two sees the other.
        // AcqRel: a ring that finds `rung` set is seen by the answer that clears it.
        !self.polling.load(Ordering::Relaxed) && !self.rung.swap(true, Ordering::AcqRel)
    }

    /// Rings.
    pub(crate) fn ring_now(&self) {
        (self.bell)();
    }

    /// Rings whether it is polling or not: it is about something else than a settled wait.
    pub(crate) fn ring_anyhow(&self) {
        // AcqRel: as in `wants_ring`.
        self.rung.swap(true, Ordering::AcqRel);
        (self.bell)();
    }

    /// The bell was heard. What is posted from now on rings again.
    pub fn answer(&self) {
        // AcqRel: see `wants_ring`. Everything posted by a silent ring is in the list before the look.
        self.rung.swap(false, Ordering::AcqRel);
    }

    /// As `answer`, after all that the bell told of was looked at: whether more has settled meanwhile. It did not ring,
    /// nor will what follows, until the next answer.
    pub fn answer_or_go_on(&self) -> bool {
        self.answer();
        // Whoever polls looks by itself.
        let goes_on = !self.polling.load(Ordering::Relaxed) && self.has_news();
        if goes_on {
            // AcqRel: as in `wants_ring`. One that rang in between is heard once more, and finds nothing.
            self.rung.swap(true, Ordering::AcqRel);
        }
        goes_on
    }

    fn has_news(&self) -> bool {
        let ready = lock(&self.ready);
        !(ready.settled.is_empty() && ready.answered.is_empty() && ready.abandoned.is_empty())
    }

    /// While on, nothing rings. Turning it off answers whether something has settled meanwhile.
    pub fn set_polling(&self, on: bool) -> bool {
        self.polling.store(on, Ordering::Relaxed);
        self.has_news()
    }

    /// The wait that settled first and was not told yet.
    pub fn next_settled(&self) -> Option<Arc<Waiter>> {
        lock(&self.ready).settled.pop_front()
    }

    /// As `next_settled`, and whether others have settled as well.
    pub fn next_of_settled(&self) -> Option<(Arc<Waiter>, bool)> {
        let mut ready = lock(&self.ready);
        ready.settled.pop_front().map(|waiter| (waiter, !ready.settled.is_empty()))
    }

    /// Swaps the calls that were answered and not told of yet, in their order, for `told`, which is empty.
    pub fn swap_answered(&self, told: &mut VecDeque<u32>) {
        std::mem::swap(&mut lock(&self.ready).answered, told);
    }

    /// The request that was abandoned first and was not told of yet.
    pub fn next_abandoned(&self) -> Option<u32> {
        lock(&self.ready).abandoned.pop_front()
    }

    /// From here on no wait can settle here; what was posted and not told is dropped with its wait.
    pub fn shut(&self) {
        let mut ready = lock(&self.ready);
        if std::mem::replace(&mut ready.open, false) {
            ENVIRONMENTS.down();
        }
        let untold = std::mem::take(&mut ready.settled);
        drop(ready);
        drop(untold);
    }
}

fn next_id() -> EnvironmentId {
    #[cfg(not(loom))]
    static NEXT: AtomicU64 = AtomicU64::new(1);
    #[cfg(loom)]
    loom::lazy_static! { static ref NEXT: AtomicU64 = AtomicU64::new(1); }
    // Relaxed: only uniqueness counts.
    NEXT.fetch_add(1, Ordering::Relaxed)
}
