//! A broadcast as a channel: what a send does, what each receiver is given, and receivers that come and go.
//! All of it under the channel's lock; the ring and the seats are in `ring.rs` and `audience.rs`.
//!
//! ```text
//!   Sender::push -> append ----> ring ----> hand_out: to those who wait, each its own next message
//!                                  \------> take: a receiver that asks
//! ```
//! What was counted: `sent` once a message; `received`, `skipped` and, where a receiver goes, `discarded` for
//! each receiver by itself.

pub(crate) mod audience;

use std::sync::Arc;

use crate::channel::broadcast::audience::{Audience, NO_SEAT, SeatNumber, Shown};
use crate::channel::close::reason::CloseReason;
use crate::channel::end::End;
use crate::channel::settle::told;
use crate::channel::{Channel, Inner};
use crate::flavors::Got;
use crate::message::Message;
use crate::primitives::Ordering;
use crate::wait::WakeList;
use crate::wait::{Claim, Outcome, Place};

impl Channel {
    pub(crate) fn is_broadcast(&self) -> bool {
        self.queue.broadcast().is_some()
    }

    /// Appends a message for everybody, or gives it back when there is no room.
    pub(crate) fn append_shared(&self, inner: &mut Inner, message: Message) -> Result<(), Message> {
        let Some(audience) = &mut inner.audience else { return Err(message) };
        let gone = audience.ring.push(message)?;
        audience.freed.extend(gone);
        audience.appended();
        if audience.is_empty() {
            inner.discarded += 1;
        }
        Ok(())
    }

    /// What `end` gets next: `None` for nothing now.
    pub(crate) fn take_shared(
        &self,
        inner: &mut Inner,
        end: &End,
        take: impl FnOnce(&mut Audience, SeatNumber) -> Option<Got>,
    ) -> Option<Got> {
        let got = take(inner.audience.as_mut()?, end.seat());
        self.show_returned(inner);
        got
    }

    /// `end` has taken some of what it was shown: how many it has missed before, and whether that made room.
    pub(crate) fn took_shown(
        &self,
        inner: &mut Inner,
        end: &End,
        shown: &Shown,
        count: usize,
    ) -> (u64, bool) {
        let took = inner.audience.as_mut().map(|audience| audience.took(end.seat(), shown, count));
        self.show_returned(inner);
        took.unwrap_or_default()
    }

    /// Ring to receives, each receiver's in the order in which they began. True when a message moved.
    pub(crate) fn hand_out(&self, inner: &mut Inner, wakes: &mut WakeList) -> bool {
        let mut moved = false;
        for place in
            inner.audience.as_mut().map_or_else(Vec::new, |audience| std::mem::take(&mut audience.in_vain))
        {
            finish(inner, wakes, place);
        }
        while let Some(seat) = inner.audience.as_mut().and_then(|audience| audience.next_ready()) {
            while let Some(place) = inner.audience.as_ref().and_then(|audience| audience.first_wait(seat)) {
                let Inner { audience: Some(audience), receives, sums, .. } = inner else { break };
                let Some(entry) = receives.remove(place) else {
                    audience.wait_over(seat, place);
                    continue;
                };
                let (mut bytes, mut missed) = (0, 0);
                let claim = entry.waiter.claim(entry.case, || {
                    let got = audience.take(seat)?;
                    (bytes, missed) = (got.message.len(), got.missed);
                    Some(Outcome::Received(got.message))
                });
                if let Claim::NotYet = claim {
                    receives.put_back(place, entry);
                    break;
                }
                audience.wait_over(seat, place);
                entry.end.lost.add_many(missed as usize, 0);
                sums.list(&entry.end);
                match claim {
                    Claim::Done { wake } => {
                        entry.end.handed.add(bytes);
                        moved = true;
                        told(entry, wake, wakes);
                    }
                    // On its way to a wait that ended first: it is the next one's.
                    Claim::Gone(Some(Outcome::Received(message))) => {
                        if let Err(unwanted) = audience.give_back(seat, message) {
                            audience.freed.push(unwanted);
                        }
                    }
                    Claim::Gone(_) | Claim::NotYet => {}
                }
            }
            if let Some(audience) = &mut inner.audience {
                audience.looked_at(seat);
            }
        }
        self.show_returned(inner);
        moved
    }

    /// A receive of `end` at `place` is over.
    pub(crate) fn wait_over(&self, inner: &mut Inner, end: &End, place: Place) {
        if let Some(audience) = &mut inner.audience {
            audience.wait_over(end.seat(), place);
        }
    }

    /// Gives a new receiving end its place: that of `like`, or that of one who comes now.
    pub(crate) fn seat(&self, inner: &mut Inner, end: &End, like: Option<&End>) {
        let Some(audience) = &mut inner.audience else { return };
        end.set_seat(match like {
            Some(like) => audience.sit_like(like.seat()),
            None => audience.subscribe(),
        });
        self.show_returned(inner);
    }

    /// A receiving end gives its place up, and what it had yet to get: how many messages that are.
    pub(crate) fn unseat(&self, inner: &mut Inner, end: &Arc<End>) -> u64 {
        let Some(audience) = &mut inner.audience else { return 0 };
        let (left, missed) = audience.leave(end.seat());
        end.set_seat(NO_SEAT);
        end.lost.add_many(missed as usize, 0);
        inner.sums.list(end);
        inner.discarded += left;
        self.show_returned(inner);
        left
    }

    /// As `cancel`, which concerns one receiver alone here: its waits are told, and it is closed.
    pub(crate) fn cancel_one(
        &self,
        inner: &mut Inner,
        wakes: &mut WakeList,
        end: &Arc<End>,
        reason: CloseReason,
    ) -> u64 {
        // The first reason counts, its own or the channel's.
        if self.phase() == 0 && end.reason().is_none() {
            end.set_reason(Some(reason));
        }
        let waits = inner.audience.as_ref().map_or_else(Vec::new, |audience| audience.waits(end.seat()));
        for place in waits {
            finish(inner, wakes, place);
        }
        self.unseat(inner, end)
    }

    /// Puts a message back for its receiver; where that gets nothing any more it comes back, and is discarded.
    pub(crate) fn give_back_to(&self, inner: &mut Inner, end: &End, message: Message) -> Option<Message> {
        let unwanted = inner.audience.as_mut()?.give_back(end.seat(), message).err();
        inner.discarded += u64::from(unwanted.is_some());
        self.show_returned(inner);
        unwanted
    }

    /// Whether `end` has got all that it ever will.
    pub(crate) fn is_over_for(&self, inner: &Inner, end: &End) -> bool {
        match inner.audience.as_ref().and_then(|audience| audience.left(end.seat())) {
            None => true,
            Some((left, _)) => left == 0 && self.phase() != 0,
        }
    }

    /// How many messages `end` has yet to get, and how many it has missed without having been told.
    pub(crate) fn left_for(&self, end: &End) -> (u64, u64) {
        self.lock().audience.as_ref().and_then(|audience| audience.left(end.seat())).unwrap_or_default()
    }

    fn show_returned(&self, inner: &Inner) {
        let returned = inner.audience.as_ref().map_or(0, |audience| audience.returned());
        // Release: as for what was returned to the queue.
        self.flags.returned.store(returned, Ordering::Release);
    }
}

/// The receive at `place` gets nothing any more.
fn finish(inner: &mut Inner, wakes: &mut WakeList, place: Place) {
    let Some(entry) = inner.receives.remove(place) else { return };
    if let Claim::Done { wake } = entry.waiter.claim(entry.case, || Some(Outcome::Closed)) {
        told(entry, wake, wakes);
    }
}
