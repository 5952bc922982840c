//! The sending verbs.

use millrace_core::{AnyEnd, Message, SendError, Sender, Sent, TrySendError};
use napi::sys;

use crate::call::Call;
use crate::outcome::{
    Answer, CLOSED, NO_MEMORY, NOT_BYTES, NOTHING, OK, SPENT, STOPPING, STUCK, TOO_MANY, pending,
};

impl Call<'_> {
    /// Runs `verb` with a live sender.
    pub(crate) fn with_sender(self, handle: sys::napi_value, verb: impl FnOnce(&Sender) -> Answer) -> Answer {
        match self.env.handles.borrow().get(self.index(handle)) {
            Some(AnyEnd::Sender(sender)) => verb(sender),
            _ => SPENT,
        }
    }

    fn with_message(
        self,
        handle: sys::napi_value,
        bytes: sys::napi_value,
        verb: impl FnOnce(&Sender, Message) -> Answer,
    ) -> Answer {
        self.with_sender(handle, |sender| {
            let Some(source) = self.source(bytes) else { return NOT_BYTES };
            match Message::new(sender.pool(), source) {
                Ok(message) => verb(sender, message),
                Err(_) => NO_MEMORY,
            }
        })
    }
}

/// A message that was not accepted: the caller has the value still, the copy's memory is used again.
fn refused(sender: &Sender, message: Message, answer: Answer) -> Answer {
    if let Ok(block) = message.into_block() {
        sender.pool().recycle(block);
    }
    answer
}

fn failed(sender: &Sender, error: SendError) -> Answer {
    match error {
        SendError::Closed(message) => refused(sender, message, CLOSED),
        SendError::TimedOut(message) => refused(sender, message, NOTHING),
        SendError::Stuck(message) => refused(sender, message, STUCK),
        SendError::Stopped(message) => refused(sender, message, STOPPING),
        SendError::TooMany(message) => refused(sender, message, TOO_MANY),
    }
}

pub(crate) fn try_send(call: Call<'_>, [handle, bytes]: [sys::napi_value; 2]) -> Answer {
    call.with_message(handle, bytes, |sender, message| match sender.try_send(message) {
        Ok(()) => OK,
        Err(TrySendError::Full(message)) => refused(sender, message, NOTHING),
        Err(TrySendError::Closed(message)) => refused(sender, message, CLOSED),
    })
}

pub(crate) fn send(call: Call<'_>, [handle, bytes]: [sys::napi_value; 2]) -> Answer {
    call.with_message(handle, bytes, |sender, message| {
        let Some(token) = call.env.waits.borrow().next_name() else {
            return refused(sender, message, TOO_MANY);
        };
        match sender.send_or_wait(message, token) {
            Ok(sent) => call.registered(sent),
            Err(error) => failed(sender, error),
        }
    })
}

pub(crate) fn send_sync(call: Call<'_>, [handle, bytes, timeout]: [sys::napi_value; 3]) -> Answer {
    let timeout = call.number(timeout);
    call.with_message(handle, bytes, |sender, message| {
        call.patiently(timeout, |patience| match sender.send(message, patience) {
            Ok(()) => OK,
            Err(error) => failed(sender, error),
        })
    })
}

pub(crate) fn drained(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> Answer {
    call.with_sender(handle, |sender| {
        let Some(token) = call.env.waits.borrow().next_name() else { return TOO_MANY };
        sender.drained(token).map_or(CLOSED, |sent| call.registered(sent))
    })
}

pub(crate) fn end(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> Answer {
    call.with_sender(handle, |sender| {
        sender.end();
        OK
    })
}

impl Call<'_> {
    fn registered(self, sent: Sent) -> Answer {
        match sent {
            Sent::Now => OK,
            Sent::Pending(wait) => self.env.waits.borrow_mut().insert(wait).map_or(TOO_MANY, pending),
        }
    }
}
