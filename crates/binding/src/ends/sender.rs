//! The sending verbs.

use millrace_core::{AnyEnd, Message, Payload, SendError, Sender, Sent, Short, Source, TrySendError};
use napi::sys;

use crate::call::Call;
use crate::memory::bytes::View;
use crate::outcome::{
    Answer, CLOSED, NO_MEMORY, NOT_BYTES, NOTHING, OK, SPENT, STOPPING, STUCK, TOO_LONG, TOO_MANY, pending,
};
use crate::waits::Wait;

impl Call<'_> {
    /// Bytes to send: a number says how many of the staging array's, else a `Uint8Array`'s own.
    pub(crate) fn source<'a>(self, value: sys::napi_value) -> Option<Source<'a>> {
        if let Some(len) = self.small(value) {
            let (start, room) = self.env.staging.get();
            let len = len as usize;
            // SAFETY: *kept*: the staging array is that long.
            return (len <= room).then(|| unsafe { Source::from_raw(start, len) });
        }
        // An empty view may be a detached one: empty messages come by way of the staging array.
        View::of(self, value).filter(|view| view.len() > 0).map(View::source)
    }

    /// Runs `verb` with a live sender.
    #[inline(always)]
    pub(crate) fn with_sender(self, handle: sys::napi_value, verb: impl FnOnce(&Sender) -> Answer) -> Answer {
        match self.env.handles.borrow().get(self.handle(handle)) {
            Some(AnyEnd::Sender(sender)) => verb(sender),
            _ => SPENT,
        }
    }

    /// Runs `verb` with a live sender and bytes that its channel can take.
    #[inline(always)]
    fn with_source(
        self,
        handle: sys::napi_value,
        bytes: sys::napi_value,
        verb: impl FnOnce(&Sender, Source<'_>) -> Answer,
    ) -> Answer {
        self.with_sender(handle, |sender| {
            let Some(source) = self.source(bytes) else { return NOT_BYTES };
            self.queueable(sender, source.len()).map_or_else(|answer| answer, |()| verb(sender, source))
        })
    }

    /// Runs `verb` with a message of these bytes.
    #[inline(never)]
    fn message_of(self, sender: &Sender, source: Source<'_>, verb: impl FnOnce(Message) -> Answer) -> Answer {
        sender.message(source).map_or(NO_MEMORY, verb)
    }

    /// A message of the channel.
    pub(crate) fn copied(self, sender: &Sender, source: Source<'_>) -> Result<Message, Answer> {
        self.queueable(sender, source.len())?;
        sender.message(source).map_err(|_| NO_MEMORY)
    }

    /// Fails when a message of `len` bytes could never be queued: `outcome` holds its length, the most, and 1
    /// where that is the slots' length, else 0.
    pub(crate) fn queueable(self, sender: &Sender, len: usize) -> Result<(), Answer> {
        match sender.longest() {
            Some(most) if len > most => {
                self.env.put(0, len as f64);
                self.env.put(1, most as f64);
                self.env.put(2, f64::from(sender.is_slot_long()));
                Err(TOO_LONG)
            }
            _ => Ok(()),
        }
    }
}

/// Messages that were not accepted: the caller has the values still, the copies' memory is used again.
fn refused(sender: &Sender, messages: impl Into<Payload>, answer: Answer) -> Answer {
    for message in messages.into().into_rest() {
        sender.recycle(message);
    }
    answer
}

/// How a waiting send failed: what went before the failure counts.
pub(crate) fn failed(sender: &Sender, error: SendError) -> Answer {
    let (payload, answer) = in_parts(error);
    let accepted = payload.accepted() as Answer;
    refused(sender, payload, if accepted > 0 { accepted } else { answer })
}

/// What was not accepted, and why.
pub(crate) fn in_parts(error: SendError) -> (Payload, Answer) {
    match error {
        SendError::Closed(payload) => (payload, CLOSED),
        SendError::TimedOut(payload) => (payload, NOTHING),
        SendError::Stuck(payload) => (payload, STUCK),
        SendError::Stopped(payload) => (payload, STOPPING),
        SendError::TooMany(payload) => (payload, TOO_MANY),
        SendError::TooLong(payload) => (payload, TOO_LONG),
    }
}

pub(crate) fn try_send(call: Call<'_>, [handle, bytes]: [sys::napi_value; 2]) -> Answer {
    call.with_source(handle, bytes, |sender, source| match sender.try_send_short(source, true) {
        Short::Sent => OK,
        Short::Full => NOTHING,
        Short::Unsent => call.message_of(sender, source, |message| match sender.try_send(message) {
            Ok(()) => OK,
            Err(TrySendError::Full(message)) => refused(sender, message, NOTHING),
            Err(TrySendError::Closed(message)) => refused(sender, message, CLOSED),
        }),
    })
}

pub(crate) fn send(call: Call<'_>, [handle, bytes]: [sys::napi_value; 2]) -> Answer {
    call.with_source(handle, bytes, |sender, source| {
        if matches!(sender.try_send_short(source, false), Short::Sent) {
            return OK;
        }
        call.message_of(sender, source, |message| {
            let Some(token) = call.next_wait() else {
                return refused(sender, message, TOO_MANY);
            };
            match sender.send_or_wait(message, token) {
                Ok(sent) => call.registered(sent, OK),
                Err(error) => failed(sender, error),
            }
        })
    })
}

pub(crate) fn send_sync(call: Call<'_>, [handle, bytes, timeout]: [sys::napi_value; 3]) -> Answer {
    let timeout = call.number(timeout);
    call.with_source(handle, bytes, |sender, source| {
        if matches!(sender.try_send_short(source, false), Short::Sent) {
            return OK;
        }
        call.message_of(sender, source, |message| {
            call.patiently(timeout, |patience| match sender.send(message, patience) {
                Ok(()) => OK,
                Err(error) => failed(sender, error),
            })
        })
    })
}

pub(crate) fn drained(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> Answer {
    call.with_sender(handle, |sender| {
        let Some(token) = call.next_wait() else { return TOO_MANY };
        sender.drained(token).map_or(CLOSED, |sent| call.registered(sent, OK))
    })
}

/// As `drained`, blocking.
pub(crate) fn drained_sync(call: Call<'_>, [handle, timeout]: [sys::napi_value; 2]) -> Answer {
    let timeout = call.number(timeout);
    call.with_sender(handle, |sender| {
        call.patiently(timeout, |patience| {
            sender.drained_within(patience).map_or_else(crate::ends::receiver::failed, |()| OK)
        })
    })
}

pub(crate) fn end(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> Answer {
    call.with_sender(handle, |sender| {
        sender.end();
        OK
    })
}

/// As `end`, with an error for the receivers.
pub(crate) fn fail(call: Call<'_>, [handle, error]: [sys::napi_value; 2]) -> Answer {
    call.with_sender(handle, |sender| {
        let Some(error) = call.error(error) else { return NOT_BYTES };
        sender.fail(error);
        OK
    })
}

impl Call<'_> {
    pub(crate) fn registered(self, sent: Sent, now: Answer) -> Answer {
        match sent {
            Sent::Now => now,
            Sent::Pending(wait) => self.begin_wait(Wait::One(wait)).map_or(TOO_MANY, pending),
        }
    }
}
