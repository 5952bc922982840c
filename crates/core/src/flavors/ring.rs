//! The ring of a broadcast: each message once, and how many receivers stand at it.
//!
//! ```text
//!   numbers    oldest               slowest              end
//!                v                     v                  v
//!              [ 0 ][ 0 ]            [ 2 ][ 0 ][ 1 ]      3 have everything
//!              kept to be replayed   what somebody has yet to get
//! ```
//! A receiver stands at the message that it gets next. To move it on takes two counts, however many
//! others there are. A message at which nobody stands, and before which nobody does, has been passed by
//! all of them: it goes. All of it is under the channel's lock but the two marks, which are read without.

use std::collections::VecDeque;
use std::sync::Arc;

use super::MAX_CAPACITY;
use crate::error::NoMemory;
use crate::message::Message;
use crate::primitives::{AtomicU64, Ordering};

/// What a broadcast is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broadcast {
    /// Most messages that the slowest receiver may be behind.
    pub capacity: usize,
    /// Sends never wait: receivers further behind go on with the oldest message that is kept.
    pub skips: bool,
    /// How many of the last messages are kept for those who come later.
    pub replay: usize,
}

/// What is known of a ring without its lock.
#[derive(Default)]
pub(crate) struct Marks {
    /// The number of the next message.
    end: AtomicU64,
    /// The number of the first message that somebody has yet to get.
    slowest: AtomicU64,
}

impl Marks {
    // Relaxed, all of them: snapshots, which the lock orders where it matters.
    pub(crate) fn end(&self) -> u64 {
        self.end.load(Ordering::Relaxed)
    }

    /// How many messages somebody has yet to get.
    pub(crate) fn len(&self) -> usize {
        let slowest = self.slowest.load(Ordering::Relaxed);
        self.end().saturating_sub(slowest) as usize
    }
}

struct Slot {
    /// Can be copied: see [`Message::share`].
    message: Message,
    /// How many receivers stand here.
    standing: usize,
}

pub(crate) struct Ring {
    made: Broadcast,
    slots: VecDeque<Slot>,
    /// The number of the first slot.
    oldest: u64,
    /// How many receivers have everything.
    at_end: usize,
    bytes: u64,
    marks: Arc<Marks>,
}

/// What a receiver got.
pub(crate) struct Got {
    pub(crate) message: Message,
    /// How many it has missed before.
    pub(crate) missed: u64,
    /// Whether there is room where there was none, or the last one has what others had.
    pub(crate) passed: bool,
}

impl Ring {
    pub(crate) fn new(made: Broadcast, marks: &Arc<Marks>) -> Result<Self, NoMemory> {
        let capacity = made.capacity.max(1);
        let made = Broadcast { capacity, replay: made.replay.min(capacity), ..made };
        let mut slots = VecDeque::new();
        let bytes = made.capacity.saturating_mul(size_of::<Slot>());
        // One more: a message that is only kept to be replayed goes after the new one has come.
        if made.capacity > MAX_CAPACITY {
            return Err(NoMemory { bytes });
        }
        slots.try_reserve_exact(made.capacity.saturating_add(1)).map_err(|_| NoMemory { bytes })?;
        Ok(Self { made, slots, oldest: 0, at_end: 0, bytes: 0, marks: Arc::clone(marks) })
    }

    /// The number of the oldest message that is kept.
    pub(crate) fn oldest(&self) -> u64 {
        self.oldest
    }

    /// The number of the next message.
    pub(crate) fn end(&self) -> u64 {
        self.oldest + self.slots.len() as u64
    }

    /// The number of the first message that somebody has yet to get.
    pub(crate) fn slowest(&self) -> u64 {
        self.marks.slowest.load(Ordering::Relaxed)
    }

    /// How many payload bytes it holds.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Where somebody who comes now begins.
    pub(crate) fn replayed(&self) -> u64 {
        self.end().saturating_sub(self.made.replay as u64).max(self.oldest)
    }

    /// How many messages a receiver at `next` has yet to get, and how many it has missed.
    pub(crate) fn left(&self, next: u64) -> (u64, u64) {
        let at = next.max(self.oldest);
        (self.end() - at, at - next)
    }

