//! A wait: what it waits for is handed to it, once.
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

pub(crate) mod blocking;
pub(crate) mod claimant;
pub(crate) mod cores;
pub(crate) mod environment;
pub(crate) mod list;
pub(crate) mod pending;
pub(crate) mod revocable;
pub(crate) mod ringer;
pub(crate) mod spin;
mod wake_list;

use std::sync::Arc;

use crate::channel::payload::Payload;
use crate::message::Message;
use crate::primitives::{Mutex, lock, thread};
use crate::wait::claimant::{Claimant, NotedClaimant};
use crate::wait::environment::Environment;
pub(crate) use crate::wait::list::{Case, Entry, Place, WaitList};
pub(crate) use crate::wait::wake_list::WakeList;

/// What a wait was claimed with.
#[derive(Debug)]
pub enum Outcome {
    /// The pending messages were accepted; how many.
    Sent(usize),
    /// A message was received.
    Received(Message),
    /// All that was waited for has left the queue.
    Drained,
    /// A value was published that nobody read.
    Changed,
    /// The channel closed before.
    Closed,
    /// As `Closed`, for a pending send: what was not accepted comes back.
    Refused(Payload),
}

/// One wait of one end.
pub struct Waiter {
    state: Mutex<State>,
    wake: Wake,
    /// Of a blocking wait: who claimed it.
    claimant: NotedClaimant,
    #[cfg(loom)]
    born: usize,
}

enum State {
    /// `quiet`: the waiting side is still registering, and looks for itself before it leaves.
    Waiting {
        quiet: bool,
    },
    /// With which of its cases, and what: a wait of one verb has case 0.
    Claimed(Case, Outcome),
    Over,
}

