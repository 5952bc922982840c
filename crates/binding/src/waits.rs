//! Awaited waits: what has settled, and ending one that has not.

use std::sync::Arc;

use millrace_core::{Asked, Chosen, Origin, Outcome, Pending, PendingSelect, Waiter};
use millrace_numbers::cell;
use napi::sys;

use crate::call::Call;
use crate::ends::receiver::Place;
use crate::outcome::{Answer, CLOSED, NOT_BYTES, NOTHING, OK};

/// A wait of this environment.
pub(crate) enum Wait {
    One(Pending),
    /// A receive whose message is held, however short it is.
    Held(Pending),
    /// A send of a ref, by its name.
    Ref(Pending, u32),
    Select(PendingSelect),
    /// A call, told of by `nextAnswers`.
    Call(Asked),
}

impl Wait {
    fn is(&self, waiter: &Arc<Waiter>) -> bool {
        match self {
            Self::One(pending) | Self::Held(pending) | Self::Ref(pending, _) => pending.is(waiter),
            Self::Select(pending) => pending.is(waiter),
            Self::Call(_) => false,
        }
    }
}

/// The next settled wait's id, its result at `outcome[0]`, whether there are others at `cell::ARE_MORE`; `NOTHING` when
/// there is none.
pub(crate) fn next_settled(call: Call<'_>, [pool, offset]: [sys::napi_value; 2]) -> Answer {
    let Some(place) = call.place(pool, offset) else { return NOT_BYTES };
    loop {
        let Some((waiter, are_more)) = call.env.core.next_of_settled() else { return NOTHING };
        call.env.put(cell::ARE_MORE, f64::from(u8::from(are_more)));
        let id = waiter.token();
        // One that `takeSettled` has told of is listed still, and its name may be another wait's by now.
        if !call.env.waits.borrow().get(id).is_some_and(|wait| wait.is(&waiter)) {
            continue;
        }
        let Some(wait) = call.end_wait(id) else { continue };
        match wait {
            Wait::One(pending) => call.tell(&pending, place),
            Wait::Held(pending) => call.tell(&pending, Place::none()),
            Wait::Ref(pending, name) => call.tell_ref(&pending, name),
            Wait::Select(pending) => {
                if let Some(chosen) = pending.take() {
                    call.chosen(chosen, place);
                }
            }
            // Calls are never listed as waits.
            Wait::Call(_) => {}
        }
        return Answer::from(id);
    }
}

impl Call<'_> {
    /// The name that the next `begin_wait` gives; `None`: all are taken.
    pub(crate) fn next_wait(self) -> Option<u32> {
        self.env.waits.borrow().next_name()
    }

    /// A wait begins: who waits is kept by it, as by a timer.
    pub(crate) fn begin_wait(self, wait: Wait) -> Result<u32, Wait> {
        let name = self.env.waits.borrow_mut().insert(wait)?;
        self.env.waiting.set(self.env.waiting.get() + 1);
        self.env.keep_listener();
        Ok(name)
    }

    /// A wait is over.
    pub(crate) fn end_wait(self, name: u32) -> Option<Wait> {
        let wait = self.env.waits.borrow_mut().remove(name)?;
        self.env.waiting.set(self.env.waiting.get() - 1);
        self.env.keep_listener();
        Some(wait)
    }

    /// Leaves a wait's result at `outcome[0]`.
    fn tell(self, pending: &Pending, place: Place) {
        let result = pending.take().map_or(CLOSED, |outcome| self.told(outcome, || pending.origin(), place));
        self.remember_why(result, pending);
        self.env.put(0, result as f64);
    }

    /// As `tell`, of a ref: it is the channel's now, or comes back.
    fn tell_ref(self, pending: &Pending, name: u32) {
        let result = match pending.take() {
            Some(Outcome::Sent(count)) => {
                self.ref_sent(name);
                count as Answer
            }
            Some(Outcome::Refused(payload)) => {
                self.ref_back(name, payload.into_rest(), pending.origin().pool());
                CLOSED
            }
            _ => CLOSED,
        };
        self.remember_why(result, pending);
        self.env.put(0, result as f64);
    }

    /// Why a wait was told that its channel is closed, for whoever asks by a handle that is gone.
    fn remember_why(self, result: Answer, pending: &Pending) {
        if result == CLOSED {
            *self.env.told_reason.borrow_mut() = pending.told_reason();
        }
    }

    /// What a wait was claimed with, as a number; a received message goes to its place.
    fn told(self, outcome: Outcome, origin: impl FnOnce() -> Origin, place: Place) -> Answer {
        match outcome {
            Outcome::Received(message) => self.deliver_settled(origin(), message, place),
            other => self.sent(other),
        }
    }

    /// What a wait for something else than a message was claimed with, as a number.
    pub(crate) fn sent(self, outcome: Outcome) -> Answer {
        match outcome {
            Outcome::Sent(count) => count as Answer,
            Outcome::Refused(payload) if payload.accepted() > 0 => payload.accepted() as Answer,
            Outcome::Drained | Outcome::Changed => OK,
            Outcome::Received(_) | Outcome::Closed | Outcome::Refused(_) => CLOSED,
        }
    }

    /// A select's operation: its result at `outcome[0]`, its case at `outcome[2]`, which is answered too.
    pub(crate) fn chosen(self, chosen: Chosen, place: Place) -> Answer {
        let case = chosen.case;
        let result = self.told(chosen.outcome, || chosen.origin, place);
        self.env.put(0, result as f64);
        self.env.put(2, case as f64);
        case as Answer
    }
}

/// Ends a wait that has not settled; false: it has, and will be told. `outcome[0]`: how many messages a
/// pending send had accepted.
pub(crate) fn cancel_wait(call: Call<'_>, [wait]: [sys::napi_value; 1]) -> bool {
    let id = call.index(wait);
    let cancelled = match call.env.waits.borrow().get(id) {
        Some(Wait::One(pending)) if pending.verb() == millrace_core::Verb::Send => {
            let payload = pending.cancel_send();
            call.env.put(0, payload.as_ref().map_or(0, millrace_core::Payload::accepted) as f64);
            payload.is_some()
        }
        Some(Wait::Ref(pending, name)) => match pending.cancel_send() {
            Some(payload) => {
                call.ref_back(*name, payload.into_rest(), pending.origin().pool());
                true
            }
            None => false,
        },
        Some(Wait::One(pending) | Wait::Held(pending)) => pending.cancel(),
        Some(Wait::Select(pending)) => pending.cancel(),
        Some(Wait::Call(asked)) => asked.cancel(),
        None => false,
    };
    if cancelled {
        let wait = call.end_wait(id);
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
