//! The sending end.

mod dropping;
mod many;
mod waiting;

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::channel::close::EndGuard;
use crate::channel::close::reason::{CloseKind, ErrorBytes};
use crate::channel::{Channel, Overflow, PACKED, SHARED, Settings};
use crate::error::{NoMemory, SendError, TrySendError};
use crate::memory::{Magazine, Pool, Source};
use crate::message::Message;
use crate::observe::snapshot::Snapshot;
use crate::primitives::Ordering;
use crate::wait::Outcome;
use crate::wait::blocking::Patience;
use crate::wait::environment::Environment;
use crate::wait::pending::{Pending, Registered, Waiting, insert_drained};
use crate::wait::spin::Spin;

/// Most sends of one end that may be pending at a time.
pub const MAX_PENDING: usize = 65_536;

/// Messages that are pushed between two looks at whether the channel is closed.
const AT_ONCE: usize = 64;

/// A sending end, held by one environment. It may move between threads and is used by one at a time.
pub struct Sender {
    pub(crate) held: EndGuard,
    pub(crate) environment: Arc<Environment>,
    pub(crate) spin: Spin,
    magazine: Magazine,
    one_thread: PhantomData<Cell<()>>,
}

/// What came of a send that may wait.
pub enum Sent {
    /// Accepted.
    Now,
    /// There was no room: the message waits for it, in its place.
    Pending(Pending),
}

/// What came of a short message that was tried.
pub enum Short {
    /// It was accepted.
    Sent,
    /// There is no room, and no policy that makes some.
    Full,
    /// It was not tried: it is long, or there is more to it than room. The other verbs know.
    Unsent,
}

impl Sender {
    pub(crate) fn new(held: EndGuard, environment: &Arc<Environment>) -> Self {
        let spin = Spin::new(held.channel.settings.spin_micros);
        let magazine = Magazine::new(&held.channel.pool);
        Self { held, environment: Arc::clone(environment), spin, magazine, one_thread: PhantomData }
    }

