//! Native memory as an `ArrayBuffer`, with an owner that is dropped when the engine has finished with it.
//!
//! When a thread ends, Node has all its external buffers let go, also one whose memory was moved away
//! (`ArrayBuffer.prototype.transfer`, then `postMessage`) and is another thread's by now. It runs the
//! environment's cleanup hooks from the newest to the oldest, its own for each buffer among them. So each
//! buffer has a watch, a hook made after it, which therefore runs before it, looks whether the buffer has its
//! memory still, and if not leaves that to whoever has it, for good.
//!
//! ```text
//!   collected:       let_go -> owner dropped, watch ended
//!   taken back:      recall -> owner back, watch ended              later: let_go, of nothing
//!   the thread ends: watch: look -> moved away? owner forgotten     then: let_go
//! ```

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ptr;
use std::rc::Rc;

use napi::sys;

use crate::call::Call;

/// What a buffer and its watch share. Duty **loan**: the finalizer and the watch get one count of it each, and
/// give it back once, on the environment's thread.
pub(crate) struct Loan<T> {
    owner: RefCell<Option<T>>,
    raw: sys::napi_env,
    /// Weak.
    buffer: Cell<sys::napi_ref>,
    /// Kept, because only the very pointer that was added can be removed.
    watch: Cell<Option<unsafe extern "C" fn(*mut c_void)>>,
}

/// An `ArrayBuffer` of the `len` bytes at `start`, which `owner` keeps; the owner comes back where the
/// runtime forbids external memory.
pub(crate) fn array_buffer<T: Send>(
    call: Call<'_>,
    bytes: (*mut u8, usize),
    owner: T,
) -> Result<sys::napi_value, Option<T>> {
    lend(call, bytes, owner).map(|(buffer, _)| buffer)
}

/// As `array_buffer`, and the loan with it, by which the memory can be taken back earlier.
pub(crate) fn lend<T: Send>(
    call: Call<'_>,
    (start, len): (*mut u8, usize),
    owner: T,
) -> Result<(sys::napi_value, Rc<Loan<T>>), Option<T>> {
    let loan = Rc::new(Loan {
        owner: RefCell::new(Some(owner)),
        raw: call.raw,
        buffer: Cell::new(ptr::null_mut()),
        watch: Cell::new(None),
    });
    let count = Rc::into_raw(Rc::clone(&loan));
    let mut buffer = ptr::null_mut();
    // SAFETY: *scope*, *out*; the memory is the owner's, and kept until the finalizer runs.
    let status = unsafe {
        sys::napi_create_external_arraybuffer(
            call.raw,
            start.cast(),
            len,
            Some(let_go::<T>),
            count.cast_mut().cast(),
            &mut buffer,
        )
    };
    if status != sys::Status::napi_ok {
        // SAFETY: *loan*: the engine refused the buffer, and the finalizer will not run.
        drop(unsafe { Rc::from_raw(count) });
        return Err(loan.owner.take());
    }
    let mut reference = ptr::null_mut();
    // SAFETY: *scope*, *out*; on failure the local stays null.
    unsafe { sys::napi_create_reference(call.raw, buffer, 0, &mut reference) };
    loan.buffer.set(reference);
    loan.begin_watch();
    Ok((buffer, loan))
}

impl<T> Loan<T> {
    /// Detaches the buffer and gives its owner back, who alone has the memory then. `None`: the caller has moved
    /// it away, and it stays with whoever has it.
    pub(crate) fn recall(&self, call: Call<'_>) -> Option<T> {
        if !detach(call, self.lent()) {
            return None;
        }
        self.end_watch();
        self.owner.take()
    }

    fn begin_watch(self: &Rc<Self>) {
        let watch = look::<T> as unsafe extern "C" fn(*mut c_void);
        self.watch.set(Some(watch));
        let count = Rc::into_raw(Rc::clone(self)).cast_mut().cast();
        // SAFETY: *scope*, *loan*.
        unsafe { sys::napi_add_env_cleanup_hook(self.raw, Some(watch), count) };
    }

    /// What has no memory to look after any more needs neither watch nor reference.
    fn end_watch(&self) {
        if let Some(watch) = self.watch.take() {
            let count = ptr::from_ref(self).cast_mut().cast();
            // SAFETY: *scope*: added in `begin_watch`, and not run yet.
            unsafe { sys::napi_remove_env_cleanup_hook(self.raw, Some(watch), count) };
            // SAFETY: *loan*: the count of the watch, which will not run; the caller has another.
            unsafe { Rc::decrement_strong_count(count.cast_const().cast::<Self>()) };
        }
        let reference = self.buffer.replace(ptr::null_mut());
        if !reference.is_null() {
            // SAFETY: made in `lend`, and deleted once, on the environment's thread.
            unsafe { sys::napi_delete_reference(self.raw, reference) };
        }
    }

    /// The buffer; null when it was collected.
    fn lent(&self) -> sys::napi_value {
        let mut buffer = ptr::null_mut();
        // SAFETY: *scope*, *out*; a null reference is refused.
        unsafe { sys::napi_get_reference_value(self.raw, self.buffer.get(), &mut buffer) };
        buffer
    }
}

/// Takes an `ArrayBuffer`'s memory from it, so that no view has it any more; false when somebody else did before.
pub(crate) fn detach(call: Call<'_>, buffer: sys::napi_value) -> bool {
    // SAFETY: *scope*: a buffer that has its memory still.
    has_memory(call.raw, buffer)
        && unsafe { sys::napi_detach_arraybuffer(call.raw, buffer) } == sys::Status::napi_ok
}

/// Whether it is a buffer, and has its memory still.
fn has_memory(raw: sys::napi_env, buffer: sys::napi_value) -> bool {
    let mut detached = true;
    if !buffer.is_null() {
        // SAFETY: *scope*, *out*; on failure the local keeps its value.
        unsafe { sys::napi_is_detached_arraybuffer(raw, buffer, &mut detached) };
    }
    !detached
}

/// The thread ends, and this buffer's memory is about to be let go.
unsafe extern "C" fn look<T>(loan: *mut c_void) {
    // SAFETY: *loan*.
    let loan = unsafe { Rc::from_raw(loan.cast::<Loan<T>>().cast_const()) };
    loan.watch.set(None);
    let mut scope = ptr::null_mut();
    // SAFETY: on the environment's thread, which lives still. *out*.
    unsafe { sys::napi_open_handle_scope(loan.raw, &mut scope) };
    // Of one that was collected nobody knows.
    let whole = has_memory(loan.raw, loan.lent());
    // SAFETY: opened above.
    unsafe { sys::napi_close_handle_scope(loan.raw, scope) };
    if !whole {
        let _ = loan.owner.take().map(ManuallyDrop::new);
    }
}

/// The engine has finished with the buffer.
unsafe extern "C" fn let_go<T>(_: sys::napi_env, _: *mut c_void, loan: *mut c_void) {
    // SAFETY: *loan*.
    let loan = unsafe { Rc::from_raw(loan.cast::<Loan<T>>().cast_const()) };
    loan.end_watch();
    drop(loan.owner.take());
}
