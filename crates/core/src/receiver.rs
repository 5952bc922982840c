//! The receiving end.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::blocking::{Ended, Patience, park_until_claimed};
use crate::close::Held;
use crate::environment::Environment;
use crate::error::{RecvError, TryRecvError};
use crate::memory::Magazine;
use crate::message::Message;
use crate::pending::{Origin, Pending, Registered, Waiting, insert_recv};
use crate::primitives::Ordering;
use crate::snapshot::Snapshot;
use crate::spin::Spin;
use crate::wait::Outcome;

/// A receiving end, held by one environment. It may move between threads and is used by one at a time.
pub struct Receiver {
    pub(crate) held: Held,
    pub(crate) environment: Arc<Environment>,
    pub(crate) spin: Spin,
    magazine: Magazine,
    /// The last receive that did not wait found a message: one that comes too early may hope for a next one.
    flows: Cell<bool>,
    one_thread: PhantomData<Cell<()>>,
}

/// Where many messages go, one by one. A trait beside the closures, whose code cannot be asked to be inlined:
/// handed over by a call, each message is moved once more, and its receive takes a tenth longer.
pub trait Taking {
    /// Takes one; whether another may follow.
    fn take(&mut self, message: Message) -> bool;
}

impl<F: FnMut(Message) -> bool> Taking for F {
    fn take(&mut self, message: Message) -> bool {
        self(message)
    }
}

/// What came of a receive that may wait.
pub enum Received {
    /// A message was there.
    Now(Message),
    /// None was: the wait has its place.
    Pending(Pending),
}

impl Receiver {
    pub(crate) fn new(held: Held, environment: &Arc<Environment>) -> Self {
        let spin = Spin::new(held.channel.settings.spin_micros);
        let magazine = Magazine::new(&held.channel.pool);
        Self {
            held,
            environment: Arc::clone(environment),
            spin,
            magazine,
            flows: Cell::new(false),
            one_thread: PhantomData,
        }
    }

    /// As [`Receiver::try_recv`], handing the message to `take` where it lies, which saves moving it around: most
    /// receives end here. `passing`: even before those who wait.
    ///
    /// # Errors
    /// As there, without a call of `take`.
    #[inline(always)]
    pub fn try_take<R>(&self, passing: bool, take: impl FnOnce(Message) -> R) -> Result<R, TryRecvError> {
        let channel = &*self.held.channel;
        if !passing && self.others_wait() {
            return Err(TryRecvError::Empty);
        }
        // Acquire: as in `Channel::take`.
        if channel.signs.returned.load(Ordering::Acquire) == 0 {
            if let Some(message) = channel.queue.try_pop() {
                // SeqCst: the pop before the look for waits; see the head of channel.rs.
                self.held.end.direct.add_and_fence(message.len());
                channel.popped_and_fenced();
                return Ok(take(message));
            }
            // Acquire: the phase as in `Channel::phase`, of which this is all; neither ended nor packed.
            if channel.signs.phase.load(Ordering::Acquire) == 0 && !channel.queue.is_rendezvous() {
                return Err(TryRecvError::Empty);
            }
        }
        self.try_recv().map(take)
    }

    /// Takes the next message, if one is there or, while messages flow, comes within a moment.
    ///
    /// # Errors
    /// As [`Receiver::try_take`], behind those who wait.
    pub fn take_soon<R>(&self, take: impl FnOnce(Message) -> R) -> Result<R, TryRecvError> {
        let channel = &*self.held.channel;
        if !channel.may_have_messages() && self.flows.get() && !channel.settings.unpolled {
            self.flows.set(!self.others_wait() && self.spin.moment(|| channel.may_have_messages()));
        }
        let taken = self.try_take(false, take);
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
        let message = match channel.take() {
            Some(message) => message,
            None if channel.phase() == 0 => {
                return channel.meet_send(&self.held.end).ok_or(TryRecvError::Empty);
            }
            None => self.last_message()?,
        };
        self.held.end.direct.add_and_fence(message.len());
        channel.popped_and_fenced();
        Ok(message)
    }

