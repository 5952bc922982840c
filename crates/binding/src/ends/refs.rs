//! Messages in place: memory that JavaScript fills before it is sent, or reads where it was received.
//!
//! ```text
//!   make_ref ----> at home <--- recall ---- lent: JavaScript has it as an ArrayBuffer
//!   take_ref --^    |   ^ \---- lend_ref ------^    \--- moved away by the caller: no ref any more
//!                   |   +-- not accepted --+
//!                   +-- send or forward -> on its way --> accepted: no ref any more
//! ```
//! A message is made only of a block that is at home, so that nobody has a view of what is in flight.
//! Where external memory is forbidden the block stays at home, and `bytes` is an ordinary array beside it.

use std::sync::Arc;

use millrace_core::{Block, Message, Pool, Sender, Sent, Source, TrySendError};
use napi::sys;

use crate::call::{Call, Reply};
use crate::ends::sender::in_parts;
use crate::memory::bytes::{View, buffer_of};
use crate::memory::external;
use crate::memory::lend::Hand;
use crate::memory::places::{Holder, LoanName};
use crate::outcome::{Answer, CLOSED, MOVED, NO_MEMORY, NOT_BYTES, NOTHING, OK, SPENT, TOO_MANY, pending};
use crate::waits::Wait;

/// A ref: its memory, how long it is, and where that goes in the end.
pub(crate) struct Ref {
    memory: Memory,
    len: usize,
    pool: Arc<Pool>,
}

enum Memory {
    Home(Block),
    Lent(LoanName),
    /// A call, or a pending send, has it.
    Away,
}

/// A block that came back, if one did, and the view's fate if not.
type Recalled = Result<Block, Answer>;

impl Ref {
    /// Takes the block home. `shown`: what the memory is in that JavaScript was lent, or the array that it has in place
    /// of it, if it has one.
    fn recall(&mut self, call: Call<'_>, shown: sys::napi_value) -> Recalled {
        match std::mem::replace(&mut self.memory, Memory::Away) {
            Memory::Home(mut block) => {
                if self.len > 0
                    && let Some(view) = View::of(call, shown)
                {
                    let whole = view.len() == self.len && block.fill(view.source());
                    if !whole || !external::detach(call, buffer_of(call, shown)) {
                        self.pool.recycle(block);
                        return Err(MOVED);
                    }
                }
                Ok(block)
            }
            Memory::Lent(name) => call.recall(name, shown).map(|(block, _)| block).ok_or(MOVED),
            Memory::Away => Err(SPENT),
        }
    }
}

impl Call<'_> {
    fn name_ref(self, memory: Block, pool: &Arc<Pool>) -> Answer {
        pool.used_in_place(&memory);
        let len = memory.len();
        let new = Ref { memory: Memory::Home(memory), len, pool: Arc::clone(pool) };
        let named = self.env.refs.borrow_mut().insert(new);
        named.map_or(TOO_MANY, Answer::from)
    }

    /// The ref was sent: its memory is the channel's.
    pub(crate) fn ref_sent(self, name: u32) {
        let sent = self.env.refs.borrow_mut().remove(name);
        drop(sent);
    }

    /// The ref was not sent: its memory comes home, or, with the ref disposed meanwhile, back to the channel.
    pub(crate) fn ref_back(self, name: u32, messages: impl Iterator<Item = Message>, pool: &Arc<Pool>) {
        for message in messages {
            let Ok(mut block) = message.into_block() else { continue };
            match self.env.refs.borrow_mut().get_mut(name) {
                Some(waiting) => {
                    block.set_len(waiting.len);
                    waiting.memory = Memory::Home(block);
                }
                None => pool.recycle(block),
            }
        }
    }

    /// Runs `send` with a live sender and the first `len` bytes of a ref, which is on its way then. What JavaScript was
    /// lent of it comes home in any case.
    fn with_ref(
        self,
        [name, handle, shown, len]: [sys::napi_value; 4],
        send: impl FnOnce(&Sender, Message, u32) -> Answer,
    ) -> Answer {
        let (name, len) = (self.index(name), self.number(len) as usize);
        let recalled = match self.env.refs.borrow_mut().get_mut(name) {
            Some(here) => here.recall(self, shown).map(|block| here.memory = Memory::Home(block)),
            None => return SPENT,
        };
        if let Err(answer) = recalled {
            let gone = self.env.refs.borrow_mut().remove(name);
            drop(gone);
            return answer;
        }
        self.with_sender(handle, |sender| {
            if let Err(too_long) = self.queueable(sender, len) {
                return too_long;
            }
            let Some((mut block, pool)) = self.take_home(name) else { return SPENT };
            block.set_len(len);
            if !Arc::ptr_eq(&pool, sender.pool()) {
                block.belongs_to(&pool);
            }
            send(sender, Message::from(block), name)
        })
    }

    /// The block of a ref, which is away from here on.
    fn take_home(self, name: u32) -> Option<(Block, Arc<Pool>)> {
        let mut refs = self.env.refs.borrow_mut();
        let here = refs.get_mut(name)?;
        match std::mem::replace(&mut here.memory, Memory::Away) {
            Memory::Home(block) => Some((block, Arc::clone(&here.pool))),
            other => {
                here.memory = other;
                None
            }
        }
    }
}

/// A ref of `len` bytes to be sent: its name.
pub(crate) fn make_ref(call: Call<'_>, [handle, len]: [sys::napi_value; 2]) -> Answer {
    let len = call.number(len) as usize;
    call.with_sender(handle, |sender| match call.queueable(sender, len) {
        Ok(()) => match sender.pool().blank(len) {
            Ok(block) => call.name_ref(block, sender.pool()),
            Err(_) => NO_MEMORY,
        },
        Err(too_long) => too_long,
    })
}

