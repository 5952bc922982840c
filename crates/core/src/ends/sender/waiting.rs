//! Waiting for room: a wait that is told of, and a thread that sleeps.

use super::{MAX_PENDING, Sender, Sent};
use crate::channel::payload::Payload;
use crate::error::SendError;
use crate::primitives::Ordering;
use crate::wait::Outcome;
use crate::wait::blocking::{Ended, Patience, park_until_claimed};
use crate::wait::pending::{Pending, Registered, Waiting, insert_send};

impl Sender {
    pub(crate) fn wait_for_room(&self, payload: Payload, token: u32) -> Result<Sent, SendError> {
        match self.register(payload, &Waiting::Environment(&self.environment, token))? {
            Registered::Pending(pending) => Ok(Sent::Pending(pending)),
            Registered::Now(Outcome::Refused(payload)) => Err(SendError::Closed(payload)),
            Registered::Now(_) => Ok(Sent::Now),
        }
    }

    pub(crate) fn block_for_room(
        &self,
        payload: Payload,
        patience: &mut Patience<'_>,
    ) -> Result<(), SendError> {
        let pending = match self.register(payload, &Waiting::Thread)? {
            Registered::Now(outcome) => return answered(outcome),
            Registered::Pending(pending) => pending,
        };
        let stuck = || self.held.channel.is_stuck(&self.held.end);
        let failed: fn(Payload) -> SendError = match park_until_claimed(
            || pending.waiter().claimant(),
            || pending.take(),
            patience,
            &self.spin,
            stuck,
        ) {
            Ended::Claimed(outcome) => return answered(outcome),
            Ended::TimedOut => SendError::TimedOut,
            Ended::Stuck => SendError::Stuck,
            Ended::Stopped => SendError::Stopped,
        };
        match pending.cancel_send() {
            Some(payload) => Err(failed(payload)),
            // Claimed in the last moment: that counts.
            None => pending.take().map_or(Ok(()), answered),
        }
    }

    pub(super) fn register(&self, payload: Payload, waiting: &Waiting<'_>) -> Result<Registered, SendError> {
        if self.held.end.pending.load(Ordering::Relaxed) >= MAX_PENDING {
            return Err(SendError::TooMany(payload));
        }
        // There would never be room for it.
        if self.is_too_long(payload.longest()) {
            return Err(SendError::TooLong(payload));
        }
        Ok(Pending::register(&self.held.channel, &self.held.end, waiting, false, |inner, waiter, end| {
            insert_send(inner, waiter, end, 0, payload)
        }))
    }
}

pub(super) fn answered(outcome: Outcome) -> Result<(), SendError> {
    match outcome {
        Outcome::Refused(payload) => Err(SendError::Closed(payload)),
        _ => Ok(()),
    }
}
