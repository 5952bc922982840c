//! The ends of a broadcast: what their verbs do in place of a queue's. See `channel/broadcast.rs`.

use crate::channel::Inner;
use crate::channel::broadcast::audience::{Audience, SeatNumber, Shown};
use crate::channel::close::EndGuard;
use crate::channel::end::Side;
use crate::ends::receiver::{Many, Receiver, Taken, Taking};
use crate::ends::sender::Sender;
use crate::error::{TryRecvError, TrySendError};
use crate::flavors::Got;
use crate::message::Message;
use crate::wait::WakeList;

/// How much a receiver is shown at once: copies are cheap, but the lock is held.
const SHOWN: usize = 64;
const SHOWN_BYTES: usize = 64 << 10;

impl Sender {
    /// Another receiver of a broadcast, for the same environment: it gets what is sent from now on, the last
    /// messages that are kept for it before.
    #[must_use]
    pub fn subscribe(&self) -> Receiver {
        let held = EndGuard::new(&self.held.channel, Side::Receiver, self.environment.id());
        Receiver::new(held, &self.environment)
    }

    /// Appends a message, and hands it out to those who wait.
    pub(crate) fn push_shared(&self, message: Message) -> Result<(), TrySendError> {
        let channel = self.channel();
        let bytes = message.len();
        let mut wakes = WakeList::default();
        let mut inner = channel.lock();
        if channel.phase() != 0 {
            return Err(TrySendError::Closed(message));
        }
        channel.append_shared(&mut inner, message).map_err(TrySendError::Full)?;
        self.held.end.direct.add(bytes);
        inner.sums.list(&self.held.end);
        if !inner.receives.is_empty() {
            channel.hand_out(&mut inner, &mut wakes);
            channel.show_waits(&inner);
        }
        let gone = gone_from(&mut inner);
        drop(inner);
        wakes.wake_here();
        gone.into_iter().for_each(|message| self.recycle(message));
        Ok(())
    }
}

impl Receiver {
    /// As `try_recv`; `passing`: even before this end's own waits.
    pub(crate) fn try_recv_shared(&self, passing: bool) -> Result<Message, TryRecvError> {
        self.take_next_shared(|audience, seat| {
            if passing || audience.waits(seat).is_empty() { audience.take(seat) } else { None }
        })
    }

    /// As `latest`.
    pub(crate) fn newest_shared(&self) -> Result<Message, TryRecvError> {
        self.take_next_shared(Audience::take_newest)
    }

    fn take_next_shared(
        &self,
        take: impl FnOnce(&mut Audience, SeatNumber) -> Option<Got>,
    ) -> Result<Message, TryRecvError> {
        let (channel, end) = (&*self.held.channel, &self.held.end);
        let mut inner = channel.lock();
        let Some(got) = channel.take_shared(&mut inner, end, take) else {
            return Err(self.nothing_shared(&inner));
        };
        end.lost.add_many(got.missed as usize, 0);
        end.direct.add(got.message.len());
        inner.sums.list(end);
        let gone = gone_from(&mut inner);
        drop(inner);
        gone.into_iter().for_each(|message| self.recycle(message));
        self.got_all.set(u64::MAX);
        if got.passed {
            channel.popped(end);
        }
        Ok(got.message)
    }

    /// As `try_take_many`: what is taken is shown first and copied outside of the lock.
    pub(crate) fn take_shown(
        &self,
        mut many: Many,
        max: usize,
        taking: &mut dyn Taking,
    ) -> Result<Many, TryRecvError> {
        let (channel, end) = (&*self.held.channel, &self.held.end);
        let mut passed = false;
        while many.goes_on {
            let inner = channel.lock();
            let mut shown = inner.audience.as_ref().map_or_else(Shown::default, |audience| {
                audience.show(end.seat(), SHOWN.min(max - many.count), SHOWN_BYTES)
            });
            if shown.messages.is_empty() {
                let nothing = self.nothing_shared(&inner);
                drop(inner);
                if many.count == 0 {
                    return Err(nothing);
                }
                break;
            }
            drop(inner);
            let (mut count, before) = (0, many.bytes);
            for message in &mut shown.messages {
                if !many.goes_on {
                    break;
                }
                count += 1;
                if many.take(message, max, taking) == Taken::Held {
                    many.held = message.share();
                }
            }
            let mut inner = channel.lock();
            let (missed, room) = channel.took_shown(&mut inner, end, &shown, count);
            end.lost.add_many(missed as usize, 0);
            end.direct.add_many(count, many.bytes - before);
            inner.sums.list(end);
            let gone = gone_from(&mut inner);
            drop(inner);
            passed |= room;
            gone.into_iter().chain(shown.messages).for_each(|message| self.recycle(message));
        }
        self.got_all.set(u64::MAX);
        if passed {
            channel.popped(end);
        }
        Ok(many)
    }

    /// Why there is nothing; as long as nothing comes, a look at the marks tells so.
    fn nothing_shared(&self, inner: &Inner) -> TryRecvError {
        if self.held.channel.is_over_for(inner, &self.held.end) {
            return TryRecvError::Closed;
        }
        self.got_all.set(inner.audience.as_ref().map_or(u64::MAX, |audience| audience.ring.end()));
        TryRecvError::Empty
    }
}

/// What nobody wants any more, to be used again once the lock is released.
fn gone_from(inner: &mut Inner) -> Vec<Message> {
    inner.audience.as_mut().map_or_else(Vec::new, |audience| {
        audience.free_passed(SHOWN);
        std::mem::take(&mut audience.freed)
    })
}
