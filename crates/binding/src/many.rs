//! Many messages in one crossing. Short values come packed one behind the other, with their lengths;
//! long ones as an array of views. Received ones go one behind the other into a pool, with their lengths.

use std::collections::VecDeque;

use millrace_core::{Message, Sender, Taken, Taking, TryRecvError};
use napi::sys;

use crate::bytes::{Lengths, View};
use crate::call::Call;
use crate::outcome::{Answer, CLOSED, NOT_BYTES, NOTHING, TOO_MANY};
use crate::receiver::Place;
use crate::sender::failed;

impl Call<'_> {
    /// Copies all messages before the first is sent.
    fn payload(
        self,
        sender: &Sender,
        parts: sys::napi_value,
        lengths: sys::napi_value,
    ) -> Result<VecDeque<Message>, Answer> {
        let mut messages = VecDeque::new();
        let copied = match (View::of(self, parts), Lengths::of(self, lengths)) {
            (Some(packed), Some(lengths)) => {
                let mut offset = 0;
                (0..lengths.len()).try_for_each(|index| {
                    let part = packed.part(offset, lengths.get(index)).ok_or(NOT_BYTES)?;
                    offset += part.len();
                    messages.push_back(self.copied(sender, part)?);
                    Ok(())
                })
            }
            _ => self.elements(parts).into_iter().try_for_each(|part| {
                let view = View::of(self, part).ok_or(NOT_BYTES)?;
                messages.push_back(self.copied(sender, view.source())?);
                Ok(())
            }),
        };
        if let Err(answer) = copied {
            messages.into_iter().for_each(|message| sender.recycle(message));
            return Err(answer);
        }
        Ok(messages)
    }
}

pub(crate) fn try_send_many(call: Call<'_>, [handle, parts, lengths]: [sys::napi_value; 3]) -> Answer {
    call.with_sender(handle, |sender| {
        let mut messages = match call.payload(sender, parts, lengths) {
            Ok(messages) => messages,
            Err(answer) => return answer,
        };
        let sent = sender.try_send_many(&mut messages);
        messages.into_iter().for_each(|message| sender.recycle(message));
        sent.map_or(CLOSED, |count| count as Answer)
    })
}

/// How many were accepted, or a wait id.
pub(crate) fn send_many(call: Call<'_>, [handle, parts, lengths]: [sys::napi_value; 3]) -> Answer {
    call.with_sender(handle, |sender| {
        let messages = match call.payload(sender, parts, lengths) {
            Ok(messages) => messages,
            Err(answer) => return answer,
        };
        let count = messages.len() as Answer;
        let Some(token) = call.env.waits.borrow().next_name() else { return TOO_MANY };
        match sender.send_many_or_wait(messages, token) {
            Ok(sent) => call.registered(sent, count),
            Err(error) => failed(sender, error),
        }
    })
}

pub(crate) fn send_many_sync(
    call: Call<'_>,
    [handle, parts, lengths, timeout]: [sys::napi_value; 4],
) -> Answer {
    let timeout = call.number(timeout);
    call.with_sender(handle, |sender| {
        let messages = match call.payload(sender, parts, lengths) {
            Ok(messages) => messages,
            Err(answer) => return answer,
        };
        let count = messages.len() as Answer;
        call.patiently(timeout, |patience| match sender.send_many(messages, patience) {
            Ok(()) => count,
            Err(error) => failed(sender, error),
        })
    })
}

/// How many messages lie at `pool[offset..]`, each at the next multiple of 8, their lengths in
/// `lengths`. `outcome[0]`: the length of one more that is held, or -1. `passing`: even before those who
/// wait already.
pub(crate) fn try_recv_many(
    call: Call<'_>,
    [handle, pool, offset, lengths, max, passing]: [sys::napi_value; 6],
) -> Answer {
    let (max, passing) = (call.index(max) as usize, call.boolean(passing));
    call.with_place([handle, pool, offset], |receiver, place| {
        let Some(lengths) = Lengths::of(call, lengths) else { return NOT_BYTES };
        if !place.has_room() {
            return NOT_BYTES;
        }
        let max = max.min(lengths.len());
        if receiver.is_packed() {
            return call.recv_packed(receiver, place, lengths, (max, passing));
        }
        let mut row = Row { place, lengths, count: 0 };
        let received = receiver.try_take_many(passing, max, &mut row);
        call.env.put(0, -1.0);
        match received {
            Ok(many) => {
                if let Some(message) = many.held {
                    call.hold(message, receiver.origin(), 0);
                }
                row.count as Answer
            }
            Err(TryRecvError::Empty) => NOTHING,
            Err(TryRecvError::Closed) => CLOSED,
        }
    })
}

/// Messages one behind the other, with their lengths, until one does not fit.
struct Row {
    place: Place,
    lengths: Lengths,
    count: usize,
}

impl Taking for Row {
    #[inline(always)]
    fn take(&mut self, message: &Message) -> Taken {
        if !self.place.write(message) {
            return Taken::EndGuard;
        }
        self.lengths.set(self.count, message.len());
        self.count += 1;
        self.place = self.place.after(message.len());
        if self.place.has_room() { Taken::More } else { Taken::Last }
    }
}
