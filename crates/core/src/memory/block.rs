//! One native block.

use std::alloc::{Layout, alloc, dealloc};
use std::ptr::{self, NonNull};
use std::sync::Arc;

use super::region::Region;
use super::slots::Place;
use super::{ALIGN, Source};
use crate::error::NoMemory;

/// A native block with a message's bytes at its start. Dropping it frees it, or puts it back where it is a
/// slot of its channel; see [`crate::Pool::recycle`].
#[derive(Debug)]
pub struct Block {
    start: NonNull<u8>,
    pub(super) room: usize,
    len: usize,
    /// Of a slot: what it lies in. Else its memory is its own.
    region: Option<Arc<Region>>,
}

// SAFETY: *owned*: a block is the only owner of its memory, or of its slot, which belongs to no thread.
unsafe impl Send for Block {}
// SAFETY: *owned*, and a shared block gives out shared slices only.
unsafe impl Sync for Block {}

impl Block {
    fn layout(room: usize) -> Result<Layout, NoMemory> {
        Layout::from_size_align(room, ALIGN).map_err(|_| NoMemory { bytes: room })
    }

    /// Memory for `room` bytes, more than none, of which none are filled yet.
    pub(super) fn allocate(room: usize) -> Result<Self, NoMemory> {
        let layout = Self::layout(room)?;
        // SAFETY: the layout is not empty: `room` is the size of a class or longer than `INLINE`.
        let start = unsafe { alloc(layout) };
        NonNull::new(start)
            .map(|start| Self { start, room, len: 0, region: None })
            .ok_or(NoMemory { bytes: room })
    }

    /// The slot of `room` bytes at `place`, which is the block's alone.
    pub(super) fn in_place(Place { region, offset }: Place, room: usize) -> Self {
        Self { start: region.at(offset), room, len: 0, region: Some(region) }
    }

    pub(super) fn is_slot(&self) -> bool {
        self.region.is_some()
    }

    pub(super) fn fill(&mut self, source: Source<'_>) {
        self.len = source.len;
        // SAFETY: *readable* by construction; the pool chose a block with at least that much room.
        unsafe { ptr::copy_nonoverlapping(source.start, self.start.as_ptr(), source.len) };
    }

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: *filled*: `fill` set `len` and wrote as many bytes.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }

    /// Where the bytes start; for lending them out.
    #[must_use]
    pub fn as_mut_ptr(&mut self) -> *mut u8 {
        self.start.as_ptr()
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

impl Drop for Block {
    fn drop(&mut self) {
        if let Some(region) = self.region.take() {
            let offset = region.offset_of(self.start);
            if let Some(home) = region.home() {
                home.put_back(Place { region, offset });
            }
        } else if let Ok(layout) = Self::layout(self.room) {
            // SAFETY: *owned*: allocated with this very layout, and nobody else frees it.
            unsafe { dealloc(self.start.as_ptr(), layout) };
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_length_that_no_memory_holds_is_an_error() {
        let refused = Block::allocate(usize::MAX / 2).unwrap_err();
        assert_eq!(refused.bytes, usize::MAX / 2);
    }
}
