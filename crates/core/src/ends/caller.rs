//! The calling verbs of a sending end whose channel carries requests: a call sends one and waits for its answer. Its
//! wait has one place, the call itself: a request that waits for room has nobody to tell of it.

use std::sync::Arc;

use crate::calls::asked::Asked;
use crate::calls::request::Request;
use crate::calls::{Answer, Call};
use crate::ends::sender::{MAX_PENDING, Sender};
use crate::error::{CallError, TrySendError};
use crate::message::Message;
use crate::primitives::{Ordering, thread};
use crate::wait::blocking::{Ended, Patience, park_until_claimed};
use crate::wait::pending::{Origin, Registration, insert_send};
use crate::wait::{Waiter, Wake};

impl Sender {
    /// Asks; the environment is told of the answer under the name `token`.
    ///
    /// # Errors
    /// [`CallError::Closed`] or [`CallError::TooMany`].
    pub fn ask(&self, body: Message, token: u32) -> Result<Asked, CallError> {
        self.request(body, Wake::Environment(Arc::clone(&self.environment), token))
    }

    /// Asks, and blocks this thread until there is an answer.
    ///
    /// # Errors
    /// See [`CallError`].
    pub fn call(&self, body: Message, mut patience: Patience<'_>) -> Result<Answer, CallError> {
        let asked = self.request(body, Wake::Thread(thread::current()))?;
        let stuck = || asked.is_stuck(self.environment.id());
        let spun = self.spin.until(patience.deadline, || patience.lasts(stuck), || asked.take());
        if let Some(answer) = spun {
            return Ok(answer);
        }
        let failed = match park_until_claimed(
            || asked.claimant(),
            || asked.take(),
            &mut patience,
            &self.spin,
            stuck,
        ) {
            Ended::Claimed(answer) => return Ok(answer),
            Ended::TimedOut => CallError::TimedOut,
            Ended::Stuck => CallError::Stuck,
            Ended::Stopped => return Err(CallError::Stopped),
        };
        if asked.cancel() {
            return Err(failed);
        }
        // Answered in the last moment: that counts.
        asked.take().ok_or(failed)
    }

    /// The channel that this end asks on.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin { channel: Arc::clone(&self.held.channel), end: Arc::clone(&self.held.end) }
    }

    fn request(&self, body: Message, wake: Wake) -> Result<Asked, CallError> {
        let channel = &self.held.channel;
        let Some(in_flight) = channel.queue.in_flight() else { return Err(CallError::Closed) };
        let call = Call::new(wake, in_flight);
        let request = Message::from(Request::new(&call, body));
        let place = match self.send_now(request) {
            Ok(()) => None,
            Err(TrySendError::Closed(_unsent)) => {
                call.abandon();
                return Err(CallError::Closed);
            }
            Err(TrySendError::Full(unsent)) => {
                if self.held.end.pending.load(Ordering::Relaxed) >= MAX_PENDING {
                    call.abandon();
                    return Err(CallError::TooMany);
                }
                Some(self.await_room(unsent))
            }
        };
        Ok(Asked::new(call, &self.held, place))
    }

    /// Takes a place among the sends. Where the channel closes before there is room, the request is dropped.
    fn await_room(&self, request: Message) -> u64 {
        let waiter = Waiter::new(Wake::Nobody);
        waiter.listen();
        Registration::new(&self.held.channel, &self.held.end, &waiter, |inner, waiter, end| {
            insert_send(inner, waiter, end, 0, request.into())
        })
        .place
    }
}
