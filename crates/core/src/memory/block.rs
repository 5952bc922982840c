//! One native block.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc};
use std::ptr::{self, NonNull};
use std::sync::Arc;

use super::{ALIGN, Pool, Source};
use crate::error::NoMemory;

/// A native block with a message's bytes at its start. Dropping it frees it; see [`Pool::recycle`].
#[derive(Debug)]
pub struct Block {
    start: NonNull<u8>,
    /// What was allocated, in which the block lies at the first aligned place.
    base: NonNull<u8>,
    layout: Layout,
    pub(super) room: usize,
    len: usize,
    /// How many bytes from the start have ever been written.
    filled: usize,
    /// The pool that it was forwarded from and goes back to; `None`: that of its channel.
    home: Option<Arc<Pool>>,
}

// SAFETY: *owned*: a block is the only owner of its memory, which belongs to no thread.
unsafe impl Send for Block {}
// SAFETY: *owned*, and a shared block gives out shared slices only.
unsafe impl Sync for Block {}

impl Block {
    /// Memory for `room` bytes, more than none, of which none are filled yet.
    pub(super) fn allocate(room: usize) -> Result<Self, NoMemory> {
        let layout = Layout::from_size_align(room, ALIGN).map_err(|_| NoMemory { bytes: room })?;
        // SAFETY: the layout is not empty: `room` is the size of a class or longer than `INLINE`.
        let base = unsafe { alloc(layout) };
        Self::new(base, layout, room, 0)
    }

    /// As `allocate`, filled with zeros, which the system hands over page by page as they are touched: only of
    /// what is hardly aligned, so the block lies somewhere inside of it.
    pub(super) fn zeroed(room: usize) -> Result<Self, NoMemory> {
        let more = room.checked_add(ALIGN).ok_or(NoMemory { bytes: room })?;
        let layout = Layout::from_size_align(more, 1).map_err(|_| NoMemory { bytes: room })?;
        // SAFETY: the layout is not empty, as in `allocate`.
        let base = unsafe { alloc_zeroed(layout) };
        Self::new(base, layout, room, room)
    }

    fn new(base: *mut u8, layout: Layout, room: usize, filled: usize) -> Result<Self, NoMemory> {
        let base = NonNull::new(base).ok_or(NoMemory { bytes: room })?;
        let before = base.align_offset(ALIGN);
        // SAFETY: *owned*: an aligned `base` is the start, and else there are `ALIGN` bytes more than `room`.
        let start = unsafe { base.add(before) };
        Ok(Self { start, base, layout, room, len: 0, filled, home: None })
    }

    /// Makes a copy of `source` its bytes; false when they do not fit.
    pub fn fill(&mut self, source: Source<'_>) -> bool {
        let fits = source.len <= self.room;
        if fits {
            self.len = source.len;
            self.filled = self.filled.max(source.len);
            // SAFETY: *readable* by construction; there is room, and nobody else has this memory.
            unsafe { ptr::copy_nonoverlapping(source.start, self.start.as_ptr(), source.len) };
        }
        fits
    }

    /// Makes it `len` bytes long, as far as there is room; those never written before are zeros.
    pub fn set_len(&mut self, len: usize) {
        self.len = len.min(self.room);
        if self.len > self.filled {
            // SAFETY: *owned*: `filled` lies inside of the block.
            let start = unsafe { self.start.as_ptr().add(self.filled) };
            // SAFETY: *owned*: as many bytes are left behind `start`.
            unsafe { ptr::write_bytes(start, 0, self.len - self.filled) };
            self.filled = self.len;
        }
    }

    /// From now on it goes back to `home` wherever it is recycled; one that has such a home keeps it.
    pub fn belongs_to(&mut self, home: &Arc<Pool>) {
        self.home.get_or_insert_with(|| Arc::clone(home));
    }

    pub(super) fn take_home(&mut self) -> Option<Arc<Pool>> {
        self.home.take()
    }

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: *filled*: `len` is never more than `filled`.
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

    /// How many it could have.
    #[must_use]
    pub fn room(&self) -> usize {
        self.room
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: *owned*: allocated with this very layout, and nobody else frees it.
        unsafe { dealloc(self.base.as_ptr(), self.layout) };
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_length_that_no_memory_holds_is_an_error() {
        let refused = Block::allocate(usize::MAX / 2).unwrap_err();
        assert_eq!(refused.bytes, usize::MAX / 2);
        for bytes in [usize::MAX / 2, usize::MAX] {
            assert_eq!(Block::zeroed(bytes).unwrap_err(), NoMemory { bytes });
        }
    }

    #[test]
    fn a_zeroed_block_is_aligned_and_whole() {
        for room in [1, 63, 128, 100_000] {
            let mut block = Block::zeroed(room).unwrap();
            block.set_len(room);
            assert_eq!(block.as_mut_ptr().align_offset(ALIGN), 0);
            assert_eq!(block.as_slice(), vec![0; room]);
        }
    }
}
