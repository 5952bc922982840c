//! Waiting for a value that is new to its reader: a triple buffer's output, a watch's receiver. It lies on
//! top, in the channel's list of receives; a value is not taken by being told of.

use std::sync::Arc;

use crate::channel::close::EndGuard;
use crate::error::{Closed, RecvError};
use crate::wait::Outcome;
use crate::wait::blocking::{Ended, Patience, park_until_claimed};
use crate::wait::environment::Environment;
use crate::wait::pending::{Pending, Registered, Waiting, insert_recv};
use crate::wait::spin::Spin;

/// What came of waiting for a value that is new.
pub enum Changed {
    /// There is one.
    Now,
    /// Nothing yet: the wait has its place.
    Pending(Pending),
}

/// An end that waits for values, and how it knows a new one.
pub(crate) struct Changes<'a, N> {
    pub(crate) held: &'a EndGuard,
    pub(crate) environment: &'a Arc<Environment>,
    pub(crate) spin: &'a Spin,
    pub(crate) is_new: N,
}

impl<N: Fn() -> bool> Changes<'_, N> {
    /// Whether a value is new, or none ever will be; `None`: not yet.
    pub(crate) fn look(&self) -> Option<Result<(), Closed>> {
        // First, so that what the writers left before they went is seen below.
        let channel = &self.held.channel;
        let closed = channel.phase() != 0;
        if closed {
            channel.quiet(&mut channel.lock());
        }
        if (self.is_new)() {
            return Some(Ok(()));
        }
        closed.then_some(Err(Closed))
    }

    /// Looks, or registers to be told of a new value; the environment is told under the name `token`.
    pub(crate) fn changed_or_wait(&self, token: u32) -> Result<Changed, Closed> {
        if let Some(answer) = self.look() {
            return answer.map(|()| Changed::Now);
        }
        match self.register(&Waiting::Environment(self.environment, token)) {
            Registered::Pending(pending) => Ok(Changed::Pending(pending)),
            Registered::Now(Outcome::Changed) => Ok(Changed::Now),
            Registered::Now(_) => Err(Closed),
        }
    }

    /// Blocks this thread until a value is new.
    pub(crate) fn changed(&self, mut patience: Patience<'_>) -> Result<(), RecvError> {
        let look = || self.look().map(|answer| answer.map_err(|Closed| RecvError::Closed));
        let stuck = || self.held.channel.is_stuck(&self.held.end);
        let spin = || self.spin.until(patience.deadline, || patience.lasts(stuck), look);
        if let Some(answer) = look().or_else(spin) {
            return answer;
        }
        let pending = match self.register(&Waiting::Thread) {
            Registered::Now(outcome) => return answered(&outcome),
            Registered::Pending(pending) => pending,
        };
        let failed = match park_until_claimed(
            || pending.waiter().claimant(),
            || pending.take(),
            &mut patience,
            self.spin,
            stuck,
        ) {
            Ended::Claimed(outcome) => return answered(&outcome),
            Ended::TimedOut => RecvError::TimedOut,
            Ended::Stuck => RecvError::Stuck,
            Ended::Stopped => return Err(RecvError::Stopped),
        };
        if pending.cancel() {
            return Err(failed);
        }
        // Claimed in the last moment: that counts.
        pending.take().map_or(Err(failed), |outcome| answered(&outcome))
    }

    fn register(&self, waiting: &Waiting<'_>) -> Registered {
        Pending::register(&self.held.channel, &self.held.end, waiting, false, insert_recv)
    }
}

fn answered(outcome: &Outcome) -> Result<(), RecvError> {
    match outcome {
        Outcome::Changed => Ok(()),
        _ => Err(RecvError::Closed),
    }
}
