//! A wait, and the list in which it has its place.
//!
//! ```text
//!              settle: claim(what it waited for)
//!   WAITING ------------------------------------> CLAIMED ----take----> TAKEN
//!      |                                             |
//!      +---- abort, timeout, thread gone ----> CANCELLED
//!                                                    +-- thread gone: the message goes to the next
//! ```
//! Blocking and awaiting waits are the same thing but for their wake: one unparks a thread, the other
//! is posted to its environment. Whoever settles a wait hands over what it waited for, so a thread
//! that is busy or blocked holds up nobody, and a wait never has to look again.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::end::End;
use crate::environment::Environment;
use crate::message::Message;
use crate::primitives::{Mutex, lock, thread};

/// What a wait was claimed with.
#[derive(Debug)]
pub enum Outcome {
    /// The pending message was accepted.
    Sent,
    /// A message was received.
    Received(Message),
    /// All that was waited for has left the queue.
    Drained,
    /// The channel closed before.
    Closed,
    /// As `Closed`, for a pending send: the message comes back.
    Refused(Message),
}

/// One wait of one end.
pub struct Waiter {
    state: Mutex<State>,
    wake: Wake,
}

enum State {
    /// `quiet`: the waiting side is still registering, and looks for itself before it leaves.
    Waiting {
        quiet: bool,
    },
    Claimed(Outcome),
    Over,
}

/// How the waiting side hears of its claim.
pub(crate) enum Wake {
    Thread(thread::Thread),
    /// `token` is the environment's own name for the wait.
    Environment(Arc<Environment>, u32),
}

/// What came of an attempt to claim.
pub(crate) enum Claim {
    /// The wait has what it waited for. `wake`: the waiting side must be woken.
    Done { wake: bool },
    /// The wait goes on: what it waits for is not there.
    NotYet,
    /// The wait is over, or its environment gone; what it would have got comes back.
    Gone(Option<Outcome>),
}

impl Waiter {
    /// A wait about to be registered: claims are silent until [`Waiter::listen`].
    pub(crate) fn new(wake: Wake) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(State::Waiting { quiet: true }), wake })
    }

    /// The name that the environment gave this wait; 0 for a blocking one.
    #[must_use]
    pub fn token(&self) -> u32 {
        match self.wake {
            Wake::Environment(_, token) => token,
            Wake::Thread(_) => 0,
        }
    }

    /// Claims the wait if `produce` has what it waits for. The state's lock is held meanwhile, so a
    /// wait is claimed by one side only, on whichever channel, and never claimed for nothing.
    pub(crate) fn claim(self: &Arc<Self>, produce: impl FnOnce() -> Option<Outcome>) -> Claim {
        let mut state = lock(&self.state);
        let State::Waiting { quiet } = *state else { return Claim::Gone(None) };
        let Some(outcome) = produce() else { return Claim::NotYet };
        if let Wake::Environment(environment, _) = &self.wake
            && !quiet
            && !environment.post(self)
        {
            *state = State::Over;
            return Claim::Gone(Some(outcome));
        }
        *state = State::Claimed(outcome);
        Claim::Done { wake: !quiet }
    }

    /// Ends the quiet of registering: what the wait was claimed with, or it can be woken from here on.
    pub(crate) fn listen(&self) -> Option<Outcome> {
        if let State::Waiting { quiet } = &mut *lock(&self.state) {
            *quiet = false;
            return None;
        }
        self.take()
    }

    /// Wakes the waiting side, after a claim and outside of every lock.
    pub(crate) fn wake(&self) {
        match &self.wake {
            Wake::Thread(thread) => thread.unpark(),
            Wake::Environment(environment, _) => environment.ring(),
        }
    }

    /// What the wait was claimed with, once.
    pub(crate) fn take(&self) -> Option<Outcome> {
        let mut state = lock(&self.state);
        if !matches!(*state, State::Claimed(_)) {
            return None;
        }
        match std::mem::replace(&mut *state, State::Over) {
            State::Claimed(outcome) => Some(outcome),
            State::Waiting { .. } | State::Over => None,
        }
    }

    /// Whether it ended, and nothing is left to take.
    pub(crate) fn is_over(&self) -> bool {
        matches!(*lock(&self.state), State::Over)
    }

    /// Ends the wait; false when it was claimed or over before.
    pub(crate) fn cancel(&self) -> bool {
        let mut state = lock(&self.state);
        let waiting = matches!(*state, State::Waiting { .. });
        if waiting {
            *state = State::Over;
        }
        waiting
    }
}

/// A place in a list: lower is earlier.
pub(crate) type Place = u64;

/// A wait with what it brings along: the pending message of a send, the goal of a `drained`.
pub(crate) struct Entry<T> {
    pub(crate) waiter: Arc<Waiter>,
    pub(crate) end: Arc<End>,
    pub(crate) brings: T,
}

/// The waits of one kind of one channel, in the order in which they began; under the channel's lock.
pub(crate) struct WaitList<T> {
    entries: BTreeMap<Place, Entry<T>>,
    next: Place,
}

impl<T> WaitList<T> {
    pub(crate) fn new() -> Self {
        Self { entries: BTreeMap::new(), next: 0 }
    }

    pub(crate) fn push(&mut self, entry: Entry<T>) -> Place {
        let place = self.next;
        self.next += 1;
        self.entries.insert(place, entry);
        place
    }

    pub(crate) fn pop_first(&mut self) -> Option<(Place, Entry<T>)> {
        self.entries.pop_first()
    }

    /// Puts an entry back where it was.
    pub(crate) fn put_back(&mut self, place: Place, entry: Entry<T>) {
        self.entries.insert(place, entry);
    }

    /// The place that the next wait will take.
    pub(crate) fn next_place(&self) -> Place {
        self.next
    }

    pub(crate) fn each(&mut self, touch: impl FnMut(&mut Entry<T>)) {
        self.entries.values_mut().for_each(touch);
    }

    pub(crate) fn remove(&mut self, place: Place) -> Option<Entry<T>> {
        self.entries.remove(&place)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes out every entry that `ready` says is.
    pub(crate) fn extract(&mut self, mut ready: impl FnMut(&mut Entry<T>) -> bool) -> Vec<Entry<T>> {
        let places: Vec<_> =
            self.entries.iter_mut().filter_map(|(at, entry)| ready(entry).then_some(*at)).collect();
        places.iter().filter_map(|place| self.entries.remove(place)).collect()
    }
}
