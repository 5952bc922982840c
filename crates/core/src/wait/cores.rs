//! On which core a thread runs, where the system says so: whoever spins on the core that the other side runs on
//! only keeps it from answering.

use std::sync::OnceLock;

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

    pub(crate) const fn numbered(number: u32) -> Self {
        Self(number)
    }

    pub(crate) const fn number(self) -> u32 {
        self.0
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
