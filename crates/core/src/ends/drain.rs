//! Blocking until a sender's pending sends are over, or the queue has emptied.

use std::sync::Arc;

use crate::channel::Inner;
use crate::channel::end::End;
use crate::ends::sender::Sender;
use crate::error::RecvError;
use crate::primitives::Ordering;
use crate::wait::blocking::{Ended, Patience, park_until_claimed};
use crate::wait::pending::{Pending, Registered, Verb, Waiting, insert_drained, insert_settled};
use crate::wait::{Outcome, Place, Waiter};

impl Sender {
    /// Blocks this thread until this end's pending sends have settled, one way or another.
    ///
    /// # Errors
    /// See [`RecvError`]; never [`RecvError::Closed`], which settles them.
    pub fn settled(&self, patience: Patience<'_>) -> Result<(), RecvError> {
        // Acquire: what another thread pushed for us is in the queue.
        if self.held.end.pending.load(Ordering::Acquire) == 0 {
            return Ok(());
        }
        self.park_for(insert_settled, patience).map(drop)
    }

    /// As [`Sender::drained`], blocking this thread.
    ///
    /// # Errors
    /// See [`RecvError`]; [`RecvError::Closed`]: the receivers are gone, and it never will.
    pub fn drained_within(&self, patience: Patience<'_>) -> Result<(), RecvError> {
        match self.park_for(insert_drained, patience)? {
            Outcome::Closed => Err(RecvError::Closed),
            _ => Ok(()),
        }
    }

    fn park_for(
        &self,
        insert: impl FnOnce(&mut Inner, Arc<Waiter>, Arc<End>) -> (Place, Verb),
        mut patience: Patience<'_>,
    ) -> Result<Outcome, RecvError> {
        let (channel, end) = (&self.held.channel, &self.held.end);
        let pending = match Pending::register(channel, end, &Waiting::Thread, false, insert) {
            Registered::Now(outcome) => return Ok(outcome),
            Registered::Pending(pending) => pending,
        };
        let stuck = || channel.is_stuck(end);
        match park_until_claimed(
            || pending.waiter().claimant(),
            || pending.take(),
            &mut patience,
            &self.spin,
            stuck,
        ) {
            Ended::Claimed(outcome) => Ok(outcome),
            Ended::TimedOut => Err(RecvError::TimedOut),
            Ended::Stuck => Err(RecvError::Stuck),
            Ended::Stopped => Err(RecvError::Stopped),
        }
    }
}
