//! Select: cases as two arrays, handles and, for sends, the encoded values; and the order in which to
//! try them. The answer is the chosen case; `waits.rs` says what lies in `outcome`.

use millrace_core::{AnyEnd, Case, RecvError, Selected};
use napi::sys;

use crate::bytes::View;
use crate::call::Call;
use crate::outcome::{Answer, CLOSED, NOT_BYTES, NOTHING, SPENT, STOPPING, STUCK, TOO_MANY, pending};
use crate::receiver::Place;
use crate::waits::Wait;

impl Call<'_> {
    fn with_cases(
        self,
        [handles, values, order]: [sys::napi_value; 3],
        [pool, offset]: [sys::napi_value; 2],
        choose: impl FnOnce(Vec<Case<'_>>, &[usize], Place) -> Answer,
    ) -> Answer {
        let Some(place) = self.place(pool, offset) else { return NOT_BYTES };
        let order: Vec<_> =
            self.elements(order).into_iter().map(|index| self.index(index) as usize).collect();
        let ends = self.env.handles.borrow();
        let mut cases = Vec::with_capacity(order.len());
        for (handle, value) in self.elements(handles).into_iter().zip(self.elements(values)) {
            cases.push(match ends.get(self.index(handle)) {
                Some(AnyEnd::Receiver(receiver)) => Case::Recv(receiver),
                Some(AnyEnd::Output(output)) => Case::Changed(output),
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
        choose(cases, &order, place)
    }
}

pub(crate) fn try_select(
    call: Call<'_>,
    [handles, values, order, pool, offset, passing]: [sys::napi_value; 6],
) -> Answer {
    let passing = call.boolean(passing);
    call.with_cases([handles, values, order], [pool, offset], |cases, order, place| {
        millrace_core::try_select(cases, order, passing).map_or(NOTHING, |chosen| call.chosen(chosen, place))
    })
}

/// The chosen case, or a wait id.
pub(crate) fn select(call: Call<'_>, [handles, values, order, pool, offset]: [sys::napi_value; 5]) -> Answer {
    call.with_cases([handles, values, order], [pool, offset], |cases, order, place| {
        let Some(token) = call.env.waits.borrow().next_name() else { return TOO_MANY };
        match millrace_core::select_or_wait(cases, order, &call.env.core, token) {
            Selected::Now(chosen) => call.chosen(chosen, place),
            Selected::Pending(wait) => {
                call.env.waits.borrow_mut().insert(Wait::Select(wait)).map_or(TOO_MANY, pending)
            }
        }
    })
}

/// The chosen case. Without cases it sleeps.
pub(crate) fn select_sync(
    call: Call<'_>,
    [handles, values, order, pool, offset, timeout]: [sys::napi_value; 6],
) -> Answer {
    let timeout = call.number(timeout);
    call.with_cases([handles, values, order], [pool, offset], |cases, order, place| {
        call.patiently(timeout, |patience| match millrace_core::select(cases, order, patience) {
            Ok(chosen) => call.chosen(chosen, place),
            Err(RecvError::Closed) => CLOSED,
            Err(RecvError::TimedOut) => NOTHING,
            Err(RecvError::Stuck) => STUCK,
            Err(RecvError::Stopped) => STOPPING,
        })
    })
}
