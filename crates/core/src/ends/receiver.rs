//! The receiving end.

mod cancelling;
mod many;

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::Arc;

pub use many::{Many, Taken, Taking};

use crate::channel::close::EndGuard;
use crate::error::{RecvError, TryRecvError};
use crate::flavors::Popped;
use crate::memory::Magazine;
use crate::message::Message;
use crate::observe::snapshot::Snapshot;
use crate::primitives::Ordering;
use crate::wait::Outcome;
use crate::wait::blocking::{Ended, Patience, park_until_claimed};
use crate::wait::environment::Environment;
use crate::wait::pending::{Origin, Pending, Registered, Waiting, insert_recv};
use crate::wait::spin::Spin;

/// A receiving end, held by one environment. It may move between threads and is used by one at a time.
pub struct Receiver {
    pub(crate) held: EndGuard,
    pub(crate) environment: Arc<Environment>,
    pub(crate) spin: Spin,
    magazine: Magazine,
    /// The last receive that did not wait found a message: one that comes too early may hope for a next one.
    flows: Cell<bool>,
    /// Of a broadcast: the number of the next message when this end had got all before it.
    pub(crate) got_all: Cell<u64>,
    one_thread: PhantomData<Cell<()>>,
}

/// What came of a receive that may wait.
pub enum Received {
    /// A message was there.
    Now(Message),
    /// None was: the wait has its place.
    Pending(Pending),
}

impl Receiver {
    pub(crate) fn new(held: EndGuard, environment: &Arc<Environment>) -> Self {
        let spin = Spin::new(held.channel.settings.spin_micros);
        let magazine = Magazine::new(&held.channel.pool);
        Self {
            held,
            environment: Arc::clone(environment),
            spin,
            magazine,
            flows: Cell::new(false),
            got_all: Cell::new(u64::MAX),
            one_thread: PhantomData,
        }
    }

    /// As [`Receiver::try_recv`], showing the message to `copy` where it lies, which saves moving it around: most
    /// receives end here. What is not copied, because `copy` answers `None`, comes back. `passing`: even before those
    /// who wait.
    ///
    /// # Errors
    /// As there, without a call of `copy`.
    #[inline(always)]
    pub fn try_take<R>(
        &self,
        passing: bool,
        copy: impl FnOnce(&Message) -> Option<R>,
    ) -> Result<Result<R, Message>, TryRecvError> {
        let channel = &*self.held.channel;
        if !passing && self.others_wait() {
            return Err(TryRecvError::Empty);
        }
        // Acquire: as in `Channel::take`.
        if channel.flags.returned.load(Ordering::Acquire) == 0 {
            let popped = channel.queue.try_pop();
            if let Ok(message) = &popped {
                // SeqCst: the pop before the look for waits; see the head of channel/mod.rs.
                self.held.end.direct.add_and_fence(message.len());
                channel.popped_and_fenced(&self.held.end);
                let copied = copy(message);
                return self.copied(popped, copied).ok_or(TryRecvError::Empty);
            }
            // Acquire: the phase as in `Channel::phase`, of which this is all; neither ended nor packed.
            if channel.flags.phase.load(Ordering::Acquire) == 0 && !channel.queue.is_rendezvous() {
                return Err(TryRecvError::Empty);
            }
        }
        let message = if passing { self.try_recv() } else { self.recv_unless_waited() }?;
        let copied = copy(&message);
        self.copied(Ok(message), copied).ok_or(TryRecvError::Empty)
    }

    /// A message that was received comes back, unless it was copied: then its memory is for the next ones.
    #[inline(always)]
    fn copied<R>(&self, popped: Popped, copied: Option<R>) -> Option<Result<R, Message>> {
        if copied.is_none() {
            return popped.ok().map(Err);
        }
        if popped.as_ref().is_ok_and(Message::has_block) {
            popped.into_iter().for_each(|message| self.recycle(message));
        }
        copied.map(Ok)
    }

    /// Takes the next message, if one is there or, while messages flow, comes within a moment.
    ///
    /// # Errors
    /// As [`Receiver::try_take`], behind those who wait.
    pub fn take_soon<R>(
        &self,
        copy: impl FnOnce(&Message) -> Option<R>,
    ) -> Result<Result<R, Message>, TryRecvError> {
        let channel = &*self.held.channel;
        if !self.may_have_messages() && self.flows.get() && !channel.settings.unpolled {
            self.flows.set(!self.others_wait() && self.spin.moment(|| self.may_have_messages()));
        }
        let taken = self.try_take(false, copy);
        if taken.is_ok() {
            self.flows.set(true);
        }
        taken
    }

    /// Takes the next message, if one is there.
    ///
    /// # Errors
    /// [`TryRecvError::Empty`] or [`TryRecvError::Closed`].
    #[inline(never)]
    pub fn try_recv(&self) -> Result<Message, TryRecvError> {
        let channel = &*self.held.channel;
        if channel.is_broadcast() {
            return self.try_recv_shared(true);
        }
        let message = match channel.take() {
            Some(message) => message,
            None if channel.phase() == 0 => {
                return channel.meet_send(&self.held.end).ok_or(TryRecvError::Empty);
            }
            None => self.last_message()?,
        };
        channel.leased_to(&self.held.end);
        self.held.end.direct.add_and_fence(message.len());
        channel.popped_and_fenced(&self.held.end);
        Ok(message)
    }

