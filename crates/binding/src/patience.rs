//! How a blocked thread goes on serving its engine, and when its time is over.

use std::ptr;
use std::time::{Duration, Instant};

use millrace_core::Patience;
use napi::sys;

use crate::call::Call;
use crate::outcome::Answer;

/// A blocked thread serves interrupts when it wakes after so long; earlier it only asks whether it is being stopped.
const UNSERVED: Duration = Duration::from_millis(10);

impl Call<'_> {
    /// Runs a blocking verb: `timeout` in milliseconds, Infinity for none. What is no such number is no time at all.
    /// **Anything may have run meanwhile**: memory that the caller had is to be looked up again.
    pub(crate) fn patiently(self, timeout: f64, verb: impl FnOnce(Patience<'_>) -> Answer) -> Answer {
        let milliseconds = if timeout > 0.0 { timeout } else { 0.0 };
        let wait = Duration::try_from_secs_f64(milliseconds / 1000.0).ok();
        let mut served = Instant::now();
        let deadline = wait.and_then(|wait| served.checked_add(wait));
        let pulse = &mut || {
            if served.elapsed() < UNSERVED {
                return self.runs_on();
            }
            served = Instant::now();
            self.serves()
        };
        verb(Patience { deadline, pulse })
    }

    /// Serves the engine's interrupts: a thread is stopped so, a heap snapshot made, the debugger answered. Calling a
    /// function is what looks for them. False: what runs here is to end.
    fn serves(self) -> bool {
        let mut scope = ptr::null_mut();
        // SAFETY: *scope*, *out*.
        unsafe { sys::napi_open_handle_scope(self.raw, &mut scope) };
        let (this, probe) = (self.undefined(), self.probe());
        // SAFETY: *scope*: no arguments, and the result is not wanted.
        let status =
            unsafe { sys::napi_call_function(self.raw, this, probe, 0, ptr::null(), ptr::null_mut()) };
        // SAFETY: *scope*: opened above.
        unsafe { sys::napi_close_handle_scope(self.raw, scope) };
        status == sys::Status::napi_ok
    }

    /// Whether the environment may still run JavaScript; the cheapest question that tells.
    fn runs_on(self) -> bool {
        let mut found = false;
        // SAFETY: *scope*, *out*. The probe has no prototype, so nothing is asked but itself.
        let status = unsafe { sys::napi_has_element(self.raw, self.probe(), 0, &mut found) };
        status == sys::Status::napi_ok
    }

    fn probe(self) -> sys::napi_value {
        let mut probe = ptr::null_mut();
        // SAFETY: *scope*, *out*, *kept*: weak, and every function of the environment keeps it.
        unsafe { sys::napi_get_reference_value(self.raw, self.env.probe.get(), &mut probe) };
        probe
    }
}
