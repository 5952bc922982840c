//! A bell for runtimes without libuv: a threadsafe function without payload.

use std::ffi::c_void;
use std::ptr::{self, NonNull};
use std::sync::Arc;

use millrace_core::Environment;
use napi::sys;

use crate::call::{Call, string};

/// What the function goes with: whose bell it is, and who listens, weakly: JavaScript that its loader
/// drops is not kept by its bell.
struct Hung {
    environment: Arc<Environment>,
    listener: sys::napi_ref,
}

/// Makes the function: `listener` is called on the loop whenever it was rung. It keeps no loop alive yet.
pub(super) fn hang(
    call: Call<'_>,
    listener: sys::napi_ref,
    environment: Arc<Environment>,
) -> Option<NonNull<c_void>> {
    let name = string(call.raw, "millrace");
    let context = Box::into_raw(Box::new(Hung { environment, listener })).cast::<c_void>();
    let mut function = ptr::null_mut();
    // SAFETY: *scope*, *out*; the context is a box that `let_go` takes back when the engine has
    // finished with the function.
    let status = unsafe {
        sys::napi_create_threadsafe_function(
            call.raw,
            ptr::null_mut(),
            ptr::null_mut(),
            name,
            0,
            1,
            context,
            Some(let_go),
            context,
            Some(heard),
            &mut function,
        )
    };
    if status != sys::Status::napi_ok {
        return None;
    }
    keep_alive(call.raw, function.cast(), false);
    NonNull::new(function.cast())
}

/// Whether it keeps its event loop alive.
pub(super) fn keep_alive(raw: sys::napi_env, function: *mut c_void, on: bool) {
    if on {
        // SAFETY: *scope*: on the environment's thread, with its live function.
        unsafe { sys::napi_ref_threadsafe_function(raw, function.cast()) };
    } else {
        // SAFETY: as above.
        unsafe { sys::napi_unref_threadsafe_function(raw, function.cast()) };
    }
}

/// Nobody rings it any more.
pub(super) fn release(function: NonNull<c_void>) {
    let abort = sys::ThreadsafeFunctionReleaseMode::abort;
    // SAFETY: live until here, and used by nobody from here on.
    unsafe { sys::napi_release_threadsafe_function(function.as_ptr().cast(), abort) };
}

/// On the loop: answers the ring, then calls the listener.
unsafe extern "C" fn heard(raw: sys::napi_env, _: sys::napi_value, context: *mut c_void, _: *mut c_void) {
    // Left over at the environment's end: Node 20 to 24.15 pass it on with a null environment.
    if raw.is_null() {
        return;
    }
    // SAFETY: the context is the box of `hang`, which `let_go` has not taken back yet.
    let hung = unsafe { &*context.cast::<Hung>() };
    hung.environment.answer();
    let (mut this, mut listener) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: *scope*, *out*: the reference lives as long as the bell hangs.
    unsafe { sys::napi_get_reference_value(raw, hung.listener, &mut listener) };
    if listener.is_null() {
        return;
    }
    // SAFETY: *scope*, *out*.
    unsafe { sys::napi_get_undefined(raw, &mut this) };
    // SAFETY: *scope*: no arguments, and the result is not wanted. An exception goes on to the loop.
    unsafe { sys::napi_call_function(raw, this, listener, 0, ptr::null(), ptr::null_mut()) };
}

/// The engine has finished with the function.
unsafe extern "C" fn let_go(_: sys::napi_env, context: *mut c_void, _: *mut c_void) {
    // SAFETY: the very pointer of `Box::into_raw` in `hang`, taken back once.
    drop(unsafe { Box::from_raw(context.cast::<Hung>()) });
}
