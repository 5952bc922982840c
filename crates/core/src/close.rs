//! Closing: ends that come and go, `end` for all senders, `cancel` for all receivers, and what becomes
//! of a queue that nobody will read.

use std::sync::Arc;
use std::time::Instant;

use crate::channel::{Channel, ENDED, Inner, REFUSED};
use crate::end::{End, Side, Sum};
use crate::environment::EnvironmentId;
use crate::janitor;
use crate::memory::Block;
use crate::primitives::Ordering;
use crate::registry::{CHANNELS, ENDS};
use crate::watch;

/// One counted end, with or without a thread that holds it. Dropping it gives the end up.
pub(crate) struct Held {
    pub(crate) channel: Arc<Channel>,
    pub(crate) end: Arc<End>,
}

impl Held {
    /// A new end of `channel`.
    pub(crate) fn new(channel: &Arc<Channel>, side: Side, owner: EnvironmentId) -> Self {
        let end = Arc::new(End::new(side, owner));
        ENDS.up();
        let mut inner = channel.lock();
        match side {
            Side::Sender => inner.senders.push(Arc::clone(&end)),
            Side::Receiver => inner.receivers.push(Arc::clone(&end)),
        }
        drop(inner);
        Self { channel: Arc::clone(channel), end }
    }

    /// Another end of the same side.
    pub(crate) fn another(&self, owner: EnvironmentId) -> Self {
        Self::new(&self.channel, self.end.side, owner)
    }

    /// Passes the end to another environment, or to none (0, a ticket).
    pub(crate) fn set_owner(&self, owner: EnvironmentId) {
        let inner = self.channel.lock();
        self.end.set_owner(owner);
        drop(inner);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let discarded = self.channel.change(|inner, _| {
            if self.end.pending.load(Ordering::Relaxed) > 0 {
                self.end.leaving.store(1, Ordering::Relaxed);
            } else {
                self.channel.remove(inner, &self.end);
            }
            self.channel.discard_refused(inner)
        });
        free_in_steps(discarded);
    }
}

impl Channel {
    /// Takes an end off the books. The last one of its side closes the channel.
    pub(crate) fn remove(&self, inner: &mut Inner, end: &Arc<End>) {
        let (ends, gone, lost) = match end.side {
            Side::Sender => (&mut inner.senders, &mut inner.gone_sent, &mut inner.gone_dropped),
            Side::Receiver => (&mut inner.receivers, &mut inner.gone_received, &mut inner.gone_skipped),
        };
        let Some(at) = ends.iter().position(|other| Arc::ptr_eq(other, end)) else { return };
        ends.swap_remove(at);
        ENDS.down();
        *gone += end.direct.sum();
        *gone += end.handed.sum();
        *lost += end.lost.sum();
        if ends.is_empty() {
            self.close(if end.side == Side::Sender { ENDED } else { REFUSED });
            if inner.senders.is_empty() && inner.receivers.is_empty() {
                CHANNELS.down();
            }
        }
    }

    /// For all senders: nothing more is accepted, and pending sends come back.
    pub(crate) fn end_all(&self) {
        self.change(|_, _| self.close(ENDED));
    }

    /// For all receivers: nothing more is accepted, and what is queued is discarded. How many were.
    pub(crate) fn cancel_all(&self) -> u64 {
        let (count, blocks) = self.change(|inner, _| {
            self.close(REFUSED);
            let before = inner.discarded.messages;
            let blocks = self.discard_refused(inner);
            (inner.discarded.messages - before, blocks)
        });
        free_in_steps(blocks);
        count
    }

    fn close(&self, how: usize) {
        // Release: what the closer did before is seen by who sees the phase. `quiet` fences before it
        // looks for sends that did not see it.
        let before = self.signs.phase.fetch_or(how, Ordering::AcqRel);
        if before & (ENDED | REFUSED) == 0 {
            watch::note(self, how);
        }
    }

    /// Empties a queue that nobody will read; the blocks, which take long to free, are the caller's to
    /// free outside of the lock.
    fn discard_refused(&self, inner: &mut Inner) -> Vec<Block> {
        let mut blocks = Vec::new();
        if self.phase() & REFUSED == 0 {
            return blocks;
        }
        self.quiet(inner);
        while let Some(message) = self.take_returned(inner).or_else(|| self.queue.try_pop()) {
            inner.discarded += Sum { messages: 1, bytes: message.len() as u64 };
            blocks.extend(message.into_block());
        }
        let packed = self.discard_packed(inner, &mut blocks);
        inner.discarded += packed;
        blocks
    }
}

/// Few blocks are freed here; many by the janitor, a step at a time.
fn free_in_steps(mut blocks: Vec<Block>) {
    const HERE: usize = 256;
    const STEP: usize = 4096;
    if blocks.len() <= HERE {
        return;
    }
    let rest = Box::new(move || {
        while !blocks.is_empty() {
            blocks.truncate(blocks.len().saturating_sub(STEP));
            std::thread::yield_now();
        }
    });
    janitor::schedule(Instant::now(), rest);
}
