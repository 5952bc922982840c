//! Tickets: their names as text, which begin with the image that made them, so that one from another
//! copy of the package or another process is known as such.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use millrace_core::{TicketName, tickets};
use napi::sys;

use crate::call::{Call, string};
use crate::outcome::{Answer, NO_NAMES, SPENT, UNKNOWN_TICKET};

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
    fn answer(self, answer: Answer) -> sys::napi_value {
        crate::call::Reply::reply(answer, self.raw)
    }

    /// The names of tickets, up to the first that is not this image's: where that lies.
    fn names(self, array: sys::napi_value) -> Result<Vec<TicketName>, usize> {
        let mut good = 0;
        let names = self.each(array, |value| {
            let name = self.text(value).ok()?.as_deref().and_then(parse);
            good += usize::from(name.is_some());
            name
        });
        names.ok_or(good)
    }

    /// Those of the names that are this image's; what is no name at all ends the list.
    fn known(self, array: sys::napi_value) -> Vec<TicketName> {
        let mut known = Vec::new();
        self.each(array, |value| {
            known.extend(parse(&self.text(value).ok()??));
            Some(())
        });
        known
    }

    fn unknown(self, index: usize) -> sys::napi_value {
        self.env.put(0, index as f64);
        self.answer(UNKNOWN_TICKET)
    }
}

/// Tickets for live handles, all or none.
pub(crate) fn make_tickets(call: Call<'_>, [handles, reusable]: [sys::napi_value; 2]) -> sys::napi_value {
    let reusable = call.boolean(reusable);
    let live = |handle| call.env.handles.borrow().get(handle).map(|_| handle);
    let Some(handles) = call.each(handles, |value| live(call.handle(value))) else {
        return call.answer(SPENT);
    };
    // Once more, because a getter among them may have closed one; and none may be there twice.
    let mut seen = HashSet::new();
    if handles.iter().any(|&handle| live(handle).is_none() || !seen.insert(handle)) {
        return call.answer(SPENT);
    }
    let ends: Vec<_> =
        handles.iter().filter_map(|&handle| call.env.handles.borrow_mut().remove(handle)).collect();
    let maker = call.env.core.id();
    let names: Vec<_> = ends.into_iter().map(|end| tickets().make(end, maker, reusable)).collect();
    call.array(names.into_iter().map(|name| string(call.raw, &text(name))))
}

/// What the channels of tickets were made with, `meta`, all or none; no ticket is redeemed.
pub(crate) fn describe_tickets(call: Call<'_>, [names]: [sys::napi_value; 1]) -> sys::napi_value {
    match call.names(names).and_then(|names| tickets().metas(&names).map_err(|unknown| unknown.index)) {
        Ok(metas) => call.array(metas.iter().map(|meta| string(call.raw, meta))),
        Err(index) => call.unknown(index),
    }
}

/// Handles for tickets, all or none.
pub(crate) fn redeem(call: Call<'_>, [names]: [sys::napi_value; 1]) -> sys::napi_value {
    let names = match call.names(names) {
        Ok(names) => names,
        Err(index) => return call.unknown(index),
    };
    let mut handles = call.env.handles.borrow_mut();
    if !handles.has_room(names.len()) {
        return call.answer(NO_NAMES);
    }
    match tickets().redeem(&names, &call.env.core) {
        Ok(ends) => {
            let named: Vec<_> = ends.into_iter().filter_map(|end| handles.insert(end).ok()).collect();
            call.array(named.into_iter().map(|handle| call.answer(handle as Answer)))
        }
        Err(unknown) => call.unknown(unknown.index),
    }
}

/// Makes tickets this environment's own: they go when it does.
pub(crate) fn adopt(call: Call<'_>, [names]: [sys::napi_value; 1]) {
    tickets().adopt(&call.known(names), call.env.core.id());
}

/// With a thread and its exit code: that thread has died, for which they were.
pub(crate) fn revoke(call: Call<'_>, [names, thread, code, error]: [sys::napi_value; 4]) -> Answer {
    let names = call.known(names);
    let revoked = match call.death([thread, code, error]) {
        Some(death) => tickets().revoke_dead(&names, &death),
        None => tickets().revoke(&names),
    };
    revoked as Answer
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
