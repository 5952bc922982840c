//! Batches: many short messages in one block, and blocking until those sent earlier have settled.

use millrace_core::{Batch, Receiver, Sender, TryRecvError, Verb, span};
use napi::sys;

use crate::call::Call;
use crate::ends::receiver::Place;
use crate::ends::sender::failed;
use crate::memory::bytes::{Lengths, View};
use crate::outcome::{Answer, CLOSED, NO_MEMORY, NOT_BYTES, NOTHING, OK, TOO_MANY};
use crate::waits::Wait;

/// The arguments that every way of sending a block has.
type Block = [sys::napi_value; 4];

impl Call<'_> {
    /// Copies the first `count` messages of a block, each at the next multiple of 8.
    fn batch(
        self,
        sender: &Sender,
        block: sys::napi_value,
        lengths: sys::napi_value,
        count: usize,
    ) -> Result<Batch, Answer> {
        let (Some(block), Some(lengths)) = (View::of(self, block), Lengths::of(self, lengths)) else {
            return Err(NOT_BYTES);
        };
        let lengths = lengths.first(count).ok_or(NOT_BYTES)??;
        self.queueable(sender, lengths.iter().max().map_or(0, |longest| *longest as usize))?;
        let source = block.part(0, span(&lengths)).ok_or(NOT_BYTES)?;
        sender.pack(source, lengths).map_err(|_| NO_MEMORY)
    }

    fn with_batch(
        self,
        [handle, block, lengths, count]: Block,
        tries: bool,
        verb: impl FnOnce(&Sender, Batch) -> Answer,
    ) -> Answer {
        let count = self.index(count) as usize;
        self.with_sender(handle, |sender| {
            // A full channel is told without a copy.
            if tries && !sender.may_take(count) {
                return 0;
            }
            match self.batch(sender, block, lengths, count) {
                Ok(batch) => verb(sender, batch),
                Err(answer) => answer,
            }
        })
    }
}

/// `outcome[0]`: the most messages of a block, -1 for any number. `outcome[1]`: the most bytes of a
/// message, -1 for any number, and `outcome[2]`: 1 where that is the slots' length, else 0.
pub(crate) fn begin_batches(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> Answer {
    call.with_sender(handle, |sender| {
        sender.begin_batches();
        let limit = |most: Option<usize>| most.map_or(-1.0, |most| most as f64);
        call.env.put(0, limit(sender.pack_limit()));
        call.env.put(1, limit(sender.longest()));
        call.env.put(2, f64::from(sender.is_slot_long()));
        OK
    })
}

/// How many were accepted, from the front.
pub(crate) fn try_send_pack(call: Call<'_>, block: Block) -> Answer {
    call.with_batch(block, true, |sender, batch| {
        sender.try_send_batch(batch).map_or(CLOSED, |count| count as Answer)
    })
}

/// How many were accepted, or a wait id.
pub(crate) fn send_pack(call: Call<'_>, block: Block) -> Answer {
    let count = Answer::from(call.index(block[3]));
    call.with_batch(block, false, |sender, batch| {
        let Some(token) = call.next_wait() else { return TOO_MANY };
        match sender.send_batch_or_wait(batch, token) {
            Ok(sent) => call.registered(sent, count),
            Err(error) => failed(sender, error),
        }
    })
}

pub(crate) fn send_pack_sync(
    call: Call<'_>,
    [handle, block, lengths, count, timeout]: [sys::napi_value; 5],
) -> Answer {
    let (all, timeout) = (Answer::from(call.index(count)), call.number(timeout));
    call.with_batch([handle, block, lengths, count], false, |sender, batch| {
        call.patiently(timeout, |patience| match sender.send_batch(batch, patience) {
            Ok(()) => all,
            Err(error) => failed(sender, error),
        })
    })
}

/// Blocks until the handle's pending sends have settled.
pub(crate) fn settle_sync(call: Call<'_>, [handle, timeout]: [sys::napi_value; 2]) -> Answer {
    let timeout = call.number(timeout);
    call.with_sender(handle, |sender| {
        call.patiently(timeout, |patience| {
            sender.settled(patience).map_or_else(crate::ends::receiver::failed, |()| OK)
        })
    })
}

/// What a pending send has come to, which `nextSettled` will not tell then; `NOTHING`: it is pending still.
pub(crate) fn take_settled(call: Call<'_>, [wait]: [sys::napi_value; 1]) -> Answer {
    let id = call.index(wait);
    let outcome = match call.env.waits.borrow().get(id) {
        Some(Wait::One(pending)) if pending.verb() == Verb::Send => pending.take(),
        _ => None,
    };
    let Some(outcome) = outcome else { return NOTHING };
    let wait = call.end_wait(id);
    drop(wait);
    call.sent(outcome)
}

impl Call<'_> {
    /// As `Receiver::try_take_many`, where messages may lie together: those that do are copied in one piece.
    pub(crate) fn recv_packed(
        self,
        receiver: &Receiver,
        mut place: Place,
        lengths: Lengths,
        (max, passing): (usize, bool),
    ) -> Answer {
        let mut count = 0;
        self.env.put(0, -1.0);
        while count < max && place.has_room() {
            let mut end = 0;
            let together = receiver.try_recv_run(max - count, place.room(), passing, |run| {
                place.write_run(run.bytes);
                lengths.set_all(count, run.lengths);
                end = run.bytes.len();
            });
            if together > 0 {
                count += together;
                place = place.after(end);
                continue;
            }
            match receiver.try_take(passing, |message| place.copy(message)) {
                Ok(Ok(len)) => {
                    lengths.set(count, len as usize);
                    count += 1;
                    place = place.after(len as usize);
                }
                Ok(Err(message)) => {
                    self.hold(message, receiver.origin(), 0);
                    break;
                }
                Err(TryRecvError::Closed) if count == 0 => return CLOSED,
                Err(TryRecvError::Empty) if count == 0 => return NOTHING,
                Err(_) => break,
            }
        }
        count as Answer
    }
}
