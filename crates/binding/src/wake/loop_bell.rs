//! A bell of the event loop's own, an `uv_async_t`: ringing it holds no lock that the woken thread would want, and
//! keeping the loop alive by it, or not, is one store.
//!
//! Duty **hung**: the handle lies in its `LoopBell`'s memory, which is the handle's data, from `hang` until `closed`
//! has run; all but ringing happens on the loop's own thread.

use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::{self, NonNull};
use std::rc::Weak;

use napi::sys;

use crate::call::{Call, string};
use crate::environment::Env;
use crate::wake::libuv::{ASYNC, Handle, Libuv};

/// So often the listener is called on end, while others settle what it waits for, before the loop's other sources have
/// their turn.
const MOST_ROUNDS: u32 = 64;

/// What belongs to the handle.
struct LoopBell {
    libuv: &'static Libuv,
    /// The handle. Aligned as anything of libuv's may have to be.
    memory: Vec<u128>,
    raw: sys::napi_env,
    /// Weak: JavaScript that its loader drops is not kept by its bell.
    listener: sys::napi_ref,
    /// In which the listener is called, as Node's own callbacks are.
    context: sys::napi_async_context,
    /// Whose bell it is: alive while it has functions, or has not ended.
    env: Weak<Env>,
    /// How Node hears that the handle is closed: it keeps the loop going until then.
    ending: Cell<sys::napi_async_cleanup_hook_handle>,
}

/// Adds a bell to the loop: `listener` is called whenever it was rung. It keeps no loop alive yet.
pub(super) fn hang(
    call: Call<'_>,
    libuv: &'static Libuv,
    listener: sys::napi_ref,
    env: Weak<Env>,
) -> Option<NonNull<Handle>> {
    let (mut event_loop, mut context) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: *scope*, *out*.
    let status = unsafe { (libuv.napi_get_uv_event_loop)(call.raw, &mut event_loop) };
    if status != sys::Status::napi_ok {
        return None;
    }
    // SAFETY: *named*.
    let size = unsafe { (libuv.uv_handle_size)(ASYNC) };
    let memory = vec![0_u128; size.div_ceil(size_of::<u128>())];
    let name = string(call.raw, "millrace");
    // SAFETY: *scope*, *out*; without a resource Node makes one.
    let status = unsafe { (libuv.napi_async_init)(call.raw, ptr::null_mut(), name, &mut context) };
    if status != sys::Status::napi_ok {
        return None;
    }
    let bell =
        LoopBell { libuv, memory, raw: call.raw, listener, context, env, ending: Cell::new(ptr::null_mut()) };
    bell.add(event_loop)
}

impl LoopBell {
    fn add(mut self, event_loop: *mut c_void) -> Option<NonNull<Handle>> {
        let libuv = self.libuv;
        let handle = NonNull::new(self.memory.as_mut_ptr().cast::<Handle>())?;
        // SAFETY: *hung*: the memory is as long as the handle, and stays where it is when its owner moves.
        let status = unsafe { (libuv.uv_async_init)(event_loop, handle.as_ptr(), heard) };
        if status != 0 {
            self.forget_context();
            return None;
        }
        let data = Box::into_raw(Box::new(self));
        // SAFETY: *hung*: made above.
        unsafe { (libuv.uv_handle_set_data)(handle.as_ptr(), data.cast()) };
        // SAFETY: *hung*.
        unsafe { (libuv.uv_unref)(handle.as_ptr()) };
        Some(handle)
    }

    /// Calls the listener as Node calls its own: promises and ticks go on when it returns.
    fn tell(&self) {
        let mut scope = ptr::null_mut();
        // SAFETY: *scope*: the loop calls on the environment's thread. *out*.
        unsafe { sys::napi_open_handle_scope(self.raw, &mut scope) };
        let mut inside = ptr::null_mut();
        // SAFETY: *scope*, *out*; the context is live until the environment ends.
        let status = unsafe {
            (self.libuv.napi_open_callback_scope)(self.raw, ptr::null_mut(), self.context, &mut inside)
        };
        if status == sys::Status::napi_ok {
            self.call();
            // SAFETY: *scope*: opened above.
            unsafe { (self.libuv.napi_close_callback_scope)(self.raw, inside) };
        }
        // SAFETY: *scope*: opened above.
        unsafe { sys::napi_close_handle_scope(self.raw, scope) };
    }

