//! The receiving verbs.

use millrace_core::{AnyEnd, Message, Origin, Received, Receiver, RecvError, TryRecvError};
use millrace_numbers::size::LONGEST_COPIED;
use napi::sys;

use crate::call::Call;
use crate::memory::bytes::View;
use crate::memory::lend::Hand;
use crate::outcome::{
    Answer, CLOSED, HELD, NO_MEMORY, NOT_BYTES, NOTHING, OK, SPENT, STOPPING, STUCK, TOO_LONG, TOO_MANY,
    pending,
};
use crate::waits::Wait;

/// Where short messages go: a pool and the place in it. An empty pool has none, and every message is held.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pool: View,
    offset: usize,
}

impl Place {
    /// In no pool.
    pub(crate) fn none() -> Self {
        Self { pool: View::none(), offset: 0 }
    }

    pub(crate) fn is_none(self) -> bool {
        self.pool.len() == 0
    }

    /// Writes a short message here; false when it is too long, or the pool too short.
    pub(crate) fn write(self, message: &Message) -> bool {
        message.len() <= LONGEST_COPIED && !self.is_none() && self.pool.write(self.offset, message)
    }

    /// As `write`; the length of what was written.
    #[inline(always)]
    pub(crate) fn copy(self, message: &Message) -> Option<Answer> {
        self.write(message).then_some(message.len() as Answer)
    }

    /// The place after a message of `len` bytes: aligned for every typed array.
    pub(crate) fn after(self, len: usize) -> Self {
        Self { pool: self.pool, offset: (self.offset + len).next_multiple_of(8) }
    }

    /// Writes messages that lie together here, for which there is room.
    pub(crate) fn write_run(self, bytes: &[u8]) {
        self.pool.write_bytes(self.offset, bytes);
    }

    /// How many bytes fit.
    pub(crate) fn room(&self) -> usize {
        self.pool.len().saturating_sub(self.offset)
    }

    /// Whether a short message is sure to fit.
    pub(crate) fn has_room(self) -> bool {
        self.room() >= LONGEST_COPIED
    }
}

impl Call<'_> {
    /// Runs `verb` with a live receiver.
    #[inline(always)]
    pub(crate) fn with_receiver(
        self,
        handle: sys::napi_value,
        verb: impl FnOnce(&Receiver) -> Answer,
    ) -> Answer {
        match self.env.handles.borrow().get(self.handle(handle)) {
            Some(AnyEnd::Receiver(receiver)) => verb(receiver),
            _ => SPENT,
        }
    }

    /// The number first: a runtime that makes one of anything runs what is the caller's for it.
    pub(crate) fn place(self, pool: sys::napi_value, offset: sys::napi_value) -> Option<Place> {
        let offset = self.index(offset);
        self.place_at(pool, offset)
    }

    pub(crate) fn place_at(self, pool: sys::napi_value, offset: u32) -> Option<Place> {
        Some(Place { pool: View::of(self, pool)?, offset: offset as usize })
    }

    pub(crate) fn with_place(
        self,
        [handle, pool, offset]: [sys::napi_value; 3],
        verb: impl FnOnce(&Receiver, Place) -> Answer,
    ) -> Answer {
        self.with_receiver(handle, |receiver| match self.place(pool, offset) {
            Some(place) => verb(receiver, place),
            None => NOT_BYTES,
        })
    }

    /// A short message was copied to its place; another is held, its length left at `outcome[0]`.
    #[inline(always)]
    fn took(self, receiver: &Receiver, taken: Result<Result<Answer, Message>, TryRecvError>) -> Answer {
        match taken {
            Ok(Ok(len)) => len,
            Ok(Err(message)) => self.hold(message, receiver.origin(), 0),
            Err(TryRecvError::Empty) => NOTHING,
            Err(TryRecvError::Closed) => CLOSED,
        }
    }

    /// As `took`, for a message that was waited for.
    fn deliver(self, receiver: &Receiver, message: Message, place: Place) -> Answer {
        let Some(len) = place.copy(&message) else { return self.hold(message, receiver.origin(), 0) };
        receiver.recycle(message);
        len
    }

    /// As `deliver`, for one that a wait was handed; a length is left at `outcome[1]`.
    pub(crate) fn deliver_settled(self, origin: Origin, message: Message, place: Place) -> Answer {
        let message = match message.into_request() {
            Ok(request) => return self.deliver_request(request, origin, place, 1),
            Err(message) => message,
        };
        if message.is_leased() {
            return self.deliver_leased(message, origin, place, 1);
        }
        let Some(len) = place.copy(&message) else { return self.hold(message, origin, 1) };
        origin.pool().recycle_message(message);
        len
    }

    pub(crate) fn hold(self, message: Message, origin: Origin, beside: usize) -> Answer {
        self.env.put(beside, message.len() as f64);
        *self.env.hand.borrow_mut() = Some(Hand::new(message, origin));
        HELD
    }

    /// As `hold`, of one that does not go back.
    pub(crate) fn hold_for_good(self, message: Message, origin: Origin, beside: usize) -> Answer {
        self.env.put(beside, message.len() as f64);
        *self.env.hand.borrow_mut() = Some(Hand::for_good(message, origin));
        HELD
    }
}

