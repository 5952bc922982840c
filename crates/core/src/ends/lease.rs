//! A lease: a message that was received, and the duty to settle it. Dropped in whatever way, it goes back.

use std::sync::Arc;

use crate::ends::receiver::Receiver;
use crate::error::TryRecvError;
use crate::message::{Leased, Message};
use crate::wait::pending::Origin;

/// A message that was received from a channel of leases, until it is settled.
pub struct Lease {
    /// Gone once it is settled.
    leased: Option<Box<Leased>>,
    origin: Origin,
}

impl Lease {
    /// The lease of a message that was received from `origin`; `None` where that gives none.
    #[must_use]
    pub fn new(message: Message, origin: Origin) -> Option<Self> {
        Some(Self { leased: Some(message.into_leased().ok()?), origin })
    }

    /// How often the message was received, this time included.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.leased.as_ref().map_or(0, |leased| leased.attempt)
    }

    /// The message's bytes.
    #[must_use]
    pub fn message(&self) -> &Message {
        &self.leased.as_ref().expect("a lease has its message until it is settled").message
    }

    /// Takes the message off for good.
    pub fn acknowledge(mut self) {
        let Some(leased) = self.leased.take() else { return };
        let bytes = leased.message.len();
        if leased.message.has_block() {
            self.origin.pool().recycle_message(leased.message);
        }
        self.origin.channel.acknowledge(&self.origin.end, bytes);
    }

    /// Puts the message back as if it had not been received.
    pub fn put_back(mut self) {
        if let Some(leased) = self.leased.take() {
            self.origin.channel.put_leased_back(vec![(Arc::clone(&self.origin.end), leased.into())]);
        }
    }

    /// Lets go of many, as when their thread ends: those of a channel go back together, so that whoever waits gets the
    /// oldest first.
    pub fn let_go(mut leases: Vec<Self>) {
        let of = |lease: &Self| Arc::as_ptr(&lease.origin.channel).addr();
        leases.sort_by_key(of);
        while let Some(first) = leases.first() {
            let (one, channel) = (of(first), Arc::clone(&first.origin.channel));
            let count = leases.partition_point(|other| of(other) == one);
            let with_end =
                |mut lease: Self| Some((Arc::clone(&lease.origin.end), lease.leased.take()?.into()));
            channel.return_leased(leases.drain(..count).filter_map(with_end).collect());
        }
    }
}

impl Receiver {
    /// Takes the next message of a channel of leases, if one is there.
    ///
    /// # Errors
    /// As [`Receiver::try_recv`].
    pub fn try_lease(&self) -> Result<Lease, TryRecvError> {
        let (channel, end) = (&*self.held.channel, &self.held.end);
        let Some(leased) = channel.take_fresh() else {
            let message =
                if channel.leases.is_some() { self.try_recv()? } else { return Err(TryRecvError::Empty) };
            return Lease::new(message, self.origin()).ok_or(TryRecvError::Empty);
        };
        channel.leased_to(end);
        end.direct.add_and_fence(leased.message.len());
        channel.popped_and_fenced(end);
        Ok(Lease { leased: Some(leased), origin: self.origin() })
    }

    /// As `try_lease`, but behind whoever waits already.
    ///
    /// # Errors
    /// As there.
    pub fn lease_unless_waited(&self) -> Result<Lease, TryRecvError> {
        if self.others_wait() { Err(TryRecvError::Empty) } else { self.try_lease() }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(leased) = self.leased.take() {
            self.origin.channel.return_leased(vec![(Arc::clone(&self.origin.end), leased.into())]);
        }
    }
}