    /// Nobody comes any more who would have anything replayed.
    pub(crate) fn replay_no_more(&mut self) {
        self.made.replay = 0;
    }

    /// Appends: what has to go for it, or the message back when there is no room.
    pub(crate) fn push(&mut self, message: Message) -> Result<Option<Message>, Message> {
        let mut gone = None;
        if self.end() - self.slowest() >= self.made.capacity as u64 {
            if !self.made.skips {
                return Err(message);
            }
            // Those who stand at the oldest are too far behind: they go on with the next one.
            let slot = self.pop();
            let lagging = slot.as_ref().map_or(0, |slot| slot.standing);
            *self.standing(self.oldest) += lagging;
            gone = slot.map(|slot| slot.message);
        }
        self.bytes += message.len() as u64;
        self.slots
            .push_back(Slot { message: message.into_shared(), standing: std::mem::take(&mut self.at_end) });
        self.find_slowest();
        if gone.is_none() && self.has_outlived() {
            gone = self.pop().map(|slot| slot.message);
        }
        Ok(gone)
    }

    /// A receiver comes to stand at `next`, or behind what it has missed of it: where that is.
    pub(crate) fn stand(&mut self, next: u64) -> u64 {
        let at = next.max(self.oldest);
        *self.standing(at) += 1;
        let slowest = self.slowest().min(at);
        self.marks.slowest.store(slowest, Ordering::Relaxed);
        at
    }

    /// The one that stands at `next` gets its message, and stands at the one behind it.
    pub(crate) fn take(&mut self, next: u64) -> Option<Got> {
        let at = next.max(self.oldest);
        if at == self.end() {
            return None;
        }
        *self.standing(at) -= 1;
        *self.standing(at + 1) += 1;
        let before = self.slowest();
        self.find_slowest();
        let first = at == self.oldest && self.has_outlived();
        let message = if first { self.pop().map(|slot| slot.message) } else { self.copy(at) };
        Some(Got { message: message?, missed: at - next, passed: self.slowest() != before })
    }

    /// A copy of the message with that number.
    pub(crate) fn copy(&self, number: u64) -> Option<Message> {
        let index = number.checked_sub(self.oldest)? as usize;
        self.slots.get(index)?.message.share()
    }

    /// The one that stands at `next` goes on to `to`, or leaves. What nobody wants then is to be freed.
    pub(crate) fn move_on(&mut self, next: u64, to: Option<u64>) {
        let at = next.max(self.oldest);
        *self.standing(at) -= 1;
        if let Some(to) = to {
            *self.standing(to.max(self.oldest)) += 1;
        }
        self.find_slowest();
    }

    /// Takes out what has been passed, at most so much; whether there is more.
    pub(crate) fn free_passed(&mut self, most: usize, freed: &mut Vec<Message>) -> bool {
        for _ in 0..most {
            if !self.has_outlived() {
                return false;
            }
            freed.extend(self.pop().map(|slot| slot.message));
        }
        self.has_outlived()
    }

    fn standing(&mut self, number: u64) -> &mut usize {
        let index = (number - self.oldest) as usize;
        self.slots.get_mut(index).map_or(&mut self.at_end, |slot| &mut slot.standing)
    }

    /// Moves the mark on to the first message at which somebody stands.
    fn find_slowest(&mut self) {
        let end = self.end();
        let mut slowest = self.slowest().max(self.oldest);
        while slowest < end && *self.standing(slowest) == 0 {
            slowest += 1;
        }
        self.marks.slowest.store(slowest, Ordering::Relaxed);
        self.marks.end.store(end, Ordering::Relaxed);
    }

    /// Whether nobody will get the first message any more.
    fn has_outlived(&self) -> bool {
        self.oldest < self.slowest() && self.slots.len() > self.made.replay
    }

    fn pop(&mut self) -> Option<Slot> {
        let slot = self.slots.pop_front()?;
        self.oldest += 1;
        self.bytes -= slot.message.len() as u64;
        Some(slot)
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