/// Makes a ref of the held message: its name. Where that fails the message is still held.
pub(crate) fn take_ref(call: Call<'_>, _: [sys::napi_value; 0]) -> Answer {
    if call.env.refs.borrow().next_name().is_none() {
        return TOO_MANY;
    }
    let mut hand = call.env.hand.borrow_mut();
    let taken = hand.as_mut().and_then(Hand::take_block);
    let Some((block, pool)) = taken else { return NO_MEMORY };
    *hand = None;
    call.name_ref(block, &pool)
}

/// Lends a ref's memory out, as `Call::lend` does; `NOTHING` where the runtime forbids external memory.
pub(crate) fn lend_ref(call: Call<'_>, [name]: [sys::napi_value; 1]) -> sys::napi_value {
    let name = call.index(name);
    let Some((block, pool)) = call.take_home(name) else { return SPENT.reply(call.raw) };
    let (answer, memory) = match call.lend(block, &pool, Holder::Ref) {
        Ok((answer, loan)) => (answer, Memory::Lent(loan)),
        Err(block) => (NOTHING.reply(call.raw), Memory::Home(block)),
    };
    if let Some(lender) = call.env.refs.borrow_mut().get_mut(name) {
        lender.memory = memory;
    }
    answer
}

/// Leaves a ref's memory, which was lent, to the caller for good; the ref ends. `NOTHING`: the caller has so much
/// already that it is to be copied, `MOVED`: the caller has moved it away. `shown`: the buffer that was lent.
pub(crate) fn keep_ref(call: Call<'_>, [name, shown]: [sys::napi_value; 2]) -> Answer {
    let name = call.index(name);
    let loan = match call.env.refs.borrow().get(name) {
        Some(Ref { memory: Memory::Lent(loan), .. }) => *loan,
        _ => return SPENT,
    };
    match call.leave_to_caller(loan, shown) {
        OK => {
            call.ref_sent(name);
            OK
        }
        answer => answer,
    }
}

/// Copies a ref's bytes to the start of `target`: `OK` or `NOT_BYTES`.
pub(crate) fn copy_ref(call: Call<'_>, [name, target]: [sys::napi_value; 2]) -> Answer {
    match call.env.refs.borrow().get(call.index(name)) {
        Some(Ref { memory: Memory::Home(block), .. }) => match View::of(call, target) {
            Some(view) if view.copy(Source::from(block.as_slice())) => OK,
            _ => NOT_BYTES,
        },
        _ => SPENT,
    }
}

pub(crate) fn try_send_ref(call: Call<'_>, arguments: [sys::napi_value; 4]) -> Answer {
    call.with_ref(arguments, |sender, message, name| {
        let (message, answer) = match sender.try_send(message) {
            Ok(()) => {
                call.ref_sent(name);
                return OK;
            }
            Err(TrySendError::Full(message)) => (message, NOTHING),
            Err(TrySendError::Closed(message)) => (message, CLOSED),
        };
        call.ref_back(name, std::iter::once(message), sender.pool());
        answer
    })
}

/// `OK`, or a wait id.
pub(crate) fn send_ref(call: Call<'_>, arguments: [sys::napi_value; 4]) -> Answer {
    call.with_ref(arguments, |sender, message, name| {
        let Some(token) = call.next_wait() else {
            call.ref_back(name, std::iter::once(message), sender.pool());
            return TOO_MANY;
        };
        match sender.send_or_wait(message, token) {
            Ok(Sent::Now) => {
                call.ref_sent(name);
                OK
            }
            Ok(Sent::Pending(wait)) => call.begin_wait(Wait::Ref(wait, name)).map_or(TOO_MANY, pending),
            Err(error) => {
                let (payload, answer) = in_parts(error);
                call.ref_back(name, payload.into_rest(), sender.pool());
                answer
            }
        }
    })
}

pub(crate) fn send_ref_sync(
    call: Call<'_>,
    [name, handle, shown, len, timeout]: [sys::napi_value; 5],
) -> Answer {
    let timeout = call.number(timeout);
    call.with_ref([name, handle, shown, len], |sender, message, name| {
        call.patiently(timeout, |patience| match sender.send(message, patience) {
            Ok(()) => {
                call.ref_sent(name);
                OK
            }
            Err(error) => {
                let (payload, answer) = in_parts(error);
                call.ref_back(name, payload.into_rest(), sender.pool());
                answer
            }
        })
    })
}

/// Gives a ref up: its view is detached, its memory used again. One on its way goes on.
pub(crate) fn drop_ref(call: Call<'_>, [name, shown]: [sys::napi_value; 2]) {
    let dropped = call.env.refs.borrow_mut().remove(call.index(name));
    let Some(Ref { memory, pool, .. }) = dropped else { return };
    match memory {
        Memory::Home(block) => {
            external::detach(call, buffer_of(call, shown));
            pool.recycle(block);
        }
        Memory::Lent(loan) => {
            if let Some((block, pool)) = call.recall(loan, shown) {
                pool.recycle(block);
            }
        }
        Memory::Away => {}
    }
}

/// Lets go of a ref that was garbage-collected: its memory comes back once no view of it is left.
pub(crate) fn forget_ref(call: Call<'_>, [name]: [sys::napi_value; 1]) {
    let forgotten = call.env.refs.borrow_mut().remove(call.index(name));
    if let Some(Ref { memory: Memory::Home(block), pool, .. }) = forgotten {
        pool.recycle(block);
    }
}
