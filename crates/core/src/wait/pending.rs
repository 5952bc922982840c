//! A registered wait, as its owner holds it: to end it, to take what it was claimed with, and, dropped,
//! to let go of it without losing a message.

use std::sync::Arc;

use crate::channel::close::reason::CloseReason;
use crate::channel::drains::Goal;
use crate::channel::end::{End, Side};
use crate::channel::payload::Payload;
use crate::channel::{Channel, Inner};
use crate::ends::select::PendingSelect;
use crate::memory::Pool;
use crate::message::Message;
use crate::primitives::{Ordering, thread};
use crate::wait::environment::Environment;
use crate::wait::{Case, Entry, Outcome, Place, Waiter, Wake};

/// What a wait waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Room for a message.
    Send,
    /// A message.
    Recv,
    /// The queue's emptying.
    Drained,
}

/// A place taken in one channel's list.
pub(crate) struct Registration {
    pub(crate) channel: Arc<Channel>,
    pub(crate) end: Arc<End>,
    pub(crate) place: Place,
    pub(crate) verb: Verb,
}

impl Registration {
    /// Takes a place and settles once, so that nothing that is there is waited for.
    pub(crate) fn new(
        channel: &Arc<Channel>,
        end: &Arc<End>,
        waiter: &Arc<Waiter>,
        insert: impl FnOnce(&mut Inner, Arc<Waiter>, Arc<End>) -> (Place, Verb),
    ) -> Self {
        let (place, verb) = channel.change(|inner, _| insert(inner, Arc::clone(waiter), Arc::clone(end)));
        Self { channel: Arc::clone(channel), end: Arc::clone(end), place, verb }
    }

    /// The channel, and the end that waits.
    pub(crate) fn origin(&self) -> Origin {
        Origin { channel: Arc::clone(&self.channel), end: Arc::clone(&self.end) }
    }

    /// Takes the entry out, if it is still there; a pending send's message comes back.
    fn withdraw(&self, inner: &mut Inner) -> Option<Payload> {
        match self.verb {
            Verb::Recv => {
                let entry = inner.receives.remove(self.place)?;
                self.channel.wait_over(inner, &entry.end, self.place);
                None
            }
            Verb::Drained => {
                inner.drains.remove(self.place);
                None
            }
            Verb::Send => inner.sends.remove(self.place).map(|entry| {
                self.channel.send_settled(inner, &entry.end, self.place);
                entry.brings
            }),
        }
    }

    /// As `withdraw`, on its own: what is left of a select whose other case was chosen.
    pub(crate) fn give_up(&self) {
        let payload = self.channel.change(|inner, _| self.withdraw(inner));
        for message in payload.into_iter().flat_map(Payload::into_rest) {
            self.channel.pool.recycle_message(message);
        }
    }
}

/// A wait that was registered and may have been claimed since. Dropping it ends the wait; a message
/// it was claimed with goes to the next one, ahead of the queue.
pub struct Pending {
    waiter: Arc<Waiter>,
    registration: Registration,
}

/// Where a received message came from: to put it back, or to recycle its memory.
pub struct Origin {
    pub(crate) channel: Arc<Channel>,
    /// Whose message it was.
    pub(crate) end: Arc<End>,
}

impl Origin {
    /// Puts a received message back: it is the channel's next one.
    pub fn give_back(&self, message: Message) {
        self.channel.give_back(&self.end, vec![message]);
    }

    /// The memory of the channel's messages.
    #[must_use]
    pub fn pool(&self) -> &Arc<Pool> {
        &self.channel.pool
    }
}

/// Whose wait it is.
pub(crate) enum Waiting<'a> {
    /// The calling thread, which will park.
    Thread,
    /// An environment, which names the wait.
    Environment(&'a Arc<Environment>, u32),
}

impl Waiting<'_> {
    pub(crate) fn waiter(&self) -> Arc<Waiter> {
        Waiter::new(match self {
            Self::Thread => Wake::Thread(thread::current()),
            Self::Environment(environment, token) => Wake::Environment(Arc::clone(environment), *token),
        })
    }
}

/// What came of registering.
pub(crate) enum Registered {
    /// It was there: no wait is left.
    Now(Outcome),
    /// The wait goes on.
    Pending(Pending),
}

impl Pending {
    /// Registers a wait. `told`: leave even an outcome that is there at once to the environment's ready list.
    pub(crate) fn register(
        channel: &Arc<Channel>,
        end: &Arc<End>,
        waiting: &Waiting<'_>,
        told: bool,
        insert: impl FnOnce(&mut Inner, Arc<Waiter>, Arc<End>) -> (Place, Verb),
    ) -> Registered {
        let waiter = waiting.waiter();
        if told {
            waiter.listen();
        }
        let registration = Registration::new(channel, end, &waiter, insert);
        if !told && let Some((_, outcome)) = waiter.listen() {
            return Registered::Now(outcome);
        }
        Registered::Pending(Self { waiter, registration })
    }

    /// Whether `waiter`, which an environment was told of, is this wait.
    #[must_use]
    pub fn is(&self, waiter: &Arc<Waiter>) -> bool {
        Arc::ptr_eq(&self.waiter, waiter)
    }