pub(crate) fn try_recv(call: Call<'_>, arguments: [sys::napi_value; 3]) -> Answer {
    call.with_place(arguments, |receiver, place| {
        call.took(receiver, receiver.try_take(true, |message| place.copy(message)))
    })
}

pub(crate) fn recv(call: Call<'_>, [handle, pool, offset, register]: [sys::napi_value; 4]) -> Answer {
    let register = call.boolean(register);
    call.with_place([handle, pool, offset], |receiver, place| {
        if !register {
            match call.took(receiver, receiver.take_soon(|message| place.copy(message))) {
                NOTHING => {}
                answer => return answer,
            }
        }
        let Some(token) = call.next_wait() else { return TOO_MANY };
        match receiver.recv_or_wait(token, register) {
            Ok(Received::Now(message)) => call.deliver(receiver, message, place),
            Ok(Received::Pending(wait)) => {
                let wait = if place.is_none() { Wait::Held(wait) } else { Wait::One(wait) };
                call.begin_wait(wait).map_or(TOO_MANY, pending)
            }
            Err(_) => CLOSED,
        }
    })
}

pub(crate) fn recv_sync(call: Call<'_>, [handle, pool, offset, timeout]: [sys::napi_value; 4]) -> Answer {
    let (offset, timeout) = (call.index(offset), call.number(timeout));
    call.with_receiver(handle, |receiver| {
        let Some(place) = call.place_at(pool, offset) else { return NOT_BYTES };
        match call.took(receiver, receiver.try_take(false, |message| place.copy(message))) {
            NOTHING | CLOSED => {}
            answer => return answer,
        }
        call.patiently(timeout, |patience| match receiver.recv(patience) {
            // The pool as it is now: while this thread was blocked, JavaScript may have run.
            Ok(message) => {
                call.deliver(receiver, message, call.place_at(pool, offset).unwrap_or(Place::none()))
            }
            Err(error) => failed(error),
        })
    })
}

pub(crate) fn try_recv_into(call: Call<'_>, [handle, target]: [sys::napi_value; 2]) -> Answer {
    call.with_receiver(handle, |receiver| {
        let Some(view) = View::of(call, target) else { return NOT_BYTES };
        match receiver.try_take(true, |message| into_target(message, view)) {
            Ok(copied) => into_targeted(call, receiver, copied),
            Err(TryRecvError::Empty) => NOTHING,
            Err(TryRecvError::Closed) => CLOSED,
        }
    })
}

pub(crate) fn recv_into_sync(call: Call<'_>, [handle, target, timeout]: [sys::napi_value; 3]) -> Answer {
    call.with_receiver(handle, |receiver| {
        let Some(view) = View::of(call, target) else { return NOT_BYTES };
        if let Ok(copied) = receiver.try_take(false, |message| into_target(message, view)) {
            return into_targeted(call, receiver, copied);
        }
        let timeout = call.number(timeout);
        call.patiently(timeout, |patience| match receiver.recv(patience) {
            Ok(message) => {
                // Looked up again: while this thread was blocked, JavaScript may have run.
                let view = View::of(call, target).unwrap_or_else(View::none);
                let Some(len) = into_target(&message, view) else {
                    return into_targeted(call, receiver, Err(message));
                };
                receiver.recycle(message);
                len
            }
            Err(error) => failed(error),
        })
    })
}

/// How many bytes were copied; `None` when they do not fit.
#[inline(always)]
fn into_target(message: &Message, target: View) -> Option<Answer> {
    target.write(0, message).then_some(message.len() as Answer)
}

/// One that does not fit goes back, and its length is left at `outcome[0]`.
#[inline(always)]
fn into_targeted(call: Call<'_>, receiver: &Receiver, copied: Result<Answer, Message>) -> Answer {
    copied.unwrap_or_else(|message| {
        call.env.put(0, message.len() as f64);
        receiver.origin().give_back(message);
        TOO_LONG
    })
}

/// The newest message, the older ones skipped.
pub(crate) fn latest(call: Call<'_>, arguments: [sys::napi_value; 3]) -> Answer {
    call.with_place(arguments, |receiver, place| match receiver.latest() {
        Ok(message) => call.deliver(receiver, message, place),
        Err(TryRecvError::Empty) => NOTHING,
        Err(TryRecvError::Closed) => CLOSED,
    })
}

/// Puts back bytes that were received here: they are the channel's next message.
pub(crate) fn give_back(call: Call<'_>, [handle, bytes]: [sys::napi_value; 2]) -> Answer {
    call.with_receiver(handle, |receiver| {
        let Some(view) = View::of(call, bytes) else { return NOT_BYTES };
        let origin = receiver.origin();
        let Ok(message) = Message::new(origin.pool(), view.source()) else { return NO_MEMORY };
        origin.give_back(message);
        OK
    })
}

pub(crate) fn cancel(call: Call<'_>, [handle, reason]: [sys::napi_value; 2]) -> Answer {
    call.with_receiver(handle, |receiver| {
        let discarded = match call.error(reason) {
            Some(reason) => receiver.cancel_because(reason),
            None => receiver.cancel(),
        };
        call.env.put(0, discarded as f64);
        OK
    })
}

pub(crate) fn failed(error: RecvError) -> Answer {
    match error {
        RecvError::Closed => CLOSED,
        RecvError::TimedOut => NOTHING,
        RecvError::Stuck => STUCK,
        RecvError::Stopped => STOPPING,
    }
}
