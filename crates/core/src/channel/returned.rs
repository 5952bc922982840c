//! Messages that were given to a receive and came back: they lie ahead of the queue, in their order.

use crate::channel::end::{End, Sum};
use crate::channel::{Channel, Inner, LEASING, REFUSED};
use crate::message::Message;
use crate::primitives::Ordering;

impl Channel {
    pub(crate) fn take_returned(&self, inner: &mut Inner) -> Option<Message> {
        let first = || inner.back.pop_first().map(|(_, message)| message);
        let message = inner.returned.pop_front().or_else(first);
        self.show_ahead(inner);
        message
    }

    pub(crate) fn show_ahead(&self, inner: &Inner) {
        let leasing = if self.leases.is_some() { LEASING } else { 0 };
        self.flags.returned.store((inner.returned.len() + inner.back.len()) | leasing, Ordering::Release);
    }

    /// Puts messages that `end` was given, and that were counted as received, back, ahead of the queue, in their
    /// order.
    pub(crate) fn give_back(&self, end: &End, messages: Vec<Message>) {
        // What was seen of a watch is there still.
        if self.queue.watch().is_some() {
            return;
        }
        let mut unwanted = Vec::new();
        self.change(|inner, _| {
            for message in messages.into_iter().rev() {
                unwanted.extend(self.give_one_back(inner, end, message));
            }
        });
        drop(unwanted);
    }

    /// As `give_back`, of one, under the lock; the message comes back where nobody wants it.
    pub(crate) fn give_one_back(&self, inner: &mut Inner, end: &End, message: Message) -> Option<Message> {
        let bytes = message.len();
        inner.given_back += Sum { messages: 1, bytes: bytes as u64 };
        if let Some(leases) = self.leases.as_ref().filter(|_| message.is_leased()) {
            leases.put_back(end);
        }
        if inner.audience.is_some() {
            return self.give_back_to(inner, end, message);
        }
        if self.phase() & REFUSED == 0 && !message.is_abandoned() {
            self.put_first(inner, message);
            return None;
        }
        self.settled_room(bytes);
        inner.withdraw(&message);
        Some(message)
    }

    pub(crate) fn put_first(&self, inner: &mut Inner, message: Message) {
        match message.as_leased().map(|leased| leased.number) {
            Some(number) => drop(inner.back.insert(number, message)),
            None => inner.returned.push_front(message),
        }
        self.show_ahead(inner);
    }
}
