//! What can be seen of a channel from one of its ends.

use std::sync::Arc;

use crate::channel::close::EndGuard;
use crate::channel::close::reason::CloseReason;
use crate::channel::end::{End, Side};
use crate::channel::{Channel, Inner, REFUSED, Settings};
use crate::flavors::{Flavor, Latest, Newest};
use crate::observe::stats::Stats;
use crate::observe::timing::Timing;
use crate::primitives::Ordering;

/// A look at a channel; every answer is of its own moment.
pub struct Snapshot<'a> {
    channel: &'a Arc<Channel>,
    end: &'a End,
}

impl<'a> Snapshot<'a> {
    pub(crate) fn new(held: &'a EndGuard) -> Self {
        Self { channel: &held.channel, end: &held.end }
    }

    pub(crate) fn channel(&self) -> &'a Channel {
        self.channel
    }

    /// Messages queued; for a receiver that has messages of its own, those.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "emptiness has its own rule on a rendezvous")]
    pub fn len(&self) -> usize {
        let (channel, end) = (self.channel, self.end);
        if end.side == Side::Receiver && channel.is_broadcast() {
            return channel.left_for(end).0 as usize;
        }
        match channel.queue.watch() {
            Some(newest) if end.side == Side::Receiver => usize::from(newest.is_unseen_by(end)),
            _ => channel.len(),
        }
    }

    /// Most messages that may be queued; `None` when unbounded.
    #[must_use]
    pub fn capacity(&self) -> Option<usize> {
        self.channel.capacity()
    }

    /// Whether a send would wait.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.channel.is_full()
    }

    /// For a sender: nothing more is accepted. For a receiver: nothing is queued, and nothing more can arrive.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        let (channel, end) = (self.channel, self.end);
        if end.side == Side::Receiver && channel.is_broadcast() {
            return channel.is_over_for(&channel.lock(), end);
        }
        if channel.phase() == 0 {
            return false;
        }
        if end.side == Side::Sender {
            return true;
        }
        let mut inner = channel.lock();
        channel.quiet(&mut inner);
        match channel.queue.watch() {
            Some(newest) => !newest.is_unseen_by(end),
            None => channel.len() == 0 && !channel.may_come_back(),
        }
    }

    /// Why the end's side is closed; `None` while it is open, which a receiver's is until it is drained.
    #[must_use]
    pub fn close_reason(&self) -> Option<CloseReason> {
        if !self.is_closed() {
            return None;
        }
        self.end.reason().or_else(|| self.channel.lock().reasons.first().cloned())
    }

    /// What an error says that the end's side is closed: a sender is told a receiver's reason, if there is one.
    #[must_use]
    pub fn told_reason(&self) -> Option<CloseReason> {
        self.end.reason().or_else(|| self.channel.lock().reasons.told_to(self.end.side))
    }

    /// Which channel is underneath.
    #[must_use]
    pub fn flavor(&self) -> Flavor {
        self.channel.flavor
    }

    /// Messages that this end has lost so far: dropped by a sender, skipped by a receiver.
    #[must_use]
    pub fn lost(&self) -> u64 {
        let missed = match self.end.side {
            Side::Receiver if self.channel.is_broadcast() => self.channel.left_for(self.end).1,
            _ => 0,
        };
        self.end.lost.sum().messages + missed
    }

    /// Says where the end was made, for inspection.
    pub fn made_at(&self, place: &str) {
        self.end.set_made_at(place.into());
    }

    /// What the channel was made with.
    #[must_use]
    pub fn settings(&self) -> &'a Settings {
        &self.channel.settings
    }

    /// Whether both look at one channel.
    #[must_use]
    pub fn is_same(&self, other: &Snapshot<'_>) -> bool {
        Arc::ptr_eq(self.channel, other.channel)
    }

    /// All figures.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.channel.stats(&mut self.channel.lock())
    }
}

impl Channel {
    pub(crate) fn is_full(&self) -> bool {
        // What is refused queues nothing, even while it is being freed.
        self.phase() & REFUSED == 0 && self.is_at_limit()
    }

    fn is_at_limit(&self) -> bool {
        self.queue.is_at_limit() || self.capacity().is_some_and(|capacity| self.queue_len() >= capacity)
    }

    /// Whether a send is worth an attempt.
    pub(crate) fn may_have_room(&self) -> bool {
        if self.queue.is_rendezvous() {
            return self.flags.receivers_wait.load(Ordering::Relaxed) > 0;
        }
        !self.is_full()
    }

    pub(crate) fn stats(&self, inner: &mut Inner) -> Stats {
        let length = self.len();
        inner.high_water = inner.high_water.max(length);
        let (sent, received) = inner.sent_and_received();
        let (dropped, skipped) = (inner.sums.dropped, inner.sums.skipped);
        let left = received.bytes + dropped.bytes + skipped.bytes + inner.withdrawn_bytes;
        let mut stats = Stats {
            flavor: self.flavor,
            length,
            // What is refused queues nothing: the bytes that were discarded are not counted.
            bytes: if self.phase() & REFUSED == 0 { sent.bytes.saturating_sub(left) } else { 0 },
            senders: inner.senders.len(),
            receivers: inner.receivers.len(),
            tickets: inner.owners.count(0),
            sent: sent.messages,
            received: received.messages,
            dropped: dropped.messages,
            skipped: skipped.messages,
            discarded: inner.discarded,
            waiting_senders: inner.sends.len(),
            waiting_receivers: inner.receives.len(),
            high_water: inner.high_water,
            leased: self.leases.as_ref().map(|_| self.leased()),
            in_flight: self.queue.in_flight().map_or(0, |count| count.load(Ordering::Relaxed)),
            waits: self.queue.timing().map(Timing::waits),
        };
        if let Some(latest) = self.queue.latest() {
            self.complete(latest, &mut stats);
        }
        if let Some(audience) = &inner.audience {
            stats.bytes = audience.ring.bytes();
            stats.skipped += audience.missed();
        }
        if let Some(newest) = self.queue.watch() {
            count_unseen(newest, inner, &mut stats);
        }
        stats
    }

    /// What nobody counts on a triple buffer: values replaced unread are what is left of those published,
    /// and one that is unread when the reader is gone is discarded.
    fn complete(&self, latest: &Latest, stats: &mut Stats) {
        let unread = latest.unread();
        stats.skipped = stats.sent.saturating_sub(stats.received + unread.messages);
        if self.phase() & REFUSED == 0 {
            (stats.length, stats.bytes) = (unread.messages as usize, unread.bytes);
        } else {
            (stats.length, stats.bytes, stats.discarded) = (0, 0, unread.messages);
        }
    }
}

/// What readers of a watch have not seen: the newest value, which counts as queued, and those before it, which
/// they have passed over already.
fn count_unseen(newest: &Newest, inner: &Inner, stats: &mut Stats) {
    let number = newest.number();
    let unseen = |end: &Arc<End>| number.saturating_sub(end.seen.load(Ordering::Relaxed));
    let unseen: Vec<_> = inner.receivers.iter().map(unseen).filter(|unseen| *unseen > 0).collect();
    stats.length = usize::from(!unseen.is_empty());
    stats.bytes = newest.get().map_or(0, |(_, message)| message.len() as u64);
    stats.skipped += unseen.iter().map(|unseen| unseen - 1).sum::<u64>();
}
