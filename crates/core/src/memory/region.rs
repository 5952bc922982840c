//! Memory that several slots of one channel lie in. Each block in it, and each free place, holds a count
//! of it; it is freed with the last of them.

use std::alloc::{Layout, alloc, dealloc};
use std::ptr::NonNull;
use std::sync::{Arc, Weak};

use super::{ALIGN, Slots};
use crate::error::NoMemory;
use crate::observe::counts::REGIONS;

/// Bytes that are touched at once, or fewer than those.
const PAGE: usize = 4096;

/// Native memory of a fixed length, which belongs to no thread.
#[derive(Debug)]
pub(super) struct Region {
    start: NonNull<u8>,
    layout: Layout,
    /// Whose slots lie here; gone with its channel.
    home: Weak<Slots>,
}

// SAFETY: *owned*: a region is the only owner of its memory, which belongs to no thread.
unsafe impl Send for Region {}
// SAFETY: *owned*, and a shared region gives out addresses only.
unsafe impl Sync for Region {}

impl Region {
    /// Memory for `bytes` bytes, more than none, which the system hands over page by page as they are touched.
    pub(super) fn new(bytes: usize, home: Weak<Slots>) -> Result<Arc<Self>, NoMemory> {
        let layout = Layout::from_size_align(bytes, ALIGN).map_err(|_| NoMemory { bytes })?;
        // SAFETY: the layout is not empty: a region holds a slot or more.
        let start = unsafe { alloc(layout) };
        let start = NonNull::new(start).ok_or(NoMemory { bytes })?;
        REGIONS.up();
        Ok(Arc::new(Self { start, layout, home }))
    }

    /// Has the system hand over all of it now. Nobody else knows it yet.
    pub(super) fn touch(&self) {
        for offset in (0..self.layout.size()).step_by(PAGE) {
            // SAFETY: *owned*: the offset lies inside. Volatile, so that the write is not left out.
            unsafe { self.at(offset).write_volatile(0) };
        }
    }

    /// The address at `offset`.
    pub(super) fn at(&self, offset: usize) -> NonNull<u8> {
        assert!(offset < self.layout.size(), "offset {offset}");
        // SAFETY: *owned*: the offset is that of a slot, or of a page, of this region.
        unsafe { self.start.add(offset) }
    }

    /// Where in it an address lies.
    pub(super) fn offset_of(&self, address: NonNull<u8>) -> usize {
        address.addr().get() - self.start.addr().get()
    }

    /// The channel's slots, while it lives.
    pub(super) fn home(&self) -> Option<Arc<Slots>> {
        self.home.upgrade()
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: *owned*: allocated with this very layout, and nobody else frees it; no slot is left.
        unsafe { dealloc(self.start.as_ptr(), self.layout) };
    }
}
