//! No queue at all: a send completes only when a receive takes its message. crossbeam's zero flavor
//! pairs threads that block inside it, and nobody else; here `settle.rs` pairs waits of any kind, so
//! what is left for the queue is to have no room and nothing in it.

use crate::message::Message;

/// `bounded(0)` and `syncChannel(0)`.
pub(crate) struct Rendezvous;

impl Rendezvous {
    #[expect(clippy::unused_self, reason = "every flavor has it")]
    pub(crate) fn try_push(&self, message: Message) -> Result<(), Message> {
        Err(message)
    }
}
