//! The slots of a channel whose memory is made up front: as many as it may queue messages, all of one
//! length. A message that finds none free, because others are sent, held or lent, takes a spare, which
//! belongs to the channel from then on.
//!
//! ```text
//!   made up front: [region: slot slot slot ...] [region: ...]     a spare: [region: slot]
//!   take: the slot that was put back last, else the next that was never used, else a new spare
//! ```
//! So few messages touch few slots, however many there are. A block that is dropped finds its way back by
//! itself; once the channel is gone it is freed, and what no block is left in with it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::region::Region;
use super::{ALIGN, Block};
use crate::error::NoMemory;

/// A region is about this long, or one slot: a message that outlives its channel keeps no more than that.
const REGION: usize = 2 << 20;

/// A channel's slots.
#[derive(Debug)]
pub(super) struct Slots {
    /// The longest message, in bytes.
    most: usize,
    /// From one slot to the next.
    stride: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What was put back, latest last. It has room for every slot there is.
    free: Vec<Place>,
    made: Vec<Arc<Region>>,
    /// How many slots of those made up front have been used.
    used: usize,
    capacity: usize,
    spares: usize,
    /// The channel is gone: nothing is put back any more.
    over: bool,
}

/// Where a slot lies.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) region: Arc<Region>,
    pub(super) offset: usize,
    /// How many of its bytes have ever been written.
    pub(super) filled: usize,
}

impl Slots {
    /// `capacity` slots for messages of up to `most` bytes, one at least; `prefault` touches them now.
    pub(super) fn new(capacity: usize, most: usize, prefault: bool) -> Result<Arc<Self>, NoMemory> {
        let whole = NoMemory { bytes: capacity.saturating_mul(most) };
        let Some(stride) = most.checked_next_multiple_of(ALIGN) else { return Err(whole) };
        let slots = Arc::new(Self { most, stride, state: Mutex::default() });
        let mut state = slots.state();
        let each = slots.slots_a_region();
        let reserved = state.free.try_reserve_exact(capacity);
        if reserved.is_err() || state.made.try_reserve_exact(capacity.div_ceil(each)).is_err() {
            return Err(whole);
        }
        for first in (0..capacity).step_by(each) {
            let region = Region::new(each.min(capacity - first) * stride, Arc::downgrade(&slots))?;
            if prefault {
                region.touch();
            }
            state.made.push(region);
        }
        state.capacity = capacity;
        drop(state);
        Ok(slots)
    }

    /// An empty block for `len` bytes.
    pub(super) fn take(self: &Arc<Self>, len: usize) -> Result<Block, NoMemory> {
        if len > self.most {
            return Err(NoMemory { bytes: len });
        }
        let mut state = self.state();
        if let Some(place) = state.free.pop() {
            return Ok(Block::in_place(place, self.stride));
        }
        let each = self.slots_a_region();
        if state.used < state.capacity && !state.over {
            let region = Arc::clone(&state.made[state.used / each]);
            let offset = state.used % each * self.stride;
            state.used += 1;
            return Ok(Block::in_place(Place { region, offset, filled: 0 }, self.stride));
        }
        // Room to put it back is had beforehand, so that putting back cannot fail.
        let all = state.capacity + state.spares + 1;
        let missing = all - state.free.len();
        state.free.try_reserve(missing).map_err(|_| NoMemory { bytes: len })?;
        let region = Region::new(self.stride, Arc::downgrade(self))?;
        state.spares += 1;
        Ok(Block::in_place(Place { region, offset: 0, filled: 0 }, self.stride))
    }

    /// Takes a slot back, to be the next one used.
    pub(super) fn put_back(&self, place: Place) {
        let mut state = self.state();
        if !state.over {
            state.free.push(place);
        }
    }

    /// The channel is gone: frees what no block lies in, and leaves the rest to the last block in it.
    pub(super) fn give_up(&self) {
        let mut state = self.state();
        state.over = true;
        let parts = (std::mem::take(&mut state.free), std::mem::take(&mut state.made));
        drop(state);
        // Here and now, and outside of the lock: who makes the next channel may need the memory.
        drop(parts);
    }