    /// The newest of what is there; the older ones are taken and counted as skipped.
    ///
    /// # Errors
    /// As [`Receiver::try_recv`], when there is none.
    pub fn latest(&self) -> Result<Message, TryRecvError> {
        let channel = &*self.held.channel;
        if channel.is_broadcast() {
            return self.newest_shared();
        }
        let mut newest = self.try_recv()?;
        for _ in 0..channel.len() {
            let Some(newer) = channel.take() else { break };
            self.held.end.lost.add(newer.len());
            channel.skipped(&newest);
            self.recycle(std::mem::replace(&mut newest, newer));
        }
        channel.popped(&self.held.end);
        Ok(newest)
    }

    /// Takes the next message, or registers to be handed one; the environment is told under the name
    /// `token`. `told`: hear of it there even if a message is there at once.
    ///
    /// # Errors
    /// [`TryRecvError::Closed`].
    pub fn recv_or_wait(&self, token: u32, told: bool) -> Result<Received, TryRecvError> {
        if !told {
            match self.recv_unless_waited() {
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Closed) => return Err(TryRecvError::Closed),
                Ok(message) => return Ok(Received::Now(message)),
            }
        }
        match self.register(&Waiting::Environment(&self.environment, token), told) {
            Registered::Pending(pending) => Ok(Received::Pending(pending)),
            Registered::Now(outcome) => {
                answered(outcome).map(Received::Now).map_err(|_| TryRecvError::Closed)
            }
        }
    }

    /// Takes the next message, blocking this thread until one comes.
    ///
    /// # Errors
    /// See [`RecvError`]; nothing was taken.
    pub fn recv(&self, mut patience: Patience<'_>) -> Result<Message, RecvError> {
        let attempt = || match self.recv_unless_waited() {
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Closed) => Some(Err(RecvError::Closed)),
            Ok(message) => Some(Ok(message)),
        };
        let stuck = || self.held.channel.is_stuck(&self.held.end);
        let spin = || self.spin.until(patience.deadline, || patience.lasts(stuck), attempt);
        let soon = || self.spin.moment(|| self.may_have_messages()).then(attempt).flatten();
        if let Some(answer) = attempt().or_else(soon).or_else(spin) {
            return answer;
        }
        let pending = match self.register(&Waiting::Thread, false) {
            Registered::Now(outcome) => return answered(outcome),
            Registered::Pending(pending) => pending,
        };
        let failed = match park_until_claimed(
            || pending.waiter().claimant(),
            || pending.take(),
            &mut patience,
            &self.spin,
            stuck,
        ) {
            Ended::Claimed(outcome) => return answered(outcome),
            Ended::TimedOut => RecvError::TimedOut,
            Ended::Stuck => RecvError::Stuck,
            // Dropped, the wait gives back what it was claimed with, if anything: nobody is left to take it.
            Ended::Stopped => return Err(RecvError::Stopped),
        };
        if pending.cancel() {
            return Err(failed);
        }
        // Claimed in the last moment: that counts.
        pending.take().map_or(Err(failed), answered)
    }

    /// The channel that this end's messages come from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.held.origin()
    }

    /// Takes a message's memory back for the channel's next ones.
    pub fn recycle(&self, message: Message) {
        self.magazine.recycle(message);
    }

    /// Another receiving end, for the same environment.
    #[must_use]
    pub fn another(&self) -> Self {
        Self::new(self.held.another(self.environment.id()), &self.environment)
    }

    /// What can be seen of the channel.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<'_> {
        Snapshot::new(&self.held)
    }

    /// As `try_recv`, but behind whoever waits already.
    pub(crate) fn recv_unless_waited(&self) -> Result<Message, TryRecvError> {
        if self.held.channel.is_broadcast() {
            return self.try_recv_shared(false);
        }
        if self.others_wait() {
            return Err(TryRecvError::Empty);
        }
        self.try_recv()
    }

    /// Whether waits come first; on a broadcast only this end's own do, which is looked at under the lock.
    pub(crate) fn others_wait(&self) -> bool {
        let channel = &*self.held.channel;
        channel.flags.receivers_wait.load(Ordering::Relaxed) > 0 && !channel.is_broadcast()
    }

    /// Whether a receive is worth an attempt.
    fn may_have_messages(&self) -> bool {
        let channel = &*self.held.channel;
        channel.may_have_messages()
            && channel.queue.broadcast().is_none_or(|marks| marks.end() != self.got_all.get())
    }

    fn register(&self, waiting: &Waiting<'_>, told: bool) -> Registered {
        Pending::register(&self.held.channel, &self.held.end, waiting, told, insert_recv)
    }

    /// Closed, and nothing was found: once every send that was under way is over, either its message is
    /// there or nothing more can come.
    fn last_message(&self) -> Result<Message, TryRecvError> {
        let channel = &self.held.channel;
        let mut inner = channel.lock();
        channel.quiet(&mut inner);
        // Leased, it may come back.
        let nothing = || if channel.may_come_back() { TryRecvError::Empty } else { TryRecvError::Closed };
        channel.take_next(&mut inner).ok_or_else(nothing)
    }
}

fn answered(outcome: Outcome) -> Result<Message, RecvError> {
    match outcome {
        Outcome::Received(message) => Ok(message),
        _ => Err(RecvError::Closed),
    }
}
