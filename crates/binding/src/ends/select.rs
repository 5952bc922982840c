//! Select: cases as two arrays, handles and, for sends, the encoded values; and the order in which to
//! try them. The answer is the chosen case; `waits.rs` says what lies in `outcome`.

use millrace_core::{AnyEnd, Case, Chosen, RecvError, Selected};
use napi::sys;

use crate::call::Call;
use crate::ends::receiver::Place;
use crate::memory::bytes::View;
use crate::outcome::{Answer, CLOSED, NOT_BYTES, NOTHING, SPENT, STOPPING, STUCK, TOO_MANY, pending};
use crate::waits::Wait;

impl Call<'_> {
    /// Runs `choose` with the cases and the order in which to try them.
    fn with_cases(
        self,
        [handles, values, order]: [sys::napi_value; 3],
        choose: impl FnOnce(Vec<Case<'_>>, &[usize]) -> Answer,
    ) -> Answer {
        // The arrays first: their getters may do anything to what is looked up below.
        let named = |value| Some(self.handle(value)).filter(|handle| *handle != u64::MAX);
        let Some(handles) = self.each(handles, named) else { return SPENT };
        let Some(values) = self.values(values, handles.len()) else { return NOT_BYTES };
        if self.length_of(order).is_none_or(|len| len > handles.len()) {
            return NOT_BYTES;
        }
        let index = |value| Some(self.index(value) as usize).filter(|index| *index < handles.len());
        let Some(order) = self.each(order, index) else { return NOT_BYTES };

        let ends = self.env.handles.borrow();
        let mut cases = Vec::with_capacity(order.len());
        for (handle, value) in handles.into_iter().zip(values) {
            cases.push(match ends.get(handle) {
                Some(AnyEnd::Receiver(receiver)) => Case::Recv(receiver),
                Some(AnyEnd::Output(output)) => Case::Changed(output),
                Some(AnyEnd::WatchReceiver(receiver)) => Case::Watched(receiver),
                Some(AnyEnd::Sender(sender)) => {
                    let Some(view) = View::of(self, value) else { return NOT_BYTES };
                    match self.copied(sender, view.source()) {
                        Ok(message) => Case::Send(sender, message),
                        Err(answer) => return answer,
                    }
                }
                _ => return SPENT,
            });
        }
        choose(cases, &order)
    }

    /// What came of the chosen case; its message goes to the pool as it is now.
    fn chosen_into(self, chosen: Chosen, pool: sys::napi_value, offset: u32) -> Answer {
        self.chosen(chosen, self.place_at(pool, offset).unwrap_or(Place::none()))
    }
}

pub(crate) fn try_select(
    call: Call<'_>,
    [handles, values, order, pool, offset, passing]: [sys::napi_value; 6],
) -> Answer {
    let (offset, passing) = (call.index(offset), call.boolean(passing));
    call.with_cases([handles, values, order], |cases, order| {
        let chosen = millrace_core::try_select(cases, order, passing);
        chosen.map_or(NOTHING, |chosen| call.chosen_into(chosen, pool, offset))
    })
}

/// The chosen case, or a wait id.
pub(crate) fn select(call: Call<'_>, [handles, values, order, pool, offset]: [sys::napi_value; 5]) -> Answer {
    let offset = call.index(offset);
    call.with_cases([handles, values, order], |cases, order| {
        let Some(token) = call.next_wait() else { return TOO_MANY };
        match millrace_core::select_or_wait(cases, order, &call.env.core, token) {
            Selected::Now(chosen) => call.chosen_into(chosen, pool, offset),
            Selected::Pending(wait) => call.begin_wait(Wait::Select(wait)).map_or(TOO_MANY, pending),
        }
    })
}

/// The chosen case. Without cases it sleeps.
pub(crate) fn select_sync(
    call: Call<'_>,
    [handles, values, order, pool, offset, timeout]: [sys::napi_value; 6],
) -> Answer {
    let (offset, timeout) = (call.index(offset), call.number(timeout));
    call.with_cases([handles, values, order], |cases, order| {
        call.patiently(timeout, |patience| match millrace_core::select(cases, order, patience) {
            Ok(chosen) => call.chosen_into(chosen, pool, offset),
            Err(RecvError::Closed) => CLOSED,
            Err(RecvError::TimedOut) => NOTHING,
            Err(RecvError::Stuck) => STUCK,
            Err(RecvError::Stopped) => STOPPING,
        })
    })
}
