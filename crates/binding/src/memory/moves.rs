//! Sending by moving: memory that the caller was lent becomes the message, without a copy. Its buffer is detached once
//! that is accepted, by `src` where it has homes, else here; until then it stays the caller's.
//!
//! A send that waits while JavaScript runs on cannot have the memory, of which the caller still has a view: it waits
//! with a copy. A blocking one can, because no code of the caller's runs meanwhile.

use millrace_core::{Message, Sender, TrySendError};
use napi::sys;

use crate::call::Call;
use crate::ends::sender::in_parts;
use crate::outcome::{Answer, CLOSED, FOREIGN, NOTHING, OK};

/// What came of it: accepted, or the message again.
type Sent = Result<(), (Message, Answer)>;

impl Call<'_> {
    /// Runs `send` with a live sender and the memory that `buffer` shows: `OK`, the number of its home at `outcome[0]`,
    /// or why not, and it is the caller's as before. `FOREIGN`: it is not what the caller was lent.
    fn with_memory(
        self,
        [handle, buffer]: [sys::napi_value; 2],
        send: impl FnOnce(&Sender, Message) -> Sent,
    ) -> Answer {
        let Some(loan) = self.loan_of(buffer) else { return FOREIGN };
        self.with_sender(handle, |sender| {
            if let Err(too_long) = self.queueable(sender, loan.len) {
                return too_long;
            }
            let Some((mut block, pool)) = self.take_out(loan) else { return FOREIGN };
            if !std::sync::Arc::ptr_eq(&pool, sender.pool()) {
                block.belongs_to(&pool);
            }
            match send(sender, Message::from(block)) {
                Ok(()) => {
                    let home = self.sent_away(loan, buffer);
                    self.env.put(0, home as f64);
                    OK
                }
                Err((message, answer)) => {
                    if let Ok(block) = message.into_block() {
                        self.put_in(loan, block, pool);
                    }
                    answer
                }
            }
        })
    }
}

pub(crate) fn try_move(call: Call<'_>, arguments: [sys::napi_value; 2]) -> Answer {
    call.with_memory(arguments, |sender, message| match sender.try_send(message) {
        Ok(()) => Ok(()),
        Err(TrySendError::Full(message)) => Err((message, NOTHING)),
        Err(TrySendError::Closed(message)) => Err((message, CLOSED)),
    })
}

/// `OK`, or `NOTHING` where it would have to wait: a copy is to be sent then.
pub(crate) fn send(call: Call<'_>, arguments: [sys::napi_value; 2]) -> Answer {
    call.with_memory(arguments, |sender, message| match sender.send_now(message) {
        Ok(()) => Ok(()),
        Err(TrySendError::Full(message)) => Err((message, NOTHING)),
        Err(TrySendError::Closed(message)) => Err((message, CLOSED)),
    })
}

pub(crate) fn send_sync(call: Call<'_>, [handle, buffer, timeout]: [sys::napi_value; 3]) -> Answer {
    let timeout = call.number(timeout);
    call.with_memory([handle, buffer], |sender, message| {
        let mut sent = Ok(());
        call.patiently(timeout, |patience| {
            if let Err(error) = sender.send(message, patience) {
                let (payload, answer) = in_parts(error);
                sent = payload.into_rest().next().map_or(Ok(()), |message| Err((message, answer)));
            }
            OK
        });
        sent
    })
}
