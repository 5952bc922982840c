//! What one pending send brings: a message, or several that keep their one place until all are accepted.

pub(crate) mod packed;

use std::collections::VecDeque;

use crate::channel::payload::packed::Pack;
use crate::message::Message;

/// Messages in the order in which they are to be accepted.
#[derive(Debug)]
pub struct Payload {
    /// Apart, because most bundles are one message and need no list.
    next: Option<Message>,
    rest: VecDeque<Message>,
    /// In place of messages: accepted together. Boxed, because few bundles are one.
    pack: Option<Box<Pack>>,
    accepted: usize,
}

impl Payload {
    /// Several messages, of which `accepted` others went before.
    pub(crate) fn new(mut rest: VecDeque<Message>, accepted: usize) -> Self {
        Self { next: rest.pop_front(), rest, pack: None, accepted }
    }

    /// How many of its messages were accepted.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.accepted
    }

    /// The first message that was not accepted; `None` for a pack.
    #[must_use]
    pub fn first(&self) -> Option<&Message> {
        self.next.as_ref()
    }

    /// Bytes of the next message.
    pub(crate) fn next_len(&self) -> usize {
        self.first().map_or(0, Message::len)
    }

    /// Bytes of the longest of the messages that lie by themselves.
    pub(crate) fn longest(&self) -> usize {
        self.next.iter().chain(&self.rest).map(Message::len).max().unwrap_or(0)
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

    /// Takes the pack, if it is one, to be accepted, or put back.
    pub(crate) fn take_pack(&mut self) -> Option<Box<Pack>> {
        self.pack.take()
    }

    pub(crate) fn put_pack_back(&mut self, pack: Pack) {
        self.pack = Some(Box::new(pack));
    }

    /// The pack that was taken, of so many messages, was accepted.
    pub(crate) fn advance_by(&mut self, count: usize) {
        self.accepted += count;
    }

    /// All messages that were not accepted; a pack is let go.
    pub fn into_rest(self) -> impl Iterator<Item = Message> {
        self.next.into_iter().chain(self.rest)
    }
}

impl From<Message> for Payload {
    fn from(message: Message) -> Self {
        Self { next: Some(message), rest: VecDeque::new(), pack: None, accepted: 0 }
    }
}

impl From<Pack> for Payload {
    fn from(pack: Pack) -> Self {
        Self { next: None, rest: VecDeque::new(), pack: Some(Box::new(pack)), accepted: 0 }
    }
}
