//! A message in the environment's hand: one that was taken and did not fit where it was wanted. It is
//! copied out, lent out as external memory, or put back; dropped, it puts itself back.

use std::sync::Arc;

use millrace_core::{Block, Message, Origin, Pool};
use napi::sys;

use crate::call::{Call, Reply};
use crate::memory::bytes::View;
use crate::memory::loans::MOST_KEPT;
use crate::memory::places::Holder;
use crate::outcome::{Answer, NO_MEMORY, NOT_BYTES, NOTHING, OK};

/// How many bytes an environment may have lent out before receives copy instead. Finalizers do not run
/// inside a synchronous loop, so what it lent comes back only later.
const LIMIT: usize = 32 << 20;

/// A message taken from its channel, and the way back.
pub(crate) struct Hand {
    message: Option<Message>,
    origin: Origin,
    /// Whether it is the channel's next one again when it is let go.
    goes_back: bool,
}

impl Hand {
    pub(crate) fn new(message: Message, origin: Origin) -> Self {
        Self { message: Some(message), origin, goes_back: true }
    }

    /// One that is nobody else's.
    pub(crate) fn for_good(message: Message, origin: Origin) -> Self {
        Self { message: Some(message), origin, goes_back: false }
    }

    /// Its bytes as a block, with the pool that this belongs to; `None`: no memory, and it is held still.
    pub(crate) fn take_block(&mut self) -> Option<(Block, Arc<Pool>)> {
        let pool = Arc::clone(self.origin.pool());
        match self.message.take()?.into_own_block(&pool) {
            Ok(block) => Some((block, pool)),
            Err(short) => {
                self.message = Some(short);
                None
            }
        }
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        if let Some(message) = self.message.take().filter(|_| self.goes_back) {
            self.origin.give_back(message);
        }
    }
}

/// Copies the held message to the start of `target` and lets it go.
pub(crate) fn copy_held(call: Call<'_>, [target]: [sys::napi_value; 1]) -> Answer {
    let mut hand = call.env.hand.borrow_mut();
    let (Some(held), Some(view)) = (hand.as_mut(), View::of(call, target)) else { return NOT_BYTES };
    let fits = held.message.as_ref().is_some_and(|message| view.write(0, message));
    if !fits {
        return NOT_BYTES;
    }
    if let Some(message) = held.message.take() {
        held.origin.pool().recycle_message(message);
    }
    *hand = None;
    OK
}

/// Puts the held message back.
pub(crate) fn return_held(call: Call<'_>, _: [sys::napi_value; 0]) {
    let held = call.env.hand.take();
    drop(held);
}

/// Lends the held message's own memory out, as `Call::lend` does; `NOTHING` when it is to be copied instead, because
/// the budget is used up or the runtime forbids external memory.
pub(crate) fn take_held(call: Call<'_>, _: [sys::napi_value; 0]) -> sys::napi_value {
    let mut hand = call.env.hand.borrow_mut();
    let lent = hand.as_mut().and_then(|held| lend(call, held));
    if lent.is_some() {
        *hand = None;
    }
    lent.unwrap_or_else(|| NOTHING.reply(call.raw))
}

fn lend(call: Call<'_>, held: &mut Hand) -> Option<sys::napi_value> {
    let (len, out) = (held.message.as_ref()?.len(), call.lent_out());
    if out > 0 && out + len > LIMIT {
        return None;
    }
    let block = match held.message.take()?.into_block() {
        Ok(block) => block,
        Err(short) => {
            held.message = Some(short);
            return None;
        }
    };
    // Sent in place and shorter than its memory: a copy pins less.
    let lent = if block.room() / 2 > len {
        Err(block)
    } else {
        call.lend(block, held.origin.pool(), Holder::Caller)
    };
    match lent {
        Ok((answer, _)) => Some(answer),
        Err(block) => {
            held.message = Some(Message::from(block));
            None
        }
    }
}

/// Memory of `len` bytes for the caller to fill, lent out; `NOTHING` when the engine's own is to be used,
/// `NO_MEMORY` when there is none.
pub(crate) fn alloc(call: Call<'_>, [len]: [sys::napi_value; 1]) -> sys::napi_value {
    let len = call.number(len) as usize;
    if len == 0 || call.lent_out() + len > MOST_KEPT {
        return NOTHING.reply(call.raw);
    }
    let pool = Pool::of_the_process();
    match pool.blank(len) {
        Ok(block) => match call.lend(block, pool, Holder::Caller) {
            Ok((answer, _)) => answer,
            Err(block) => {
                pool.recycle(block);
                NOTHING.reply(call.raw)
            }
        },
        Err(_) => NO_MEMORY.reply(call.raw),
    }
}
