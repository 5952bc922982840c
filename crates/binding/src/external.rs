//! Native memory as an `ArrayBuffer`, with an owner that is dropped when the engine has finished with it.
//!
//! When a thread ends, Node has all its external buffers let go: the newest first, and also one whose
//! memory was moved away (`ArrayBuffer.prototype.transfer`, then `postMessage`) and is another thread's by
//! now. So each buffer has a guard, made after it and kept: a buffer of one byte, which is therefore let go
//! before it, looks whether it has its memory still, and if not leaves that to whoever has it, for good.
//!
//! ```text
//!   collected:       buffer: let_go -> owner dropped, guard released
//!   the thread ends: guard: look -> moved away? owner forgotten     then buffer: let_go
//! ```

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ptr;
use std::rc::Rc;

use napi::sys;

use crate::call::Call;

/// What a buffer and its guard share. Duty **loan**: each of their finalizers gets one count of it, and
/// runs once, on the environment's thread.
struct Loan<T> {
    owner: RefCell<Option<T>>,
    /// Weak.
    buffer: Cell<sys::napi_ref>,
    /// Strong, as long as there is an owner.
    guard: Cell<sys::napi_ref>,
    /// What the guard is a buffer of.
    byte: Cell<u8>,
}

/// An `ArrayBuffer` of the `len` bytes at `start`, which `owner` keeps; the owner comes back where the
/// runtime forbids external memory.
pub(crate) fn array_buffer<T: Send>(
    call: Call<'_>,
    (start, len): (*mut u8, usize),
    owner: T,
) -> Result<sys::napi_value, Option<T>> {
    let loan = Rc::new(Loan {
        owner: RefCell::new(Some(owner)),
        buffer: Cell::new(ptr::null_mut()),
        guard: Cell::new(ptr::null_mut()),
        byte: Cell::new(0),
    });
    let Some(buffer) = external(call, (start, len), let_go::<T>, &loan) else {
        return Err(loan.owner.take());
    };
    loan.buffer.set(reference(call, buffer, 0));
    if let Some(guard) = external(call, (loan.byte.as_ptr(), 1), look::<T>, &loan) {
        loan.guard.set(reference(call, guard, 1));
    }
    Ok(buffer)
}

fn external<T>(
    call: Call<'_>,
    (start, len): (*mut u8, usize),
    finalizer: unsafe extern "C" fn(sys::napi_env, *mut c_void, *mut c_void),
    loan: &Rc<Loan<T>>,
) -> Option<sys::napi_value> {
    let count = Rc::into_raw(Rc::clone(loan));
    let mut buffer = ptr::null_mut();
    // SAFETY: *scope*, *out*; the memory is the owner's or the loan's own, and kept until the finalizer runs.
    let status = unsafe {
        sys::napi_create_external_arraybuffer(
            call.raw,
            start.cast(),
            len,
            Some(finalizer),
            count.cast_mut().cast(),
            &mut buffer,
        )
    };
    if status == sys::Status::napi_ok {
        return Some(buffer);
    }
    // SAFETY: *loan*: the engine refused the buffer, and the finalizer will not run.
    drop(unsafe { Rc::from_raw(count) });
    None
}

fn reference(call: Call<'_>, value: sys::napi_value, count: u32) -> sys::napi_ref {
    let mut reference = ptr::null_mut();
    // SAFETY: *scope*, *out*; on failure the local stays null.
    unsafe { sys::napi_create_reference(call.raw, value, count, &mut reference) };
    reference
}

/// The guard goes: because the buffer did, or because the thread ends.
unsafe extern "C" fn look<T>(raw: sys::napi_env, _: *mut c_void, loan: *mut c_void) {
    // SAFETY: *loan*.
    let loan = unsafe { Rc::from_raw(loan.cast::<Loan<T>>().cast_const()) };
    if loan.owner.borrow().is_some() && !is_whole(raw, loan.buffer.get()) {
        let _ = loan.owner.take().map(ManuallyDrop::new);
    }
}

/// Whether the buffer has its memory still. Of one that was collected nobody knows.
fn is_whole(raw: sys::napi_env, reference: sys::napi_ref) -> bool {
    let (mut buffer, mut detached) = (ptr::null_mut(), true);
    // SAFETY: in a finalizer, which has a scope. *out*; a null reference is refused.
    unsafe { sys::napi_get_reference_value(raw, reference, &mut buffer) };
    if !buffer.is_null() {
        // SAFETY: as above; on failure the local keeps its value.
        unsafe { sys::napi_is_detached_arraybuffer(raw, buffer, &mut detached) };
    }
    !detached
}

/// The engine has finished with the buffer.
unsafe extern "C" fn let_go<T>(raw: sys::napi_env, _: *mut c_void, loan: *mut c_void) {
    // SAFETY: *loan*.
    let loan = unsafe { Rc::from_raw(loan.cast::<Loan<T>>().cast_const()) };
    drop(loan.owner.take());
    for reference in [loan.buffer.replace(ptr::null_mut()), loan.guard.replace(ptr::null_mut())] {
        if !raw.is_null() && !reference.is_null() {
            // SAFETY: made in `array_buffer`, and deleted once, on the environment's thread.
            unsafe { sys::napi_delete_reference(raw, reference) };
        }
    }
}
