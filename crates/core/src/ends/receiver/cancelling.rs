//! Cancelling a channel from its receiving side, and where its dead letters go.

use super::Receiver;
use crate::channel::close::reason::ErrorBytes;
use crate::ends::sender::Sender;

impl Receiver {
    /// For all receivers: nothing more is accepted, and what is queued is discarded. How many were.
    #[must_use]
    pub fn cancel(&self) -> u64 {
        self.held.cancel(None)
    }

    /// As [`Receiver::cancel`], and senders are told why.
    #[must_use]
    pub fn cancel_because(&self, reason: ErrorBytes) -> u64 {
        self.held.cancel(Some(reason))
    }

    /// Of a channel that leases its messages: where they go after their last attempt, from here on.
    pub fn spend_dead_letters(&self, sender: Sender) {
        self.held.channel.spend_dead_letters(sender);
    }
}
