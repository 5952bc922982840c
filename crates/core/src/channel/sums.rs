//! What all ends of a channel have counted, and whose they are, in time that does not grow with their number.
//!
//! ```text
//!   an end counts for itself --its first count since--> listed --summed: what is new goes to the sums--> unlisted
//! ```
//! An end that has counted nothing since it was summed need not be looked at. A few listed ends stay listed: taking
//! them off would cost their next message a lock.

use std::sync::Arc;

use crate::channel::end::{End, Side, Sum};
use crate::channel::{Channel, Inner};
use crate::primitives::{Ordering, full_fence};
use crate::wait::environment::EnvironmentId;

/// So many ends stay listed.
const FEW: usize = 8;

/// What the ends of a channel have counted, those that are gone included. Guarded by the channel's lock.
#[derive(Default)]
pub(crate) struct Sums {
    pub(crate) sent: Sum,
    pub(crate) received: Sum,
    pub(crate) dropped: Sum,
    pub(crate) skipped: Sum,
    /// The ends that may have counted more.
    listed: Vec<Arc<End>>,
}

/// How many ends each environment has; 0 is that of tickets. Guarded by the channel's lock.
#[derive(Default)]
pub(crate) struct Owners(Vec<(EnvironmentId, usize)>);

impl Sums {
    /// The end has counted, or may.
    pub(crate) fn list(&mut self, end: &Arc<End>) {
        // Relaxed: under the lock.
        if !end.listed.swap(true, Ordering::Relaxed) {
            self.listed.push(Arc::clone(end));
        }
    }

    /// The end has stopped counting.
    pub(crate) fn strike(&mut self, end: &Arc<End>) {
        self.add_up(end);
        if self.listed.len() > FEW {
            return self.update();
        }
        end.listed.store(false, Ordering::Relaxed);
        self.listed.retain(|other| !Arc::ptr_eq(other, end));
    }

    /// Adds what was counted since.
    pub(crate) fn update(&mut self) {
        let listed = std::mem::take(&mut self.listed);
        let many = listed.len() > FEW;
        if many {
            for end in &listed {
                end.listed.store(false, Ordering::Relaxed);
            }
            // SeqCst, paired with the one between an end's count and its look at `listed`: either the count is seen
            // below, or the end lists itself again.
            full_fence();
        }
        for end in &listed {
            self.add_up(end);
        }
        if !many {
            self.listed = listed;
        }
    }

    fn add_up(&mut self, end: &End) {
        let (all, lost) = end.uncounted();
        let (ours, ours_lost) = match end.side {
            Side::Sender => (&mut self.sent, &mut self.dropped),
            Side::Receiver => (&mut self.received, &mut self.skipped),
        };
        *ours += all;
        *ours_lost += lost;
    }
}

impl Owners {
    pub(crate) fn add(&mut self, owner: EnvironmentId) {
        match self.0.iter_mut().find(|(other, _)| *other == owner) {
            Some((_, count)) => *count += 1,
            None => self.0.push((owner, 1)),
        }
    }

    pub(crate) fn take(&mut self, owner: EnvironmentId) {
        let Some(at) = self.0.iter().position(|(other, _)| *other == owner) else { return };
        self.0[at].1 -= 1;
        if self.0[at].1 == 0 {
            self.0.swap_remove(at);
        }
    }

    pub(crate) fn count(&self, owner: EnvironmentId) -> usize {
        self.0.iter().find_map(|(other, count)| (*other == owner).then_some(*count)).unwrap_or(0)
    }

    /// Whether nobody else has an end.
    pub(crate) fn is_only(&self, owner: EnvironmentId) -> bool {
        self.0.iter().all(|(other, _)| *other == owner)
    }
}

impl Channel {
    /// After a count of the end's own and a full fence: the end is among those that are summed.
    #[inline(always)]
    pub(crate) fn counted(&self, end: &Arc<End>) {
        // Relaxed: see `Sums::update`.
        if !end.listed.load(Ordering::Relaxed) {
            self.list(end);
        }
    }

    #[cold]
    fn list(&self, end: &Arc<End>) {
        self.lock().sums.list(end);
    }
}

impl Inner {
    /// Counts a message that was handed to or taken from a wait of `end`.
    pub(crate) fn count_handed(&mut self, end: &Arc<End>, messages: usize, bytes: usize) {
        end.handed.add_many(messages, bytes);
        self.sums.list(end);
    }

    /// What was accepted, by all ends that ever were.
    pub(crate) fn sent(&mut self) -> Sum {
        self.sums.update();
        self.sums.sent
    }

    /// What was received, by all ends that ever were, without what came back.
    pub(crate) fn received(&mut self) -> Sum {
        self.sent_and_received().1
    }

    /// Both, of one look at the ends.
    pub(crate) fn sent_and_received(&mut self) -> (Sum, Sum) {
        self.sums.update();
        let Sum { messages, bytes } = self.sums.received;
        let received = Sum {
            messages: messages.saturating_sub(self.given_back.messages),
            bytes: bytes.saturating_sub(self.given_back.bytes),
        };
        (self.sums.sent, received)
    }

    /// How many messages have left the queue.
    pub(crate) fn left(&mut self) -> u64 {
        if let Some(audience) = &self.audience {
            return audience.ring.slowest().saturating_sub(audience.returned() as u64);
        }
        self.received().messages + self.sums.dropped.messages + self.sums.skipped.messages + self.discarded
    }
}
