//! JavaScript's bytes, looked up anew at each call: whoever holds a view may have moved its memory
//! since the last one.
//!
//! Duties, by name, that the SAFETY comments answer, beside those of `call.rs`:
//! * **view**: pointer and length were asked of the engine in this very call, and nothing of
//!   JavaScript runs before they are used.

use std::ptr;

use millrace_core::{INLINE, Message, Source};
use napi::sys;

use crate::call::Call;
use crate::outcome::{Answer, NO_MEMORY};

/// Where a `Uint8Array`'s bytes are, for the length of a call.
#[derive(Clone, Copy)]
pub(crate) struct View {
    start: *mut u8,
    len: usize,
}

impl View {
    /// `None` when `value` is not a `Uint8Array`. A detached one has length 0.
    pub(crate) fn of(call: Call<'_>, value: sys::napi_value) -> Option<Self> {
        let (kind, len, start) = typed_array(call, value)?;
        (kind == sys::TypedarrayType::uint8_array).then_some(Self { start: start.cast(), len })
    }

    /// Of no bytes.
    pub(crate) fn none() -> Self {
        Self { start: ptr::null_mut(), len: 0 }
    }

    /// Pointer and length, for memory that is kept.
    pub(crate) fn place(self) -> (*const u8, usize) {
        (self.start, self.len)
    }

    pub(crate) fn len(self) -> usize {
        self.len
    }

    /// The bytes to copy from.
    pub(crate) fn source<'a>(self) -> Source<'a> {
        // SAFETY: *view*: readable for that length until JavaScript runs again.
        unsafe { Source::from_raw(self.start, self.len) }
    }

    /// The `len` bytes behind `offset`, to copy from.
    pub(crate) fn part<'a>(self, offset: usize, len: usize) -> Option<Source<'a>> {
        self.source().part(offset, len)
    }

    /// A copy of the bytes; `None` when there is no memory for it.
    pub(crate) fn to_vec(self) -> Option<Vec<u8>> {
        let mut copy = Vec::new();
        copy.try_reserve_exact(self.len).ok()?;
        if self.len > 0 {
            // SAFETY: *view*: readable for that length, and room for as much was made.
            unsafe { ptr::copy_nonoverlapping(self.start.cast_const(), copy.as_mut_ptr(), self.len) };
        }
        // SAFETY: written above, all of them.
        unsafe { copy.set_len(self.len) };
        Some(copy)
    }

    /// Copies `source` to the start; false when it does not fit there.
    pub(crate) fn copy(self, source: Source<'_>) -> bool {
        let fits = source.len() <= self.len;
        if fits && !source.is_empty() {
            // SAFETY: *view*: long enough, as checked above; a source is readable by construction, and may
            // be the memory of another view of the caller's, this one included.
            unsafe { ptr::copy(source.as_ptr(), self.start, source.len()) };
        }
        fits
    }

    /// Copies a message to `offset`; false when it does not fit there.
    pub(crate) fn write(self, offset: usize, message: &Message) -> bool {
        self.write_bytes(offset, message.as_slice())
    }

    /// Copies native bytes to `offset`; false when they do not fit there.
    pub(crate) fn write_bytes(self, offset: usize, bytes: &[u8]) -> bool {
        if offset > self.len || self.len - offset < bytes.len() {
            return false;
        }
        if bytes.is_empty() {
            return true;
        }
        // SAFETY: *view*: `offset` lies inside, as checked above.
        let target = unsafe { self.start.add(offset) };
        match <&[u8; INLINE]>::try_from(bytes) {
            // By a length that is known when this is compiled: read in the pieces in which it was just written,
            // where a call would read across them and stall.
            // SAFETY: *view*: as many bytes are left behind `target`, as checked above; bytes need no alignment.
            Ok(whole) => unsafe { target.cast::<[u8; INLINE]>().write_unaligned(*whole) },
            // SAFETY: *view*: as many bytes are left behind `target`, as checked above; a message's memory
            // is never a view's.
            Err(_) => unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), target, bytes.len()) },
        }
        true
    }
}

