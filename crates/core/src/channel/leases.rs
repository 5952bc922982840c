//! Leases: what is received from such a channel is the receiver's until it is settled, and goes back if it is not.
//! One who receives does so under the channel's lock; who acknowledges needs none.
//!
//! ```text
//!                       take_next: a number, the first time
//!   queue, by age -------------------------------------------> leased ---ack---> gone; its room is free
//!   back, by number ----------------------------------------->    |
//!        ^---- nack, dropped, its thread gone: an attempt more ---+---after the last one---> dead letter, or discarded
//! ```
//! What was leased once is older than all that was not, so what comes back goes ahead, in its old order.

use std::sync::Arc;

use crate::channel::end::{End, Side, Sum};
use crate::channel::{Channel, Inner, Overflow, REFUSED};
use crate::ends::sender::Sender;
use crate::error::TrySendError;
use crate::flavors::Flavor;
use crate::message::{Leased, Message};
use crate::primitives::{AtomicUsize, Mutex, Ordering, full_fence, lock};
use crate::wait::environment::{CHANNEL, EnvironmentId};
use crate::wait::pending::insert_send;
use crate::wait::{Waiter, Wake};

/// How messages are leased.
#[derive(Debug, Clone, Copy, Default)]
pub struct Leasing {
    /// After so many attempts a message does not go back; 0: it always does.
    pub max_attempts: u32,
}

/// Whether such a channel can lease its messages: there must be a queue to put them back ahead of, and nothing that drops them.
pub(crate) fn are_for(flavor: Flavor, overflow: Overflow) -> bool {
    matches!(flavor, Flavor::Bounded(1..) | Flavor::Unbounded) && overflow == Overflow::Wait
}

/// What a channel knows of its leases.
pub(crate) struct Leases {
    leasing: Leasing,
    /// How many messages are leased, those on their way to a wait included. It grows under the channel's lock.
    leased: AtomicUsize,
    /// Where messages go after their last attempt; `None` too once none can come any more.
    dead_letters: Mutex<Option<Sender>>,
}

impl Leases {
    pub(crate) fn new(leasing: Leasing) -> Self {
        Self { leasing, leased: AtomicUsize::new(0), dead_letters: Mutex::new(None) }
    }

    /// A message leaves the queue.
    pub(crate) fn lease(&self, inner: &mut Inner, message: Message) -> Message {
        if message.as_leased().is_some() {
            // Relaxed: under the lock, as is whoever must see it.
            self.leased.fetch_add(1, Ordering::Relaxed);
            return message;
        }
        self.lease_first(inner, message).into()
    }

    /// As `lease`, for the first time.
    #[inline(always)]
    fn lease_first(&self, inner: &mut Inner, message: Message) -> Box<Leased> {
        // Relaxed: as in `lease`.
        self.leased.fetch_add(1, Ordering::Relaxed);
        let number = inner.next_lease;
        inner.next_lease += 1;
        Box::new(Leased { message, number, attempt: 1 })
    }

    /// A message that `end` had goes back, or is to be discarded; under the lock.
    pub(crate) fn put_back(&self, end: &End) {
        end.leases.fetch_sub(1, Ordering::Relaxed);
        self.leased.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether a message that has had so many attempts does not go back.
    pub(crate) fn is_last(&self, attempt: u32) -> bool {
        self.leasing.max_attempts != 0 && attempt >= self.leasing.max_attempts
    }
}

impl Channel {
    /// How many messages are leased.
    pub(crate) fn leased(&self) -> usize {
        // Relaxed: who must not miss the last one's end has fenced before; see `settled`.
        self.leases.as_ref().map_or(0, |leases| leases.leased.load(Ordering::Relaxed))
    }

    /// Whether something that was received may be queued again.
    pub(crate) fn may_come_back(&self) -> bool {
        self.leased() > 0 && self.phase() & REFUSED == 0
    }

    /// As `take`, where nothing goes ahead of the queue: its oldest, moved no more from here on.
    pub(crate) fn take_fresh(&self) -> Option<Box<Leased>> {
        let leases = self.leases.as_ref()?;
        let mut inner = self.lock();
        if self.is_cut_off() || !inner.returned.is_empty() || !inner.back.is_empty() {
            return None;
        }
        let message = self.queue.try_pop().ok()?;
        Some(leases.lease_first(&mut inner, message))
    }

