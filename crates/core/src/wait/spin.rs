//! How long a blocking wait spins before it sleeps. A spinning thread is reached in a fraction of a
//! microsecond, a sleeping one in tens; but spinning that does not help only takes a core away.

use std::cell::Cell;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::wait::blocking::SLICE;

/// The longest adaptive spin: more than waking a sleeping thread takes (35 to 70 us seen), so that two threads
/// that answer each other find each other awake, and than the other one's short garbage collections (100 to 150).
const LONGEST: Duration = Duration::from_micros(200);
/// After this many waits without a spin, one is tried again.
const RETRY: u32 = 32;

/// How many threads of the process spin now: never more than there are cores.
static SPINNING: AtomicUsize = AtomicUsize::new(0);
static CORES: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));

/// One end's spinning; its own thread's alone.
pub(crate) struct Spin {
    /// Set by the channel; adaptive when absent.
    fixed: Option<Duration>,
    budget: Cell<Duration>,
    since: Cell<u32>,
}

impl Spin {
    pub(crate) fn new(micros: Option<u32>) -> Self {
        Self {
            fixed: micros.map(|micros| Duration::from_micros(micros.into())),
            budget: Cell::new(LONGEST),
            since: Cell::new(0),
        }
    }

    /// Looks a few times within some two microseconds, after growing pauses: while messages flow, the next one is
    /// there by then, and nobody has begun to wait.
    pub(crate) fn moment(&self, mut is_ready: impl FnMut() -> bool) -> bool {
        if self.fixed.is_some_and(|fixed| fixed.is_zero()) || cfg!(loom) || *CORES < 2 {
            return false;
        }
        [1, 2, 4, 8, 16].into_iter().any(|pauses| {
            for _ in 0..pauses {
                std::hint::spin_loop();
            }
            is_ready()
        })
    }

    /// Tries again and again until it succeeds or the budget is used up, or the deadline has passed, or
    /// `lasts`, asked once a slice, says no.
    pub(crate) fn until<T>(
        &self,
        deadline: Option<Instant>,
        mut lasts: impl FnMut() -> bool,
        mut attempt: impl FnMut() -> Option<T>,
    ) -> Option<T> {
        let budget = self.fixed.unwrap_or_else(|| self.adaptive());
        if budget.is_zero() || cfg!(loom) || *CORES < 2 {
            return None;
        }
        // Relaxed: a limit on how much is spun, not a lock.
        if SPINNING.fetch_add(1, Ordering::Relaxed) >= *CORES {
            SPINNING.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        let start = Instant::now();
        let end = deadline.map_or(start + budget, |deadline| deadline.min(start + budget));
        let mut slice_end = start + SLICE;
        let found = loop {
            for _ in 0..8 {
                std::hint::spin_loop();
            }
            if let Some(found) = attempt() {
                break Some(found);
            }
            let now = Instant::now();
            if now >= end {
                break None;
            }
            if now >= slice_end {
                if !lasts() {
                    break None;
                }
                slice_end = now + SLICE;
            }
        };
        SPINNING.fetch_sub(1, Ordering::Relaxed);
        self.budget.set(match found {
            Some(_) => LONGEST,
            None => budget / 4,
        });
        found
    }

    /// A sleep took `slept`: had the wait spun, would it have been spared?
    pub(crate) fn slept(&self, slept: Duration) {
        if slept < LONGEST {
            self.budget.set(LONGEST);
        }
    }

    fn adaptive(&self) -> Duration {
        let budget = self.budget.get();
        if budget >= Duration::from_micros(2) {
            return budget;
        }
        let since = self.since.get() + 1;
        self.since.set(since % RETRY);
        if since == RETRY { LONGEST } else { Duration::ZERO }
    }
}