/// A `Uint32Array`'s elements, for the length of a call.
#[derive(Clone, Copy)]
pub(crate) struct Lengths {
    start: *mut u32,
    len: usize,
}

impl Lengths {
    /// `None` when `value` is not a `Uint32Array`.
    pub(crate) fn of(call: Call<'_>, value: sys::napi_value) -> Option<Self> {
        let (kind, len, start) = typed_array(call, value)?;
        (kind == sys::TypedarrayType::uint32_array).then_some(Self { start: start.cast(), len })
    }

    pub(crate) fn len(self) -> usize {
        self.len
    }

    pub(crate) fn get(self, index: usize) -> usize {
        assert!(index < self.len, "length {index}");
        // SAFETY: *view*: `index` lies inside, as checked above.
        let place = unsafe { self.start.add(index) };
        // SAFETY: *view*: an element of the array.
        (unsafe { place.read() }) as usize
    }

    /// A copy of the first `count`; `None` when there are fewer, an error when there is no memory for it.
    pub(crate) fn first(self, count: usize) -> Option<Result<Vec<u32>, Answer>> {
        if count > self.len {
            return None;
        }
        let mut copy = Vec::new();
        if copy.try_reserve_exact(count).is_err() {
            return Some(Err(NO_MEMORY));
        }
        // SAFETY: *view*: there are as many elements, as checked above, and room for them was made.
        unsafe { ptr::copy_nonoverlapping(self.start.cast_const(), copy.as_mut_ptr(), count) };
        // SAFETY: written above, all of them.
        unsafe { copy.set_len(count) };
        Some(Ok(copy))
    }

    /// Sets those from `index` on.
    pub(crate) fn set_all(self, index: usize, lens: &[u32]) {
        assert!(
            index <= self.len && lens.len() <= self.len - index,
            "lengths {index} to {}",
            index + lens.len()
        );
        // SAFETY: *view*: `index` lies inside, or just behind, as checked above.
        let place = unsafe { self.start.add(index) };
        // SAFETY: *view*: as many elements are there, as checked above; native memory is never an array's.
        unsafe { ptr::copy_nonoverlapping(lens.as_ptr(), place, lens.len()) };
    }

    pub(crate) fn set(self, index: usize, len: usize) {
        assert!(index < self.len, "length {index}");
        // SAFETY: *view*: `index` lies inside, as checked above.
        let place = unsafe { self.start.add(index) };
        // SAFETY: *view*: an element of the array.
        unsafe { place.write(len as u32) };
    }
}

/// A new `Uint8Array` with a copy of `bytes`.
pub(crate) fn uint8_array(call: Call<'_>, bytes: &[u8]) -> sys::napi_value {
    let mut array = ptr::null_mut();
    // SAFETY: *scope*, *out*; the bytes live until the call returns.
    let status = unsafe {
        sys::napi_create_buffer_copy(
            call.raw,
            bytes.len(),
            bytes.as_ptr().cast(),
            ptr::null_mut(),
            &mut array,
        )
    };
    if status == sys::Status::napi_ok { array } else { call.undefined() }
}

/// The `ArrayBuffer` of a typed array; null when `value` is none.
pub(crate) fn buffer_of(call: Call<'_>, value: sys::napi_value) -> sys::napi_value {
    let mut buffer = ptr::null_mut();
    // SAFETY: *scope*, *out*; what is not wanted is null.
    unsafe {
        sys::napi_get_typedarray_info(
            call.raw,
            value,
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
            &mut buffer,
            ptr::null_mut(),
        );
    }
    buffer
}

/// A typed array's kind, length and memory; `None` when `value` is none.
fn typed_array(call: Call<'_>, value: sys::napi_value) -> Option<(i32, usize, *mut std::ffi::c_void)> {
    let (mut kind, mut len, mut start) = (0, 0, ptr::null_mut());
    // SAFETY: *scope*, *out*; what is not wanted is null.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            call.raw,
            value,
            &mut kind,
            &mut len,
            &mut start,
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    (status == sys::Status::napi_ok).then_some((kind, len, start))
}
