//! Blocking: a registered wait whose thread parks, a slice at a time, until the wait is claimed, its
//! time is up, nobody could ever claim it, or its thread is being stopped. It keeps its place meanwhile.

use std::time::{Duration, Instant};

use crate::primitives::park;
use crate::wait::claimant::Claimant;
use crate::wait::cores::Core;
use crate::wait::spin::Spin;

/// Longest sleep between two pulses, which is how soon a stop is noticed.
pub(crate) const SLICE: Duration = Duration::from_millis(20);

/// How long a blocking verb may take, and what it must look at meanwhile.
pub struct Patience<'a> {
    /// When to give up; never when absent.
    pub deadline: Option<Instant>,
    /// Called at each waking, at least once a slice; false: the thread is being stopped.
    pub pulse: &'a mut dyn FnMut() -> bool,
}

impl Patience<'_> {
    /// Asked once a slice: neither stopped nor, without a deadline, stuck.
    pub(crate) fn lasts(&mut self, is_stuck: impl Fn() -> bool) -> bool {
        !(self.deadline.is_none() && is_stuck()) && (self.pulse)()
    }
}

/// How a blocking wait ended.
pub(crate) enum Ended<T> {
    Claimed(T),
    TimedOut,
    Stuck,
    Stopped,
}

/// Parks until `take` gives what the wait was claimed with, by whom `claimant` says. Ended without a claim it is still
/// registered: the caller cancels.
pub(crate) fn park_until_claimed<T>(
    claimant: impl Fn() -> Claimant,
    take: impl Fn() -> Option<T>,
    patience: &mut Patience<'_>,
    spin: &Spin,
    is_stuck: impl Fn() -> bool,
) -> Ended<T> {
    let (start, core) = (Instant::now(), Core::here());
    loop {
        if let Some(outcome) = take() {
            let claimant = claimant();
            spin.slept(start.elapsed(), claimant.age(), core, claimant.core);
            return Ended::Claimed(outcome);
        }
        let slice = match patience.deadline {
            None if is_stuck() => return Ended::Stuck,
            None => SLICE,
            Some(deadline) => {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Ended::TimedOut;
                }
                left.min(SLICE)
            }
        };
        park(slice);
        // At each waking, not only once a slice: a thread that is being stopped has no use for what it was
        // claimed with meanwhile.
        if !(patience.pulse)() {
            return Ended::Stopped;
        }
    }
}
