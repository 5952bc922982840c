//! Calls and requests. A call is a wait, told of as any other; a request that was taken has a name of its own until it
//! is answered or dropped.

use std::sync::Arc;

use millrace_core::{Answer as Answered, CallError, Message, Origin, Pool, Received, Request};
use millrace_core::{Flavor, RecvError, Sender, TryRecvError};
use millrace_numbers::answer_kind;
use napi::sys;

use crate::call::Call;
use crate::ends::receiver::{Place, failed};
use crate::memory::bytes::Lengths as Numbers;
use crate::outcome::{
    Answer, CLOSED, NO_MEMORY, NOT_BYTES, NOTHING, SPENT, STOPPING, STUCK, TOO_MANY, pending,
};
use crate::waits::Wait;

/// Where `outcome` says of what kind an answer is, or names a request.
const KIND: usize = 3;
/// Where it says whether somebody waits for a request's answer.
const WANTED: usize = 4;

/// A request that was taken here.
pub(crate) struct OpenRequest {
    request: Box<Request>,
    pool: Arc<Pool>,
}

impl Call<'_> {
    /// A short message was copied to its place; another is held. It belongs to one call, so it never goes back.
    fn deliver_body(self, message: Message, origin: Origin, place: Place, beside: usize) -> Answer {
        let Some(len) = place.copy(&message) else { return self.hold_for_good(message, origin, beside) };
        origin.pool().recycle_message(message);
        len
    }

    /// Takes a request: what was asked is delivered as a message is, and its name is left at `outcome[3]`.
    pub(crate) fn deliver_request(
        self,
        mut request: Box<Request>,
        origin: Origin,
        place: Place,
        beside: usize,
    ) -> Answer {
        let (body, wanted) = request.take(self.env.core.id());
        let pool = Arc::clone(origin.pool());
        let named = self.env.requests.borrow_mut().insert(OpenRequest { request, pool });
        let Ok(name) = named else { return TOO_MANY };
        self.env.put(KIND, f64::from(name));
        self.env.put(WANTED, f64::from(wanted));
        self.deliver_body(body, origin, place, beside)
    }

    /// As `deliver_request`, of one that was there; `None`: nobody waits for it any more.
    fn deliver_wanted(self, message: Message, origin: Origin, place: Place) -> Option<Answer> {
        let request = message.into_request().ok().filter(|request| request.is_wanted())?;
        Some(self.deliver_request(request, origin, place, 0))
    }

    /// What a call of ours was settled with.
    fn answer_of(self, id: u32) -> Option<(u32, Message, Origin)> {
        let wait = self.env.waits.borrow_mut().remove(id);
        let Some(Wait::Call(asked)) = wait else { return None };
        let (kind, message) = in_parts(asked.take()?);
        Some((kind, message, asked.origin()))
    }

    fn has_name_for_request(self) -> bool {
        self.env.requests.borrow().next_name().is_some()
    }
}

/// An `answer_kind`, and the answer.
fn in_parts(answered: Answered) -> (u32, Message) {
    match answered {
        Answered::Reply(message) => (answer_kind::REPLY, message),
        Answered::Failure(message) => (answer_kind::FAILURE, message),
        Answered::Lost { taken: false } => (answer_kind::LOST_UNTAKEN, Message::empty()),
        Answered::Lost { taken: true } => (answer_kind::LOST_TAKEN, Message::empty()),
    }
}

fn refused(error: CallError) -> Answer {
    match error {
        CallError::Closed => CLOSED,
        CallError::TimedOut => NOTHING,
        CallError::Stuck => STUCK,
        CallError::Stopped => STOPPING,
        CallError::TooMany => TOO_MANY,
    }
}

fn with_body(
    call: Call<'_>,
    handle: sys::napi_value,
    bytes: sys::napi_value,
    verb: impl FnOnce(&Sender, Message) -> Answer,
) -> Answer {
    call.with_sender(handle, |sender| match call.source(bytes) {
        Some(source) => sender.message(source).map_or(NO_MEMORY, |body| verb(sender, body)),
        None => NOT_BYTES,
    })
}

/// A wait id: the answer is told of by `nextAnswers`.
pub(crate) fn ask(call: Call<'_>, [handle, bytes]: [sys::napi_value; 2]) -> Answer {
    with_body(call, handle, bytes, |sender, body| {
        let Some(token) = call.env.waits.borrow().next_name() else { return TOO_MANY };
        match sender.ask(body, token) {
            Ok(asked) => call.env.waits.borrow_mut().insert(Wait::Call(asked)).map_or(TOO_MANY, pending),
            Err(error) => refused(error),
        }
    })
}

/// As `ask`, blocking: a length, or `HELD` with the length at `outcome[0]`; of what kind it is at `outcome[3]`.
pub(crate) fn call_sync(
    call: Call<'_>,
    [handle, bytes, pool, offset, timeout]: [sys::napi_value; 5],
) -> Answer {
    let Some(place) = call.place(pool, offset) else { return NOT_BYTES };
    with_body(call, handle, bytes, |sender, body| {
        call.patiently(call.number(timeout), |patience| match sender.call(body, patience) {
            Ok(answered) => {
                let (kind, message) = in_parts(answered);
                call.env.put(KIND, f64::from(kind));
                call.deliver_body(message, sender.origin(), place, 0)
            }
            Err(error) => refused(error),
        })
    })
}

