//! Sending many messages: what fits now, and a wait for the rest.

use std::collections::VecDeque;

use super::{AT_ONCE, Sender, Sent};
use crate::channel::Overflow;
use crate::channel::payload::Payload;
use crate::error::{Closed, SendError, TrySendError};
use crate::message::Message;
use crate::primitives::Ordering;
use crate::wait::blocking::Patience;

impl Sender {
    /// Sends what there is room for now, from the front; how many.
    ///
    /// # Errors
    /// [`Closed`] when it is closed and none was accepted.
    pub fn try_send_many(&self, messages: &mut VecDeque<Message>) -> Result<usize, Closed> {
        let more_to_it =
            self.channel().queue.is_rendezvous() || self.channel().settings.overflow != Overflow::Wait;
        let mut count = 0;
        loop {
            if !more_to_it {
                count += self.push_some(messages);
            }
            let Some(message) = messages.pop_front() else { break };
            match if more_to_it { self.try_send(message) } else { self.push(message) } {
                Ok(()) => count += 1,
                Err(TrySendError::Full(message)) => {
                    messages.push_front(message);
                    break;
                }
                Err(TrySendError::Closed(message)) => {
                    messages.push_front(message);
                    if count == 0 {
                        return Err(Closed);
                    }
                    break;
                }
            }
        }
        // One look, and at most one wake, for all of them.
        if count > 0 {
            self.channel().pushed(&self.held.end);
        }
        Ok(count)
    }

    /// As [`Sender::send_or_wait`] for several messages, which keep their one place until the last is
    /// accepted.
    ///
    /// # Errors
    /// As there, with what was not accepted.
    pub fn send_many_or_wait(&self, mut messages: VecDeque<Message>, token: u32) -> Result<Sent, SendError> {
        match self.send_many_unless_waited(&mut messages) {
            Err(Closed) => Err(SendError::Closed(Payload::new(messages, 0))),
            Ok(_) if messages.is_empty() => Ok(Sent::Now),
            Ok(count) => self.wait_for_room(Payload::new(messages, count), token),
        }
    }

    /// As [`Sender::send`] for several messages.
    ///
    /// # Errors
    /// As there, with what was not accepted.
    pub fn send_many(
        &self,
        mut messages: VecDeque<Message>,
        mut patience: Patience<'_>,
    ) -> Result<(), SendError> {
        match self.send_many_unless_waited(&mut messages) {
            Err(Closed) => Err(SendError::Closed(Payload::new(messages, 0))),
            Ok(_) if messages.is_empty() => Ok(()),
            Ok(count) => self.block_for_room(Payload::new(messages, count), &mut patience),
        }
    }

    /// Pushes messages from the front while there is nothing more to it than room; how many. Closers wait for as
    /// long as it takes, so it is a bounded number.
    pub(super) fn push_some(&self, messages: &mut VecDeque<Message>) -> usize {
        let (channel, end) = (self.channel(), &*self.held.end);
        // Acquire, here and below: as in `push`.
        if end.pending.load(Ordering::Acquire) > 0 {
            return 0;
        }
        let (mut count, mut bytes) = (0, 0);
        end.enter();
        if channel.flags.phase.load(Ordering::Acquire) == 0 {
            while count < AT_ONCE
                && let Some(message) = messages.pop_front()
            {
                let len = message.len();
                if let Err(back) = channel.queue.try_push(message) {
                    messages.push_front(back);
                    break;
                }
                count += 1;
                bytes += len;
            }
            end.direct.add_many(count, bytes);
        }
        end.leave();
        count
    }

    pub(super) fn send_many_unless_waited(&self, messages: &mut VecDeque<Message>) -> Result<usize, Closed> {
        if self.others_wait() { Ok(0) } else { self.try_send_many(messages) }
    }
}
