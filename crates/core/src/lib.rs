//! Channels that carry plain bytes between threads, without Node: the core of millrace.
//!
//! ```text
//!   ends/       sender receiver  the verbs: try, register, block      latest: those of the triple buffer
//!        \         /             select, tickets (ends in flight), batch (verbs that send packs)
//!   channel/                     one queue, two waiting lists, the flags that fast paths look at
//!        /    |    \             settle: who gets what | close: ends that come and go | packed, discard
//!   calls/    |                  a call, its request, and the answer that whoever has the request settles it with
//!   flavors/  |   wait/          the Rust channels | a wait and its place, blocking or awaited, spinning
//!             |
//!   message  memory/             bytes in flight | blocks, recycled: all `unsafe`
//!   observe/  janitor            figures, lists, traces, what has closed | work that waits for a time
//! ```
//! A message's way: `Sender::try_send` -> `Queue::try_push` -> (`Channel::pushed` -> `settle` when a
//! receive waits) -> `Receiver::try_recv` or the wait it was handed to.

// Shuttle has all of loom that is used here, by the same names.
#[cfg(shuttle)]
extern crate shuttle as loom;

mod calls;
mod channel;
mod ends;
mod error;
mod flavors;
mod janitor;
mod memory;
mod message;
mod observe;
mod primitives;
mod wait;

pub use calls::Answer;
pub use calls::asked::Asked;
pub use calls::request::Request;
pub use channel::close::reason::{CloseKind, CloseReason, Death, ErrorBytes, bury, note_death};
pub use channel::end::Side;
pub use channel::leases::Leasing;
pub use channel::payload::Payload;
pub use channel::payload::packed::{PACKED_ALIGN, Run, span};
pub use channel::{Overflow, Settings};
pub use ends::batch::Batch;
pub use ends::changes::Changed;
pub use ends::latest::{Input, Output, triple_buffer};
pub use ends::lease::Lease;
pub use ends::receiver::{Many, Received, Receiver, Taken, Taking};
pub use ends::select::{Case, Chosen, PendingSelect, Selected, select, select_or_wait, try_select};
pub use ends::sender::{MAX_PENDING, Sender, Sent, Short};
pub use ends::ticket::{AnyEnd, GRACE, TicketName, Tickets};
#[cfg(not(loom))]
pub use ends::ticket::{orphan_tickets, tickets};
pub use ends::watch::{WatchReceiver, WatchSender, watch_channel};
pub use error::{
    CallError, Closed, NoMemory, PublishError, RecvError, SendError, SetError, TryRecvError, TrySendError,
    UnknownTicket,
};
pub use flavors::{Broadcast, Flavor, MAX_CAPACITY};
pub use memory::{Block, Pool, Room, Slot, Source};
pub use message::{INLINE, Message};
pub use observe::closed::{ClosedChannel, next_closed, unwatch, watch};
pub use observe::counts::{Registry, block_allocations, registry, slot_allocations};
pub use observe::growth::Growth;
pub use observe::inspect::{Holder, OpenChannel, OpenEnd, name_thread, open_channels, survey};
pub use observe::snapshot::Snapshot;
pub use observe::stats::Stats;
pub use observe::timing::Waits;
pub use observe::trace::{STANDSTILL, tell_open, trace};
pub use wait::blocking::Patience;
pub use wait::claimant::micros;
pub use wait::cores::see_cores;
pub use wait::environment::{Environment, EnvironmentId};
pub use wait::pending::{Origin, Pending, Verb};
pub use wait::revocable::Revocable;
pub use wait::{Outcome, Waiter};

use std::sync::Arc;

/// Makes a channel, both ends held by `environment`.
///
/// # Errors
/// [`NoMemory`] when there is not enough memory for the queue's slots.
pub fn channel(
    flavor: Flavor,
    settings: Settings,
    environment: &Arc<Environment>,
) -> Result<(Sender, Receiver), NoMemory> {
    let channel = channel::Channel::new(flavor, settings)?;
    let end = |side| channel::close::EndGuard::new(&channel, side, environment.id());
    Ok((Sender::new(end(Side::Sender), environment), Receiver::new(end(Side::Receiver), environment)))
}