/// Tells of calls that were answered: how many. Each has three numbers in `table`: its wait, the kind of its answer,
/// and how long that is; the answers lie at `pool[offset..]`, each at the next multiple of 8. One that is held is the
/// last, `answer_kind::HELD` added to its kind.
pub(crate) fn next_answers(call: Call<'_>, [pool, offset, table, max]: [sys::napi_value; 4]) -> Answer {
    let (Some(mut place), Some(table)) = (call.place(pool, offset), Numbers::of(call, table)) else {
        return NOT_BYTES;
    };
    let max = (call.index(max) as usize).min(table.len() / 3);
    let mut told = call.env.answered.borrow_mut();
    let mut count = 0;
    while count < max && place.has_room() {
        if told.is_empty() {
            call.env.core.swap_answered(&mut told);
        }
        let Some(id) = told.pop_front() else { break };
        let Some((kind, message, origin)) = call.answer_of(id) else { continue };
        let len = message.len();
        let fits = place.copy(&message).is_some();
        for (index, number) in
            [id, if fits { kind } else { kind + answer_kind::HELD }, len as u32].into_iter().enumerate()
        {
            table.set(3 * count + index, number as usize);
        }
        count += 1;
        if !fits {
            call.hold_for_good(message, origin, 0);
            break;
        }
        origin.pool().recycle_message(message);
        place = place.after(len);
    }
    count as Answer
}

pub(crate) fn try_request(call: Call<'_>, [handle, pool, offset]: [sys::napi_value; 3]) -> Answer {
    call.with_place([handle, pool, offset], |receiver, place| {
        while call.has_name_for_request() {
            let answer = match receiver.try_recv() {
                Ok(message) => call.deliver_wanted(message, receiver.origin(), place),
                Err(TryRecvError::Empty) => Some(NOTHING),
                Err(TryRecvError::Closed) => Some(CLOSED),
            };
            if let Some(answer) = answer {
                return answer;
            }
        }
        TOO_MANY
    })
}

/// As `try_request`, or a wait id. `register`: a wait in any case.
pub(crate) fn recv_request(call: Call<'_>, [handle, pool, offset, register]: [sys::napi_value; 4]) -> Answer {
    let register = call.boolean(register);
    call.with_place([handle, pool, offset], |receiver, place| {
        while call.has_name_for_request() {
            let Some(token) = call.env.waits.borrow().next_name() else { return TOO_MANY };
            let message = match receiver.recv_or_wait(token, register) {
                Ok(Received::Now(message)) => message,
                Ok(Received::Pending(wait)) => {
                    return call.env.waits.borrow_mut().insert(Wait::One(wait)).map_or(TOO_MANY, pending);
                }
                Err(_) => return CLOSED,
            };
            if let Some(answer) = call.deliver_wanted(message, receiver.origin(), place) {
                return answer;
            }
        }
        TOO_MANY
    })
}

pub(crate) fn recv_request_sync(
    call: Call<'_>,
    [handle, pool, offset, timeout]: [sys::napi_value; 4],
) -> Answer {
    call.with_place([handle, pool, offset], |receiver, place| {
        if !call.has_name_for_request() {
            return TOO_MANY;
        }
        call.patiently(call.number(timeout), |patience| {
            match receiver.recv(patience).map(Message::into_request) {
                Ok(Ok(request)) => call.deliver_request(request, receiver.origin(), place, 0),
                Ok(Err(_)) => failed(RecvError::Closed),
                Err(error) => failed(error),
            }
        })
    })
}

/// Answers a request, `is_error`: with an error. 1, or 0 where nobody waits any more. Without memory for the answer it
/// stays open.
pub(crate) fn answer(call: Call<'_>, [request, bytes, is_error]: [sys::napi_value; 3]) -> Answer {
    let name = call.index(request);
    let mut requests = call.env.requests.borrow_mut();
    let Some(OpenRequest { pool, .. }) = requests.get(name) else { return SPENT };
    let Some(source) = call.source(bytes) else { return NOT_BYTES };
    let Ok(message) = Message::new(pool, source) else { return NO_MEMORY };
    let Some(OpenRequest { request, .. }) = requests.remove(name) else { return SPENT };
    drop(requests);
    Answer::from(if call.boolean(is_error) { request.fail(message) } else { request.reply(message) })
}

/// Gives a request up: where it was not answered, its call is lost.
pub(crate) fn drop_request(call: Call<'_>, [request]: [sys::napi_value; 1]) {
    let open = call.env.requests.borrow_mut().remove(call.index(request));
    drop(open);
}

/// Has it told by `nextAbandoned` when nobody waits for the answer any more; false: nobody does.
pub(crate) fn watch_request(call: Call<'_>, [request]: [sys::napi_value; 1]) -> bool {
    let name = call.index(request);
    call.env.requests.borrow().get(name).is_some_and(|open| open.request.watch(&call.env.core, name))
}

/// A watched request for which nobody waits any more; `NOTHING` when there is none.
pub(crate) fn next_abandoned(call: Call<'_>, _: [sys::napi_value; 0]) -> Answer {
    call.env.core.next_abandoned().map_or(NOTHING, Answer::from)
}

/// Makes a channel of requests: `outcome[0]` is its caller, `outcome[1]` its responder.
pub(crate) fn create_calls(call: Call<'_>, [capacity, label, meta]: [sys::napi_value; 3]) -> Answer {
    call.open_channel([label, meta], Flavor::Calls(call.index(capacity) as usize), false)
}
