//! Many messages in one crossing. Short values come packed one behind the other, with their lengths;
//! long ones as an array of views. Received ones go one behind the other into a pool, with their lengths.

use std::collections::VecDeque;

use millrace_core::{Message, Sender, Taken, Taking, TryRecvError};
use napi::sys;

use crate::call::Call;
use crate::ends::receiver::Place;
use crate::ends::sender::failed;
use crate::memory::bytes::{Lengths, View};
use crate::outcome::{Answer, CLOSED, NO_MEMORY, NOT_BYTES, NOTHING, OK, TOO_MANY};

impl Call<'_> {
    /// Copies all messages before the first is sent.
    fn messages(self, [handle, parts, lengths]: [sys::napi_value; 3]) -> Result<VecDeque<Message>, Answer> {
        match (View::of(self, parts), Lengths::of(self, lengths)) {
            (Some(packed), Some(lengths)) => self.packed(handle, packed, lengths),
            _ => self.parts(handle, parts),
        }
    }

    /// Of short values that lie one behind the other.
    fn packed(
        self,
        handle: sys::napi_value,
        all: View,
        lengths: Lengths,
    ) -> Result<VecDeque<Message>, Answer> {
        let mut messages = VecDeque::new();
        messages.try_reserve(lengths.len()).map_err(|_| NO_MEMORY)?;
        let answer = self.with_sender(handle, |sender| {
            let mut offset = 0;
            for index in 0..lengths.len() {
                let Some(part) = all.part(offset, lengths.get(index)) else { return NOT_BYTES };
                offset += part.len();
                match self.copied(sender, part) {
                    Ok(message) => messages.push_back(message),
                    Err(answer) => return answer,
                }
            }
            OK
        });
        self.unless_failed(handle, messages, answer)
    }

    /// Of values that lie each by itself. A getter among them may do anything: what it was called beside is looked up
    /// again for each of them.
    fn parts(self, handle: sys::napi_value, parts: sys::napi_value) -> Result<VecDeque<Message>, Answer> {
        let mut failed = NOT_BYTES;
        let mut messages = VecDeque::new();
        let all = self.each(parts, |part| {
            failed = self.with_sender(handle, |sender| {
                let Some(view) = View::of(self, part) else { return NOT_BYTES };
                let copied = self.copied(sender, view.source());
                if messages.try_reserve(1).is_err() {
                    return NO_MEMORY;
                }
                copied.map_or_else(
                    |answer| answer,
                    |message| {
                        messages.push_back(message);
                        OK
                    },
                )
            });
            (failed == OK).then_some(())
        });
        self.unless_failed(handle, messages, if all.is_some() { OK } else { failed })
    }

    fn unless_failed(
        self,
        handle: sys::napi_value,
        messages: VecDeque<Message>,
        answer: Answer,
    ) -> Result<VecDeque<Message>, Answer> {
        if answer == OK {
            return Ok(messages);
        }
        self.with_sender(handle, |sender| {
            messages.into_iter().for_each(|message| sender.recycle(message));
            OK
        });
        Err(answer)
    }

    /// Runs `verb` with a live sender and the messages to be sent.
    fn with_messages(
        self,
        arguments: [sys::napi_value; 3],
        verb: impl FnOnce(&Sender, VecDeque<Message>) -> Answer,
    ) -> Answer {
        match self.messages(arguments) {
            Ok(messages) => self.with_sender(arguments[0], |sender| verb(sender, messages)),
            Err(answer) => answer,
        }
    }
}

pub(crate) fn try_send_many(call: Call<'_>, arguments: [sys::napi_value; 3]) -> Answer {
    call.with_messages(arguments, |sender, mut messages| {
        let sent = sender.try_send_many(&mut messages);
        messages.into_iter().for_each(|message| sender.recycle(message));
        sent.map_or(CLOSED, |count| count as Answer)
    })
}

/// How many were accepted, or a wait id.
pub(crate) fn send_many(call: Call<'_>, arguments: [sys::napi_value; 3]) -> Answer {
    call.with_messages(arguments, |sender, messages| {
        let count = messages.len() as Answer;
        let Some(token) = call.next_wait() else { return TOO_MANY };
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
    call.with_messages([handle, parts, lengths], |sender, messages| {
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
            return Taken::Held;
        }
        self.lengths.set(self.count, message.len());
        self.count += 1;
        self.place = self.place.after(message.len());
        if self.place.has_room() { Taken::More } else { Taken::Last }
    }
}
