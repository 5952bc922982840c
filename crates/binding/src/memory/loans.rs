//! What JavaScript was lent: native memory that it sees as an `ArrayBuffer`, and how that comes back.
//!
//! Where buffers can be moved (`ArrayBuffer.prototype.transfer`) the one over a stretch of memory is made once a
//! thread, and `src/border/homes.ts` keeps it: its *home*. Lending moves the memory out of the home, taking back
//! moves it in again; the view that the caller had is detached by that. Elsewhere each loan has a buffer of its own,
//! which is detached in the end.
//!
//! ```text
//!   memory of the pool, or of a message          memory of JavaScript's
//!      Home (a buffer that nobody sees) --lend--> Lent --recall--> Home again, or no loan any more
//!                                                  |  \--take_out--> Away: a send has it --+- accepted: Home
//!                                                  |   ^-------------- put_in -------------+- not accepted
//!                                                  \--let_go: the engine has finished with it
//! ```
//! Several threads may have a home over the same memory. A home is never looked at, nor handed out; a view is only had
//! by moving the memory out of it, which happens where this thread has the block. So no view of a block exists but
//! that of the one thread that has it, and memory may even be freed, and be another block's, under its homes.
//!
//! When a thread ends, Node has all its external buffers let go, also of memory that the caller has moved on to another
//! thread. So in threads that end before the process does, the buffer that was lent is watched by a weak reference:
//! if it is whole, the memory is the loan's; if not, it is somebody else's by now, or was collected a moment ago, and
//! is forgotten. So that threads that come and go lose no memory without end, they are lent no more once
//! `MOST_FORGOTTEN` is lost, and copy.

use std::cell::RefCell;
use std::ffi::c_void;
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;

use millrace_core::{Block, Pool};
use napi::sys;

use crate::call::{Call, Reply};
use crate::memory::external::{self, is_whole};
use crate::memory::places::{Holder, LoanName, Loans, State, unwatch};
use crate::outcome::{Answer, MOVED, NOTHING, OK};

/// So many bytes a caller may ask for, or keep, before they are the engine's own memory: what is lent comes back between
/// turns of the event loop only.
pub(crate) const MOST_KEPT: usize = 256 << 20;

/// What a buffer's finalizer is given. Duty **hint**: it is made for one buffer, and freed by its finalizer, once,
/// on the environment's thread. What a call that failed has left behind of a buffer is not known, so its hint is
/// left to it.
struct Hint {
    loans: Rc<RefCell<Loans>>,
    name: LoanName,
}

/// In place of a home's number.
const NO_HOME: Answer = -1;

/// What `lend` answers: what JavaScript is told, and the loan's name.
pub(crate) type Loan = (sys::napi_value, LoanName);

impl Call<'_> {
    /// Bytes that callers have of this environment, and may never give back.
    pub(crate) fn lent_out(self) -> usize {
        self.env.loans.borrow().out
    }

    /// Lends a block's bytes out: the number of their home, or a new buffer, its number at `outcome[0]`, and at
    /// `outcome[1]` a 1 where all homes are to be dropped. The block comes back where the runtime forbids external
    /// memory, or too much was forgotten.
    pub(crate) fn lend(self, mut block: Block, pool: &Arc<Pool>, holder: Holder) -> Result<Loan, Block> {
        let (start, len) = (block.as_mut_ptr(), block.len());
        let home = self.env.loans.borrow().home_of(start as usize, len);
        if let Some(name) = home {
            let lent = State::Lent { block, pool: Arc::clone(pool), holder };
            self.env.loans.borrow_mut().turn(name, lent);
            return Ok((Answer::from(name.index).reply(self.raw), name));
        }
        if self.env.forgets() && external::too_much_is_forgotten() {
            return Err(block);
        }
        let (dropped, name) = {
            let mut loans = self.env.loans.borrow_mut();
            (self.env.moves.get() && loans.make_room(len), loans.reserve(start as usize, len))
        };
        let Some(name) = name else { return Err(block) };
        self.env.put(0, f64::from(name.index));
        self.env.put(1, f64::from(dropped));
        let hint = Box::new(Hint { loans: Rc::clone(&self.env.loans), name });
        match self.wrap((block.as_mut_ptr(), len), hint) {
            Some(buffer) => {
                let lent = State::Lent { block, pool: Arc::clone(pool), holder };
                self.env.loans.borrow_mut().turn(name, lent);
                Ok((buffer, name))
            }
            None => {
                self.env.loans.borrow_mut().remove(name.index);
                Err(block)
            }
        }
    }

    fn wrap(self, (start, len): (*mut u8, usize), hint: Box<Hint>) -> Option<sys::napi_value> {
        let mut buffer = ptr::null_mut();
        // SAFETY: *scope*, *out*; *hint*. The memory is the loan's block's, or, under a home, never looked at.
        let status = unsafe {
            sys::napi_create_external_arraybuffer(
                self.raw,
                start.cast(),
                len,
                Some(let_go),
                Box::into_raw(hint).cast(),
                &mut buffer,
            )
        };
        (status == sys::Status::napi_ok).then_some(buffer)
    }

    /// Takes a loan back, of which `buffer` is what the memory is in now: its home, or the one that was lent, which
    /// is detached. `None`: it is neither, for the caller has moved the memory away and has it for good.
    pub(crate) fn recall(self, name: LoanName, buffer: sys::napi_value) -> Option<(Block, Arc<Pool>)> {
        let (start, len) = external::memory_of(self, buffer)?;
        let mut loans = self.env.loans.borrow_mut();
        let place = loans.place(name)?;
        if (place.start, place.len) != (start, len) || !matches!(place.state, State::Lent { .. }) {
            return None;
        }
        unwatch(self.raw, place);
        let (block, pool) = loans.turn(name, State::Home).and_then(State::into_block)?;
        drop(loans);
        self.settle(name, buffer);
        Some((block, pool))
    }

    /// The memory is no caller's any more: its buffer is a home, or, without homes, is detached and no place's.
    fn settle(self, name: LoanName, buffer: sys::napi_value) {
        if !self.env.moves.get() {
            external::detach(self, buffer);
            self.env.loans.borrow_mut().remove(name.index);
        }
    }

    /// The loan that `buffer` is, where the caller has it alone.
    pub(crate) fn loan_of(self, buffer: sys::napi_value) -> Option<LoanName> {
        let (start, len) = external::memory_of(self, buffer)?;
        self.env.loans.borrow().held_by_caller(start, len)
    }

    /// Takes a lent block out for a send, while the caller still has its buffer.
    pub(crate) fn take_out(self, name: LoanName) -> Option<(Block, Arc<Pool>)> {
        self.env.loans.borrow_mut().turn(name, State::Away)?.into_block()
    }

    /// Puts it back: it was not accepted.
    pub(crate) fn put_in(self, name: LoanName, block: Block, pool: Arc<Pool>) {
        let mut loans = self.env.loans.borrow_mut();
        if loans.place(name).is_some() {
            loans.turn(name, State::Lent { block, pool, holder: Holder::Caller });
        } else {
            drop(loans);
            pool.recycle(block);
        }
    }

    /// It was accepted: the number of its home, where `src` puts the buffer's memory now, or -1 where the buffer was
    /// detached here.
    pub(crate) fn sent_away(self, name: LoanName, buffer: sys::napi_value) -> Answer {
        let mut loans = self.env.loans.borrow_mut();
        let Some(place) = loans.place(name) else { return NO_HOME };
        unwatch(self.raw, place);
        loans.turn(name, State::Home);
        drop(loans);
        self.settle(name, buffer);
        if self.env.moves.get() { Answer::from(name.index) } else { NO_HOME }
    }

    /// The ref gives its loan up: the caller keeps it for good, as `buffer`.
    pub(crate) fn leave_to_caller(self, name: LoanName, buffer: sys::napi_value) -> Answer {
        let (memory, out) = (external::memory_of(self, buffer), self.lent_out());
        let mut loans = self.env.loans.borrow_mut();
        let Some(place) = loans.place(name) else { return MOVED };
        if memory != Some((place.start, place.len)) {
            return MOVED;
        }
        if out + place.len > MOST_KEPT {
            return NOTHING;
        }
        let Some((block, pool)) = loans.turn(name, State::Away).and_then(State::into_block) else {
            return MOVED;
        };
        loans.turn(name, State::Lent { block, pool, holder: Holder::Caller });
        OK
    }
}

