//! The receiving verbs.

use millrace_core::{AnyEnd, Message, Origin, Received, Receiver, RecvError, TryRecvError};
use napi::sys;

use crate::bytes::View;
use crate::call::Call;
use crate::lend::Hand;
use crate::outcome::{
    Answer, CLOSED, HELD, NO_MEMORY, NOT_BYTES, NOTHING, OK, SPENT, STOPPING, STUCK, TOO_LONG, TOO_MANY,
    pending,
};
use crate::waits::Wait;

/// Longest message that is copied into the caller's pool, in bytes; a longer one is held.
pub(crate) const POOLED: usize = 4096;

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
        message.len() <= POOLED && !self.is_none() && self.pool.write(self.offset, message)
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
        self.room() >= POOLED
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
        match self.env.handles.borrow().get(self.index(handle)) {
            Some(AnyEnd::Receiver(receiver)) => verb(receiver),
            _ => SPENT,
        }
    }

    pub(crate) fn place(self, pool: sys::napi_value, offset: sys::napi_value) -> Option<Place> {
        Some(Place { pool: View::of(self, pool)?, offset: self.index(offset) as usize })
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

    /// Copies a short message to its place; holds another, its length left at `outcome[beside]`.
    #[inline(always)]
    fn deliver(self, receiver: &Receiver, message: Message, place: Place) -> Answer {
        if place.write(&message) {
            let len = message.len();
            receiver.recycle(message);
            return len as Answer;
        }
        self.hold(message, receiver.origin(), 0)
    }

    /// As `deliver`, for a message that a wait was handed.
    pub(crate) fn deliver_settled(self, origin: Origin, message: Message, place: Place) -> Answer {
        if place.write(&message) {
            let len = message.len();
            origin.pool().recycle_message(message);
            return len as Answer;
        }
        self.hold(message, origin, 1)
    }

    pub(crate) fn hold(self, message: Message, origin: Origin, beside: usize) -> Answer {
        self.env.put(beside, message.len() as f64);
        *self.env.hand.borrow_mut() = Some(Hand::new(message, origin));
        HELD
    }
}

pub(crate) fn try_recv(call: Call<'_>, arguments: [sys::napi_value; 3]) -> Answer {
    call.with_place(arguments, |receiver, place| {
        match receiver.try_take(true, |message| call.deliver(receiver, message, place)) {
            Ok(answer) => answer,
            Err(TryRecvError::Empty) => NOTHING,
            Err(TryRecvError::Closed) => CLOSED,
        }
    })
}

pub(crate) fn recv(call: Call<'_>, [handle, pool, offset, register]: [sys::napi_value; 4]) -> Answer {
    let register = call.boolean(register);
    call.with_place([handle, pool, offset], |receiver, place| {
        if !register {
            match receiver.take_soon(|message| call.deliver(receiver, message, place)) {
                Ok(answer) => return answer,
                Err(TryRecvError::Closed) => return CLOSED,
                Err(TryRecvError::Empty) => {}
            }
        }
        let Some(token) = call.env.waits.borrow().next_name() else { return TOO_MANY };
        match receiver.recv_or_wait(token, register) {
            Ok(Received::Now(message)) => call.deliver(receiver, message, place),
            Ok(Received::Pending(wait)) => {
                let wait = if place.is_none() { Wait::Held(wait) } else { Wait::One(wait) };
                call.env.waits.borrow_mut().insert(wait).map_or(TOO_MANY, pending)
            }
            Err(_) => CLOSED,
        }
    })
}

pub(crate) fn recv_sync(call: Call<'_>, [handle, pool, offset, timeout]: [sys::napi_value; 4]) -> Answer {
    call.with_place([handle, pool, offset], |receiver, place| {
        if let Ok(answer) = receiver.try_take(false, |message| call.deliver(receiver, message, place)) {
            return answer;
        }
        let timeout = call.number(timeout);
        call.patiently(timeout, |patience| match receiver.recv(patience) {
            Ok(message) => call.deliver(receiver, message, place),
            Err(error) => failed(error),
        })
    })
}

pub(crate) fn try_recv_into(call: Call<'_>, [handle, target]: [sys::napi_value; 2]) -> Answer {
    call.with_receiver(handle, |receiver| {
        let Some(view) = View::of(call, target) else { return NOT_BYTES };
        match receiver.try_take(true, |message| into_target(call, receiver, message, view)) {
            Ok(answer) => answer,
            Err(TryRecvError::Empty) => NOTHING,
            Err(TryRecvError::Closed) => CLOSED,
        }
    })
}

pub(crate) fn recv_into_sync(call: Call<'_>, [handle, target, timeout]: [sys::napi_value; 3]) -> Answer {
    call.with_receiver(handle, |receiver| {
        let Some(view) = View::of(call, target) else { return NOT_BYTES };
        if let Ok(answer) = receiver.try_take(false, |message| into_target(call, receiver, message, view)) {
            return answer;
        }
        let timeout = call.number(timeout);
        call.patiently(timeout, |patience| match receiver.recv(patience) {
            Ok(message) => into_target(call, receiver, message, view),
            Err(error) => failed(error),
        })
    })
}

#[inline(always)]
fn into_target(call: Call<'_>, receiver: &Receiver, message: Message, target: View) -> Answer {
    let len = message.len();
    if target.write(0, &message) {
        receiver.recycle(message);
        return len as Answer;
    }
    call.env.put(0, len as f64);
    receiver.origin().give_back(message);
    TOO_LONG
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

pub(crate) fn cancel(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> Answer {
    call.with_receiver(handle, |receiver| {
        call.env.put(0, receiver.cancel() as f64);
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
