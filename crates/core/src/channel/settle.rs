//! Settling, under the channel's lock: messages go to waiting receives, pending sends into the queue,
//! both in the order in which they began, until neither can move; then whoever can wait no longer is
//! told so.

use std::sync::Arc;

use crate::channel::end::End;
use crate::channel::payload::Payload;
use crate::channel::{Channel, Inner, REFUSED};
use crate::primitives::{Ordering, full_fence};
use crate::wait::WakeList;
use crate::wait::{Claim, Entry, Outcome, Place};

impl Channel {
    pub(crate) fn settle(&self, inner: &mut Inner, wakes: &mut WakeList) {
        if self.queue.latest().is_some() {
            self.tell_changed(inner, wakes);
        } else if let Some(newest) = self.queue.watch() {
            tell_of(newest.number(), inner, wakes);
        } else if self.queue.is_rendezvous() {
            self.hand_messages(inner, wakes);
            self.pair_waits(inner, wakes);
        } else {
            while self.hand_messages(inner, wakes) | self.move_sends(inner, wakes) {}
        }
        let phase = self.phase();
        if phase != 0 {
            self.refuse_sends(inner, wakes);
            self.finish_receives(inner, wakes);
        }
        self.settle_drains(inner, wakes, phase & REFUSED != 0);
    }

    /// Queue to receives. True when a message moved.
    fn hand_messages(&self, inner: &mut Inner, wakes: &mut WakeList) -> bool {
        if inner.audience.is_some() {
            return self.hand_out(inner, wakes);
        }
        let mut moved = false;
        while let Some((place, entry)) = inner.receives.pop_first() {
            let mut bytes = 0;
            let claim = entry.waiter.claim(entry.case, || {
                let message = self.take_next(inner)?;
                bytes = message.len();
                Some(Outcome::Received(message))
            });
            match claim {
                Claim::Done { wake } => {
                    inner.count_handed(&entry.end, 1, bytes);
                    self.leased_to(&entry.end);
                    moved = true;
                    told(entry, wake, wakes);
                }
                Claim::NotYet => {
                    inner.receives.put_back(place, entry);
                    break;
                }
                // On its way to a wait that ended first: it is the next one's.
                Claim::Gone(Some(Outcome::Received(message))) => {
                    self.not_leased();
                    self.put_first(inner, message);
                }
                Claim::Gone(_) => {}
            }
        }
        moved
    }

    /// An unread value to those who wait for one, all of them: it is not taken by being told of.
    fn tell_changed(&self, inner: &mut Inner, wakes: &mut WakeList) {
        while self.queue.latest().is_some_and(|latest| latest.is_unread())
            && let Some((_, entry)) = inner.receives.pop_first()
        {
            if let Claim::Done { wake } = entry.waiter.claim(entry.case, || Some(Outcome::Changed)) {
                told(entry, wake, wakes);
            }
        }
    }

    /// Pending sends to queue. True when a message moved.
    fn move_sends(&self, inner: &mut Inner, wakes: &mut WakeList) -> bool {
        let mut moved = false;
        while self.phase() == 0
            && let Some((place, entry)) = inner.sends.pop_first()
        {
            let Entry { waiter, end, case, mut brings } = entry;
            let mut full = false;
            // All but the last go without a claim: the wait is over only with the last one.
            while !brings.is_last() && waiter.is_waiting() {
                if !self.push_next(inner, &mut brings, &end) {
                    full = true;
                    break;
                }
                moved = true;
            }
            let claim = if full {
                Claim::NotYet
            } else {
                waiter.claim(case, || {
                    self.push_next(inner, &mut brings, &end).then(|| Outcome::Sent(brings.accepted()))
                })
            };
            match claim {
                Claim::NotYet => {
                    inner.high_water = inner.high_water.max(self.len());
                    inner.sends.put_back(place, Entry { waiter, end, case, brings });
                    break;
                }
                Claim::Done { wake } => {
                    moved = true;
                    self.send_settled(inner, &end, place);
                    if wake {
                        wakes.push(waiter);
                    }
                }
                // An environment that went meanwhile hears nothing; what was accepted stays so.
                Claim::Gone(accepted) => {
                    moved |= accepted.is_some();
                    self.send_settled(inner, &end, place);
                }
            }
        }
        moved
    }

    /// Pushes a payload's next message, or its pack; false when there is no room.
    fn push_next(&self, inner: &mut Inner, payload: &mut Payload, end: &Arc<End>) -> bool {
        if let Some(pack) = payload.take_pack() {
            let (count, bytes) = (pack.len(), pack.bytes());
            if let Err(pack) = self.append_pack(inner, *pack) {
                payload.put_pack_back(pack);
                return false;
            }
            payload.advance_by(count);
            inner.count_handed(end, count, bytes);
            return true;
        }
        let bytes = payload.next_len();
        let Some(message) = payload.take_next() else { return false };
        let pushed = if inner.audience.is_some() {
            self.append_shared(inner, message)
        } else if self.is_packed() {
            self.append(inner, message)
        } else {
            self.queue.try_push(message)
        };
        match pushed {
            Ok(()) => {
                payload.advance();
                inner.count_handed(end, 1, bytes);
                true
            }
            Err(message) => {
                payload.put_back(message);
                false
            }
        }
    }

