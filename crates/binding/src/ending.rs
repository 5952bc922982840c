//! How this thread ends, as far as its JavaScript can say: what runs at its end tells the exit code; where nothing ran any
//! more, it was stopped from outside.

use millrace_core::{Death, ErrorBytes};
use napi::sys;

use crate::call::Call;
use crate::environment::Env;
use crate::memory::bytes::View;

/// What is known of a thread's end.
#[derive(Default)]
pub(crate) enum Ending {
    /// Nothing: the runtime does not tell.
    #[default]
    Unknown,
    /// It will be told.
    Untold,
    /// It exits with this code, and threw this, if it did.
    Told(i32, Option<ErrorBytes>),
}

/// From here on this thread will tell of its end, if it is let.
pub(crate) fn follow_ending(call: Call<'_>, _: [sys::napi_value; 0]) {
    *call.env.ending.borrow_mut() = Ending::Untold;
}

/// The thread ends in order, by itself, with this exit code.
pub(crate) fn tell_ending(call: Call<'_>, [code, error]: [sys::napi_value; 2]) {
    let error = call.error(error);
    *call.env.ending.borrow_mut() = Ending::Told(call.number(code) as i32, error);
}

impl Call<'_> {
    /// An error that travels, if one was given.
    pub(crate) fn error(self, bytes: sys::napi_value) -> Option<ErrorBytes> {
        View::of(self, bytes)?.to_vec().map(ErrorBytes::from)
    }

    /// How another thread died, as this one was told; `None` where it ended in order. A code below 0: it was
    /// stopped from outside.
    pub(crate) fn death(self, [thread, code, error]: [sys::napi_value; 3]) -> Option<Death> {
        let code = self.number(code);
        if code == 0.0 || code.is_nan() {
            return None;
        }
        let error = self.error(error);
        Some(Death { thread: self.index(thread), code: (code > 0.0).then_some(code as i32), error })
    }
}

/// The environment is torn down: if its thread died, what it holds goes with it.
pub(crate) fn note(env: &Env) {
    match env.ending.take() {
        Ending::Unknown | Ending::Told(0, _) => {}
        // The main thread ends with its process.
        Ending::Untold if env.outlasts.get() => {}
        Ending::Untold => millrace_core::note_death(env.core.id(), None, None),
        Ending::Told(code, error) => millrace_core::note_death(env.core.id(), Some(code), error),
    }
}
