//! Native memory as an `ArrayBuffer`, with an owner that is dropped when the engine has finished with it.
//!
//! When a thread ends, Node has all its external buffers let go: the newest first, and also one whose
//! memory was moved away (`ArrayBuffer.prototype.transfer`, then `postMessage`) and is another thread's by
//! now. So each buffer has a guard, made after it and kept: a buffer of one byte, which is therefore let go
//! before it, looks whether it has its memory still, and if not leaves that to whoever has it, for good.
//!
//! ```text
//!   collected:       buffer: let_go -> owner dropped, guard released
//!   taken back:      recall -> owner back, guard released; what is left of both is let go later
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

/// What a buffer and its guard share. Duty **loan**: each of their finalizers gets one count of it, and
/// runs once, on the environment's thread.
pub(crate) struct Loan<T> {
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

/// An `ArrayBuffer` of the `len` bytes at `start`, which `owner` keeps; the owner comes back where the
/// runtime forbids external memory, or too much was forgotten.
pub(crate) fn array_buffer<T: Send>(
    call: Call<'_>,
    (start, len): (*mut u8, usize),
    owner: T,
) -> Result<sys::napi_value, Option<T>> {
    lend(call, (start, len), owner).map(|(buffer, _)| buffer)
}

/// As `array_buffer`, and the loan with it, by which the memory can be taken back earlier.
pub(crate) fn lend<T: Send>(
    call: Call<'_>,
    (start, len): (*mut u8, usize),
    owner: T,
) -> Result<(sys::napi_value, Rc<Loan<T>>), Option<T>> {
    // What a thread forgets that ends with the process does not matter.
    let forgets = call.env.moves.get() && !call.env.outlasts.get();
    // Relaxed: a limit, not a lock.
    if forgets && FORGOTTEN.load(Ordering::Relaxed) >= MOST_FORGOTTEN {
        return Err(Some(owner));
    }
    let loan = Rc::new(Loan {
        owner: RefCell::new(Some(owner)),
        len,
        moves: call.env.moves.get(),
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
    Ok((buffer, loan))
}

impl<T> Loan<T> {
    /// Detaches the buffer and gives its owner back, who alone has the memory then. `None`: the caller has moved
    /// it away, and it stays with whoever has it.
    pub(crate) fn recall(&self, call: Call<'_>) -> Option<T> {
        if !detach(call, lent(call.raw, self.buffer.get())) {
            return None;
        }
        self.delete_references(call.raw);
        self.owner.take()
    }

    fn delete_references(&self, raw: sys::napi_env) {
        for reference in [&self.buffer, &self.guard] {
            let reference = reference.replace(ptr::null_mut());
            if !raw.is_null() && !reference.is_null() {
                // SAFETY: made in `lend`, and deleted once, on the environment's thread.
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
    if loan.moves && loan.owner.borrow().is_some() && !is_whole(raw, lent(raw, loan.buffer.get())) {
        FORGOTTEN.fetch_add(loan.len, Ordering::Relaxed);
        let _ = loan.owner.take().map(ManuallyDrop::new);
    }
}

/// The buffer that was lent; null when it was collected.
fn lent(raw: sys::napi_env, reference: sys::napi_ref) -> sys::napi_value {
    let mut buffer = ptr::null_mut();
    // SAFETY: *scope*, or in a finalizer, which has one. *out*; a null reference is refused.
    unsafe { sys::napi_get_reference_value(raw, reference, &mut buffer) };
    buffer
}

/// Whether it is a buffer that has its memory still. Of one that was collected nobody knows.
fn is_whole(raw: sys::napi_env, buffer: sys::napi_value) -> bool {
    let mut detached = true;
    if !buffer.is_null() {
        // SAFETY: as in `lent`; on failure the local keeps its value.
        unsafe { sys::napi_is_detached_arraybuffer(raw, buffer, &mut detached) };
    }
    !detached
}

/// The engine has finished with the buffer.
unsafe extern "C" fn let_go<T>(raw: sys::napi_env, _: *mut c_void, loan: *mut c_void) {
    // SAFETY: *loan*.
    let loan = unsafe { Rc::from_raw(loan.cast::<Loan<T>>().cast_const()) };
    drop(loan.owner.take());
    loan.delete_references(raw);
}
