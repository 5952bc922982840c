//! How long a blocking wait spins before it sleeps. A spinning thread is reached in a fraction of a
//! microsecond, a sleeping one in tens; but spinning that does not help only takes a core away, perhaps the very one
//! that the answer needs.
//!
//! ```text
//!   the last answer came from this core --------------------------> no spin: the other side waits for it
//!   spun, and found it soon ----> next time as long
//!   spun for long, or in vain --> a quarter as long, and not in the next 1, 3, 7, ... waits
//!   slept, answered soon, from another core ----------------------> next time as long: a spin would have found it
//! ```
//! Soon is what comes before a sleeping thread would have woken, which each sleep measures: a longer spin takes more
//! of the processor than it spares.

use std::cell::Cell;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crossbeam_utils::Backoff;

use crate::wait::blocking::SLICE;
use crate::wait::cores::Core;

/// The longest adaptive spin: more than waking a sleeping thread takes (35 to 70 us seen), so that two threads
/// that answer each other find each other awake, and than the other one's short garbage collections (100 to 150).
const LONGEST: Duration = Duration::from_micros(200);
/// Waking a thread is never counted as slower, or quicker, than that.
const LONGEST_WAKING: Duration = Duration::from_micros(100);
const SHORTEST_WAKING: Duration = Duration::from_micros(8);
/// A shorter spin is none.
const SHORTEST: Duration = Duration::from_micros(2);
/// After so many spins in vain in a row the rest between them stops growing: 1,023 waits.
const MOST_VAIN: u32 = 10;
/// A step of a spin that took longer was interrupted: the system gave the core to somebody else.
const INTERRUPTED: Duration = Duration::from_micros(50);

/// How many threads of the process spin now: never more than there are cores.
static SPINNING: AtomicUsize = AtomicUsize::new(0);
static CORES: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));

/// One end's spinning; its own thread's alone.
pub(crate) struct Spin {
    /// Set by the channel; adaptive when absent.
    fixed: Option<Duration>,
    budget: Cell<Duration>,
    /// Spins in vain in a row.
    vain: Cell<u32>,
    /// So many waits do not spin.
    rest: Cell<u32>,
    /// Where the thread ran that answered last, if this one slept meanwhile.
    answered_from: Cell<Core>,
    /// How long waking this thread takes: a moving average.
    waking: Cell<Duration>,
}

impl Spin {
    pub(crate) fn new(micros: Option<u32>) -> Self {
        Self {
            fixed: micros.map(|micros| Duration::from_micros(micros.into())),
            budget: Cell::new(LONGEST),
            vain: Cell::new(0),
            rest: Cell::new(0),
            answered_from: Cell::new(Core::UNKNOWN),
            waking: Cell::new(LONGEST_WAKING),
        }
    }

