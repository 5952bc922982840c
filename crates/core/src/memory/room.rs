//! Memory that is written and read in place: the slots of a triple buffer. JavaScript's views of a room
//! may outlive the slot's turn, the end and the channel, so the room is shared with them, and no Rust
//! reference to its bytes is ever made: they are copied by pointer only.
//!
//! Duties, by name, beside those of `memory/mod.rs`:
//! * **turn**: the triple buffer gives a slot to one side at a time, and `&mut Slot` only to that side.
//!   JavaScript that writes through a view whose turn is over spoils the bytes, and nothing else.

use std::ptr::{self, NonNull};
use std::sync::Arc;

use super::{Block, Source};
use crate::error::NoMemory;

/// Zeroed native memory of a fixed length, which belongs to no thread.
#[derive(Debug, Default)]
pub struct Room {
    /// `None` where the length is 0.
    block: Option<Block>,
    len: usize,
}

impl Room {
    /// Memory for `len` bytes, which the system hands over page by page as they are touched.
    pub(crate) fn zeroed(len: usize) -> Result<Self, NoMemory> {
        let block = (len > 0).then(|| Block::zeroed(len)).transpose()?;
        Ok(Self { block, len })
    }

    /// Where the bytes start; for views of them.
    #[must_use]
    pub fn as_mut_ptr(&self) -> *mut u8 {
        self.block.as_ref().map_or(NonNull::dangling(), Block::start).as_ptr()
    }

    /// How many bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// One of the three slots of a triple buffer, with the value in it.
#[derive(Debug, Default)]
pub struct Slot {
    room: Arc<Room>,
    index: u32,
    /// The value's length in bytes.
    pub(crate) len: usize,
    /// Which of all published values it is, counted from 1; 0: none yet.
    pub(crate) number: u64,
}

impl Slot {
    pub(crate) fn new(index: u32, byte_length: usize) -> Result<Self, NoMemory> {
        Ok(Self { room: Arc::new(Room::zeroed(byte_length)?), index, len: 0, number: 0 })
    }

    /// Which of the three it is; stays the same for the life of the channel.
    #[must_use]
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Its memory.
    #[must_use]
    pub fn room(&self) -> &Arc<Room> {
        &self.room
    }

    /// The value's length in bytes; `None` before the first.
    #[must_use]
    pub fn value_len(&self) -> Option<usize> {
        (self.number > 0).then_some(self.len)
    }

    /// The value's bytes.
    #[must_use]
    pub fn source(&self) -> Source<'_> {
        // SAFETY: *readable*: the room has at least `len` bytes and lives as long as the slot; *turn*.
        unsafe { Source::from_raw(self.room.as_mut_ptr(), self.len) }
    }

    /// Copies `source`, which may lie in this very slot, to the start of the room; false when it does not fit.
    pub(crate) fn fill(&mut self, source: Source<'_>) -> bool {
        let fits = source.len() <= self.room.len;
        if fits && !source.is_empty() {
            // SAFETY: *readable* by construction; *turn*, and the room is long enough. `copy` allows for
            // a source that overlaps it.
            unsafe { ptr::copy(source.start, self.room.as_mut_ptr(), source.len) };
        }
        fits
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_slot_takes_what_fits_and_nothing_else() {
        let mut slot = Slot::new(0, 4).unwrap();
        assert_eq!(slot.value_len(), None);
        assert!(slot.fill(Source::from(&[1, 2, 3, 4][..])));
        assert!(!slot.fill(Source::from(&[0; 5][..])));
        (slot.len, slot.number) = (4, 1);
        assert_eq!(slot.source().copy_short().unwrap().0[..4], [1, 2, 3, 4]);
    }

    #[test]
    fn a_slot_may_be_filled_from_itself() {
        let mut slot = Slot::new(0, 4).unwrap();
        slot.fill(Source::from(&[1, 2, 3, 4][..]));
        slot.len = 3;
        let overlapping = slot.source();
        let whole = Source { start: overlapping.start, len: 3, lifetime: std::marker::PhantomData };
        assert!(slot.fill(whole));
        assert_eq!(slot.source().copy_short().unwrap().0[..3], [1, 2, 3]);
    }

    #[test]
    fn a_room_that_no_memory_holds_is_an_error() {
        for len in [usize::MAX, usize::MAX / 2] {
            assert_eq!(Room::zeroed(len).unwrap_err(), NoMemory { bytes: len });
        }
    }
}
