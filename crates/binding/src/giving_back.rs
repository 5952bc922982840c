//! How an environment ends: with its thread, or once its JavaScript was collected. Everything is given back, once.

use std::ffi::c_void;
use std::ptr;
use std::rc::Rc;

use millrace_core::{Lease, Pending};
use napi::sys;

use crate::ending;
use crate::environment::Env;
use crate::waits::Wait;

/// The environment ends, however it came to it: on its thread, after the last of its JavaScript. Here no handle may be
/// made. `ending`: Node waits until it is let go.
pub(crate) unsafe extern "C" fn end(ending: sys::napi_async_cleanup_hook_handle, env: *mut c_void) {
    // SAFETY: *alive*: a count of `open`, taken back once; no function of it is called any more.
    let env = unsafe { Rc::from_raw(env.cast::<Env>().cast_const()) };
    ending::note(&env);
    release(&env);
    env.bell.take_down(ending);
}

/// As `end`, where nothing is left to wait for.
pub(crate) unsafe extern "C" fn end_at_once(env: *mut c_void) {
    // SAFETY: *alive*: as in `end`.
    unsafe { end(ptr::null_mut(), env) };
}

/// All of its functions were collected, and so was the JavaScript around them: its loader has dropped it
/// while the thread goes on, or the thread ends, after `end`.
pub(crate) unsafe extern "C" fn collected(raw: sys::napi_env, env: *mut c_void, _: *mut c_void) {
    // SAFETY: *alive*: a count of `open`, taken back once.
    let env = unsafe { Rc::from_raw(env.cast::<Env>().cast_const()) };
    if env.is_released.get() {
        return;
    }
    let hooked = Rc::as_ptr(&env).cast_mut().cast();
    env.bell.not_at_end(raw, hooked, end_at_once);
    // SAFETY: *alive*: the hook's count, which it cannot take back any more.
    drop(unsafe { Rc::from_raw(hooked.cast::<Env>().cast_const()) });
    env.bell.let_go_of();
    release(&env);
}

/// Gives everything back, once. A panic must not reach the engine; what it leaves undone stays open, and
/// nothing is lost by it.
pub(crate) fn release(env: &Env) {
    if env.is_released.replace(true) {
        return;
    }
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| give_back(env)));
}

fn give_back(env: &Env) {
    millrace_core::unwatch(env.core.id());
    // From here on nothing settles here; what was handed over and not told goes to the next wait.
    env.core.shut();
    env.hand.take();
    // Before what its waits were handed, which came later.
    let leases = env.leases.borrow_mut().drain();
    Lease::let_go(leases);
    let (mut waits, mut selects) = (Vec::new(), Vec::new());
    for wait in env.waits.borrow_mut().drain() {
        match wait {
            Wait::One(pending) | Wait::Held(pending) | Wait::Ref(pending, _) => waits.push(pending),
            Wait::Select(pending) => selects.push(pending),
            // Dropped, it withdraws its request.
            Wait::Call(asked) => drop(asked),
        }
    }
    Pending::let_go(waits, selects);
    let refs = env.refs.borrow_mut().drain();
    drop(refs);
    // Their callers hear that they are lost.
    let requests = env.requests.borrow_mut().drain();
    drop(requests);
    let handles = env.handles.borrow_mut().drain();
    drop(handles);
    env.loans.borrow_mut().end(env.raw);
    millrace_core::orphan_tickets(env.core.id());
    millrace_core::bury(env.core.id());
    for reference in env.references.take() {
        // SAFETY: made in `refer`, and deleted once, on the environment's thread, while the engine is there still.
        unsafe { sys::napi_delete_reference(env.raw, reference) };
    }
}
