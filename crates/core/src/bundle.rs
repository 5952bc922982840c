//! What one pending send brings: a message, or several that keep their one place until all are accepted.

use std::collections::VecDeque;

use crate::message::Message;

/// Messages in the order in which they are to be accepted.
#[derive(Debug)]
pub struct Bundle {
    /// Apart, because most bundles are one message and need no list.
    next: Option<Message>,
    rest: VecDeque<Message>,
    accepted: usize,
}

impl Bundle {
    /// Several messages, of which `accepted` others went before.
    pub(crate) fn new(mut rest: VecDeque<Message>, accepted: usize) -> Self {
        Self { next: rest.pop_front(), rest, accepted }
    }

    /// How many of its messages were accepted.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.accepted
    }

    /// The first message that was not accepted.
    #[must_use]
    pub fn first(&self) -> Option<&Message> {
        self.next.as_ref()
    }

    /// Bytes of the next message.
    pub(crate) fn next_len(&self) -> usize {
        self.first().map_or(0, Message::len)
    }

    /// Whether the next message is the last one.
    pub(crate) fn is_last(&self) -> bool {
        self.rest.is_empty()
    }

    /// Takes the next message, to be accepted, or put back.
    pub(crate) fn take_next(&mut self) -> Option<Message> {
        self.next.take()
    }

    pub(crate) fn put_back(&mut self, message: Message) {
        self.next = Some(message);
    }

    /// The message that was taken was accepted.
    pub(crate) fn advance(&mut self) {
        self.accepted += 1;
        self.next = self.rest.pop_front();
    }

    /// All messages that were not accepted.
    pub fn into_rest(self) -> impl Iterator<Item = Message> {
        self.next.into_iter().chain(self.rest)
    }
}

impl From<Message> for Bundle {
    fn from(message: Message) -> Self {
        Self { next: Some(message), rest: VecDeque::new(), accepted: 0 }
    }
}
