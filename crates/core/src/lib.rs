//! Channels that carry plain bytes between threads, without Node: the core of millrace.
//!
//! ```text
//!   sender.rs    receiver.rs     the verbs: try, register, block     latest.rs   those of the triple buffer
//!        \         /
//!        channel.rs              one queue, two waiting lists, the signs that fast paths look at
//!        /    |    \
//!  flavors/ settle.rs close.rs   the Rust channels | who gets what | ends that come and go
//!             |
//!        wait.rs  pending.rs     a wait and its place | a wait as its owner holds it
//!        environment.rs          where awaited waits are told   blocking.rs  spin.rs   where others park
//!  packed.rs  batch.rs           the queue of a channel that takes packs | the verbs that send them
//!  discard.rs                    what becomes of a queue that nobody will read
//!  message.rs  memory.rs         bytes in flight | blocks, recycled: all `unsafe`
//!  ticket.rs  janitor.rs         ends in flight | work that waits for a time
//!  inspect.rs  trace.rs  watch.rs    what is open | what a traced process says of it | what has closed
//! ```
//! A message's way: `Sender::try_send` -> `Queue::try_push` -> (`Channel::pushed` -> `settle` when a
//! receive waits) -> `Receiver::try_recv` or the wait it was handed to.

mod batch;
mod blocking;
mod bundle;
mod channel;
mod close;
mod discard;
mod end;
mod environment;
mod error;
mod flavors;
mod handoff;
mod inspect;
mod janitor;
mod latest;
mod memory;
mod message;
mod packed;
mod pending;
mod primitives;
mod receiver;
mod registry;
mod select;
mod sender;
mod settle;
mod snapshot;
mod spin;
mod stats;
mod ticket;
mod trace;
mod wait;
mod watch;

pub use batch::Batch;
pub use blocking::Patience;
pub use bundle::Bundle;
pub use channel::{Overflow, Settings};
pub use end::Side;
pub use environment::{Environment, EnvironmentId};
pub use error::{
    Closed, NoMemory, PublishError, RecvError, SendError, TryRecvError, TrySendError, UnknownTicket,
};
pub use flavors::{Flavor, MAX_CAPACITY};
pub use inspect::{Holder, OpenChannel, OpenEnd, name_thread, open_channels};
pub use latest::{Changed, Input, Output, triple_buffer};
pub use memory::{Block, Pool, Room, Slot, Source};
pub use message::{INLINE, Message};
pub use packed::{Run, span};
pub use pending::{Origin, Pending, Verb};
pub use receiver::{Many, Received, Receiver, Taken, Taking};
pub use registry::{Registry, block_allocations, registry, slot_allocations};
pub use select::{Case, Chosen, PendingSelect, Selected, select, select_or_wait, try_select};
pub use sender::{MAX_PENDING, Sender, Sent, Short};
pub use snapshot::Snapshot;
pub use stats::Stats;
pub use ticket::{AnyEnd, GRACE, TicketName, Tickets};
#[cfg(not(loom))]
pub use ticket::{orphan_tickets, tickets};
pub use trace::{STANDSTILL, tell_open, trace};
pub use wait::{Outcome, Waiter};
pub use watch::{ClosedChannel, next_closed, unwatch, watch};

use std::sync::Arc;

/// Makes a channel, both ends held by `environment`.
///
/// # Errors
/// [`NoMemory`] when the queue's slots cannot be had.
pub fn channel(
    flavor: Flavor,
    settings: Settings,
    environment: &Arc<Environment>,
) -> Result<(Sender, Receiver), NoMemory> {
    let channel = channel::Channel::new(flavor, settings)?;
    let end = |side| close::Held::new(&channel, side, environment.id());
    Ok((Sender::new(end(Side::Sender), environment), Receiver::new(end(Side::Receiver), environment)))
}
