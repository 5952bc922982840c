//! The sending end.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::blocking::{Ended, Patience, park_until_claimed};
use crate::channel::Channel;
use crate::close::Held;
use crate::environment::Environment;
use crate::error::{SendError, TrySendError};
use crate::memory::Pool;
use crate::message::Message;
use crate::pending::{Pending, Registered, Waiting, insert_drained, insert_send};
use crate::primitives::Ordering;
use crate::snapshot::Snapshot;
use crate::spin::Spin;
use crate::wait::Outcome;

/// Most sends of one end that may be pending at a time.
pub const MAX_PENDING: usize = 65_536;

/// A sending end, held by one environment. It may move between threads and is used by one at a time.
pub struct Sender {
    pub(crate) held: Held,
    pub(crate) environment: Arc<Environment>,
    pub(crate) spin: Spin,
    one_thread: PhantomData<Cell<()>>,
}

/// What came of a send that may wait.
pub enum Sent {
    /// Accepted.
    Now,
    /// There was no room: the message waits for it, in its place.
    Pending(Pending),
}

impl Sender {
    pub(crate) fn new(held: Held, environment: &Arc<Environment>) -> Self {
        let spin = Spin::new(held.channel.settings.spin_micros);
        Self { held, environment: Arc::clone(environment), spin, one_thread: PhantomData }
    }

    /// Sends now, if there is room and no earlier send of this end is pending.
    ///
    /// # Errors
    /// The message comes back: [`TrySendError::Full`] or [`TrySendError::Closed`].
    pub fn try_send(&self, message: Message) -> Result<(), TrySendError> {
        let (channel, end) = (&*self.held.channel, &*self.held.end);
        // Acquire: an earlier send that another thread finished for us is in the queue before ours.
        if end.pending.load(Ordering::Acquire) > 0 {
            return Err(if channel.phase() == 0 {
                TrySendError::Full(message)
            } else {
                TrySendError::Closed(message)
            });
        }
        let bytes = message.len();
        end.enter();
        if channel.phase() != 0 {
            end.leave();
            return Err(TrySendError::Closed(message));
        }
        let pushed = channel.queue.try_push(message);
        if pushed.is_ok() {
            end.direct.add(bytes);
        }
        end.leave();
        match pushed {
            Ok(()) => channel.pushed(),
            Err(message) => channel.meet_receive(&self.held.end, message)?,
        }
        Ok(())
    }

    /// Sends, or registers the message to be sent when there is room; the environment is told under
    /// the name `token`.
    ///
    /// # Errors
    /// [`SendError::Closed`] or [`SendError::TooMany`], with the message.
    pub fn send_or_wait(&self, message: Message, token: u32) -> Result<Sent, SendError> {
        let message = match self.send_unless_waited(message) {
            Ok(()) => return Ok(Sent::Now),
            Err(TrySendError::Closed(message)) => return Err(SendError::Closed(message)),
            Err(TrySendError::Full(message)) => message,
        };
        match self.register(message, &Waiting::Environment(&self.environment, token))? {
            Registered::Pending(pending) => Ok(Sent::Pending(pending)),
            Registered::Now(Outcome::Refused(message)) => Err(SendError::Closed(message)),
            Registered::Now(_) => Ok(Sent::Now),
        }
    }

    /// Sends, blocking this thread until there is room.
    ///
    /// # Errors
    /// The message comes back: see [`SendError`].
    pub fn send(&self, message: Message, mut patience: Patience<'_>) -> Result<(), SendError> {
        let mut message = match self.send_unless_waited(message) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Closed(message)) => return Err(SendError::Closed(message)),
            Err(TrySendError::Full(message)) => Some(message),
        };
        let stuck = || self.held.channel.is_stuck(&self.held.end);
        let spun = self.spin.until(
            patience.deadline,
            || patience.lasts(stuck),
            || {
                if self.others_wait() || !self.channel().may_have_room() {
                    return None;
                }
                match self.try_send(message.take()?) {
                    Ok(()) => Some(Ok(())),
                    Err(TrySendError::Closed(message)) => Some(Err(SendError::Closed(message))),
                    Err(TrySendError::Full(back)) => {
                        message = Some(back);
                        None
                    }
                }
            },
        );
        let Some(message) = message else { return spun.unwrap_or(Ok(())) };
        let pending = match self.register(message, &Waiting::Thread)? {
            Registered::Now(outcome) => return answered(outcome),
            Registered::Pending(pending) => pending,
        };
        let failed: fn(Message) -> SendError =
            match park_until_claimed(|| pending.take(), &mut patience, &self.spin, stuck) {
                Ended::Claimed(outcome) => return answered(outcome),
                Ended::TimedOut => SendError::TimedOut,
                Ended::Stuck => SendError::Stuck,
                Ended::Stopped => SendError::Stopped,
            };
        match pending.cancel_send() {
            Some(message) => Err(failed(message)),
            // Claimed in the last moment: that counts.
            None => pending.take().map_or(Ok(()), answered),
        }
    }

    /// Resolves when all that this end has sent, pending sends included, and all that was accepted
    /// before, has left the queue. The environment is told under the name `token`.
    ///
    /// # Errors
    /// `None` is the answer when the receivers are gone: it never will.
    pub fn drained(&self, token: u32) -> Option<Sent> {
        let waiting = Waiting::Environment(&self.environment, token);
        match Pending::register(&self.held.channel, &self.held.end, &waiting, false, insert_drained) {
            Registered::Pending(pending) => Some(Sent::Pending(pending)),
            Registered::Now(Outcome::Closed) => None,
            Registered::Now(_) => Some(Sent::Now),
        }
    }

    /// For all senders: nothing more is accepted. Receivers drain, then are closed.
    pub fn end(&self) {
        self.held.channel.end_all();
    }

    /// Another sending end, for the same environment.
    #[must_use]
    pub fn another(&self) -> Self {
        Self::new(self.held.another(self.environment.id()), &self.environment)
    }

    /// The memory of this channel's messages.
    #[must_use]
    pub fn pool(&self) -> &Arc<Pool> {
        &self.held.channel.pool
    }

    /// What can be seen of the channel.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<'_> {
        Snapshot::new(&self.held)
    }

    fn channel(&self) -> &Channel {
        &self.held.channel
    }

    fn others_wait(&self) -> bool {
        self.channel().signs.senders_wait.load(Ordering::Relaxed) > 0
    }

    /// As `try_send`, but behind whoever waits already.
    pub(crate) fn send_unless_waited(&self, message: Message) -> Result<(), TrySendError> {
        if self.others_wait() {
            return Err(TrySendError::Full(message));
        }
        self.try_send(message)
    }

    fn register(&self, message: Message, waiting: &Waiting<'_>) -> Result<Registered, SendError> {
        if self.held.end.pending.load(Ordering::Relaxed) >= MAX_PENDING {
            return Err(SendError::TooMany(message));
        }
        Ok(Pending::register(&self.held.channel, &self.held.end, waiting, false, |inner, waiter, end| {
            insert_send(inner, waiter, end, message)
        }))
    }
}

fn answered(outcome: Outcome) -> Result<(), SendError> {
    match outcome {
        Outcome::Refused(message) => Err(SendError::Closed(message)),
        _ => Ok(()),
    }
}