    /// Takes up to `max` messages that are there, handing each to `take`, where it lies, until that says no.
    /// `passing`: even before those who wait.
    ///
    /// # Errors
    /// As [`Receiver::try_take`], when there is none.
    pub fn try_take_many(
        &self,
        passing: bool,
        max: usize,
        take: &mut impl Taking,
    ) -> Result<usize, TryRecvError> {
        let channel = &*self.held.channel;
        if !passing && self.others_wait() {
            return Err(TryRecvError::Empty);
        }
        let (mut count, mut bytes, mut goes_on) = (0, 0, true);
        // Acquire: as in `Channel::take`.
        while goes_on
            && count < max
            && channel.signs.returned.load(Ordering::Acquire) == 0
            && let Some(message) = channel.queue.try_pop()
        {
            bytes += message.len();
            count += 1;
            goes_on = take.take(message);
        }
        if goes_on && count < max {
            return self.take_others(count, bytes, max, take);
        }
        self.took(count, bytes);
        Ok(count)
    }

    /// What [`Receiver::try_take_many`] does not find in the queue, `count` messages being taken already: what
    /// was returned, or is packed, or comes one at a time.
    #[inline(never)]
    fn take_others(
        &self,
        mut count: usize,
        mut bytes: usize,
        max: usize,
        take: &mut dyn Taking,
    ) -> Result<usize, TryRecvError> {
        let mut goes_on = true;
        while goes_on
            && count < max
            && let Some(message) = self.held.channel.take()
        {
            bytes += message.len();
            count += 1;
            goes_on = take.take(message);
        }
        if count > 0 {
            self.took(count, bytes);
            return Ok(count);
        }
        // A rendezvous, or closed.
        while goes_on && count < max {
            match self.try_recv() {
                Ok(message) => {
                    count += 1;
                    goes_on = take.take(message);
                }
                Err(error) if count == 0 => return Err(error),
                Err(_) => break,
            }
        }
        Ok(count)
    }

    /// One count, one look, and at most one wake, for all that were taken together.
    fn took(&self, count: usize, bytes: usize) {
        self.held.end.direct.add_many(count, bytes);
        self.held.channel.popped();
    }

    /// The newest of what is there; the older ones are taken and counted as skipped.
    ///
    /// # Errors
    /// As [`Receiver::try_recv`], when there is none.
    pub fn latest(&self) -> Result<Message, TryRecvError> {
        let channel = &*self.held.channel;
        let mut newest = self.try_recv()?;
        for _ in 0..channel.len() {
            let Some(newer) = channel.take() else { break };
            self.held.end.lost.add(newer.len());
            self.recycle(std::mem::replace(&mut newest, newer));
        }
        channel.popped();
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
        let channel = &*self.held.channel;
        let soon = || self.spin.moment(|| channel.may_have_messages()).then(attempt).flatten();
        if let Some(answer) = attempt().or_else(soon).or_else(spin) {
            return answer;
        }
        let pending = match self.register(&Waiting::Thread, false) {
            Registered::Now(outcome) => return answered(outcome),
            Registered::Pending(pending) => pending,
        };
        let failed = match park_until_claimed(|| pending.take(), &mut patience, &self.spin, stuck) {
            Ended::Claimed(outcome) => return answered(outcome),
            Ended::TimedOut => RecvError::TimedOut,
            Ended::Stuck => RecvError::Stuck,
            // Dropped, the wait gives back what it may have been claimed with: nobody is there to take it.
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
        Origin(Arc::clone(&self.held.channel))
    }

    /// Takes a message's memory back for the channel's next ones.
    pub fn recycle(&self, message: Message) {
        self.magazine.recycle(message);
    }

    /// For all receivers: nothing more is accepted, and what is queued is discarded. How many were.
    #[must_use]
    pub fn cancel(&self) -> u64 {
        self.held.cancel()
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
        if self.others_wait() {
            return Err(TryRecvError::Empty);
        }
        self.try_recv()
    }

    fn others_wait(&self) -> bool {
        self.held.channel.signs.receivers_wait.load(Ordering::Relaxed) > 0
    }

    fn register(&self, waiting: &Waiting<'_>, told: bool) -> Registered {
        Pending::register(&self.held.channel, &self.held.end, waiting, told, insert_recv)
    }

    /// Closed, and nothing was found: once every send that was under way is over, either its message is
    /// there or nothing more can come.
    fn last_message(&self) -> Result<Message, TryRecvError> {
        let channel = &self.held.channel;
        let mut inner = channel.lock();
        channel.quiet(&inner);
        channel.take_next(&mut inner).ok_or(TryRecvError::Closed)
    }
}

fn answered(outcome: Outcome) -> Result<Message, RecvError> {
    match outcome {
        Outcome::Received(message) => Ok(message),
        _ => Err(RecvError::Closed),
    }
}
