//! Making a broadcast. Its ends are senders and receivers, whose verbs are in `sender.rs`, `receiver.rs` and
//! the others.

use millrace_core::{AnyEnd, Broadcast, Flavor, Settings};
use napi::sys;

use crate::call::Call;
use crate::outcome::{Answer, NO_MEMORY, NO_NAMES, OK};

/// `outcome[0]` is its sender, `outcome[1]` its first receiver.
pub(crate) fn create_broadcast(
    call: Call<'_>,
    [capacity, skips, replay, label, meta, death_fails]: [sys::napi_value; 6],
) -> Answer {
    let made = Broadcast {
        capacity: call.index(capacity) as usize,
        skips: call.boolean(skips),
        replay: call.index(replay) as usize,
    };
    let (Ok(label), Ok(meta)) = (call.text(label), call.text(meta)) else { return NO_MEMORY };
    if !call.env.handles.borrow_mut().has_room(2) {
        return NO_NAMES;
    }
    let settings = Settings {
        label,
        meta: meta.unwrap_or_default(),
        death_fails: call.boolean(death_fails),
        ..Settings::default()
    };
    let Ok((sender, receiver)) = millrace_core::channel(Flavor::Broadcast(made), settings, &call.env.core)
    else {
        return NO_MEMORY;
    };
    match call.name(0, AnyEnd::Sender(sender)) {
        OK => call.name(1, AnyEnd::Receiver(receiver)),
        answer => answer,
    }
}
