//! The doorbell: how any thread makes an environment's event loop look at its settled waits.
//!
//! ```text
//!   hang ------> ring, ring, ... from any thread, counted while under way ------> take_down: no more, none left
//!     |                       |                                                      |
//!     +- loop_bell.rs         +-> the loop: listener -> answer -> more? again        +- the loop closes the handle
//!     |  function_bell.rs, where there is no libuv                                      (the engine frees the function)
//! ```

mod function_bell;
mod libuv;
mod loop_bell;

use std::ffi::c_void;
use std::ptr;
use std::rc::Weak;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use millrace_core::{Revocable, micros};
use napi::sys;

use crate::call::Call;
use crate::environment::Env;
use libuv::Libuv;

/// One environment's doorbell.
#[derive(Default)]
pub(crate) struct Bell {
    /// A handle of libuv's where `libuv` is set, else a threadsafe function.
    rung: Revocable<c_void>,
    libuv: OnceLock<&'static Libuv>,
    /// By which `at_end` is taken back; used on the environment's thread only.
    hook: AtomicPtr<sys::napi_async_cleanup_hook_handle__>,
    /// When it was rung last, in microseconds as `micros` counts.
    rung_at: AtomicU64,
}

/// What is called when an environment ends: with something to be let go once all is done, or without.
type Ends = (
    unsafe extern "C" fn(sys::napi_async_cleanup_hook_handle, *mut c_void),
    unsafe extern "C" fn(*mut c_void),
);

impl Bell {
    /// Hangs the bell: `listener` is called on the loop whenever it was rung. `version`: of the libuv that the runtime runs
    /// on, where it runs on one.
    pub(crate) fn hang(
        &self,
        call: Call<'_>,
        listener: sys::napi_ref,
        env: Weak<Env>,
        version: Option<&str>,
    ) -> bool {
        let libuv = version.and_then(Libuv::of);
        let hung = libuv.and_then(|libuv| loop_bell::hang(call, libuv, listener, env));
        if let (Some(_), Some(libuv)) = (hung, libuv) {
            let _ = self.libuv.set(libuv);
        }
        let hung = hung.or_else(|| function_bell::hang(call, listener, Arc::clone(&call.env.core)));
        hung.map(|it| self.rung.provide(it)).is_some()
    }

    /// Has one of `ends` called, on the environment's thread, when the environment ends; it takes the bell down. False:
    /// it never will be.
    pub(crate) fn at_end(&self, raw: sys::napi_env, data: *mut c_void, (end, end_at_once): Ends) -> bool {
        let status = if let Some(libuv) = self.libuv.get() {
            let mut hook = ptr::null_mut();
            // SAFETY: *scope*, *out*; whoever ends the environment lets the hook's handle go.
            let status = unsafe { (libuv.napi_add_async_cleanup_hook)(raw, Some(end), data, &mut hook) };
            self.hook.store(hook, Ordering::Relaxed);
            status
        } else {
            // After the function was made, so that this hook runs before the engine takes it down.
            // SAFETY: *scope*.
            unsafe { sys::napi_add_env_cleanup_hook(raw, Some(end_at_once), data) }
        };
        status == sys::Status::napi_ok
    }

    /// Takes back what `at_end` asked for; the hook has not run.
    pub(crate) fn not_at_end(
        &self,
        raw: sys::napi_env,
        data: *mut c_void,
        end_at_once: unsafe extern "C" fn(*mut c_void),
    ) {
        if let Some(libuv) = self.libuv.get() {
            let hook = self.hook.swap(ptr::null_mut(), Ordering::Relaxed);
            // SAFETY: the handle of `at_end`, let go once.
            unsafe { (libuv.napi_remove_async_cleanup_hook)(hook) };
        } else {
            // SAFETY: *scope*: added in `at_end`, and has not run.
            unsafe { sys::napi_remove_env_cleanup_hook(raw, Some(end_at_once), data) };
        }
    }

    /// Rings, from any thread; nothing happens when the bell is gone.
    pub(crate) fn ring(&self) {
        // Relaxed: a hint, and the ring orders it.
        self.rung_at.store(micros(), Ordering::Relaxed);
        self.rung.with(|it| {
            if let Some(libuv) = self.libuv.get() {
                // SAFETY: *hung*, as nobody has taken it down: see `Revocable`. libuv takes rings from any thread.
                unsafe { (libuv.uv_async_send)(it.as_ptr()) };
                return;
            }
            let mode = sys::ThreadsafeFunctionCallMode::nonblocking;
            // SAFETY: the function is live, as nobody has taken it down. Node-API takes rings from any thread.
            unsafe { sys::napi_call_threadsafe_function(it.as_ptr().cast(), ptr::null_mut(), mode) };
        });
    }

    /// How many microseconds ago it was rung.
    pub(crate) fn rung_ago(&self) -> u64 {
        micros().saturating_sub(self.rung_at.load(Ordering::Relaxed))
    }

    /// Whether the bell keeps its event loop alive.
    pub(crate) fn keep_alive(&self, raw: sys::napi_env, on: bool) {
        self.rung.with(|it| match self.libuv.get() {
            // SAFETY: *hung*, and on the loop's thread.
            Some(libuv) if on => unsafe { (libuv.uv_ref)(it.as_ptr()) },
            // SAFETY: as above.
            Some(libuv) => unsafe { (libuv.uv_unref)(it.as_ptr()) },
            None => function_bell::keep_alive(raw, it.as_ptr(), on),
        });
    }

    /// The environment ends: when this returns nobody rings, nor will. `ending` is let go when the loop has closed the
    /// bell; a threadsafe function is freed by the engine itself.
    pub(crate) fn take_down(&self, ending: sys::napi_async_cleanup_hook_handle) {
        if let (Some(handle), Some(libuv)) = (self.rung.revoke(), self.libuv.get()) {
            loop_bell::close(libuv, handle, ending);
        }
    }

    /// The environment was collected, and its thread goes on: nobody rings, and the bell goes.
    pub(crate) fn let_go_of(&self) {
        match (self.rung.revoke(), self.libuv.get()) {
            (Some(handle), Some(libuv)) => loop_bell::close(libuv, handle, ptr::null_mut()),
            (Some(function), None) => function_bell::release(function),
            (None, _) => {}
        }
    }
}
