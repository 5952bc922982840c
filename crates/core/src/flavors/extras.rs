//! What is kept beside a queue where that is asked for: bounds on what is in it, and how long messages wait.

use super::{Popped, Slots};
use crate::error::NoMemory;
use crate::message::Message;
use crate::observe::timing::Timing;
use crate::primitives::{AtomicUsize, Ordering};

/// The bounds on what is in a queue beside the number of its slots, and how long its messages wait.
pub(super) struct Extras {
    pub(super) limit: Option<Limit>,
    pub(super) timing: Option<Timing>,
}

impl Extras {
    /// One look tells a message where there is neither.
    pub(super) fn new(
        max_bytes: Option<usize>,
        most: Option<usize>,
        timed: bool,
        lasts: bool,
    ) -> Result<Option<Box<Self>>, NoMemory> {
        let limit = (max_bytes.is_some() || most.is_some()).then(|| Limit {
            bytes: max_bytes.map(Bound::new),
            messages: most.map(Bound::new),
            lasts,
        });
        let timing = if timed { Some(Timing::new()?) } else { None };
        Ok((limit.is_some() || timed).then(|| Box::new(Self { limit, timing })))
    }

    pub(super) fn try_push(&self, slots: &Slots, message: Message) -> Result<(), Message> {
        let length = message.len();
        if self.limit.as_ref().is_some_and(|limit| !limit.reserve(1, length)) {
            return Err(message);
        }
        let pushed = match &self.timing {
            Some(timing) => timing.pushing(|| slots.try_push(message)),
            None => slots.try_push(message),
        };
        if let (Some(limit), Err(_)) = (&self.limit, &pushed) {
            limit.release(1, length);
        }
        pushed
    }

    pub(super) fn try_pop(&self, slots: &Slots) -> Popped {
        let popped = match &self.timing {
            Some(timing) => timing.popping(|| slots.try_pop()),
            None => slots.try_pop(),
        };
        if let (Some(limit), Ok(message)) = (&self.limit, &popped)
            && !limit.lasts
        {
            limit.release(1, message.len());
        }
        popped
    }
}

/// Bounds on the payload bytes and the messages of a queue: reserved before a push, released after a pop, or, where that
/// `lasts`, once what was popped is settled.
pub(super) struct Limit {
    bytes: Option<Bound>,
    messages: Option<Bound>,
    lasts: bool,
}

impl Limit {
    pub(super) fn reserve(&self, messages: usize, bytes: usize) -> bool {
        let fits = |bound: &Option<Bound>, count| bound.as_ref().is_none_or(|bound| bound.reserve(count));
        if !fits(&self.messages, messages) {
            return false;
        }
        let fits_too = fits(&self.bytes, bytes);
        if !fits_too {
            self.release(messages, 0);
        }
        fits_too
    }

    pub(super) fn release(&self, messages: usize, bytes: usize) {
        for (bound, count) in [(&self.messages, messages), (&self.bytes, bytes)] {
            if let Some(bound) = bound {
                bound.release(count);
            }
        }
    }

    pub(super) fn is_reached(&self) -> bool {
        self.bytes.iter().chain(&self.messages).any(Bound::is_reached)
    }
}

/// One of them.
struct Bound {
    most: usize,
    reserved: AtomicUsize,
}

impl Bound {
    fn new(most: usize) -> Self {
        Self { most, reserved: AtomicUsize::new(0) }
    }

    fn reserve(&self, count: usize) -> bool {
        // Relaxed, here and below: the queue orders the messages, this only counts them.
        let fits = |reserved: usize| reserved.checked_add(count).filter(|sum| *sum <= self.most);
        self.reserved.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok()
    }

    fn release(&self, count: usize) {
        self.reserved.fetch_sub(count, Ordering::Relaxed);
    }

    fn is_reached(&self) -> bool {
        self.reserved.load(Ordering::Relaxed) >= self.most
    }
}
