//! Bytes to copy from.

use std::marker::PhantomData;
use std::ptr;

use crate::message::{INLINE, Short};

/// Bytes to copy from: a slice, or memory that another thread may be writing meanwhile, of which no
/// Rust reference may be made.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub(super) start: *const u8,
    pub(super) len: usize,
    pub(super) lifetime: PhantomData<&'a [u8]>,
}

impl<'a> Source<'a> {
    /// # Safety
    /// *readable*: `start` is valid for reads of `len` bytes while the source is used.
    #[must_use]
    pub unsafe fn from_raw(start: *const u8, len: usize) -> Self {
        Self { start, len, lifetime: PhantomData }
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

    /// Where they start; to be read with the care that the type's description asks for.
    #[must_use]
    pub fn as_ptr(&self) -> *const u8 {
        self.start
    }

    /// The `len` bytes behind `offset`, if there are as many.
    #[must_use]
    pub fn part(&self, offset: usize, len: usize) -> Option<Source<'a>> {
        if offset.checked_add(len)? > self.len {
            return None;
        }
        // SAFETY: *readable* by construction: `offset` lies inside, as checked above.
        let start = unsafe { self.start.add(offset) };
        Some(Source { start, len, lifetime: PhantomData })
    }

    /// The bytes in an array, padded with zeros, when they fit.
    #[inline(always)]
    pub(crate) fn copy_short(&self) -> Option<Short> {
        if self.len > INLINE {
            return None;
        }
        if self.len == INLINE {
            // By a length that is known when this is compiled: in registers, where a call would be.
            // SAFETY: *readable* by construction, and bytes need no alignment.
            return Some(Short(unsafe { self.start.cast::<[u8; INLINE]>().read_unaligned() }));
        }
        let mut bytes = Short([0; INLINE]);
        if self.len > 0 {
            // SAFETY: *readable* by construction; `bytes` is a fresh local of at least that length.
            unsafe { ptr::copy_nonoverlapping(self.start, bytes.0.as_mut_ptr(), self.len) };
        }
        Some(bytes)
    }
}

impl<'a> From<&'a [u8]> for Source<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self { start: bytes.as_ptr(), len: bytes.len(), lifetime: PhantomData }
    }
}