/// How the waiting side hears of its claim.
pub(crate) enum Wake {
    Thread(thread::Thread),
    /// `token` is the environment's own name for the wait.
    Environment(Arc<Environment>, u32),
    /// Nobody is told: what was waited for concerns somebody else.
    Nobody,
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

impl Claim {
    /// The message that a receive whose environment is gone would have got.
    pub(crate) fn into_message(self) -> Option<Message> {
        match self {
            Self::Gone(Some(Outcome::Received(message))) => Some(message),
            _ => None,
        }
    }
}

/// What came of an attempt to pair a receive with a send.
pub(crate) enum Pairing {
    Done {
        wake_receive: bool,
        wake_send: bool,
    },
    /// The receive is over; the send waits on.
    ReceiveGone(Message),
    /// The send is over; the receive waits on.
    SendGone,
}

impl Waiter {
    /// A wait about to be registered: claims are silent until [`Waiter::listen`].
    pub(crate) fn new(wake: Wake) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State::Waiting { quiet: true }),
            wake,
            claimant: NotedClaimant::new(),
            #[cfg(loom)]
            born: births(),
        })
    }

    /// An order of all waiters, in which two of them are locked.
    #[cfg(not(loom))]
    fn rank(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// loom runs a model again and again, and addresses differ from run to run.
    #[cfg(loom)]
    fn rank(&self) -> usize {
        self.born
    }

    /// The name that the environment gave this wait; 0 for a blocking one.
    #[must_use]
    pub fn token(&self) -> u32 {
        match self.wake {
            Wake::Environment(_, token) => token,
            Wake::Thread(_) | Wake::Nobody => 0,
        }
    }

    /// Claims the wait if `produce` has what it waits for. The state's lock is held meanwhile, so a
    /// wait is claimed by one side only, on whichever channel, and never claimed for nothing.
    pub(crate) fn claim(self: &Arc<Self>, case: Case, produce: impl FnOnce() -> Option<Outcome>) -> Claim {
        let mut state = lock(&self.state);
        let State::Waiting { quiet } = *state else { return Claim::Gone(None) };
        let Some(outcome) = produce() else { return Claim::NotYet };
        if !quiet && !self.post() {
            *state = State::Over;
            return Claim::Gone(Some(outcome));
        }
        // Found under the same lock.
        self.note_claimant();
        *state = State::Claimed(case, outcome);
        Claim::Done { wake: !quiet }
    }

    /// Claims a receive and a send for each other, both or neither. Their states are locked in the
    /// order of their ranks, so that two pairings of the same two waits, the other way round on
    /// another channel, cannot wait for each other.
    /// `sent` is what the send is told.
    pub(crate) fn claim_pair(
        receive: &Entry<()>,
        send: (&Arc<Self>, Case),
        message: Message,
        sent: usize,
    ) -> Pairing {
        let (receive, receive_case, (send, send_case)) = (&receive.waiter, receive.case, send);
        let (first, second) = if receive.rank() < send.rank() { (receive, send) } else { (send, receive) };
        let (mut one, mut other) = (lock(&first.state), lock(&second.state));
        let (receiving, sending) =
            if Arc::ptr_eq(first, receive) { (&mut *one, &mut *other) } else { (&mut *other, &mut *one) };
        let State::Waiting { quiet: receive_quiet } = *receiving else {
            return Pairing::ReceiveGone(message);
        };
        let State::Waiting { quiet: send_quiet } = *sending else { return Pairing::SendGone };
        if !receive_quiet && !receive.post() {
            *receiving = State::Over;
            return Pairing::ReceiveGone(message);
        }
        for waiter in [receive, send] {
            waiter.note_claimant();
        }
        *receiving = State::Claimed(receive_case, Outcome::Received(message));
        // A sender that went meanwhile hears nothing; its message is received all the same.
        let told = send_quiet || send.post();
        *sending = if told { State::Claimed(send_case, Outcome::Sent(sent)) } else { State::Over };
        Pairing::Done { wake_receive: !receive_quiet, wake_send: told && !send_quiet }
    }

    /// Lists the wait as settled where it is told; false when its environment is gone.
    fn post(self: &Arc<Self>) -> bool {
        match &self.wake {
            Wake::Environment(environment, _) => environment.post(self),
            Wake::Thread(_) | Wake::Nobody => true,
        }
    }

    /// Ends the quiet of registering: what the wait was claimed with, or it can be woken from here on.
    pub(crate) fn listen(&self) -> Option<(Case, Outcome)> {
        if let State::Waiting { quiet } = &mut *lock(&self.state) {
            *quiet = false;
            return None;
        }
        self.take()
    }

    /// Whether the waiting side is to be woken, after a claim and outside of every lock; then it is the caller who
    /// does, by `wake`.
    pub(crate) fn is_to_be_woken(&self) -> bool {
        match &self.wake {
            Wake::Thread(_) => true,
            Wake::Environment(environment, _) => environment.wants_ring(),
            Wake::Nobody => false,
        }
    }

    /// Wakes it.
    pub(crate) fn wake(&self) {
        match &self.wake {
            Wake::Thread(thread) => thread.unpark(),
            Wake::Environment(environment, _) => environment.ring_now(),
            Wake::Nobody => {}
        }
    }

    /// What the wait was claimed with, once.
    pub(crate) fn take(&self) -> Option<(Case, Outcome)> {
        let mut state = lock(&self.state);
        if !matches!(*state, State::Claimed(..)) {
            return None;
        }
        match std::mem::replace(&mut *state, State::Over) {
            State::Claimed(case, outcome) => Some((case, outcome)),
            State::Waiting { .. } | State::Over => None,
        }
    }

    /// The calling thread claims it. Whoever waits by an event loop does not ask.
    fn note_claimant(&self) {
        if matches!(self.wake, Wake::Thread(_)) {
            self.claimant.note();
        }
    }

    /// Who claimed it, once it was taken.
    pub(crate) fn claimant(&self) -> Claimant {
        self.claimant.get()
    }

    /// Whether it can still be claimed.
    pub(crate) fn is_waiting(&self) -> bool {
        matches!(*lock(&self.state), State::Waiting { .. })
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

/// How many waiters were made before. std's counter: it is no part of what is modelled.
#[cfg(loom)]
fn births() -> usize {
    static BIRTHS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    BIRTHS.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}
