//! Tickets: their names as text, which begin with the image that made them, so that one from another
//! copy of the package or another process is known as such.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use millrace_core::{TicketName, tickets};
use napi::sys;

use crate::call::{Call, string};
use crate::outcome::{Answer, SPENT, TOO_MANY, UNKNOWN_TICKET};

/// This image in this process.
static INSTANCE: LazyLock<String> = LazyLock::new(|| {
    let random = RandomState::new().hash_one(std::process::id());
    format!("{:x}-{random:016x}", std::process::id())
});

pub(crate) fn instance(call: Call<'_>, _: [sys::napi_value; 0]) -> sys::napi_value {
    string(call.raw, &INSTANCE)
}

fn text(name: TicketName) -> String {
    format!("{}.{name:032x}", *INSTANCE)
}

/// `None`: not a name of this image.
fn parse(text: &str) -> Option<TicketName> {
    let (instance, name) = text.split_once('.')?;
    (instance == *INSTANCE).then_some(())?;
    TicketName::from_str_radix(name, 16).ok()
}

impl Call<'_> {
    fn names(self, array: sys::napi_value) -> Vec<Option<TicketName>> {
        self.elements(array).into_iter().map(|value| self.text(value).as_deref().and_then(parse)).collect()
    }

    fn answer(self, answer: Answer) -> sys::napi_value {
        crate::call::Reply::reply(answer, self.raw)
    }
}

/// Tickets for live handles, all or none.
pub(crate) fn make_tickets(call: Call<'_>, [handles, reusable]: [sys::napi_value; 2]) -> sys::napi_value {
    let reusable = call.boolean(reusable);
    let handles: Vec<_> = call.elements(handles).into_iter().map(|handle| call.index(handle)).collect();
    let mut slots = call.env.handles.borrow_mut();
    if handles.iter().any(|&handle| slots.get(handle).is_none()) {
        return call.answer(SPENT);
    }
    let ends: Vec<_> = handles.iter().filter_map(|&handle| slots.remove(handle)).collect();
    drop(slots);
    let maker = call.env.core.id();
    let names: Vec<_> = ends.into_iter().map(|end| tickets().make(end, maker, reusable)).collect();
    call.array(names.into_iter().map(|name| string(call.raw, &text(name))))
}

/// Handles for tickets, all or none.
pub(crate) fn redeem(call: Call<'_>, [names]: [sys::napi_value; 1]) -> sys::napi_value {
    let parsed = call.names(names);
    let names: Vec<_> = parsed.iter().map_while(|name| *name).collect();
    let known = if names.len() == parsed.len() {
        tickets().redeem(&names, &call.env.core).map_err(|unknown| unknown.index)
    } else {
        Err(names.len())
    };
    let ends = match known {
        Ok(ends) => ends,
        Err(index) => {
            call.env.put(0, index as f64);
            return call.answer(UNKNOWN_TICKET);
        }
    };
    let handles: Result<Vec<_>, _> =
        ends.into_iter().map(|end| call.env.handles.borrow_mut().insert(end)).collect();
    match handles {
        Ok(handles) => call.array(handles.into_iter().map(|handle| call.answer(Answer::from(handle)))),
        Err(_) => call.answer(TOO_MANY),
    }
}

/// Makes tickets this environment's own: they go when it does.
pub(crate) fn adopt(call: Call<'_>, [names]: [sys::napi_value; 1]) {
    let names: Vec<_> = call.names(names).into_iter().flatten().collect();
    tickets().adopt(&names, call.env.core.id());
}

pub(crate) fn revoke(call: Call<'_>, [names]: [sys::napi_value; 1]) -> Answer {
    let names: Vec<_> = call.names(names).into_iter().flatten().collect();
    tickets().revoke(&names) as Answer
}

/// What the process holds: open channels, ends, tickets, environments; and how often it made memory for messages.
pub(crate) fn registry(call: Call<'_>, _: [sys::napi_value; 0]) {
    let registry = millrace_core::registry();
    call.env.put(0, registry.channels as f64);
    call.env.put(1, registry.ends as f64);
    call.env.put(2, tickets().len() as f64);
    call.env.put(3, registry.environments as f64);
    call.env.put(4, millrace_core::slot_allocations() as f64);
    call.env.put(5, millrace_core::block_allocations() as f64);
}