    /// How many bytes the free slots take.
    pub(super) fn free_bytes(&self) -> usize {
        let state = self.state();
        let unused = if state.over { 0 } else { state.capacity - state.used };
        (state.free.len() + unused) * self.stride
    }

    fn slots_a_region(&self) -> usize {
        (REGION / self.stride).max(1)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn taken(slots: &Arc<Slots>, count: usize) -> Vec<Block> {
        (0..count).map_while(|_| slots.take(100).ok()).collect()
    }

    fn spares(slots: &Slots) -> usize {
        slots.state().spares
    }

    #[test]
    fn the_slot_put_back_last_is_the_next_one_used() {
        let slots = Slots::new(3, 100, false).unwrap();
        let mut blocks = taken(&slots, 3);
        let places: Vec<_> = blocks.iter_mut().map(Block::as_mut_ptr).collect();
        drop(blocks.remove(1));
        drop(blocks.remove(0));
        let mut again = taken(&slots, 2);
        let used: Vec<_> = again.iter_mut().map(Block::as_mut_ptr).collect();
        assert_eq!(used, [places[0], places[1]]);
        assert_eq!(spares(&slots), 0);
    }

    #[test]
    fn slots_do_not_overlap_and_begin_on_a_cache_line() {
        // More than two regions, the last of them not full.
        let slots = Slots::new(50, 100_000, true).unwrap();
        let mut blocks: Vec<_> = (0..52).map(|_| slots.take(100_000).unwrap()).collect();
        let mut starts: Vec<_> = blocks.iter_mut().map(|block| block.as_mut_ptr().addr()).collect();
        starts.sort_unstable();
        assert!(starts.iter().all(|start| start % ALIGN == 0));
        assert!(starts.windows(2).all(|two| two[1] - two[0] >= 100_000));
        assert_eq!(spares(&slots), 2);
    }

    #[test]
    fn a_spare_is_made_once_and_kept() {
        let slots = Slots::new(2, 100, false).unwrap();
        for _ in 0..10 {
            let blocks = taken(&slots, 5);
            assert_eq!((spares(&slots), slots.free_bytes()), (3, 0));
            drop(blocks);
            assert_eq!(slots.free_bytes(), 5 * 128);
        }
    }

    #[test]
    fn a_longer_message_finds_no_slot() {
        let slots = Slots::new(1, 100, false).unwrap();
        assert_eq!(slots.take(101).unwrap_err(), NoMemory { bytes: 101 });
        assert!(slots.take(100).is_ok());
    }

    #[test]
    fn slots_given_up_are_freed_with_the_last_block_in_them() {
        // One region holds all of the first channel's slots; those of the second have one each.
        for most in [100, REGION] {
            let slots = Slots::new(4, most, false).unwrap();
            let mut blocks = taken(&slots, 4);
            let regions: Vec<_> = slots.state().made.iter().map(Arc::downgrade).collect();
            let kept = blocks.pop();
            slots.give_up();
            drop(blocks);
            assert_eq!(slots.free_bytes(), 0);
            let alive = || regions.iter().filter(|region| region.strong_count() > 0).count();
            assert_eq!(alive(), 1);
            drop(kept);
            assert_eq!(alive(), 0);
        }
    }

    #[test]
    fn a_block_asked_for_when_the_slots_are_given_up_is_freed_at_once() {
        let slots = Slots::new(2, 100, false).unwrap();
        slots.give_up();
        drop(slots.take(1).unwrap());
        assert_eq!((slots.free_bytes(), slots.state().free.len()), (0, 0));
    }

    #[test]
    fn slots_that_no_memory_holds_are_an_error() {
        for (capacity, most) in [(1, usize::MAX), (1, usize::MAX / 2), (usize::MAX, 100), (1 << 40, 1 << 40)]
        {
            assert!(Slots::new(capacity, most, false).is_err(), "{capacity} of {most}");
        }
    }
}
