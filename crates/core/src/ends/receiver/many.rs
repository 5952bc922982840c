//! Receiving many messages: each is shown to somebody who takes it, leaves it, or has seen enough.

use super::Receiver;
use crate::error::TryRecvError;
use crate::flavors::Popped;
use crate::message::Message;
use crate::primitives::Ordering;

/// Where many messages go, one by one, looked at where they lie: a move is a copy, and one of what was just written in
/// other pieces makes a processor wait. A trait beside the closures, whose code cannot be asked to be inlined.
pub trait Taking {
    /// Takes a copy of one.
    fn take(&mut self, message: &Message) -> Taken;
}

/// What became of a message, and whether another may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was taken, and so may the next one be.
    More,
    /// It was taken, and no other can be.
    Last,
    /// It was not: it is received all the same, and handed over as it is.
    Held,
}

impl<F: FnMut(&Message) -> Taken> Taking for F {
    fn take(&mut self, message: &Message) -> Taken {
        self(message)
    }
}

/// What came of a receive of many.
pub struct Many {
    /// How many were received, the one that is held included.
    pub count: usize,
    /// The last one, if it was not taken.
    pub held: Option<Message>,
    pub(crate) bytes: usize,
    pub(crate) goes_on: bool,
}

impl Many {
    /// Shows one to `taking`, and counts it.
    #[inline(always)]
    pub(crate) fn take<T: Taking + ?Sized>(
        &mut self,
        message: &Message,
        max: usize,
        taking: &mut T,
    ) -> Taken {
        let taken = taking.take(message);
        self.count += 1;
        self.bytes += message.len();
        self.goes_on = taken == Taken::More && self.count < max;
        taken
    }
}

impl Receiver {
    /// Receives up to `max` messages that are there, showing each to `taking` where it lies, until that wants no other.
    /// `passing`: even before those who wait.
    ///
    /// # Errors
    /// As [`Receiver::try_take`], when there is none.
    pub fn try_take_many(
        &self,
        passing: bool,
        max: usize,
        taking: &mut impl Taking,
    ) -> Result<Many, TryRecvError> {
        let channel = &*self.held.channel;
        if !passing && self.others_wait() {
            return Err(TryRecvError::Empty);
        }
        let mut many = Many { count: 0, held: None, bytes: 0, goes_on: max > 0 };
        // Acquire: as in `Channel::take`.
        while many.goes_on && channel.flags.returned.load(Ordering::Acquire) == 0 {
            let popped = channel.queue.try_pop();
            let Ok(message) = &popped else { break };
            let taken = many.take(message, max, taking);
            self.put_away(popped, taken, &mut many);
        }
        if many.goes_on {
            return self.take_others(many, max, taking);
        }
        self.took(&many);
        Ok(many)
    }

    /// What [`Receiver::try_take_many`] does not find in the queue: what was returned, or is packed, or comes one at a
    /// time.
    #[inline(never)]
    fn take_others(&self, mut many: Many, max: usize, taking: &mut dyn Taking) -> Result<Many, TryRecvError> {
        if self.held.channel.is_broadcast() {
            return self.take_shown(many, max, taking);
        }
        while many.goes_on
            && let Some(message) = self.held.channel.take()
        {
            let taken = many.take(&message, max, taking);
            self.put_away(Ok(message), taken, &mut many);
        }
        if many.count > 0 {
            self.took(&many);
            return Ok(many);
        }
        // A rendezvous, or closed.
        while many.goes_on {
            match self.try_recv() {
                Ok(message) => {
                    let taken = many.take(&message, max, taking);
                    self.put_away(Ok(message), taken, &mut many);
                }
                Err(error) if many.count == 0 => return Err(error),
                Err(_) => break,
            }
        }
        Ok(many)
    }

    /// A message that was received is held, or its memory is for the next ones.
    #[inline(always)]
    fn put_away(&self, popped: Popped, taken: Taken, many: &mut Many) {
        if let Some(Err(message)) = self.copied(popped, (taken != Taken::Held).then_some(())) {
            many.held = Some(message);
        }
    }

    /// One count, one look, and at most one wake, for all that were received together.
    fn took(&self, many: &Many) {
        self.held.end.direct.add_many(many.count, many.bytes);
        self.held.channel.popped(&self.held.end);
    }
}
