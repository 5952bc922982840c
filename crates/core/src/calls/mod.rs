//! Calls: what one side asks, who has the request, and the answer on its way back.
//!
//! ```text
//!             queued, or on its way      a responder gets it       reply, fail
//!   call ---> ASKED ---------------------> TAKEN ------------------> ANSWERED ---take---> OVER
//!               |   request dropped: lost    |   request dropped: lost  ^
//!               +----------------------------|--------------------------+
//!               |                            |
//!               +--- abort, timeout, ---> OVER <--- the same, and whoever watches the request is told
//!                    caller gone
//! ```
//! There is no channel for answers: whoever holds the request settles the call, under the call's own lock, and
//! lists it where its caller's environment looks for what has settled, or unparks the caller's thread. The request
//! is a duty: dropped in whatever way without an answer, the call is lost, and knows whether somebody had it.

pub(crate) mod asked;
pub(crate) mod request;

use std::sync::Arc;

use crate::message::Message;
use crate::primitives::{AtomicU64, AtomicUsize, Mutex, Ordering, lock};
use crate::wait::Wake;
use crate::wait::claimant::NotedClaimant;
use crate::wait::environment::{Environment, EnvironmentId};

/// What became of a call.
#[derive(Debug)]
pub enum Answer {
    /// The responder's value.
    Reply(Message),
    /// The responder's error.
    Failure(Message),
    /// Nobody will answer. `taken`: a responder had the request.
    Lost {
        /// Whether a responder had it.
        taken: bool,
    },
}

/// How many requests of a channel are taken and not answered.
pub(crate) type InFlight = Arc<AtomicUsize>;

/// One call, shared by who waits for the answer and who holds the request.
pub(crate) struct Call {
    state: Mutex<State>,
    wake: Wake,
    in_flight: InFlight,
    /// Who settled it, where a thread is blocked by it.
    claimant: NotedClaimant,
    /// Where the request stands in the queue; written and read under the queue's lock.
    seat: AtomicU64,
}

enum State {
    /// The request waits for room, is queued, or is on its way to a responder.
    Asked,
    /// A responder has it.
    Taken { by: EnvironmentId, watcher: Option<(Arc<Environment>, u32)> },
    /// To be taken by the waiting side.
    Answered(Answer),
    /// The waiting side has its answer, or has stopped waiting.
    Over,
}

/// What the end of a wait came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Abandoned {
    /// Nobody had the request: it is to be taken out.
    Asked,
    /// Somebody has it, and was told if it wanted to be.
    Taken,
    /// The call was settled before.
    TooLate,
}

impl Call {
    pub(crate) fn new(wake: Wake, in_flight: &InFlight) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State::Asked),
            wake,
            in_flight: Arc::clone(in_flight),
            claimant: NotedClaimant::new(),
            seat: AtomicU64::new(0),
        })
    }

    /// Where its request stands; for the holder of the queue's lock.
    pub(crate) fn seat(&self) -> u64 {
        // Relaxed, here and below: the queue's lock orders them.
        self.seat.load(Ordering::Relaxed)
    }

    pub(crate) fn set_seat(&self, seat: u64) {
        self.seat.store(seat, Ordering::Relaxed);
    }

    /// A responder has the request from here on. False: nobody waits for it any more.
    fn take_request(&self, by: EnvironmentId) -> bool {
        let mut state = lock(&self.state);
        let wanted = matches!(*state, State::Asked);
        if wanted {
            *state = State::Taken { by, watcher: None };
            // Relaxed, here and below: a figure. The state's lock orders its two changes.
            self.in_flight.fetch_add(1, Ordering::Relaxed);
        }
        wanted
    }

    /// Has `environment` told, under the name `name`, when nobody waits any more. False: that is so already.
    fn watch(&self, environment: &Arc<Environment>, name: u32) -> bool {
        let State::Taken { watcher, .. } = &mut *lock(&self.state) else { return false };
        *watcher = Some((Arc::clone(environment), name));
        true
    }

    /// Settles the call, unless that was done before or nobody waits any more; whether it did. `answer` is told
    /// whether somebody had the request.
    fn settle(&self, answer: impl FnOnce(bool) -> Answer) -> bool {
        let mut state = lock(&self.state);
        let taken = match *state {
            State::Asked => false,
            State::Taken { .. } => true,
            State::Answered(_) | State::Over => return false,
        };
        self.left(taken);
        if !self.post() {
            *state = State::Over;
            return false;
        }
        if matches!(self.wake, Wake::Thread(_)) {
            self.claimant.note();
        }
        *state = State::Answered(answer(taken));
        drop(state);
        match &self.wake {
            Wake::Thread(thread) => thread.unpark(),
            Wake::Environment(environment, _) => environment.ring(),
            Wake::Nobody => {}
        }
        true
    }

    /// Lists the call as answered where that is told; false when the caller's environment is gone.
    fn post(&self) -> bool {
        match &self.wake {
            Wake::Environment(environment, token) => environment.post_answered(*token),
            Wake::Thread(_) | Wake::Nobody => true,
        }
    }

    /// Nobody waits any more.
    pub(crate) fn abandon(&self) -> Abandoned {
        let mut state = lock(&self.state);
        let (before, watcher) = match &mut *state {
            State::Asked => (Abandoned::Asked, None),
            State::Taken { watcher, .. } => (Abandoned::Taken, watcher.take()),
            State::Answered(_) | State::Over => return Abandoned::TooLate,
        };
        self.left(before == Abandoned::Taken);
        *state = State::Over;
        drop(state);
        if let Some((environment, name)) = watcher
            && environment.post_abandoned(name)
        {
            environment.ring();
        }
        before
    }

    /// What the call was settled with, once.
    fn take_answer(&self) -> Option<Answer> {
        let mut state = lock(&self.state);
        if !matches!(*state, State::Answered(_)) {
            return None;
        }
        match std::mem::replace(&mut *state, State::Over) {
            State::Answered(answer) => Some(answer),
            State::Asked | State::Taken { .. } | State::Over => None,
        }
    }

    /// Whether somebody waits who has no answer.
    fn is_wanted(&self) -> bool {
        matches!(*lock(&self.state), State::Asked | State::Taken { .. })
    }

    /// Who has the request.
    fn taker(&self) -> Option<EnvironmentId> {
        match *lock(&self.state) {
            State::Taken { by, .. } => Some(by),
            State::Asked | State::Answered(_) | State::Over => None,
        }
    }

    /// A request that was taken is no longer in flight.
    fn left(&self, taken: bool) {
        if taken {
            self.in_flight.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