    pub(crate) fn waiter(&self) -> &Waiter {
        &self.waiter
    }

    /// What it waits for.
    #[must_use]
    pub fn verb(&self) -> Verb {
        self.registration.verb
    }

    /// Its place among the waits of its kind: lower began earlier.
    #[must_use]
    pub fn place(&self) -> u64 {
        self.registration.place
    }

    /// Why its channel is closed, as one who waited on this side is told.
    #[must_use]
    pub fn told_reason(&self) -> Option<CloseReason> {
        let side = if self.verb() == Verb::Recv { Side::Receiver } else { Side::Sender };
        let Registration { channel, end, .. } = &self.registration;
        end.reason().or_else(|| channel.lock().reasons.told_to(side))
    }

    /// The channel it waits on.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.registration.origin()
    }

    /// Ends the wait. False: it was claimed before, and its outcome is to be taken.
    pub fn cancel(&self) -> bool {
        self.abandon().is_some()
    }

    /// Ends a pending send and gives back what was not accepted; `None`: it was claimed before.
    pub fn cancel_send(&self) -> Option<Payload> {
        self.abandon().flatten()
    }

    /// What it was claimed with, if it was.
    #[must_use]
    pub fn take(&self) -> Option<Outcome> {
        self.waiter.take().map(|(_, outcome)| outcome)
    }

    /// Lets go of many waits, as when their thread ends: the messages that some were claimed with go
    /// back in the order in which they came. Dropped one by one, each would go ahead of the one before.
    pub fn let_go(waits: Vec<Self>, selects: Vec<PendingSelect>) {
        let (sends, waits): (Vec<_>, Vec<_>) =
            waits.into_iter().partition(|wait| wait.registration.verb == Verb::Send);
        // All are ended first, so that what one gives back is not handed to another.
        let waits: Vec<_> = waits.into_iter().filter(|wait| !wait.cancel()).collect();
        let selects: Vec<_> = selects.into_iter().filter(|select| !select.cancel()).collect();
        let of_waits = waits.iter().filter_map(|wait| match wait.take() {
            Some(Outcome::Received(message)) => Some((&wait.registration, message)),
            _ => None,
        });
        let of_selects = selects.iter().filter_map(PendingSelect::take_received);
        let mut back: Vec<_> = of_waits.chain(of_selects).collect();
        // Where each receiver has messages of its own, each has its own back.
        let of = |registration: &Registration| match registration.channel.is_broadcast() {
            true => Arc::as_ptr(&registration.end).addr(),
            false => Arc::as_ptr(&registration.channel).addr(),
        };
        back.sort_by_key(|(registration, _)| (of(registration), registration.place));
        while let Some((Registration { channel, end, .. }, _)) = back.first() {
            let one = back.first().map(|(registration, _)| of(registration));
            let count = back.partition_point(|(other, _)| Some(of(other)) == one);
            channel.give_back(end, back.drain(..count).map(|(_, message)| message).collect());
        }
        // Sends last: the last one of an end that is leaving may close the channel, which nobody must
        // hear of before the messages are back.
        drop(sends);
    }

    /// `Some` when the wait was ended here, with what a pending send brought.
    fn abandon(&self) -> Option<Option<Payload>> {
        let registration = &self.registration;
        registration.channel.change(|inner, _| self.waiter.cancel().then(|| registration.withdraw(inner)))
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if self.waiter.is_over() || self.cancel() {
            return;
        }
        if let Some(Outcome::Received(message)) = self.take() {
            self.registration.channel.give_back(&self.registration.end, vec![message]);
        }
    }
}

/// A receive takes its place.
pub(crate) fn insert_recv(inner: &mut Inner, waiter: Arc<Waiter>, end: Arc<End>) -> (Place, Verb) {
    (inner.begin_receive(Entry { waiter, end, case: 0, brings: () }), Verb::Recv)
}

/// A send takes its place, with its message, as one of its wait's cases.
pub(crate) fn insert_send(
    inner: &mut Inner,
    waiter: Arc<Waiter>,
    end: Arc<End>,
    case: Case,
    brings: Payload,
) -> (Place, Verb) {
    let pending = end.pending.load(Ordering::Relaxed) + 1;
    end.pending.store(pending, Ordering::Relaxed);
    inner.drains.send_began(&end, inner.sends.next_place());
    (inner.sends.push(Entry { waiter, end, case, brings }), Verb::Send)
}

/// A `drained` takes its place: first the end's own pending sends, then all that was accepted by then.
pub(crate) fn insert_drained(inner: &mut Inner, waiter: Arc<Waiter>, end: Arc<End>) -> (Place, Verb) {
    insert_drain(inner, waiter, end, Goal::Drained)
}

/// As `insert_drained`, for the end's own pending sends alone.
pub(crate) fn insert_settled(inner: &mut Inner, waiter: Arc<Waiter>, end: Arc<End>) -> (Place, Verb) {
    insert_drain(inner, waiter, end, Goal::Settled)
}

fn insert_drain(inner: &mut Inner, waiter: Arc<Waiter>, end: Arc<End>, brings: Goal) -> (Place, Verb) {
    let before = inner.sends.next_place();
    (inner.drains.push(Entry { waiter, end, case: 0, brings }, before), Verb::Drained)
}
