//! How long messages wait in a queue: a stamp for each that is queued, in their order, and a histogram of the waits
//! of those that left. Kept for channels that ask for it; their pushes and pops then go one at a time.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::error::NoMemory;
use crate::primitives::{Mutex, lock};

/// What is known of the waits of a channel's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    /// How long the oldest queued message has waited; zero when none is queued.
    pub oldest: Duration,
    /// Half of the messages that left lately waited no longer, within a sixteenth; zero when none has left.
    pub p50: Duration,
    /// Of a hundred, ninety-nine waited no longer, likewise.
    pub p99: Duration,
    /// How many messages have left.
    pub left: u64,
    /// How long all of these waited together.
    pub total: Duration,
}

pub(crate) struct Timing(Mutex<Clock>);

struct Clock {
    /// What stamps count from.
    start: Instant,
    stamps: VecDeque<Stamp>,
    histogram: Histogram,
    left: u64,
    total: Duration,
}

/// When so many messages that follow each other were queued, in nanoseconds.
struct Stamp {
    at: u64,
    count: usize,
}

/// Stamps for which there is room from the beginning.
const FIRST: usize = 16;

impl Timing {
    pub(crate) fn new() -> Result<Self, NoMemory> {
        let mut stamps = VecDeque::new();
        stamps.try_reserve_exact(FIRST).map_err(|_| NoMemory { bytes: FIRST * size_of::<Stamp>() })?;
        let (start, histogram) = (Instant::now(), Histogram::new());
        Ok(Self(Mutex::new(Clock { start, stamps, histogram, left: 0, total: Duration::ZERO })))
    }

    /// Does a push of one message, which is stamped if it was queued.
    pub(crate) fn pushing<T, E>(&self, push: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        // Held meanwhile, so that stamps lie in the order of the messages.
        let mut clock = lock(&self.0);
        let pushed = push();
        if pushed.is_ok() {
            clock.entered(1);
        }
        pushed
    }

    /// Does a pop of one message.
    pub(crate) fn popping<T, E>(&self, pop: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let mut clock = lock(&self.0);
        let popped = pop();
        if popped.is_ok() {
            clock.left(1);
        }
        popped
    }

    /// So many messages were queued elsewhere, behind those in the queue.
    pub(crate) fn entered(&self, count: usize) {
        lock(&self.0).entered(count);
    }

    /// So many of the first are gone.
    pub(crate) fn left(&self, count: usize) {
        lock(&self.0).left(count);
    }

    pub(crate) fn waits(&self) -> Waits {
        let clock = lock(&self.0);
        let since = |stamp: &Stamp| Duration::from_nanos(clock.now().saturating_sub(stamp.at));
        Waits {
            oldest: clock.stamps.front().map_or(Duration::ZERO, since),
            p50: clock.histogram.percentile(50),
            p99: clock.histogram.percentile(99),
            left: clock.left,
            total: clock.total,
        }
    }
}

impl Clock {
    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn entered(&mut self, count: usize) {
        let at = self.now();
        // Without memory for another stamp, they share the last one.
        let has_room = self.stamps.try_reserve(1).is_ok();
        match self.stamps.back_mut() {
            Some(last) if last.at == at || !has_room => last.count += count,
            _ => self.stamps.push_back(Stamp { at, count }),
        }
    }

    fn left(&mut self, mut count: usize) {
        let now = self.now();
        while count > 0
            && let Some(first) = self.stamps.front_mut()
        {
            let gone = first.count.min(count);
            let waited = now.saturating_sub(first.at);
            first.count -= gone;
            count -= gone;
            if first.count == 0 {
                self.stamps.pop_front();
            }
            self.histogram.add(waited, gone as u64);
            self.left += gone as u64;
            self.total += Duration::from_nanos(waited.saturating_mul(gone as u64));
        }
    }
}

/// Waits by their length: each power of two nanoseconds in eight steps. Those of the last messages count most: all are
/// halved from time to time.
struct Histogram {
    counts: Box<[u64; STEPS]>,
    sum: u64,
}

/// How many steps there are up to the longest wait that can be told.
const STEPS: usize = 496;
/// How many waits are kept before they are halved.
const KEPT: u64 = 65_536;

impl Histogram {
    fn new() -> Self {
        Self { counts: Box::new([0; STEPS]), sum: 0 }
    }

    fn add(&mut self, nanos: u64, count: u64) {
        self.counts[step_of(nanos)] += count;
        self.sum += count;
        if self.sum > KEPT {
            self.counts.iter_mut().for_each(|count| *count /= 2);
            self.sum = self.counts.iter().sum();
        }
    }

    /// What so many of a hundred waits are no longer than.
    fn percentile(&self, percent: u64) -> Duration {
        let mut left = (self.sum * percent).div_ceil(100);
        for (step, count) in self.counts.iter().enumerate() {
            if *count >= left && left > 0 {
                return Duration::from_nanos(middle_of(step));
            }
            left -= count;
        }
        Duration::ZERO
    }
}

/// The step of a wait: up to 8 ns one each, then eight for each power of two.
fn step_of(nanos: u64) -> usize {
    if nanos < 8 {
        return nanos as usize;
    }
    let power = nanos.ilog2();
    (power as usize - 2) * 8 + (nanos >> (power - 3)) as usize % 8
}

fn middle_of(step: usize) -> u64 {
    if step < 8 {
        return step as u64;
    }
    let shift = step / 8 - 1;
    let first = (8 + step as u64 % 8) << shift;
    first + ((1_u64 << shift) >> 1)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_within_a_sixteenth() {
        for nanos in
            (0..64).map(|power| 1_u64 << power).flat_map(|power| [power - 1, power, power + power / 3])
        {
            let told = middle_of(step_of(nanos));
            assert!(told.abs_diff(nanos) <= nanos / 16, "{nanos} is told as {told}");
        }
        assert_eq!(step_of(u64::MAX), STEPS - 1);
    }

    #[test]
    fn percentiles_are_those_of_the_waits_and_follow_the_last_of_them() {
        let mut histogram = Histogram::new();
        assert_eq!(histogram.percentile(50), Duration::ZERO);
        histogram.add(3, 98);
        histogram.add(7, 2);
        assert_eq!(histogram.percentile(50), Duration::from_nanos(3));
        assert_eq!(histogram.percentile(99), Duration::from_nanos(7));
        (0..10 * KEPT).for_each(|_| histogram.add(5, 1));
        assert_eq!(histogram.percentile(50), Duration::from_nanos(5));
        assert_eq!(histogram.percentile(99), Duration::from_nanos(5));
        assert!(histogram.sum <= KEPT);
    }
}
