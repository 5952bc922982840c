//! The memory of messages: native blocks, and the pool of a channel that recycles them. All of the
//! core's `unsafe` lies here.
//!
//! ```text
//!            copy                    recycle
//!   Source -------> Block ... Block ---------> shelf of its size class --(next copy)--> Block
//! ```
//! The shelves are stacks, so the block touched last, which is still in the cache, is used next. They
//! hold a bounded number of blocks, and are emptied when the channel has been idle for a second. A channel
//! whose slots are made up front has one stack of its own, and keeps it.
//!
//! Duties, by name, that the SAFETY comments answer:
//! * **readable**: a source pointer is valid for reads of its length for the whole call;
//! * **owned**: a block's pointer comes from `alloc` with the block's layout, and is freed once, or lies in
//!   a region, which the block keeps;
//! * **filled**: a block's first `filled` bytes have been written, and no others are ever shown.
//!
//! `source.rs`: what is copied. `block.rs`: one block. `pool.rs`: the free ones. `magazine.rs`: those that an
//! end has at hand. `slots.rs`: those made up front, in a `region.rs`. `room.rs`: triple buffers. `stream.rs`: copies past
//! the caches. `fence.rs`: a full fence. `give_back.rs`: what was freed, back to the system.

mod block;
#[cfg(all(target_arch = "x86_64", not(loom), not(miri)))]
mod fence;
mod give_back;
mod magazine;
mod pool;
mod region;
mod room;
mod slots;
mod source;
mod stream;

pub use block::Block;
#[cfg(all(target_arch = "x86_64", not(loom), not(miri)))]
pub(crate) use fence::locked_instruction;
pub(crate) use give_back::freed;
pub(crate) use magazine::Magazine;
pub use pool::Pool;
pub use room::{Room, Slot};
use slots::Slots;
pub use source::Source;

/// Blocks start on a cache line, which also suits every typed array.
const ALIGN: usize = 64;
