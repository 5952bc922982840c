//! Native memory as an `ArrayBuffer`, with an owner that is dropped when the engine has finished with it: the slots of
//! triple buffers. What is lent and taken back again is a loan (`loans.rs`).
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
//! A buffer that was collected a moment before its thread ends cannot be told from one that was moved away and
//! then collected: where there is `transfer`, its owner is forgotten too. So that a process whose threads come and
//! go does not lose memory without end, they lend no more once `MOST_FORGOTTEN` is lost, and copy.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ptr;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

use napi::sys;

use crate::call::Call;

/// How many bytes the threads of this process may leave behind, before those to come copy.
const MOST_FORGOTTEN: usize = 8 << 20;
/// How many they have left behind.
static FORGOTTEN: AtomicUsize = AtomicUsize::new(0);

/// What a buffer and its guard share. Duty **shared**: each of their finalizers gets one count of it, and
/// runs once, on the environment's thread. What a call that failed has left behind of a buffer is not known (Node 20
/// runs the finalizer of one that is too long), so the count that it was given is left to it.
struct Shared<T> {
    owner: RefCell<Option<T>>,
    /// Bytes of it.
    len: usize,
    /// Whether the runtime can move it away.
    moves: bool,
    /// Weak.
    buffer: Cell<sys::napi_ref>,
    /// Strong, as long as there is an owner.
    guard: Cell<sys::napi_ref>,
    /// What the guard is a buffer of.
    byte: Cell<u8>,
}

/// Whether so much was forgotten that nothing more is lent to threads that may forget more.
pub(crate) fn too_much_is_forgotten() -> bool {
    // Relaxed: a limit, not a lock.
    FORGOTTEN.load(Ordering::Relaxed) >= MOST_FORGOTTEN
}

/// Leaves memory of `len` bytes to whoever may have it, for good.
pub(crate) fn forget<T>(len: usize, owner: T) {
    FORGOTTEN.fetch_add(len, Ordering::Relaxed);
    let _ = ManuallyDrop::new(owner);
}

/// An `ArrayBuffer` of the `len` bytes at `start`, which `owner` keeps; `None` where the runtime forbids external
/// memory, or too much was forgotten.
pub(crate) fn array_buffer<T: Send>(
    call: Call<'_>,
    (start, len): (*mut u8, usize),
    owner: T,
) -> Option<sys::napi_value> {
    if call.env.forgets() && too_much_is_forgotten() {
        return None;
    }
    let shared = Rc::new(Shared {
        owner: RefCell::new(Some(owner)),
        len,
        moves: call.env.moves.get(),
        buffer: Cell::new(ptr::null_mut()),
        guard: Cell::new(ptr::null_mut()),
        byte: Cell::new(0),
    });
    let Some(buffer) = external(call, (start, len), let_go::<T>, &shared) else {
        let owner = shared.owner.take();
        drop(owner);
        return None;
    };
    shared.buffer.set(reference(call, buffer, 0));
    if let Some(guard) = external(call, (shared.byte.as_ptr(), 1), look::<T>, &shared) {
        shared.guard.set(reference(call, guard, 1));
    }
    Some(buffer)
}

impl<T> Shared<T> {
    fn delete_references(&self, raw: sys::napi_env) {
        for reference in [&self.buffer, &self.guard] {
            let reference = reference.replace(ptr::null_mut());
            if !raw.is_null() && !reference.is_null() {
                // SAFETY: made in `array_buffer`, and deleted once, on the environment's thread.
                unsafe { sys::napi_delete_reference(raw, reference) };
            }
        }
    }
}

/// Takes an `ArrayBuffer`'s memory from it, so that no view has it any more; false when somebody else did before.
pub(crate) fn detach(call: Call<'_>, buffer: sys::napi_value) -> bool {
    // SAFETY: *scope*: a buffer that has its memory still.
    is_whole(call.raw, buffer)
        && unsafe { sys::napi_detach_arraybuffer(call.raw, buffer) } == sys::Status::napi_ok
}

/// Where an `ArrayBuffer`'s memory is, and how long; `None` when `value` is none.
pub(crate) fn memory_of(call: Call<'_>, value: sys::napi_value) -> Option<(usize, usize)> {
    let (mut start, mut len) = (ptr::null_mut(), 0);
    // SAFETY: *scope*, *out*.
    let status = unsafe { sys::napi_get_arraybuffer_info(call.raw, value, &mut start, &mut len) };
    (status == sys::Status::napi_ok).then_some((start as usize, len))
}

/// Whether the environment may still run JavaScript, asked without running any.
pub(crate) fn runs_on(raw: sys::napi_env) -> bool {
    let (mut value, mut equal) = (ptr::null_mut(), false);
    // SAFETY: *scope*, or in a finalizer, which has one. *out*.
    unsafe { sys::napi_get_undefined(raw, &mut value) };
    // SAFETY: as above; one of the functions that are refused once it may not.
    let status = unsafe { sys::napi_strict_equals(raw, value, value, &mut equal) };
    status == sys::Status::napi_ok
}

fn external<T>(
    call: Call<'_>,
    (start, len): (*mut u8, usize),
    finalizer: unsafe extern "C" fn(sys::napi_env, *mut c_void, *mut c_void),
    shared: &Rc<Shared<T>>,
) -> Option<sys::napi_value> {
    let count = Rc::into_raw(Rc::clone(shared));
    let mut buffer = ptr::null_mut();
    // SAFETY: *scope*, *out*; the memory is the owner's or the count's own, and kept until the finalizer runs.
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
    (status == sys::Status::napi_ok).then_some(buffer)
}

fn reference(call: Call<'_>, value: sys::napi_value, count: u32) -> sys::napi_ref {
    let mut reference = ptr::null_mut();
    // SAFETY: *scope*, *out*; on failure the local stays null.
    unsafe { sys::napi_create_reference(call.raw, value, count, &mut reference) };
    reference
}

/// The guard goes: because the buffer did, or because the thread ends.
unsafe extern "C" fn look<T>(raw: sys::napi_env, _: *mut c_void, shared: *mut c_void) {
    // SAFETY: *shared*.
    let shared = unsafe { Rc::from_raw(shared.cast::<Shared<T>>().cast_const()) };
    if shared.moves && shared.owner.borrow().is_some() && !is_whole(raw, referred(raw, shared.buffer.get())) {
        forget(shared.len, shared.owner.take());
    }
}

/// The value that a weak reference has; null when it was collected.
pub(crate) fn referred(raw: sys::napi_env, reference: sys::napi_ref) -> sys::napi_value {
    let mut value = ptr::null_mut();
    // SAFETY: *scope*, or in a finalizer, which has one. *out*; a null reference is refused.
    unsafe { sys::napi_get_reference_value(raw, reference, &mut value) };
    value
}

/// Whether it is a buffer that has its memory still. Of one that was collected nobody knows.
pub(crate) fn is_whole(raw: sys::napi_env, buffer: sys::napi_value) -> bool {
    let mut detached = true;
    if !buffer.is_null() {
        // SAFETY: as in `referred`; on failure the local keeps its value.
        unsafe { sys::napi_is_detached_arraybuffer(raw, buffer, &mut detached) };
    }
    !detached
}

/// The engine has finished with the buffer.
unsafe extern "C" fn let_go<T>(raw: sys::napi_env, _: *mut c_void, shared: *mut c_void) {
    // SAFETY: *shared*.
    let shared = unsafe { Rc::from_raw(shared.cast::<Shared<T>>().cast_const()) };
    drop(shared.owner.take());
    shared.delete_references(raw);
}
