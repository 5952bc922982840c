//! A lease: a message that was received, and the duty to settle it. Dropped in whatever way, it goes back.

use std::sync::Arc;

use crate::message::Message;
use crate::wait::pending::Origin;

/// A message that was received from a channel of leases, until it is settled.
pub struct Lease {
    /// Gone once it is settled.
    message: Option<Message>,
    origin: Origin,
}

impl Lease {
    /// The lease of a message that was received from `origin`; `None` where that gives none.
    #[must_use]
    pub fn new(message: Message, origin: Origin) -> Option<Self> {
        message.as_leased()?;
        Some(Self { message: Some(message), origin })
    }

    /// How often the message was received, this time included.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.leased().map_or(0, |leased| leased.attempt)
    }

    /// The message's bytes.
    #[must_use]
    pub fn message(&self) -> &Message {
        self.message.as_ref().expect("a lease has its message until it is settled")
    }

    /// Takes the message off for good.
    pub fn acknowledge(mut self) {
        let Some(message) = self.message.take() else { return };
        let bytes = message.len();
        self.origin.pool().recycle_message(message);
        self.origin.channel.acknowledge(&self.origin.end, bytes);
    }

    /// Puts the message back as if it had not been received.
    pub fn put_back(mut self) {
        if let Some(message) = self.message.take() {
            self.origin.channel.put_leased_back(vec![(Arc::clone(&self.origin.end), message)]);
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
            let with_end = |mut lease: Self| Some((Arc::clone(&lease.origin.end), lease.message.take()?));
            channel.return_leased(leases.drain(..count).filter_map(with_end).collect());
        }
    }

    fn leased(&self) -> Option<&crate::message::Leased> {
        self.message.as_ref().and_then(Message::as_leased)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(message) = self.message.take() {
            self.origin.channel.return_leased(vec![(Arc::clone(&self.origin.end), message)]);
        }
    }
}
