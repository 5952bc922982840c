//! The watch: its verbs. What a receiver has not seen is copied out once, and not looked at again until
//! there is another value.

use millrace_core::{AnyEnd, SetError, Settings, WatchReceiver, WatchSender};
use napi::sys;

use crate::call::Call;
use crate::outcome::{Answer, CLOSED, NO_MEMORY, NOT_BYTES, NOTHING, OK, SPENT};

impl Call<'_> {
    fn with_watch_receiver(
        self,
        handle: sys::napi_value,
        verb: impl FnOnce(&WatchReceiver) -> Answer,
    ) -> Answer {
        match self.env.handles.borrow().get(self.handle(handle)) {
            Some(AnyEnd::WatchReceiver(receiver)) => verb(receiver),
            _ => SPENT,
        }
    }

    fn with_watch_sender(self, handle: sys::napi_value, verb: impl FnOnce(&WatchSender) -> Answer) -> Answer {
        match self.env.handles.borrow().get(self.handle(handle)) {
            Some(AnyEnd::WatchSender(sender)) => verb(sender),
            _ => SPENT,
        }
    }
}

/// `outcome[0]` is its sender, `outcome[1]` its first receiver.
pub(crate) fn create_watch(call: Call<'_>, [label, meta, death_fails]: [sys::napi_value; 3]) -> Answer {
    call.open([label, meta], |settings| {
        let settings = Settings { death_fails: call.boolean(death_fails), ..settings };
        let made = millrace_core::watch_channel(settings, &call.env.core);
        made.map(|(sender, receiver)| (AnyEnd::WatchSender(sender), AnyEnd::WatchReceiver(receiver)))
            .map_err(|_| NO_MEMORY)
    })
}

pub(crate) fn set_newest(call: Call<'_>, [handle, bytes]: [sys::napi_value; 2]) -> Answer {
    call.with_watch_sender(handle, |sender| match call.source(bytes) {
        Some(source) => match sender.set(source) {
            Ok(()) => OK,
            Err(SetError::Closed) => CLOSED,
            Err(SetError::NoMemory(_)) => NO_MEMORY,
        },
        None => NOT_BYTES,
    })
}

/// The newest value where it is new: its length when it was copied to `pool[offset..]`, or it is held, as in
/// `try_recv`. `NOTHING`: this receiver has it, or there is none. `again`: whether it has it or not.
pub(crate) fn get_newest(call: Call<'_>, [handle, pool, offset, again]: [sys::napi_value; 4]) -> Answer {
    call.with_watch_receiver(handle, |receiver| {
        let newest = match receiver.get_new() {
            None if call.boolean(again) => receiver.get_again(),
            new => new,
        };
        let Some(message) = newest else { return NOTHING };
        let Some(place) = call.place(pool, offset) else { return NOT_BYTES };
        let Some(len) = place.copy(&message) else { return call.hold(message, receiver.origin(), 0) };
        receiver.recycle(message);
        len
    })
}
