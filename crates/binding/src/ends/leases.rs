//! Leases: a message that was received has a name here until it is settled, and its bytes are copied out.

use millrace_core::{AnyEnd, Lease, Message, Origin, Received, Receiver, TryRecvError};
use millrace_numbers::settle;
use napi::sys;

use crate::call::Call;
use crate::ends::receiver::{Place, failed};
use crate::memory::bytes::View;
use crate::outcome::{Answer, CLOSED, HELD, NOT_BYTES, NOTHING, OK, SPENT, TOO_MANY, pending};
use crate::waits::Wait;

/// Where `outcome` names a lease.
const NAME: usize = 3;
/// Where it says how often the message was received.
const ATTEMPT: usize = 4;

impl Call<'_> {
    /// A lease begins: a short message was copied to its place, a longer one waits for `copyLease`, its length at
    /// `outcome[beside]`.
    pub(crate) fn deliver_lease(self, lease: Lease, place: Place, beside: usize) -> Answer {
        let (attempt, len) = (lease.attempt(), lease.message().len());
        let copied = place.copy(lease.message());
        let named = self.env.leases.borrow_mut().insert(lease);
        let name = match named {
            Ok(name) => name,
            Err(lease) => {
                lease.put_back();
                return TOO_MANY;
            }
        };
        self.env.put(NAME, f64::from(name));
        self.env.put(ATTEMPT, f64::from(attempt));
        copied.unwrap_or_else(|| {
            self.env.put(beside, len as f64);
            HELD
        })
    }

    /// As `deliver_lease`, of a message that was received from `origin`.
    pub(crate) fn deliver_leased(
        self,
        message: Message,
        origin: Origin,
        place: Place,
        beside: usize,
    ) -> Answer {
        Lease::new(message, origin).map_or(NOT_BYTES, |lease| self.deliver_lease(lease, place, beside))
    }

    /// Has a channel send its dead letters by way of this handle, which is no more then.
    pub(crate) fn spend_dead_letters(self, sender: u64, receiver: &Receiver) {
        let removed = self.env.handles.borrow_mut().remove(sender);
        if let Some(AnyEnd::Sender(sender)) = removed {
            receiver.spend_dead_letters(sender);
        }
    }

    /// Whether there is such a sender.
    pub(crate) fn is_sender(self, sender: u64) -> bool {
        matches!(self.env.handles.borrow().get(sender), Some(AnyEnd::Sender(_)))
    }
}

fn refusal(error: TryRecvError) -> Answer {
    match error {
        TryRecvError::Empty => NOTHING,
        TryRecvError::Closed => CLOSED,
    }
}

pub(crate) fn try_lease(call: Call<'_>, arguments: [sys::napi_value; 3]) -> Answer {
    call.with_place(arguments, |receiver, place| match receiver.try_lease() {
        Ok(lease) => call.deliver_lease(lease, place, 0),
        Err(error) => refusal(error),
    })
}

/// As `try_lease`, of the newest; the older ones are skipped.
pub(crate) fn latest_lease(call: Call<'_>, arguments: [sys::napi_value; 3]) -> Answer {
    call.with_place(arguments, |receiver, place| match receiver.latest() {
        Ok(message) => call.deliver_leased(message, receiver.origin(), place, 0),
        Err(error) => refusal(error),
    })
}

/// As `try_lease`, or a wait id. `register`: a wait in any case.
pub(crate) fn lease(call: Call<'_>, [handle, pool, offset, register]: [sys::napi_value; 4]) -> Answer {
    let register = call.boolean(register);
    call.with_place([handle, pool, offset], |receiver, place| {
        let Some(token) = call.next_wait() else { return TOO_MANY };
        if !register && let Ok(lease) = receiver.lease_unless_waited() {
            return call.deliver_lease(lease, place, 0);
        }
        match receiver.recv_or_wait(token, register) {
            Ok(Received::Now(message)) => call.deliver_leased(message, receiver.origin(), place, 0),
            Ok(Received::Pending(wait)) => call.begin_wait(Wait::One(wait)).map_or(TOO_MANY, pending),
            Err(_) => CLOSED,
        }
    })
}

pub(crate) fn lease_sync(call: Call<'_>, [handle, pool, offset, timeout]: [sys::napi_value; 4]) -> Answer {
    let (offset, timeout) = (call.index(offset), call.number(timeout));
    call.with_receiver(handle, |receiver| {
        if call.place_at(pool, offset).is_none() {
            return NOT_BYTES;
        }
        call.patiently(timeout, |patience| match receiver.recv(patience) {
            // The pool as it is now: while this thread was blocked, JavaScript may have run.
            Ok(message) => {
                let place = call.place_at(pool, offset).unwrap_or(Place::none());
                call.deliver_leased(message, receiver.origin(), place, 0)
            }
            Err(error) => failed(error),
        })
    })
}

/// Copies a leased message to the start of `target`, which is at least as long.
pub(crate) fn copy_lease(call: Call<'_>, [lease, target]: [sys::napi_value; 2]) -> Answer {
    let name = call.index(lease);
    let Some(view) = View::of(call, target) else { return NOT_BYTES };
    match call.env.leases.borrow().get(name) {
        Some(lease) if view.write(0, lease.message()) => OK,
        Some(_) => NOT_BYTES,
        None => SPENT,
    }
}

/// Ends a lease; false: it was over.
pub(crate) fn settle_lease(call: Call<'_>, [lease, how]: [sys::napi_value; 2]) -> bool {
    let how = call.index(how);
    let lease = call.env.leases.borrow_mut().remove(call.index(lease));
    let Some(lease) = lease else { return false };
    match how {
        settle::ACK => lease.acknowledge(),
        settle::NACK => drop(lease),
        _ => lease.put_back(),
    }
    true
}
