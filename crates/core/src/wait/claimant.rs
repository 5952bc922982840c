//! Who claimed a wait: on which core, and when. Left by that thread for the one that waits.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::wait::cores::Core;

/// Microseconds since the first question.
#[must_use]
pub fn micros() -> u64 {
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGAN.elapsed().as_micros() as u64
}

/// What is known of it.
#[derive(Clone, Copy)]
pub(crate) struct Claimant {
    pub(crate) core: Core,
    /// As `micros` counts.
    at: u64,
}

impl Claimant {
    /// How long ago that was.
    pub(crate) fn age(self) -> Duration {
        Duration::from_micros(micros().saturating_sub(self.at))
    }
}

/// Where it is left; something else orders the two threads.
pub(crate) struct NotedClaimant {
    core: AtomicU32,
    at: AtomicU64,
}

impl NotedClaimant {
    pub(crate) fn new() -> Self {
        Self { core: AtomicU32::new(Core::UNKNOWN.number()), at: AtomicU64::new(0) }
    }

    /// The calling thread claims the wait now.
    pub(crate) fn note(&self) {
        self.core.store(Core::here().number(), Ordering::Relaxed);
        self.at.store(micros(), Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> Claimant {
        Claimant {
            core: Core::numbered(self.core.load(Ordering::Relaxed)),
            at: self.at.load(Ordering::Relaxed),
        }
    }
}