    /// A message with a copy of `source`.
    ///
    /// # Errors
    /// [`NoMemory`] when there is not enough memory for a block that long.
    pub fn message<'a>(&self, source: impl Into<Source<'a>>) -> Result<Message, NoMemory> {
        Message::copy(source.into(), |long| self.magazine.copy(long))
    }

    /// Takes the memory of a message that was not sent back for the channel's next ones.
    pub fn recycle(&self, message: Message) {
        self.magazine.recycle(message);
    }

    /// Sends a short message now, straight from the caller's bytes, which saves moving it around: most sends end
    /// here. `passing`: even before those who wait.
    #[inline(always)]
    pub fn try_send_short(&self, source: Source<'_>, passing: bool) -> Short {
        let (channel, end) = (self.channel(), &*self.held.end);
        // Acquire, here and below: as in `push`.
        if end.pending.load(Ordering::Acquire) > 0 || (!passing && self.others_wait()) {
            return Short::Unsent;
        }
        let Some(message) = Message::short(source) else { return Short::Unsent };
        end.enter();
        if channel.flags.phase.load(Ordering::Acquire) != 0 {
            end.leave();
            return Short::Unsent;
        }
        let sent = channel.queue.try_push(message).is_ok();
        if sent {
            end.direct.add(source.len());
        }
        end.leave();
        if !sent {
            let waits = channel.settings.overflow == Overflow::Wait && !channel.queue.is_rendezvous();
            return if waits { Short::Full } else { Short::Unsent };
        }
        channel.pushed(&self.held.end);
        Short::Sent
    }

    /// Sends now, if there is room and no earlier send of this end is pending. A channel that overflows
    /// always has room, at the cost of some message.
    ///
    /// # Errors
    /// The message comes back: [`TrySendError::Full`] or [`TrySendError::Closed`].
    pub fn try_send(&self, message: Message) -> Result<(), TrySendError> {
        let message = match self.push(message) {
            Ok(()) => {
                self.channel().pushed(&self.held.end);
                return Ok(());
            }
            Err(TrySendError::Full(message)) => message,
            Err(closed) => return Err(closed),
        };
        match self.channel().settings.overflow {
            Overflow::Wait => self.channel().meet_receive(&self.held.end, message),
            Overflow::DropNewest => {
                self.drop_this(message);
                Ok(())
            }
            Overflow::DropOldest => self.drop_until_it_fits(message),
        }
    }

    /// Sends, or registers the message to be sent when there is room; the environment is told under
    /// the name `token`.
    ///
    /// # Errors
    /// [`SendError::Closed`], [`SendError::TooMany`] or [`SendError::TooLong`], with the message.
    pub fn send_or_wait(&self, message: Message, token: u32) -> Result<Sent, SendError> {
        let message = match self.send_now(message) {
            Ok(()) => return Ok(Sent::Now),
            Err(TrySendError::Closed(message)) => return Err(SendError::Closed(message.into())),
            Err(TrySendError::Full(message)) => message,
        };
        self.wait_for_room(message.into(), token)
    }

    /// Sends, blocking this thread until there is room.
    ///
    /// # Errors
    /// The message comes back: see [`SendError`].
    pub fn send(&self, message: Message, mut patience: Patience<'_>) -> Result<(), SendError> {
        let mut message = match self.send_now(message) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Closed(message)) => return Err(SendError::Closed(message.into())),
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
                    Err(TrySendError::Closed(message)) => Some(Err(SendError::Closed(message.into()))),
                    Err(TrySendError::Full(back)) => {
                        message = Some(back);
                        None
                    }
                }
            },
        );
        match message {
            None => spun.unwrap_or(Ok(())),
            Some(message) => self.block_for_room(message.into(), &mut patience),
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
        self.held.end(CloseKind::Ended, None);
    }

    /// As [`Sender::end`], but receivers that have drained are told of a failure, and why.
    pub fn fail(&self, error: ErrorBytes) {
        self.held.end(CloseKind::Failed, Some(error));
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

    /// The longest message that the channel can take, in bytes, if there is a bound: the shorter of its slots'
    /// length and of the payload bytes that may be queued.
    #[must_use]
    pub fn longest(&self) -> Option<usize> {
        let Settings { max_bytes, slot_bytes, .. } = &self.held.channel.settings;
        match (max_bytes, slot_bytes) {
            (Some(max_bytes), Some(slot_bytes)) => Some(*max_bytes.min(slot_bytes)),
            (bound, None) | (None, bound) => *bound,
        }
    }

    pub(crate) fn is_too_long(&self, len: usize) -> bool {
        self.longest().is_some_and(|most| len > most)
    }

    /// Whether `longest` is the length of the channel's slots.
    #[must_use]
    pub fn is_slot_long(&self) -> bool {
        let slot_bytes = self.held.channel.settings.slot_bytes;
        slot_bytes.is_some() && slot_bytes == self.longest()
    }

    /// What can be seen of the channel.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<'_> {
        Snapshot::new(&self.held)
    }

    pub(crate) fn channel(&self) -> &Channel {
        &self.held.channel
    }

    pub(crate) fn others_wait(&self) -> bool {
        self.channel().flags.senders_wait.load(Ordering::Relaxed) > 0
    }

    /// Pushes, and leaves the look for waits to the caller.
    fn push(&self, message: Message) -> Result<(), TrySendError> {
        let (channel, end) = (self.channel(), &*self.held.end);
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
        // Acquire: what its closer did before is seen.
        let phase = channel.flags.phase.load(Ordering::Acquire);
        if phase != 0 {
            end.leave();
            return match phase {
                PACKED => self.push_packed(message),
                SHARED => self.push_shared(message),
                _ => Err(TrySendError::Closed(message)),
            };
        }
        let pushed = channel.queue.try_push(message);
        if pushed.is_ok() {
            end.direct.add(bytes);
        }
        end.leave();
        pushed.map_err(TrySendError::Full)
    }

    /// As `try_send`, but behind whoever waits already.
    ///
    /// # Errors
    /// As [`Sender::try_send`].
    pub fn send_now(&self, message: Message) -> Result<(), TrySendError> {
        if self.others_wait() {
            return Err(TrySendError::Full(message));
        }
        self.try_send(message)
    }
}
