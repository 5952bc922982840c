//! The doorbell: how any thread makes an environment's event loop look at its settled waits.
//!
//! One threadsafe function without payload. It is rung under a lock, and the environment's cleanup
//! hook takes it away under the same lock, so nobody rings what the engine has taken down.

use std::ffi::c_void;
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use millrace_core::Environment;
use napi::sys;

/// The handle of one threadsafe function, null when it is gone.
struct Function(sys::napi_threadsafe_function);

// SAFETY: Node-API allows `napi_call_threadsafe_function` from any thread; the rest is called on the
// environment's own.
unsafe impl Send for Function {}

/// What the function goes with: whose bell it is, and who listens, weakly: JavaScript that its loader
/// drops is not kept by its bell.
struct Hung {
    environment: Arc<Environment>,
    listener: sys::napi_ref,
}

/// One environment's doorbell.
pub(crate) struct Bell(Mutex<Function>);

impl Bell {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Function(ptr::null_mut()))))
    }

    fn lock(&self) -> MutexGuard<'_, Function> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hangs the bell: `listener` is called on the loop whenever it was rung.
    pub(crate) fn hang(
        &self,
        raw: sys::napi_env,
        listener: sys::napi_ref,
        environment: Arc<Environment>,
    ) -> sys::napi_status {
        let name = crate::call::string(raw, "millrace");
        let context = Box::into_raw(Box::new(Hung { environment, listener })).cast::<c_void>();
        let mut function = ptr::null_mut();
        // SAFETY: *scope*, *out*; the context is a box that `let_go` takes back when the engine has
        // finished with the function.
        let status = unsafe {
            sys::napi_create_threadsafe_function(
                raw,
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
        if status == sys::Status::napi_ok {
            // SAFETY: *scope*: made above, on this thread. An idle handle keeps no loop alive.
            unsafe { sys::napi_unref_threadsafe_function(raw, function) };
            self.lock().0 = function;
        }
        status
    }

    /// Rings, from any thread; nothing happens when the bell is gone.
    pub(crate) fn ring(&self) {
        let function = self.lock();
        if function.0.is_null() {
            return;
        }
        // SAFETY: under the lock the function is live; see `take_down`.
        unsafe {
            sys::napi_call_threadsafe_function(
                function.0,
                ptr::null_mut(),
                sys::ThreadsafeFunctionCallMode::nonblocking,
            );
        }
    }

    /// Whether the bell keeps its event loop alive.
    pub(crate) fn keep_alive(&self, raw: sys::napi_env, on: bool) {
        let function = self.lock();
        if function.0.is_null() {
            return;
        }
        if on {
            // SAFETY: *scope*: on the environment's thread, with its live function.
            unsafe { sys::napi_ref_threadsafe_function(raw, function.0) };
        } else {
            // SAFETY: as above.
            unsafe { sys::napi_unref_threadsafe_function(raw, function.0) };
        }
    }

    /// The environment was collected, and its thread goes on: nobody rings, and the function goes.
    pub(crate) fn let_go_of(&self) {
        let function = std::mem::replace(&mut self.lock().0, ptr::null_mut());
        if !function.is_null() {
            // SAFETY: live until here, and used by nobody from here on.
            unsafe {
                sys::napi_release_threadsafe_function(function, sys::ThreadsafeFunctionReleaseMode::abort);
            }
        }
    }

    /// The environment ends: from here on nobody rings. The engine frees the function itself.
    pub(crate) fn take_down(&self) {
        self.lock().0 = ptr::null_mut();
    }
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
