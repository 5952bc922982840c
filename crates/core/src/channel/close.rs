//! Closing: ends that come and go, `end` for all senders, `cancel` for all receivers.

use std::sync::Arc;

use crate::channel::end::{End, Side};
use crate::channel::{Channel, ENDED, Inner, REFUSED};
use crate::observe::closed;
use crate::observe::counts::{CHANNELS, ENDS};
use crate::primitives::Ordering;
use crate::wait::environment::EnvironmentId;

/// One counted end, with or without a thread that holds it. Dropping it gives the end up.
pub(crate) struct EndGuard {
    pub(crate) channel: Arc<Channel>,
    pub(crate) end: Arc<End>,
}

impl EndGuard {
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

    /// For all receivers: nothing more is accepted, and what is queued is discarded. How many were.
    pub(crate) fn cancel(&self) -> u64 {
        self.discard(|_| self.channel.close(REFUSED))
    }

    /// After `close`: discards what nobody will read, if that is so. How many messages it was.
    fn discard(&self, close: impl FnOnce(&mut Inner)) -> u64 {
        let mut close = Some(close);
        let mut count = 0;
        loop {
            let discarded = self.channel.change(|inner, _| {
                if let Some(close) = close.take() {
                    close(inner);
                }
                self.channel.discard_refused(inner, self.end.owner())
            });
            count += discarded.count;
            let goes_on = discarded.goes_on;
            discarded.free(&self.channel);
            if !goes_on {
                return count;
            }
        }
    }
}

impl Drop for EndGuard {
    fn drop(&mut self) {
        self.discard(|inner| {
            if self.end.pending.load(Ordering::Relaxed) > 0 {
                self.end.leaving.store(1, Ordering::Relaxed);
            } else {
                self.channel.remove(inner, &self.end);
            }
        });
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

    fn close(&self, how: usize) {
        // Release: what the closer did before is seen by who sees the phase. `quiet` fences before it
        // looks for sends that did not see it.
        let before = self.flags.phase.fetch_or(how, Ordering::AcqRel);
        if before & (ENDED | REFUSED) == 0 {
            closed::note(self, how);
        }
    }
}
