//! On which core a thread runs, where the system says so: whoever spins on the core that the other side runs on
//! only keeps it from answering.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// What the program's host asks the system.
static HERE: OnceLock<fn() -> Option<u32>> = OnceLock::new();

/// Says how the system is asked for the core that the calling thread runs on. The first to say so counts.
pub fn see_cores(here: fn() -> Option<u32>) {
    let _ = HERE.set(here);
}

/// A core's number, or that it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Core(u32);

impl Core {
    pub(crate) const UNKNOWN: Self = Self(u32::MAX);

    #[cfg(test)]
    pub(crate) const fn numbered(number: u32) -> Self {
        Self(number)
    }

    /// The calling thread's, at this moment.
    pub(crate) fn here() -> Self {
        HERE.get().and_then(|here| here()).map_or(Self::UNKNOWN, Self)
    }

    /// Whether both are known to be one.
    pub(crate) fn is(self, other: Self) -> bool {
        self == other && self != Self::UNKNOWN
    }
}

/// Where one thread leaves its core for another, which finds it by something else that orders both.
pub(crate) struct NotedCore(AtomicU32);

impl NotedCore {
    pub(crate) fn new() -> Self {
        Self(AtomicU32::new(Core::UNKNOWN.0))
    }

    pub(crate) fn note(&self, core: Core) {
        self.0.store(core.0, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> Core {
        Core(self.0.load(Ordering::Relaxed))
    }
}
