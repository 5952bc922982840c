//! A queue that nobody will read: how much it was is known at once, its memory is freed in steps.
//!
//! Where nobody else can take from it any more, a long queue is cut off: under the lock it is counted and taken
//! from sight, and the janitor pops it. A cancel while other threads still receive knows as discarded only what
//! it pops itself, which it does a step of the lock at a time; so does a channel whose senders drop the oldest.

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use crate::channel::payload::packed::Entry;
use crate::channel::{CUT_OFF, Channel, Inner, Overflow, REFUSED};
use crate::janitor;
use crate::memory::Block;
use crate::message::Message;
use crate::primitives::Ordering;
use crate::wait::environment::EnvironmentId;

/// Most messages that are popped while the lock is held, and by the janitor before it lets others run.
const STEP: usize = 1024;
/// Few blocks are freed by whoever closes.
const FREED_HERE: usize = 256;

/// What one step came to.
#[derive(Default)]
pub(crate) struct Discarded {
    /// How many messages it was.
    pub(crate) count: u64,
    /// Whether more may be queued.
    pub(crate) goes_on: bool,
    left: Leftovers,
}

/// What is freed outside of the lock: blocks, requests, and what lay beside the flavor's queue.
#[derive(Default)]
struct Leftovers {
    blocks: Vec<Block>,
    /// Dropped, they settle their calls.
    requests: Vec<Message>,
    returned: VecDeque<Message>,
    packed: VecDeque<Entry>,
    /// The flavor's queue too.
    is_cut_off: bool,
}

impl Channel {
    /// Discards what is queued in a channel that was refused, or a step of it. `owner`, whose ends are one
    /// thread's, is in this call, so it takes nothing meanwhile.
    pub(crate) fn discard_refused(&self, inner: &mut Inner, owner: EnvironmentId) -> Discarded {
        let mut discarded = Discarded::default();
        if let Some(audience) = &mut inner.audience {
            discarded.goes_on = audience.free_passed(STEP);
            discarded.left.returned = std::mem::take(&mut audience.freed).into();
            return discarded;
        }
        if self.phase() & REFUSED == 0 || self.is_cut_off() {
            return discarded;
        }
        self.quiet(inner);
        if self.len() > STEP && self.nobody_takes(inner, owner) {
            discarded.count = self.cut_off(inner, &mut discarded.left) as u64;
        } else {
            self.pop_step(inner, &mut discarded);
        }
        discarded
    }

    /// Whether no other thread can take from the queue: every receiver is `owner`'s or a ticket, and no sender drops the oldest.
    fn nobody_takes(&self, inner: &Inner, owner: EnvironmentId) -> bool {
        let takes_not = |other: EnvironmentId| other == owner || other == 0;
        self.settings.overflow != Overflow::DropOldest
            && inner.receivers.iter().all(|end| takes_not(end.owner()))
    }

    /// Takes the queue from sight: how many messages it was.
    fn cut_off(&self, inner: &mut Inner, left: &mut Leftovers) -> usize {
        let count = self.len();
        inner.discarded += count as u64;
        left.returned = std::mem::take(&mut inner.returned);
        left.returned.extend(std::mem::take(&mut inner.back).into_values());
        (_, left.packed) = self.take_packs(inner);
        left.is_cut_off = true;
        // Release: who sees it finds nothing any more. The sign of something returned is what makes the fast
        // path look.
        self.flags.phase.fetch_or(CUT_OFF, Ordering::AcqRel);
        self.flags.returned.store(1, Ordering::Release);
        count
    }

    fn pop_step(&self, inner: &mut Inner, discarded: &mut Discarded) {
        let mut count = 0;
        while count < STEP
            && let Some(message) = self.take_returned(inner).or_else(|| self.queue.try_pop().ok())
        {
            count += 1;
            match message.into_sent().into_block() {
                Ok(block) => discarded.left.blocks.push(block),
                Err(other) => discarded.left.requests.extend(other.as_request().is_some().then_some(other)),
            }
        }
        discarded.goes_on = count == STEP;
        if !discarded.goes_on {
            let (packed, entries) = self.take_packs(inner);
            count += packed;
            discarded.left.packed = entries;
        }
        discarded.count = count as u64;
        inner.discarded += discarded.count;
    }
}

impl Discarded {
    /// Frees what it was: a little here, more by the janitor.
    pub(crate) fn free(self, channel: &Arc<Channel>) {
        let Leftovers { blocks, requests, returned, packed, is_cut_off } = &self.left;
        if !is_cut_off && blocks.len() + requests.len() + returned.len() + packed.len() <= FREED_HERE {
            return;
        }
        let (channel, left) = (Arc::clone(channel), self.left);
        janitor::schedule(Instant::now(), Box::new(move || left.free_in_steps(&channel)));
    }
}

impl Leftovers {
    fn free_in_steps(mut self, channel: &Channel) {
        in_steps(|| self.blocks.pop());
        in_steps(|| self.requests.pop());
        in_steps(|| self.returned.pop_front());
        in_steps(|| self.packed.pop_front());
        if self.is_cut_off {
            in_steps(|| channel.queue.try_pop().ok());
        }
    }
}

/// Drops what `next` gives, letting others run after each step.
fn in_steps<T>(mut next: impl FnMut() -> Option<T>) {
    while (0..STEP).all(|_| next().is_some()) {
        thread::yield_now();
    }
}