    /// A message that left the queue is leased to `end`.
    pub(crate) fn leased_to(&self, end: &End) {
        if self.leases.is_some() {
            end.leases.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A message that left the queue is leased no more, or was to nobody.
    pub(crate) fn not_leased(&self) {
        if let Some(leases) = &self.leases {
            leases.leased.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// A message that left the queue was passed over for a newer one.
    pub(crate) fn skipped(&self, message: &Message) {
        if self.leases.is_some() {
            self.settled_room(message.len());
            self.not_leased();
        }
    }

    /// A message that was leased takes up no room any more.
    pub(crate) fn settled_room(&self, bytes: usize) {
        if self.leases.is_some() {
            self.queue.settle(bytes);
        }
    }

    /// A message of so many bytes that `end` had is done with.
    pub(crate) fn acknowledge(&self, end: &End, bytes: usize) {
        self.settled_room(bytes);
        self.not_leased();
        self.settled();
        // Last: until then nobody is alone who waits for what comes of it.
        end.leases.fetch_sub(1, Ordering::Relaxed);
    }

    /// After a lease that is over: settles if somebody waits for that.
    fn settled(&self) {
        // SeqCst: the lease's end before the looks for waits and at the phase. Whoever begins to wait, or closes the
        // channel, does so before it looks at what is leased, with a fence between the two; see `Channel::change`.
        full_fence();
        if self.flags.senders_wait.load(Ordering::Relaxed) > 0 || (self.phase() != 0 && self.leased() == 0) {
            self.change(|_, _| ());
            self.let_dead_letters_go();
        }
    }

    /// Puts back messages that were leased, all ends' together, in whatever order they come: each has had an attempt
    /// more, or its last.
    pub(crate) fn return_leased(&self, messages: Vec<(Arc<End>, Message)>) {
        let Some(leases) = &self.leases else { return };
        let (mut back, mut dead) = (Vec::new(), Vec::new());
        for (end, mut message) in messages {
            let Some(leased) = message.as_leased_mut() else { continue };
            if leases.is_last(leased.attempt) {
                dead.push((end, message));
            } else {
                leased.attempt = leased.attempt.saturating_add(1);
                back.push((end, message));
            }
        }
        dead.sort_by_key(|(_, message)| message.as_leased().map(|leased| leased.number));
        for (end, message) in dead {
            self.bury(&end, message);
        }
        self.put_leased_back(back);
    }

    /// As `return_leased`, without counting an attempt.
    pub(crate) fn put_leased_back(&self, messages: Vec<(Arc<End>, Message)>) {
        if messages.is_empty() {
            return;
        }
        let mut unwanted = Vec::new();
        self.change(|inner, _| {
            for (end, message) in messages {
                unwanted.extend(self.give_one_back(inner, &end, message));
            }
        });
        drop(unwanted);
        self.let_dead_letters_go();
    }

    /// A message has had its last attempt: it goes to the dead letters, or is lost.
    fn bury(&self, end: &End, message: Message) {
        let sum = Sum { messages: 1, bytes: message.len() as u64 };
        // Sent before it is no longer counted as leased: the dead letters are kept until then.
        let lost = self.send_dead_letter(message.into_sent());
        self.settled_room(sum.bytes as usize);
        self.change(|inner, _| {
            inner.given_back += sum;
            if let Some(leases) = &self.leases {
                leases.put_back(end);
            }
            match &lost {
                Some(message) => inner.withdraw(message),
                None => inner.sums.dropped += sum,
            }
        });
        drop(lost);
        self.let_dead_letters_go();
    }

    /// The message comes back where there is nowhere for it to go.
    fn send_dead_letter(&self, message: Message) -> Option<Message> {
        let leases = self.leases.as_ref()?;
        match &*lock(&leases.dead_letters) {
            Some(sender) => sender.send_unheard(message).err(),
            None => Some(message),
        }
    }

    /// Nothing more can come for the dead letters, where that is so: their channel may close.
    pub(crate) fn let_dead_letters_go(&self) {
        let Some(leases) = self.leases.as_ref().filter(|_| self.phase() != 0) else { return };
        let mut inner = self.lock();
        self.quiet(&mut inner);
        let over = self.leased() == 0 && self.len() == 0;
        drop(inner);
        let gone = if over { lock(&leases.dead_letters).take() } else { None };
        drop(gone);
    }

    /// Where messages go after their last attempt, from here on.
    pub(crate) fn spend_dead_letters(&self, sender: Sender) {
        sender.held.set_owner(CHANNEL);
        if let Some(leases) = &self.leases {
            *lock(&leases.dead_letters) = Some(sender);
        }
    }
}

impl Sender {
    /// Sends behind whoever waits, and waits for room where there is none, of which nobody is told.
    ///
    /// # Errors
    /// The message, where it can never be accepted.
    fn send_unheard(&self, message: Message) -> Result<(), Message> {
        if self.is_too_long(message.len()) {
            return Err(message);
        }
        match self.send_now(message) {
            Ok(()) => {}
            Err(TrySendError::Closed(message)) => return Err(message),
            Err(TrySendError::Full(message)) => {
                let (waiter, end) = (Waiter::new(Wake::Nobody), Arc::clone(&self.held.end));
                self.channel().change(|inner, _| insert_send(inner, waiter, end, 0, message.into()));
            }
        }
        Ok(())
    }
}

impl Inner {
    /// A receiver goes whose leases may outlive it.
    pub(crate) fn remember_lessee(&mut self, end: &Arc<End>) {
        if end.side == Side::Receiver && end.leases.load(Ordering::Relaxed) > 0 {
            self.departed.retain(|other| other.leases.load(Ordering::Relaxed) > 0);
            self.departed.push(Arc::clone(end));
        }
    }

    /// Whether another thread than `owner`'s has leased something.
    pub(crate) fn has_leases_elsewhere(&self, owner: EnvironmentId) -> bool {
        let has = |end: &Arc<End>| end.owner() != owner && end.leases.load(Ordering::Relaxed) > 0;
        self.departed.iter().any(has)
    }
}
