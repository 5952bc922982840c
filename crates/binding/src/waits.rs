//! Awaited waits: what has settled, and ending one that has not.

use millrace_core::Outcome;
use napi::sys;

use crate::call::Call;
use crate::outcome::{Answer, CLOSED, NOT_BYTES, NOTHING, OK};

/// The next settled wait's id, its result at `outcome[0]`; `NOTHING` when there is none.
pub(crate) fn next_settled(call: Call<'_>, [pool, offset]: [sys::napi_value; 2]) -> Answer {
    let Some(place) = call.place(pool, offset) else { return NOT_BYTES };
    loop {
        let Some(waiter) = call.env.core.next_settled() else { return NOTHING };
        let id = waiter.token();
        let Some(wait) = call.env.waits.borrow_mut().remove(id) else { continue };
        let result = match wait.take() {
            Some(Outcome::Received(message)) => call.deliver_settled(wait.origin(), message, place),
            Some(Outcome::Sent | Outcome::Drained) => OK,
            Some(Outcome::Closed | Outcome::Refused(_)) | None => CLOSED,
        };
        call.env.put(0, result as f64);
        return Answer::from(id);
    }
}

/// Ends a wait that has not settled; false: it has, and will be told.
pub(crate) fn cancel_wait(call: Call<'_>, [wait]: [sys::napi_value; 1]) -> bool {
    let id = call.index(wait);
    let cancelled = call.env.waits.borrow().get(id).is_some_and(millrace_core::Pending::cancel);
    if cancelled {
        let wait = call.env.waits.borrow_mut().remove(id);
        drop(wait);
    }
    cancelled
}

pub(crate) fn set_polling(call: Call<'_>, [on]: [sys::napi_value; 1]) -> bool {
    call.env.core.set_polling(call.boolean(on))
}

pub(crate) fn ref_bell(call: Call<'_>, [on]: [sys::napi_value; 1]) {
    call.env.bell.keep_alive(call.raw, call.boolean(on));
}
