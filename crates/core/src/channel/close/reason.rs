//! Why a channel closed: who did it, how, and with what error. Kept under the channel's lock and read when somebody
//! asks; fast paths look at the phase alone, as before.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::channel::end::{End, Side};
use crate::observe::inspect;
use crate::wait::environment::EnvironmentId;

/// An error on its way, in its giver's own bytes.
pub type ErrorBytes = Arc<[u8]>;

/// How a channel came to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseKind {
    /// The last end of a side was given up.
    Closed,
    /// A sender ended it.
    Ended,
    /// A receiver cancelled it.
    Cancelled,
    /// A sender failed it.
    Failed,
    /// The last end of a side went with a thread that died, or any sender did and that fails the channel.
    Died,
}

/// Why a channel is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseReason {
    /// How it came to it.
    pub kind: CloseKind,
    /// The number of the thread that did it, where one did.
    pub thread: Option<u32>,
    /// What it gave as the reason.
    pub error: Option<ErrorBytes>,
    /// How that thread died, where it did.
    pub death: Option<Death>,
    /// Receivers are told of a failure, once they have what was accepted.
    pub fails: bool,
}

/// How a thread ended that did not end in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Death {
    /// The thread's number.
    pub thread: u32,
    /// Its exit code; `None` when it was stopped from outside.
    pub code: Option<i32>,
    /// What it threw, if it did.
    pub error: Option<ErrorBytes>,
}

/// Both reasons that a channel can have: it may be ended, and then cancelled.
#[derive(Default)]
pub(crate) struct Reasons {
    /// Why nothing more is accepted.
    first: Option<CloseReason>,
    /// Why nothing more is received, where that came later.
    later: Option<CloseReason>,
}

impl Reasons {
    pub(crate) fn first(&self) -> Option<&CloseReason> {
        self.first.as_ref()
    }

    /// What an error says of it: whoever closed first, but to senders a receiver's reason, if one has given any. That the
    /// channel failed is told to receivers alone.
    pub(crate) fn told_to(&self, side: Side) -> Option<CloseReason> {
        let first = self.first.as_ref();
        match side {
            Side::Receiver => first.cloned(),
            Side::Sender => {
                let given = self.later.as_ref().filter(|later| later.error.is_some());
                given.or(first).cloned().map(|reason| CloseReason { fails: false, ..reason })
            }
        }
    }

    /// Notes why the channel has reached a further phase.
    pub(crate) fn note(&mut self, reason: CloseReason) {
        if self.first.is_none() {
            self.first = Some(reason);
        } else if self.later.is_none() {
            self.later = Some(reason);
        }
    }
}

impl CloseReason {
    /// The thread that holds `end` closes its channel, by word or by giving up the last end of a side.
    pub(crate) fn by(end: &End, kind: CloseKind, error: Option<ErrorBytes>) -> Self {
        let (thread, fails) = (inspect::thread_of(end.owner()), kind == CloseKind::Failed);
        Self { kind, thread, error, death: None, fails }
    }

    /// The last end of a side has gone, or a sender has died; `fails`: a death is a failure.
    pub(crate) fn gone(end: &End, fails: bool) -> Self {
        match death_of(end) {
            Some(death) => {
                let thread = Some(death.thread);
                Self { kind: CloseKind::Died, thread, error: None, death: Some(death), fails }
            }
            None => Self::by(end, CloseKind::Closed, None),
        }
    }
}

/// The environments that are being torn down after a death. std's lock even under loom: nothing that is modelled depends
/// on it.
static DYING: Mutex<BTreeMap<EnvironmentId, Death>> = Mutex::new(BTreeMap::new());

fn dying() -> std::sync::MutexGuard<'static, BTreeMap<EnvironmentId, Death>> {
    DYING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The thread of `environment` has died: with an exit code, or stopped from outside, with what it threw, if it did.
/// Ends that it holds go with it from here on, until [`bury`].
pub fn note_death(environment: EnvironmentId, code: Option<i32>, error: Option<ErrorBytes>) {
    let thread = inspect::thread_of(environment).unwrap_or(0);
    dying().insert(environment, Death { thread, code, error });
}

/// All that the environment held is gone.
pub fn bury(environment: EnvironmentId) {
    dying().remove(&environment);
    inspect::forget_thread(environment);
}

/// How the thread died with which an end goes, if it does.
pub(crate) fn death_of(end: &End) -> Option<Death> {
    end.death().or_else(|| death_in(end.owner()))
}

/// How an environment's thread died, while it is torn down.
pub(crate) fn death_in(environment: EnvironmentId) -> Option<Death> {
    dying().get(&environment).cloned()
}
