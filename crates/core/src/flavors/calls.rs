//! The queue of requests: a list under a lock, out of whose middle a call that is over can be taken. What was taken
//! out takes up no room, so the capacity and the length count requests that somebody waits for.

use std::collections::VecDeque;
use std::sync::Arc;

use crossbeam_channel::TryRecvError;

use super::Popped;
use crate::calls::{Call, InFlight};
use crate::message::Message;
use crate::primitives::{AtomicUsize, Mutex, Ordering, lock};

/// Gaps are closed when there are so many more of them than messages.
const GAPS: usize = 64;

/// Requests in the order in which they were accepted.
pub(crate) struct Calls {
    capacity: usize,
    line: Mutex<Line>,
    /// How many messages are in line, for those who look without the lock.
    len: AtomicUsize,
    pub(crate) in_flight: InFlight,
}

#[derive(Default)]
struct Line {
    /// A gap is where a request was taken out.
    seats: VecDeque<Option<Message>>,
    /// The number of the first seat.
    first: u64,
    messages: usize,
}

impl Calls {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            line: Mutex::new(Line::default()),
            len: AtomicUsize::new(0),
            in_flight: InFlight::default(),
        }
    }

    pub(crate) fn try_push(&self, message: Message) -> Result<(), Message> {
        let mut line = lock(&self.line);
        // The list grows as it is needed; where there is no memory for it, it is full.
        if line.messages >= self.capacity || line.seats.try_reserve(1).is_err() {
            return Err(message);
        }
        if let Some(request) = message.as_request() {
            request.call().set_seat(line.first + line.seats.len() as u64);
        }
        line.seats.push_back(Some(message));
        self.set_len(&mut line, |messages| messages + 1);
        Ok(())
    }

    pub(crate) fn try_pop(&self) -> Popped {
        if self.is_empty() {
            return Err(TryRecvError::Empty);
        }
        let mut line = lock(&self.line);
        while let Some(seat) = line.seats.pop_front() {
            line.first += 1;
            if let Some(message) = seat {
                self.set_len(&mut line, |messages| messages - 1);
                return Ok(message);
            }
        }
        Err(TryRecvError::Empty)
    }

    /// Takes a call's request out, if it is in line.
    pub(crate) fn withdraw(&self, call: &Arc<Call>) -> Option<Message> {
        let mut line = lock(&self.line);
        let at = usize::try_from(call.seat().checked_sub(line.first)?).ok()?;
        // Another one sits there: this one was never in line.
        let message = line.seats.get_mut(at)?.take_if(|message| message.is_of(call))?;
        self.set_len(&mut line, |messages| messages - 1);
        line.close_gaps();
        Some(message)
    }

    pub(crate) fn len(&self) -> usize {
        // Relaxed: whoever must see a push has fenced after it, or holds a lock; see the head of channel/mod.rs.
        self.len.load(Ordering::Relaxed)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn set_len(&self, line: &mut Line, change: impl FnOnce(usize) -> usize) {
        line.messages = change(line.messages);
        self.len.store(line.messages, Ordering::Relaxed);
    }
}

impl Line {
    /// Keeps a line of which much was taken out from growing.
    fn close_gaps(&mut self) {
        if self.seats.len() < 2 * self.messages + GAPS {
            return;
        }
        self.seats.retain(Option::is_some);
        for (at, message) in self.seats.iter().flatten().enumerate() {
            if let Some(request) = message.as_request() {
                request.call().set_seat(self.first + at as u64);
            }
        }
    }
}