    /// Closed: pending sends get their messages back.
    fn refuse_sends(&self, inner: &mut Inner, wakes: &mut WakeList) {
        while let Some((place, Entry { waiter, end, case, brings })) = inner.sends.pop_first() {
            let claim = waiter.claim(case, || Some(Outcome::Refused(brings)));
            self.send_settled(inner, &end, place);
            if let Claim::Done { wake: true } = claim {
                wakes.push(waiter);
            }
        }
    }

    /// Closed: receives that nothing can reach any more are told.
    fn finish_receives(&self, inner: &mut Inner, wakes: &mut WakeList) {
        if inner.receives.is_empty() {
            return;
        }
        self.quiet(inner);
        match self.queue.watch() {
            Some(newest) => tell_of(newest.number(), inner, wakes),
            None => _ = self.hand_messages(inner, wakes),
        }
        // What is leased may come back.
        if self.may_come_back() {
            return;
        }
        while let Some((place, entry)) = inner.receives.pop_first() {
            self.wait_over(inner, &entry.end, place);
            if let Claim::Done { wake } = entry.waiter.claim(entry.case, || Some(Outcome::Closed)) {
                told(entry, wake, wakes);
            }
        }
    }

    /// Returns once every push that was under way is over. The caller has closed the channel, so what
    /// is in the queue then is all there will ever be; so once is enough, however many senders there are.
    pub(crate) fn quiet(&self, inner: &mut Inner) {
        if std::mem::replace(&mut inner.is_quiet, true) {
            return;
        }
        // SeqCst, paired with the sender's in `End::enter`.
        full_fence();
        for end in &inner.senders {
            end.await_quiet();
        }
    }

    fn settle_drains(&self, inner: &mut Inner, wakes: &mut WakeList, refused: bool) {
        if inner.drains.is_empty() {
            return;
        }
        if inner.drains.has_fresh() {
            // Pushes under way at this moment may stand in the queue before what they were called after,
            // uncounted: wait them out, so that the sum below is not short of them.
            let Inner { senders, sums, .. } = inner;
            for end in senders {
                end.await_quiet();
                sums.list(end);
            }
            let sent = inner.sent().messages;
            inner.drains.accepted(sent);
        }
        // Leased is not processed.
        let left = inner.left().saturating_sub(self.leased() as u64);
        while let Some(entry) = if refused { inner.drains.pop() } else { inner.drains.pop_done(left) } {
            let outcome = if refused { Outcome::Closed } else { Outcome::Drained };
            if let Claim::Done { wake } = entry.waiter.claim(entry.case, || Some(outcome)) {
                told(entry, wake, wakes);
            }
        }
    }

    /// A pending send is over; an end that only stayed for it goes now.
    pub(crate) fn send_settled(&self, inner: &mut Inner, end: &Arc<End>, place: Place) {
        let pending = end.pending.load(Ordering::Relaxed) - 1;
        // Release: the end's own thread, reading zero, pushes after what was pushed for it here.
        end.pending.store(pending, Ordering::Release);
        inner.drains.send_settled(end, place);
        if pending == 0 && end.leaving.load(Ordering::Relaxed) == 1 {
            self.remove(inner, end);
        }
    }
}

/// A watch's value of that number to those who have not seen it. All are looked at once for each value; a wait
/// that has just begun, by itself.
fn tell_of(number: u64, inner: &mut Inner, wakes: &mut WakeList) {
    let Some(told_of) = &mut inner.told else { return };
    let fresh = std::mem::take(&mut told_of.fresh);
    let mut seen = Vec::new();
    let mut tell = |place: Place, entry: Entry<()>| {
        // Relaxed: its own thread has written it before it began to wait.
        if entry.end.seen.load(Ordering::Relaxed) >= number {
            seen.push((place, entry));
        } else if let Claim::Done { wake } = entry.waiter.claim(entry.case, || Some(Outcome::Changed)) {
            told(entry, wake, wakes);
        }
    };
    if told_of.number == number {
        fresh.into_iter().for_each(|place| {
            if let Some(entry) = inner.receives.remove(place) {
                tell(place, entry);
            }
        });
    } else {
        told_of.number = number;
        while let Some((place, entry)) = inner.receives.pop_first() {
            tell(place, entry);
        }
    }
    for (place, entry) in seen {
        inner.receives.put_back(place, entry);
    }
}

pub(crate) fn told<T>(entry: Entry<T>, wake: bool, wakes: &mut WakeList) {
    if wake {
        wakes.push(entry.waiter);
    }
}
