//! A call as its caller holds it: to take the answer, to wait no more, and, dropped, to do the latter.

use std::sync::Arc;

use crate::calls::{Abandoned, Answer, Call};
use crate::channel::close::EndGuard;
use crate::channel::end::End;
use crate::channel::{Channel, Inner};
use crate::message::Message;
use crate::wait::Place;
use crate::wait::claimant::Claimant;
use crate::wait::environment::EnvironmentId;
use crate::wait::pending::Origin;

/// A call that was made. Dropping it ends the wait for its answer.
pub struct Asked {
    call: Arc<Call>,
    channel: Arc<Channel>,
    end: Arc<End>,
    /// Its place among the sends, where it had to wait for room.
    place: Option<Place>,
}

impl Asked {
    pub(crate) fn new(call: Arc<Call>, guard: &EndGuard, place: Option<Place>) -> Self {
        Self { call, channel: Arc::clone(&guard.channel), end: Arc::clone(&guard.end), place }
    }

    /// What the call was settled with, once.
    #[must_use]
    pub fn take(&self) -> Option<Answer> {
        self.call.take_answer()
    }

    /// Who settled it, once that was taken.
    pub(crate) fn claimant(&self) -> Claimant {
        self.call.claimant.get()
    }

    /// Ends the wait: a request that nobody has is taken out, and whoever has it and watches it is told. False: the
    /// call was settled before, and its answer is to be taken.
    pub fn cancel(&self) -> bool {
        match self.call.abandon() {
            Abandoned::TooLate => return false,
            Abandoned::Taken => {}
            Abandoned::Asked => {
                let withdrawn =
                    self.channel.change(|inner, _| self.channel.withdraw(inner, &self.call, self.place));
                // Outside of the lock: it may be long.
                drop(withdrawn);
            }
        }
        true
    }

    /// Where it was made: the memory of its messages is there.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin { channel: Arc::clone(&self.channel), end: Arc::clone(&self.end) }
    }

    /// Whether nobody could ever answer while `caller`'s thread is blocked: that thread has the request, or every
    /// responder.
    pub(crate) fn is_stuck(&self, caller: EnvironmentId) -> bool {
        match self.call.taker() {
            Some(taker) => taker == caller,
            None => self.call.is_wanted() && self.channel.has_only_receivers_of(caller),
        }
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl Inner {
    /// Counts a message that was accepted and will not be received.
    pub(crate) fn withdraw(&mut self, message: &Message) {
        self.discarded += 1;
        self.withdrawn_bytes += message.len() as u64;
    }
}

impl Channel {
    /// Takes a request out that nobody has; `None`: it is on its way to somebody.
    fn withdraw(&self, inner: &mut Inner, call: &Arc<Call>, place: Option<Place>) -> Option<Message> {
        if let Some(place) = place
            && let Some(entry) = inner.sends.remove(place)
        {
            self.send_settled(inner, &entry.end, place);
            return entry.brings.into_rest().next();
        }
        let message = self.queue.withdraw(call).or_else(|| self.withdraw_returned(inner, call))?;
        inner.withdraw(&message);
        Some(message)
    }

    /// As `withdraw`, of what had been handed to a wait and came back.
    fn withdraw_returned(&self, inner: &mut Inner, call: &Arc<Call>) -> Option<Message> {
        let at = inner.returned.iter().position(|message| message.is_of(call))?;
        let message = inner.returned.remove(at);
        self.show_ahead(inner);
        message
    }

    /// Whether there are receivers, and each is `owner`'s.
    fn has_only_receivers_of(&self, owner: EnvironmentId) -> bool {
        let inner = self.lock();
        !inner.receivers.is_empty() && inner.receivers.iter().all(|end| end.owner() == owner)
    }
}
