//! The border between Node and the core: JavaScript's arguments become core calls, their results
//! numbers. It decides nothing.
//!
//! The border's rules:
//! * **Which thread.** Every function runs on its environment's own thread. Other threads reach an
//!   environment through its doorbell alone (`wake.rs`).
//! * **Who owns.** No JavaScript value is kept but the probe, and the bell's listener while something
//!   waits; messages own plain native bytes. A caller's memory is looked up anew at each call.
//! * **What may throw.** Nothing on the hot path: results are codes (`outcome.rs`). A panic is caught in `call.rs` and
//!   thrown as an error.
//! * **Which numbers.** Those of `crates/numbers`, from which TypeScript's are printed.
//! * **How it ends.** One cleanup hook an environment gives everything back (`environment.rs`), or the
//!   collector, where the JavaScript was dropped before.
//!
//! ```text
//!   exports.rs -> call.rs -> ends/ (sender, receiver, several at once, the triple buffer, refs, calls, leases ...) -> core
//!                             memory/ (views, and native memory as ArrayBuffers)   slots.rs (names)
//!   environment.rs -> giving_back.rs   waits.rs   wake.rs (the doorbell)   patience.rs (a thread that blocks)
//!   inspect.rs (all of the process)   ending.rs (how this thread ends)
//! ```

mod call;
mod cores;
mod ending;
mod ends;
mod environment;
mod exports;
mod giving_back;
mod inspect;
mod memory;
mod outcome;
mod patience;
mod slots;
mod waits;
mod wake;

use std::ptr;

use napi::bindgen_prelude::Object;
use napi::{Env, JsValue, sys};
use napi_derive::napi;

/// The image's version, to be compared with that of the JavaScript beside it.
#[napi]
#[must_use]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// The image's other export is `open`, which makes an environment anew at each call: a module system
/// that loads the JavaScript twice (Jest does) gets two that do not disturb each other.
#[napi(module_exports)]
pub fn exports(exports: Object, env: Env) -> napi::Result<()> {
    exports::set_function(env.raw(), exports.raw(), c"open", open, ptr::null_mut());
    Ok(())
}

unsafe extern "C" fn open(raw: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let (mut count, mut arguments) = (7, [ptr::null_mut(); 7]);
    // SAFETY: *scope*, *out*: `count` says how many values fit.
    unsafe {
        sys::napi_get_cb_info(
            raw,
            info,
            &mut count,
            arguments.as_mut_ptr(),
            ptr::null_mut(),
            ptr::null_mut(),
        );
    }
    let opened = std::panic::catch_unwind(|| environment::open(raw, arguments));
    match opened {
        Ok(Ok(functions)) => functions,
        Ok(Err(expected)) => call::throw(raw, expected),
        Err(_) => call::throw(raw, "millrace: internal error while opening"),
    }
}
