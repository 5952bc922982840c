//! What loom explores in place of crossbeam's queues: a few slots, each published and taken with the
//! weakest orderings that are right for a queue alone, so that nothing of the waiting or closing
//! protocol is hidden by the queue being stronger than it need be.

use loom::sync::Mutex;
use loom::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_channel::TryRecvError;

use super::Popped;
use crate::error::NoMemory;
use crate::message::Message;
use crate::primitives::lock;

const UNBOUNDED: usize = 4;

struct Slots {
    /// How many were pushed and popped; a slot is counted before it is touched.
    pushed: AtomicUsize,
    popped: AtomicUsize,
    slots: Vec<Mutex<Option<Message>>>,
}

impl Slots {
    fn new(capacity: usize) -> Self {
        Self {
            pushed: AtomicUsize::new(0),
            popped: AtomicUsize::new(0),
            slots: (0..capacity).map(|_| Mutex::new(None)).collect(),
        }
    }

    fn try_push(&self, message: Message) -> Result<(), Message> {
        let mut message = message;
        loop {
            let pushed = self.pushed.load(Ordering::Relaxed);
            if pushed - self.popped.load(Ordering::Acquire).min(pushed) >= self.slots.len() {
                return Err(message);
            }
            // The slot's lock stands for crossbeam's stamp: whoever fills it counts it, then frees it.
            let mut slot = lock(&self.slots[pushed % self.slots.len()]);
            if slot.is_some() || self.pushed.load(Ordering::Relaxed) != pushed {
                drop(slot);
                loom::thread::yield_now();
                continue;
            }
            *slot = Some(message);
            if self.pushed.compare_exchange(pushed, pushed + 1, Ordering::Release, Ordering::Relaxed).is_ok()
            {
                return Ok(());
            }
            let Some(back) = slot.take() else { unreachable!("filled above, and locked since") };
            message = back;
        }
    }

    fn try_pop(&self) -> Option<Message> {
        loop {
            let popped = self.popped.load(Ordering::Relaxed);
            if popped >= self.pushed.load(Ordering::Acquire) {
                return None;
            }
            let mut slot = lock(&self.slots[popped % self.slots.len()]);
            if self.popped.load(Ordering::Relaxed) != popped {
                drop(slot);
                loom::thread::yield_now();
                continue;
            }
            let message = slot.take();
            self.popped.store(popped + 1, Ordering::Release);
            return message;
        }
    }

    fn len(&self) -> usize {
        let popped = self.popped.load(Ordering::Acquire);
        self.pushed.load(Ordering::Acquire).saturating_sub(popped)
    }
}

macro_rules! flavor {
    ($name:ident) => {
        pub(crate) struct $name(Slots);

        impl $name {
            pub(crate) fn try_push(&self, message: Message) -> Result<(), Message> {
                self.0.try_push(message)
            }

            pub(crate) fn try_pop(&self) -> Popped {
                self.0.try_pop().ok_or(TryRecvError::Empty)
            }

            pub(crate) fn len(&self) -> usize {
                self.0.len()
            }
        }
    };
}

flavor!(Bounded);
flavor!(Unbounded);

impl Bounded {
    pub(crate) fn new(capacity: usize) -> Result<Self, NoMemory> {
        Ok(Self(Slots::new(capacity)))
    }
}

impl Unbounded {
    pub(crate) fn new() -> Self {
        Self(Slots::new(UNBOUNDED))
    }
}
