//! The triple buffer: its verbs, and views of its slots. A view is external memory that keeps its slot
//! alive, whatever becomes of the end, the channel and the thread.

use std::sync::Arc;

use millrace_core::{AnyEnd, Changed, Input, Output, PublishError, Slot, WatchReceiver};
use napi::sys;

use crate::call::{Call, Reply};
use crate::ends::receiver::failed;
use crate::memory::bytes::View;
use crate::memory::external;
use crate::outcome::{Answer, CLOSED, NO_MEMORY, NOT_BYTES, NOTHING, OK, SPENT, TOO_LONG, TOO_MANY, pending};
use crate::waits::Wait;

/// `publish`: a value that nobody read was replaced. `update`: the value is another one.
const YES: Answer = 1;

/// An end that waits for values that are new to it.
enum Changing<'a> {
    Output(&'a Output),
    Watch(&'a WatchReceiver),
}

impl Call<'_> {
    fn with_input(self, handle: sys::napi_value, verb: impl FnOnce(&mut Input) -> Answer) -> Answer {
        match self.env.handles.borrow_mut().get_mut(self.handle(handle)) {
            Some(AnyEnd::Input(input)) => verb(input),
            _ => SPENT,
        }
    }

    fn with_output(self, handle: sys::napi_value, verb: impl FnOnce(&mut Output) -> Answer) -> Answer {
        match self.env.handles.borrow_mut().get_mut(self.handle(handle)) {
            Some(AnyEnd::Output(output)) => verb(output),
            _ => SPENT,
        }
    }

    fn with_changing(self, handle: sys::napi_value, verb: impl FnOnce(Changing<'_>) -> Answer) -> Answer {
        match self.env.handles.borrow().get(self.handle(handle)) {
            Some(AnyEnd::Output(output)) => verb(Changing::Output(output)),
            Some(AnyEnd::WatchReceiver(receiver)) => verb(Changing::Watch(receiver)),
            _ => SPENT,
        }
    }

    /// The slot that a live end has now, and how many of its bytes count.
    fn with_slot<R>(
        self,
        handle: sys::napi_value,
        look: impl FnOnce(&Slot, Option<usize>) -> R,
    ) -> Option<R> {
        match self.env.handles.borrow().get(self.handle(handle))? {
            AnyEnd::Input(input) => Some(look(input.slot(), Some(input.byte_length()))),
            AnyEnd::Output(output) => Some(look(output.slot(), output.slot().value_len())),
            _ => None,
        }
    }

    fn published(self, published: Result<bool, PublishError>) -> Answer {
        match published {
            Ok(replaced) => Answer::from(replaced),
            Err(PublishError::Closed) => CLOSED,
            Err(PublishError::TooLong { len, .. }) => {
                self.env.put(0, len as f64);
                TOO_LONG
            }
        }
    }
}

/// `outcome[0]` is its input, `outcome[1]` its output.
pub(crate) fn create_latest(call: Call<'_>, [byte_length, label, meta]: [sys::napi_value; 3]) -> Answer {
    let byte_length = call.number(byte_length) as usize;
    call.open([label, meta], |settings| {
        let made = millrace_core::triple_buffer(byte_length, settings, &call.env.core);
        made.map(|(input, output)| (AnyEnd::Input(input), AnyEnd::Output(output))).map_err(|_| NO_MEMORY)
    })
}

pub(crate) fn publish(call: Call<'_>, [handle, len]: [sys::napi_value; 2]) -> Answer {
    let len = call.number(len) as usize;
    call.with_input(handle, |input| call.published(input.publish(len)))
}

pub(crate) fn write_latest(call: Call<'_>, [handle, bytes]: [sys::napi_value; 2]) -> Answer {
    call.with_input(handle, |input| match call.source(bytes) {
        Some(source) => call.published(input.write(source)),
        None => NOT_BYTES,
    })
}

pub(crate) fn update(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> Answer {
    call.with_output(handle, |output| if output.update() { YES } else { OK })
}

pub(crate) fn updated(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> Answer {
    call.with_changing(handle, |end| {
        let is_new = match end {
            Changing::Output(output) => output.is_updated(),
            Changing::Watch(receiver) => receiver.has_changed(),
        };
        if is_new { YES } else { OK }
    })
}

/// `OK`, or a wait id.
pub(crate) fn changed(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> Answer {
    call.with_changing(handle, |end| {
        let Some(token) = call.next_wait() else { return TOO_MANY };
        let looked = match end {
            Changing::Output(output) => output.changed_or_wait(token),
            Changing::Watch(receiver) => receiver.changed_or_wait(token),
        };
        match looked {
            Ok(Changed::Now) => OK,
            Ok(Changed::Pending(wait)) => call.begin_wait(Wait::One(wait)).map_or(TOO_MANY, pending),
            Err(_) => CLOSED,
        }
    })
}

pub(crate) fn changed_sync(call: Call<'_>, [handle, timeout]: [sys::napi_value; 2]) -> Answer {
    let timeout = call.number(timeout);
    call.with_changing(handle, |end| {
        call.patiently(timeout, |patience| {
            let changed = match end {
                Changing::Output(output) => output.changed(patience),
                Changing::Watch(receiver) => receiver.changed(patience),
            };
            changed.map_or_else(failed, |()| OK)
        })
    })
}

/// Which slot the end has now. `outcome[0]`: how many of its bytes count, -1 for none yet.
pub(crate) fn slot(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> Answer {
    let answer = call.with_slot(handle, |slot, len| {
        call.env.put(0, len.map_or(-1.0, |len| len as f64));
        Answer::from(slot.index())
    });
    answer.unwrap_or(SPENT)
}

/// Copies the value of an output's slot to the start of `target`: its length, `NOTHING` when there is none
/// yet, or `TOO_LONG` with the length at `outcome[0]`.
pub(crate) fn copy_slot(call: Call<'_>, [handle, target]: [sys::napi_value; 2]) -> Answer {
    let answer = call.with_slot(handle, |slot, len| {
        let Some(len) = len else { return NOTHING };
        match View::of(call, target) {
            None => NOT_BYTES,
            Some(view) if view.copy(slot.source()) => len as Answer,
            Some(_) => {
                call.env.put(0, len as f64);
                TOO_LONG
            }
        }
    });
    answer.unwrap_or(SPENT)
}

/// The slot's whole memory as an `ArrayBuffer`; `NOTHING` where the runtime forbids external memory.
pub(crate) fn slot_buffer(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> sys::napi_value {
    let Some(room) = call.with_slot(handle, |slot, _| Arc::clone(slot.room())) else {
        return SPENT.reply(call.raw);
    };
    let bytes = (room.as_mut_ptr(), room.len());
    external::array_buffer(call, bytes, room).unwrap_or_else(|| NOTHING.reply(call.raw))
}
