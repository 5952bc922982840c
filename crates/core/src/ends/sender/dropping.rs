//! Sending on a channel that drops: this message, or the oldest that are queued.

use super::Sender;
use crate::error::TrySendError;
use crate::message::Message;
use crate::primitives::full_fence;

impl Sender {
    /// Accepted, and lost at once.
    pub(super) fn drop_this(&self, message: Message) {
        let bytes = message.len();
        self.recycle(message);
        self.held.end.direct.add(bytes);
        self.held.end.lost.add(bytes);
        // SeqCst: the count before the look; see sums.rs.
        full_fence();
        self.channel().counted(&self.held.end);
    }

    pub(super) fn drop_until_it_fits(&self, mut message: Message) -> Result<(), TrySendError> {
        // What would not fit into an empty queue either is itself what is lost.
        if self.channel().queue.is_rendezvous() || self.is_too_long(message.len()) {
            self.drop_this(message);
            return Ok(());
        }
        loop {
            if let Some(oldest) = self.channel().take() {
                self.held.end.lost.add(oldest.len());
                self.recycle(oldest);
                self.channel().popped(&self.held.end);
            }
            match self.push(message) {
                Err(TrySendError::Full(back)) => message = back,
                done => return done.inspect(|()| self.channel().pushed(&self.held.end)),
            }
        }
    }
}
