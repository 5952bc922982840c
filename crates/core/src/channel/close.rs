//! Closing: ends that come and go, `end` for all senders, `cancel` for all receivers.

pub(crate) mod discard;
pub(crate) mod reason;

use std::sync::Arc;

use crate::channel::close::reason::{CloseKind, CloseReason, ErrorBytes, death_of};
use crate::channel::end::{End, Side};
use crate::channel::{Channel, ENDED, Inner, REFUSED};
use crate::observe::closed;
use crate::observe::counts::{CHANNELS, ENDS};
use crate::primitives::Ordering;
use crate::wait::environment::EnvironmentId;
use crate::wait::pending::Origin;

/// One counted end, with or without a thread that holds it. Dropping it gives the end up.
pub(crate) struct EndGuard {
    pub(crate) channel: Arc<Channel>,
    pub(crate) end: Arc<End>,
}

impl EndGuard {
    /// A new end of `channel`.
    pub(crate) fn new(channel: &Arc<Channel>, side: Side, owner: EnvironmentId) -> Self {
        Self::placed(channel, side, owner, None)
    }

    /// As `new`; where each receiver has a place of its own, it is that of `like`.
    fn placed(channel: &Arc<Channel>, side: Side, owner: EnvironmentId, like: Option<&End>) -> Self {
        let end = Arc::new(End::new(side, owner));
        ENDS.up();
        let mut inner = channel.lock();
        if side == Side::Receiver {
            channel.seat(&mut inner, &end, like);
            end.set_reason(like.and_then(End::reason));
            channel.see_from_now(&end);
        }
        inner.add(&end);
        drop(inner);
        Self { channel: Arc::clone(channel), end }
    }

    /// Another end of the same side.
    pub(crate) fn another(&self, owner: EnvironmentId) -> Self {
        Self::placed(&self.channel, self.end.side, owner, Some(&self.end))
    }

    /// As `another`, for one who comes now.
    pub(crate) fn newcomer(&self, owner: EnvironmentId) -> Self {
        Self::new(&self.channel, self.end.side, owner)
    }

    /// Marks no place among the messages any more, and so holds nobody up.
    pub(crate) fn leave_place(&self) {
        self.discard(|inner| {
            self.channel.unseat(inner, &self.end);
        });
    }

    /// The channel, and the end: where a message came from.
    pub(crate) fn origin(&self) -> Origin {
        Origin { channel: Arc::clone(&self.channel), end: Arc::clone(&self.end) }
    }

    /// Passes the end to another environment, or to none (0, a ticket).
    pub(crate) fn set_owner(&self, owner: EnvironmentId) {
        let mut inner = self.channel.lock();
        inner.owners.take(self.end.owner());
        inner.owners.add(owner);
        self.end.set_owner(owner);
        drop(inner);
    }

    /// For all receivers: nothing more is accepted, and what is queued is discarded. How many were.
    pub(crate) fn cancel(&self, error: Option<ErrorBytes>) -> u64 {
        if self.channel.is_broadcast() {
            let reason = CloseReason::by(&self.end, CloseKind::Cancelled, error);
            let count =
                self.channel.change(|inner, wakes| self.channel.cancel_one(inner, wakes, &self.end, reason));
            self.discard(|_| ());
            return count;
        }
        let reason = || CloseReason::by(&self.end, CloseKind::Cancelled, error);
        self.discard(|inner| self.channel.close(inner, REFUSED, reason))
    }

    /// For all senders: nothing more is accepted, and pending sends come back.
    pub(crate) fn end(&self, kind: CloseKind, error: Option<ErrorBytes>) {
        let reason = || CloseReason::by(&self.end, kind, error);
        self.channel.change(|inner, _| self.channel.close(inner, ENDED, reason));
        self.channel.let_dead_letters_go();
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
                self.channel.let_dead_letters_go();
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
    /// Takes an end off the books. The last one of its side closes the channel, and so may a sender that dies.
    pub(crate) fn remove(&self, inner: &mut Inner, end: &Arc<End>) {
        self.unseat(inner, end);
        self.see_no_more(inner, end);
        if !inner.strike(end) {
            return;
        }
        inner.remember_lessee(end);
        ENDS.down();
        let last = inner.ends(end.side).is_empty();
        let sends = end.side == Side::Sender;
        let fails = self.settings.death_fails && sends;
        if sends
            && last
            && let Some(audience) = &mut inner.audience
        {
            audience.ring.replay_no_more();
        }
        // A broadcast and a watch go on without receivers: others may come.
        let goes_on = !sends && (inner.audience.is_some() || inner.told.is_some());
        if (last && !goes_on) || (fails && death_of(end).is_some()) {
            let how = if sends { ENDED } else { REFUSED };
            self.close(inner, how, || CloseReason::gone(end, fails));
        }
        if last && inner.senders.is_empty() && inner.receivers.is_empty() {
            CHANNELS.down();
        }
    }

    /// Closes the channel, or what of it is still open; the first reason counts.
    fn close(&self, inner: &mut Inner, how: usize, reason: impl FnOnce() -> CloseReason) {
        // Release: what the closer did before is seen by who sees the phase. `quiet` fences before it
        // looks for sends that did not see it.
        let before = self.flags.phase.fetch_or(how, Ordering::AcqRel);
        if before & (how | REFUSED) == 0 {
            inner.reasons.note(reason());
        }
        if before & (ENDED | REFUSED) == 0 {
            closed::note(self, how);
        }
    }
}

impl Inner {
    fn ends(&mut self, side: Side) -> &mut Vec<Arc<End>> {
        match side {
            Side::Sender => &mut self.senders,
            Side::Receiver => &mut self.receivers,
        }
    }

    fn add(&mut self, end: &Arc<End>) {
        let ends = self.ends(end.side);
        // Relaxed, here and below: under the lock.
        end.at.store(ends.len(), Ordering::Relaxed);
        ends.push(Arc::clone(end));
        self.owners.add(end.owner());
        self.sums.list(end);
    }

    /// False when it was taken out before.
    fn strike(&mut self, end: &Arc<End>) -> bool {
        let at = end.at.load(Ordering::Relaxed);
        let ends = self.ends(end.side);
        if !ends.get(at).is_some_and(|other| Arc::ptr_eq(other, end)) {
            return false;
        }
        ends.swap_remove(at);
        if let Some(moved) = ends.get(at) {
            moved.at.store(at, Ordering::Relaxed);
        }
        self.owners.take(end.owner());
        self.sums.strike(end);
        true
    }
}
