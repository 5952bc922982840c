//! crossbeam-channel's array and list flavors, used through `try_send` and `try_recv` alone: its own
//! blocking calls would be a second waiting list beside ours.

use crossbeam_channel::{Receiver, Sender, TrySendError};

use super::Popped;
use crate::error::NoMemory;
use crate::message::Message;

/// `crossbeam_channel::bounded`.
pub(crate) struct Bounded(Ends);

impl Bounded {
    pub(crate) fn new(capacity: usize) -> Result<Self, NoMemory> {
        super::probe(capacity)?;
        Ok(Self(Ends::new(crossbeam_channel::bounded(capacity))))
    }

    #[inline(always)]
    pub(crate) fn try_push(&self, message: Message) -> Result<(), Message> {
        self.0.try_push(message)
    }

    #[inline(always)]
    pub(crate) fn try_pop(&self) -> Popped {
        self.0.tail.try_recv()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.tail.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.tail.is_empty()
    }
}

/// `crossbeam_channel::unbounded`.
pub(crate) struct Unbounded(Ends);

impl Unbounded {
    pub(crate) fn new() -> Self {
        Self(Ends::new(crossbeam_channel::unbounded()))
    }

    #[inline(always)]
    pub(crate) fn try_push(&self, message: Message) -> Result<(), Message> {
        self.0.try_push(message)
    }

    #[inline(always)]
    pub(crate) fn try_pop(&self) -> Popped {
        self.0.tail.try_recv()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.tail.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.tail.is_empty()
    }
}

/// Both halves, kept together for the channel's whole life, so that crossbeam never sees it closed.
struct Ends {
    head: Sender<Message>,
    tail: Receiver<Message>,
}

impl Ends {
    fn new((head, tail): (Sender<Message>, Receiver<Message>)) -> Self {
        Self { head, tail }
    }

    #[inline(always)]
    fn try_push(&self, message: Message) -> Result<(), Message> {
        self.head.try_send(message).map_err(TrySendError::into_inner)
    }
}