    fn call(&self) {
        let (mut listener, mut this) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: *scope*, *out*: the reference lives as long as the bell hangs.
        unsafe { sys::napi_get_reference_value(self.raw, self.listener, &mut listener) };
        if listener.is_null() {
            return;
        }
        // SAFETY: *scope*, *out*.
        unsafe { sys::napi_get_undefined(self.raw, &mut this) };
        // SAFETY: *scope*: no arguments, and the result is not wanted.
        let status =
            unsafe { sys::napi_call_function(self.raw, this, listener, 0, ptr::null(), ptr::null_mut()) };
        if status != sys::Status::napi_pending_exception {
            return;
        }
        let (mut error, mut kind) = (ptr::null_mut(), sys::ValueType::napi_null);
        // SAFETY: *scope*, *out*.
        unsafe { sys::napi_get_and_clear_last_exception(self.raw, &mut error) };
        // SAFETY: *scope*, *out*; on failure the local keeps its value.
        unsafe { sys::napi_typeof(self.raw, error, &mut kind) };
        // Null is what a thread that is being stopped throws.
        if kind != sys::ValueType::napi_null {
            // SAFETY: *scope*. It goes where uncaught exceptions go.
            unsafe { (self.libuv.napi_fatal_exception)(self.raw, error) };
        }
    }

    fn forget_context(&self) {
        // SAFETY: *scope*, or in the cleanup hook, where nothing is made by it: the context of `hang`, once.
        unsafe { (self.libuv.napi_async_destroy)(self.raw, self.context) };
    }
}

/// Takes the bell from its loop, which nobody rings any more; `ending` is let go when that is done.
pub(super) fn close(
    libuv: &'static Libuv,
    handle: NonNull<Handle>,
    ending: sys::napi_async_cleanup_hook_handle,
) {
    // SAFETY: *hung*.
    let data = unsafe { (libuv.uv_handle_get_data)(handle.as_ptr()) };
    // SAFETY: *hung*.
    let bell = unsafe { &*data.cast::<LoopBell>() };
    bell.ending.set(ending);
    bell.forget_context();
    // SAFETY: *hung*: closed once, because it is taken from `Bell` once.
    unsafe { (libuv.uv_close)(handle.as_ptr(), closed) };
}

/// Rung. Never after `uv_close`.
unsafe extern "C" fn heard(handle: *mut Handle) {
    let Some(libuv) = Libuv::found() else { return };
    // SAFETY: *hung*.
    let data = unsafe { (libuv.uv_handle_get_data)(handle) };
    // SAFETY: *hung*.
    let bell = unsafe { &*data.cast::<LoopBell>() };
    let Some(env) = bell.env.upgrade() else { return };
    env.rings();
    let all_told = (0..MOST_ROUNDS).any(|_| {
        bell.tell();
        !env.rings_on()
    });
    env.rang();
    if !all_told {
        env.bell.ring();
    }
}

/// The loop has finished with the handle.
unsafe extern "C" fn closed(handle: *mut Handle) {
    let Some(libuv) = Libuv::found() else { return };
    // SAFETY: *hung*.
    let data = unsafe { (libuv.uv_handle_get_data)(handle) };
    // SAFETY: *hung*: the box of `add`, taken back once.
    let bell = unsafe { Box::from_raw(data.cast::<LoopBell>()) };
    let ending = bell.ending.get();
    drop(bell);
    if !ending.is_null() {
        // SAFETY: the handle of the hook that has run and waits for this, let go once.
        unsafe { (libuv.napi_remove_async_cleanup_hook)(ending) };
    }
}
