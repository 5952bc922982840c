//! std's `mpsc`: `sync_channel` and `channel`. One receiver, by std's own types. std has no `len`, so
//! messages are counted here; and its receiver is not `Sync`, so it lies behind a lock, which its one
//! end shares with nobody but `settle`.

use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::sync::{Mutex, PoisonError};

use crossbeam_channel::TryRecvError as Empty;

use super::Popped;
use crate::error::NoMemory;
use crate::message::Message;
use crate::primitives::{AtomicUsize, Ordering};

/// `std::sync::mpsc::sync_channel`, with room for at least one.
pub(crate) struct SyncBounded {
    head: SyncSender<Message>,
    tail: Tail,
}

impl SyncBounded {
    pub(crate) fn new(capacity: usize) -> Result<Self, NoMemory> {
        super::probe(capacity)?;
        let (head, tail) = mpsc::sync_channel(capacity);
        Ok(Self { head, tail: Tail::new(tail) })
    }

    pub(crate) fn try_push(&self, message: Message) -> Result<(), Message> {
        match self.head.try_send(message) {
            Ok(()) => {
                self.tail.pushed();
                Ok(())
            }
            Err(TrySendError::Full(message) | TrySendError::Disconnected(message)) => Err(message),
        }
    }

    pub(crate) fn try_pop(&self) -> Popped {
        self.tail.try_pop().ok_or(Empty::Empty)
    }

    pub(crate) fn len(&self) -> usize {
        self.tail.len()
    }
}

/// `std::sync::mpsc::channel`.
pub(crate) struct SyncUnbounded {
    head: mpsc::Sender<Message>,
    tail: Tail,
}

impl SyncUnbounded {
    pub(crate) fn new() -> Self {
        let (head, tail) = mpsc::channel();
        Self { head, tail: Tail::new(tail) }
    }

    pub(crate) fn try_push(&self, message: Message) -> Result<(), Message> {
        self.head.send(message).map_err(|refused| refused.0)?;
        self.tail.pushed();
        Ok(())
    }

    pub(crate) fn try_pop(&self) -> Popped {
        self.tail.try_pop().ok_or(Empty::Empty)
    }

    pub(crate) fn len(&self) -> usize {
        self.tail.len()
    }
}

struct Tail {
    receiver: Mutex<Receiver<Message>>,
    pushed: AtomicUsize,
    popped: AtomicUsize,
}

impl Tail {
    fn new(receiver: Receiver<Message>) -> Self {
        Self { receiver: Mutex::new(receiver), pushed: AtomicUsize::new(0), popped: AtomicUsize::new(0) }
    }

    fn pushed(&self) {
        // Relaxed, here and below: a count to look at; exact at rest.
        self.pushed.fetch_add(1, Ordering::Relaxed);
    }

    fn try_pop(&self) -> Option<Message> {
        let message = self.receiver.lock().unwrap_or_else(PoisonError::into_inner).try_recv().ok()?;
        self.popped.fetch_add(1, Ordering::Relaxed);
        Some(message)
    }

    fn len(&self) -> usize {
        let popped = self.popped.load(Ordering::Relaxed);
        self.pushed.load(Ordering::Relaxed).saturating_sub(popped)
    }
}
