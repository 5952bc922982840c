//! Arrays of the caller's. An element may have a getter, which may do anything: so an array is read before anything of
//! ours is borrowed or any memory looked up, element by element, and no further than its first wrong one.

use std::ptr;

use napi::sys;

use crate::call::Call;

/// Values of a longer array are let go one by one; of a shorter one, when the call ends.
const SHORT: usize = 64;

impl Call<'_> {
    /// How long an array is; `None`: it is none.
    pub(crate) fn length_of(self, array: sys::napi_value) -> Option<usize> {
        let mut len = 0;
        // SAFETY: *scope*, *out*.
        let status = unsafe { sys::napi_get_array_length(self.raw, array, &mut len) };
        (status == sys::Status::napi_ok).then_some(len as usize)
    }

    /// What `read` makes of each element. `None` when the value is no array, when a getter throws, when `read` wants an
    /// element not, or when there is no memory for the list.
    pub(crate) fn each<T>(
        self,
        array: sys::napi_value,
        mut read: impl FnMut(sys::napi_value) -> Option<T>,
    ) -> Option<Vec<T>> {
        let len = self.length_of(array)?;
        let mut list = Vec::new();
        for index in 0..len {
            let mut item = || read(self.element(array, index)?);
            let item = if len <= SHORT { item() } else { self.scoped(item) }?;
            list.try_reserve(1).ok()?;
            list.push(item);
        }
        Some(list)
    }

    /// The elements themselves of an array that is `len` long.
    pub(crate) fn values(self, array: sys::napi_value, len: usize) -> Option<Vec<sys::napi_value>> {
        if self.length_of(array)? != len {
            return None;
        }
        (0..len).map(|index| self.element(array, index)).collect()
    }

    /// `None` when its getter throws.
    fn element(self, array: sys::napi_value, index: usize) -> Option<sys::napi_value> {
        let mut value = ptr::null_mut();
        // SAFETY: *scope*, *out*; lengths are 32 bits wide.
        let status = unsafe { sys::napi_get_element(self.raw, array, index as u32, &mut value) };
        (status == sys::Status::napi_ok).then_some(value)
    }

    /// Values that `body` meets are let go when it ends.
    fn scoped<R>(self, body: impl FnOnce() -> R) -> R {
        let mut scope = ptr::null_mut();
        // SAFETY: *scope*, *out*.
        unsafe { sys::napi_open_handle_scope(self.raw, &mut scope) };
        let result = body();
        // SAFETY: *scope*: opened above, and nothing in it is given out.
        unsafe { sys::napi_close_handle_scope(self.raw, scope) };
        result
    }
}