/// Watches what became of the buffer that was lent as number `index`: asked of threads that may end before the
/// process does.
pub(crate) fn watch(call: Call<'_>, [index, buffer]: [sys::napi_value; 2]) {
    let index = call.index(index) as usize;
    let mut loans = call.env.loans.borrow_mut();
    let Some(Some(place)) = loans.places.get_mut(index) else { return };
    if !matches!(place.state, State::Lent { .. }) || !place.watched.is_null() {
        return;
    }
    // SAFETY: *scope*, *out*; on failure it stays null.
    unsafe { sys::napi_create_reference(call.raw, buffer, 0, &mut place.watched) };
}

/// Gives a buffer's memory up: one that the caller was lent goes back to its pool, and the answer is as in
/// `sent_away`; another is detached, and the answer -1.
pub(crate) fn give_up(call: Call<'_>, [buffer]: [sys::napi_value; 1]) -> Answer {
    let Some(name) = call.loan_of(buffer) else {
        external::detach(call, buffer);
        return NO_HOME;
    };
    let taken = call.take_out(name);
    let answer = call.sent_away(name, buffer);
    if let Some((block, pool)) = taken {
        pool.recycle(block);
    }
    answer
}

/// Forgets all homes: `src` has dropped them.
pub(crate) fn drop_homes(call: Call<'_>, _: [sys::napi_value; 0]) {
    call.env.loans.borrow_mut().drop_homes();
}

/// `outcome[0]`: how many homes there are, `[1]` the bytes that they stand for, `[2]` the bytes that callers have.
pub(crate) fn count_loans(call: Call<'_>, _: [sys::napi_value; 0]) {
    let loans = call.env.loans.borrow();
    for (index, figure) in [loans.homes, loans.home_bytes, loans.out].into_iter().enumerate() {
        call.env.put(index, figure as f64);
    }
}

/// The engine has finished with a buffer: nobody has it any more, or the thread ends.
unsafe extern "C" fn let_go(raw: sys::napi_env, _: *mut c_void, hint: *mut c_void) {
    // SAFETY: *hint*.
    let Hint { loans, name } = *unsafe { Box::from_raw(hint.cast::<Hint>()) };
    let (removed, moves) = {
        let mut loans = loans.borrow_mut();
        let here = loans.place(name).is_some();
        (if here { loans.remove(name.index) } else { None }, loans.moves)
    };
    let Some(mut place) = removed else { return };
    let whole = !moves || is_whole(raw, external::referred(raw, place.watched));
    unwatch(raw, &mut place);
    let Some((block, pool)) = place.state.into_block() else { return };
    if whole || external::runs_on(raw) {
        pool.recycle(block);
    } else {
        external::forget(place.len, block);
    }
}
