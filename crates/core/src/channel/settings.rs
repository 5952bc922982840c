//! What a channel is made with.

use std::sync::Arc;

use crate::channel::leases::Leasing;
use crate::error::NoMemory;
use crate::flavors::Flavor;
use crate::memory::Pool;
use crate::message::INLINE;

/// What a channel is made with.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Shown by inspection.
    pub label: Option<String>,
    /// Carried for the ends' owners; the core does not read it.
    pub meta: String,
    /// How long a blocking wait spins before it sleeps, in microseconds; adaptive when absent.
    pub spin_micros: Option<u32>,
    /// An awaiting wait begins at once, without a last moment's look.
    pub unpolled: bool,
    /// Most payload bytes that may be queued.
    pub max_bytes: Option<usize>,
    /// What becomes of a message for which there is no room.
    pub overflow: Overflow,
    /// Longest message; memory for as many as may be queued is made up front, and recycled.
    pub slot_bytes: Option<usize>,
    /// Touches that memory when it is made.
    pub prefault: bool,
    /// A sender that goes with a thread that died fails the channel.
    pub death_fails: bool,
    /// Keeps how long messages wait, for [`crate::Stats::waits`].
    pub timing: bool,
    /// What is received is leased, and goes back unless it is settled.
    pub leasing: Option<Leasing>,
}

/// What becomes of a message for which there is no room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Overflow {
    /// It waits.
    #[default]
    Wait,
    /// It is dropped.
    DropNewest,
    /// The oldest are dropped, until it fits.
    DropOldest,
}

/// Most memory that is made up front for slots, in bytes.
const MAX_SLOT_MEMORY: usize = 1 << 30;

impl Settings {
    /// The memory of a channel's messages; slots no longer than `INLINE` lie inside the queue.
    pub(crate) fn make_pool(&self, flavor: Flavor) -> Result<Arc<Pool>, NoMemory> {
        match self.slot_bytes {
            Some(slot_bytes) if slot_bytes > INLINE => {
                let capacity = flavor.capacity().unwrap_or(0);
                let bytes = capacity.saturating_mul(slot_bytes);
                if bytes > MAX_SLOT_MEMORY {
                    return Err(NoMemory { bytes });
                }
                Pool::of_slots(capacity, slot_bytes, self.prefault)
            }
            _ => Ok(Pool::new()),
        }
    }
}