    /// Looks a few times within some two microseconds, after growing pauses: while messages flow, the next one is
    /// there by then, and nobody has begun to wait.
    pub(crate) fn moment(&self, mut is_ready: impl FnMut() -> bool) -> bool {
        let never = self.fixed.is_some_and(|fixed| fixed.is_zero()) || cfg!(loom) || *CORES < 2;
        if never || (self.fixed.is_none() && self.is_answered_from_here()) {
            return false;
        }
        let backoff = Backoff::new();
        (0..5).any(|_| {
            backoff.spin();
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
        let (mut slice_end, mut last, mut interrupted) = (start + SLICE, start, false);
        let found = loop {
            for _ in 0..8 {
                std::hint::spin_loop();
            }
            let found = attempt();
            let now = Instant::now();
            interrupted |= now - last > INTERRUPTED;
            last = now;
            if found.is_some() || now >= end {
                break found;
            }
            if now >= slice_end {
                if !lasts() {
                    break None;
                }
                slice_end = now + SLICE;
            }
        };
        SPINNING.fetch_sub(1, Ordering::Relaxed);
        self.learn(budget, found.is_some() && !interrupted && last - start <= self.waking.get());
        found
    }

    /// A sleep on `core` took `slept`, and `woke` of it passed after it was answered, by a thread on `answered_from`: would
    /// the wait have been spared it, had it spun? What answers from the same core could do so only because this thread
    /// slept.
    pub(crate) fn slept(&self, slept: Duration, woke: Duration, core: Core, answered_from: Core) {
        self.answered_from.set(answered_from);
        let counted = woke.clamp(SHORTEST_WAKING, LONGEST_WAKING);
        self.waking.set((self.waking.get() * 3 + counted) / 4);
        if slept.saturating_sub(woke) < self.waking.get() && !core.is(answered_from) {
            self.budget.set(LONGEST);
        }
    }

    fn learn(&self, budget: Duration, helped: bool) {
        if helped {
            self.budget.set(LONGEST);
            self.vain.set(0);
            self.answered_from.set(Core::UNKNOWN);
            return;
        }
        self.budget.set(budget / 4);
        self.vain.set((self.vain.get() + 1).min(MOST_VAIN));
        self.rest.set((1 << self.vain.get()) - 1);
    }

    fn adaptive(&self) -> Duration {
        if self.is_answered_from_here() {
            return Duration::ZERO;
        }
        let rest = self.rest.get();
        if rest > 0 {
            self.rest.set(rest - 1);
            return Duration::ZERO;
        }
        let budget = self.budget.get();
        if budget >= SHORTEST { budget } else { Duration::ZERO }
    }

    fn is_answered_from_here(&self) -> bool {
        self.answered_from.get().is(Core::here())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_micros(20);
    /// How long the thread took to wake.
    const WAKING: Duration = Duration::from_micros(40);
    const HERE: Core = Core::numbered(1);
    const ELSEWHERE: Core = Core::numbered(2);

    fn spins(spin: &Spin) -> bool {
        !spin.adaptive().is_zero()
    }

    /// Slept until something came after `waited`, from `core`, and then until the thread had woken.
    fn slept(spin: &Spin, waited: Duration, core: Core) {
        spin.slept(waited + WAKING, WAKING, HERE, core);
    }

    /// Spins in vain until it would stop spinning.
    fn discouraged() -> Spin {
        let spin = Spin::new(None);
        while spin.budget.get() >= SHORTEST {
            spin.learn(spin.budget.get(), false);
        }
        spin.rest.set(0);
        assert!(!spins(&spin));
        spin
    }

    #[test]
    fn an_answer_from_another_core_to_a_short_sleep_encourages() {
        let spin = discouraged();
        slept(&spin, SHORT, ELSEWHERE);
        assert!(spins(&spin));
    }

    #[test]
    fn an_answer_from_the_same_core_or_a_late_one_does_not() {
        let spin = discouraged();
        slept(&spin, SHORT, HERE);
        assert!(!spins(&spin), "it could not have come to a spinning thread");
        slept(&spin, LONGEST, ELSEWHERE);
        assert!(!spins(&spin), "sleeping takes less");
    }

    #[test]
    fn what_is_not_known_of_cores_is_no_obstacle() {
        let spin = discouraged();
        spin.slept(SHORT + WAKING, WAKING, Core::UNKNOWN, Core::UNKNOWN);
        assert!(spins(&spin));
    }

    #[test]
    fn what_is_soon_depends_on_how_long_waking_takes() {
        let quick = Duration::from_micros(10);
        let spin = discouraged();
        for _ in 0..32 {
            spin.slept(LONGEST + quick, quick, HERE, ELSEWHERE);
        }
        assert!(!spins(&spin));
        spin.slept(SHORT + quick, quick, HERE, ELSEWHERE);
        assert!(!spins(&spin), "it takes half of that to wake");
        spin.slept(quick, quick, HERE, ELSEWHERE);
        assert!(spins(&spin), "it came at once");
    }

    #[test]
    fn spins_in_vain_are_ever_shorter_and_rarer_until_one_helps() {
        let spin = Spin::new(None);
        let mut rests = Vec::new();
        for _ in 0..12 {
            spin.learn(LONGEST, false);
            assert_eq!(spin.budget.get(), LONGEST / 4);
            slept(&spin, SHORT, ELSEWHERE);
            let mut rest = 0;
            while !spins(&spin) {
                rest += 1;
            }
            rests.push(rest);
        }
        assert_eq!(rests[..4], [1, 3, 7, 15]);
        assert_eq!(rests[9..], [1023; 3]);
        spin.learn(LONGEST, true);
        spin.learn(LONGEST, false);
        assert_eq!(spin.rest.get(), 1);
    }

    #[test]
    fn a_spin_that_finds_it_late_does_not_encourage() {
        let (spin, start) = (Spin::new(None), Instant::now());
        spin.until(None, || true, || (start.elapsed() > LONGEST_WAKING + SHORT).then_some(()));
        assert!(*CORES < 2 || !spins(&spin));
    }

    #[test]
    fn a_fixed_spin_learns_nothing() {
        let spin = Spin::new(Some(50));
        for _ in 0..3 {
            let start = Instant::now();
            assert_eq!(spin.until(None, || true, || None::<()>), None);
            assert!(*CORES < 2 || start.elapsed() >= Duration::from_micros(50));
        }
    }
}
