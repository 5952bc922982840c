//! One native block.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc};
use std::ptr::{self, NonNull};
use std::sync::Arc;

use super::region::Region;
use super::slots::Place;
use super::{ALIGN, Pool, Source, stream};
use crate::error::NoMemory;
use crate::observe::counts::BLOCKS;

/// A native block with a message's bytes at its start. Dropping it frees it, or puts it back where it is a
/// slot of its channel; see [`Pool::recycle`].
#[derive(Debug)]
pub struct Block {
    start: NonNull<u8>,
    pub(super) room: usize,
    len: usize,
    /// How many bytes from the start have ever been written.
    filled: usize,
    memory: Memory,
    /// The pool that it was forwarded from and goes back to; `None`: that of its channel.
    home: Option<Arc<Pool>>,
}

/// Where a block's memory comes from.
#[derive(Debug)]
enum Memory {
    /// It was allocated as it is.
    Aligned,
    /// It lies so many bytes inside of what was allocated without an alignment.
    Loose { before: u8 },
    /// It is a slot of a region.
    Slot(Arc<Region>),
}

// SAFETY: *owned*: a block is the only owner of its memory, or of its slot, which belongs to no thread.
unsafe impl Send for Block {}
// SAFETY: *owned*, and a shared block gives out shared slices only.
unsafe impl Sync for Block {}

impl Block {
    fn aligned(room: usize) -> Result<Layout, NoMemory> {
        Layout::from_size_align(room, ALIGN).map_err(|_| NoMemory { bytes: room })
    }

    /// Of a block that lies somewhere inside of what is allocated.
    fn loose(room: usize) -> Result<Layout, NoMemory> {
        let more = room.checked_add(ALIGN).ok_or(NoMemory { bytes: room })?;
        Layout::from_size_align(more, 1).map_err(|_| NoMemory { bytes: room })
    }

    /// Memory for `room` bytes, at least one; none is filled yet.
    pub(super) fn allocate(room: usize) -> Result<Self, NoMemory> {
        let layout = Self::aligned(room)?;
        // SAFETY: the layout is not empty: `room` is the size of a class or longer than `INLINE`.
        let start = unsafe { alloc(layout) };
        let start = NonNull::new(start).ok_or(NoMemory { bytes: room })?;
        BLOCKS.up();
        Ok(Self { start, room, len: 0, filled: 0, memory: Memory::Aligned, home: None })
    }

    /// As `allocate`, filled with zeros, which the system hands over page by page as they are touched: only of
    /// what is hardly aligned, so the block lies somewhere inside of it.
    pub(super) fn zeroed(room: usize) -> Result<Self, NoMemory> {
        let layout = Self::loose(room)?;
        // SAFETY: the layout is not empty, as in `allocate`.
        let base = unsafe { alloc_zeroed(layout) };
        let base = NonNull::new(base).ok_or(NoMemory { bytes: room })?;
        BLOCKS.up();
        let before = base.align_offset(ALIGN);
        // SAFETY: *owned*: there are `ALIGN` bytes more than `room`, and fewer of them before the aligned one.
        let start = unsafe { base.add(before) };
        let memory = Memory::Loose { before: before as u8 };
        Ok(Self { start, room, len: 0, filled: room, memory, home: None })
    }

    /// The slot of `room` bytes at `place`, which is the block's alone.
    pub(super) fn in_place(Place { region, offset, filled }: Place, room: usize) -> Self {
        let start = region.at(offset);
        Self { start, room, len: 0, filled, memory: Memory::Slot(region), home: None }
    }

    pub(super) fn is_slot(&self) -> bool {
        matches!(self.memory, Memory::Slot(_))
    }

    /// Makes a copy of `source` its bytes; false when they do not fit.
    pub fn fill(&mut self, source: Source<'_>) -> bool {
        let fits = source.len <= self.room;
        if fits {
            self.fill_from(0, source);
        }
        fits
    }

    /// As `fill`, past the caches, for a block that another core has just read and will read again.
    pub(super) fn fill_past_caches(&mut self, source: Source<'_>) -> bool {
        let fits = source.len <= self.room;
        if fits {
            // SAFETY: *readable* by construction; there is room, and nobody else has this memory.
            let done = unsafe { stream::copy(source.start, self.start.as_ptr(), source.len) };
            self.fill_from(done, source);
        }
        fits
    }

    /// Copies what of `source` lies behind `done`, where the rest has been copied before.
    fn fill_from(&mut self, done: usize, source: Source<'_>) {
        self.len = source.len;
        self.filled = self.filled.max(source.len);
        // SAFETY: *readable*: `done` lies inside.
        let from = unsafe { source.start.add(done) };
        // SAFETY: *owned*: and here, too.
        let to = unsafe { self.start.as_ptr().add(done) };
        // SAFETY: *readable* by construction; there is room, and nobody else has this memory.
        unsafe { ptr::copy_nonoverlapping(from, to, source.len - done) };
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

    pub(super) fn has_home(&self) -> bool {
        self.home.is_some()
    }

    pub(super) fn take_home(&mut self) -> Option<Arc<Pool>> {
        self.home.take()
    }

    /// Where its memory starts.
    pub(super) fn start(&self) -> NonNull<u8> {
        self.start
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
        let (base, layout) = match std::mem::replace(&mut self.memory, Memory::Aligned) {
            Memory::Slot(region) => {
                let offset = region.offset_of(self.start);
                if let Some(home) = region.home() {
                    home.put_back(Place { region, offset, filled: self.filled });
                }
                return;
            }
            Memory::Aligned => (self.start, Self::aligned(self.room)),
            // SAFETY: *owned*: `zeroed` found the start that far behind the base.
            Memory::Loose { before } => (unsafe { self.start.sub(before.into()) }, Self::loose(self.room)),
        };
        if let Ok(layout) = layout {
            super::freed(layout.size());
            // SAFETY: *owned*: allocated with this very layout, and nobody else frees it.
            unsafe { dealloc(base.as_ptr(), layout) };
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
        for bytes in [usize::MAX / 2, usize::MAX] {
            assert_eq!(Block::zeroed(bytes).unwrap_err(), NoMemory { bytes });
        }
    }

    #[test]
    fn a_copy_past_the_caches_is_whole_wherever_it_comes_from() {
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(9000).collect();
        for (begin, len) in [(0, 0), (0, 15), (1, 16), (3, 8192), (7, 8992), (0, 9000)] {
            let source = &bytes[begin..][..len];
            let mut block = Block::allocate(9000).unwrap();
            assert!(block.fill_past_caches(Source::from(source)));
            assert_eq!(block.as_slice(), source);
        }
        assert!(!Block::allocate(100).unwrap().fill_past_caches(Source::from(&bytes[..101])));
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
