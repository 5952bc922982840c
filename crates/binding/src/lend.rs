//! A message in the environment's hand: one that was taken and did not fit where it was wanted. It is
//! copied out, lent out as external memory, or put back; dropped, it puts itself back.

use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use millrace_core::{Block, Message, Origin, Pool};
use napi::sys;

use crate::bytes::View;
use crate::call::Call;
use crate::external;
use crate::outcome::{Answer, NOT_BYTES, NOTHING, OK};

/// How many bytes an environment may have lent out before receives copy instead. Finalizers do not run
/// inside a synchronous loop, so what it lent comes back only later.
const LIMIT: usize = 32 << 20;

/// Bytes of one environment's messages that JavaScript holds as external memory.
#[derive(Default)]
pub(crate) struct Budget(AtomicUsize);

/// A message taken from its channel, and the way back.
pub(crate) struct Hand {
    message: Option<Message>,
    origin: Origin,
}

impl Hand {
    pub(crate) fn new(message: Message, origin: Origin) -> Self {
        Self { message: Some(message), origin }
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
        if let Some(message) = self.message.take() {
            self.origin.give_back(message);
        }
    }
}

/// A block that JavaScript holds; dropping it takes it back.
struct Lent {
    block: Option<Block>,
    pool: Arc<Pool>,
    budget: Arc<Budget>,
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(block) = self.block.take() {
            // Relaxed: a budget, not a lock.
            self.budget.0.fetch_sub(block.len(), Ordering::Relaxed);
            self.pool.recycle(block);
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

/// Lends the held message out as a `Uint8Array` over its own memory; `NOTHING` when it is to be copied
/// instead, because the budget is used up or the runtime forbids external memory.
pub(crate) fn take_held(call: Call<'_>, _: [sys::napi_value; 0]) -> sys::napi_value {
    let mut hand = call.env.hand.borrow_mut();
    let lent = hand.as_mut().and_then(|held| lend(call, held));
    if lent.is_some() {
        *hand = None;
    }
    lent.unwrap_or_else(|| crate::call::Reply::reply(NOTHING, call.raw))
}

fn lend(call: Call<'_>, held: &mut Hand) -> Option<sys::napi_value> {
    let len = held.message.as_ref()?.len();
    let out = call.env.budget.0.load(Ordering::Relaxed);
    if out > 0 && out + len > LIMIT {
        return None;
    }
    let mut block = match held.message.take()?.into_block() {
        Ok(block) => block,
        Err(short) => {
            held.message = Some(short);
            return None;
        }
    };
    // Sent in place and shorter than its memory: a copy pins less.
    if block.room() / 2 > len {
        held.message = Some(Message::from(block));
        return None;
    }
    let start = block.as_mut_ptr();
    let lent = Lent {
        block: Some(block),
        pool: Arc::clone(held.origin.pool()),
        budget: Arc::clone(&call.env.budget),
    };
    call.env.budget.0.fetch_add(len, Ordering::Relaxed);
    let buffer = match external::array_buffer(call, (start, len), lent) {
        Ok(buffer) => buffer,
        Err(lent) => {
            call.env.budget.0.fetch_sub(len, Ordering::Relaxed);
            held.message = lent.and_then(|mut lent| lent.block.take()).map(Message::from);
            return None;
        }
    };
    let mut view = ptr::null_mut();
    // SAFETY: *scope*, *out*: the view covers the buffer made above.
    unsafe {
        sys::napi_create_typedarray(call.raw, sys::TypedarrayType::uint8_array, len, buffer, 0, &mut view);
    }
    Some(view)
}
