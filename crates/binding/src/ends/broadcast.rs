//! Making a broadcast. Its ends are senders and receivers, whose verbs are in `sender.rs`, `receiver.rs` and
//! the others.

use millrace_core::{Broadcast, Flavor};
use napi::sys;

use crate::call::Call;
use crate::outcome::Answer;

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
    call.open_channel([label, meta], Flavor::Broadcast(made), call.boolean(death_fails))
}
