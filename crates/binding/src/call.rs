//! One call across the border: arguments in, a number or a value out. The raw Node-API is met here.
//!
//! Duties, by name, that the SAFETY comments answer:
//! * **scope**: the `napi_env` and every `napi_value` come from the running callback, on its thread;
//! * **out**: out-pointers point to locals of the type that the function writes;
//! * **alive**: the environment that a function's data points to lives until its cleanup hook ran,
//!   after which no function of it is called.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use napi::sys;

use crate::environment::Env;
use crate::outcome::{Answer, NO_MEMORY};

/// The running callback.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) raw: sys::napi_env,
    pub(crate) env: &'a Env,
}

/// What a body gives back: a number, or a value made by itself (null: undefined).
pub(crate) trait Reply {
    fn reply(self, raw: sys::napi_env) -> sys::napi_value;
}

impl Reply for Answer {
    fn reply(self, raw: sys::napi_env) -> sys::napi_value {
        let mut value = ptr::null_mut();
        match i32::try_from(self) {
            // SAFETY: *scope*, *out*.
            Ok(small) => unsafe { sys::napi_create_int32(raw, small, &mut value) },
            // SAFETY: *scope*, *out*.
            Err(_) => unsafe { sys::napi_create_double(raw, self as f64, &mut value) },
        };
        value
    }
}

impl Reply for bool {
    fn reply(self, raw: sys::napi_env) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: *scope*, *out*.
        unsafe { sys::napi_get_boolean(raw, self, &mut value) };
        value
    }
}

impl Reply for f64 {
    fn reply(self, raw: sys::napi_env) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: *scope*, *out*.
        unsafe { sys::napi_create_double(raw, self, &mut value) };
        value
    }
}

impl Reply for () {
    fn reply(self, _: sys::napi_env) -> sys::napi_value {
        ptr::null_mut()
    }
}

impl Reply for sys::napi_value {
    fn reply(self, _: sys::napi_env) -> sys::napi_value {
        self
    }
}

impl Reply for Option<&str> {
    fn reply(self, raw: sys::napi_env) -> sys::napi_value {
        self.map_or(ptr::null_mut(), |text| string(raw, text))
    }
}

/// Runs `body` with the call's first `N` arguments (absent ones are undefined). A panic becomes an
/// exception: it must not reach the engine.
#[inline(always)]
pub(crate) fn enter<const N: usize, R: Reply>(
    raw: sys::napi_env,
    info: sys::napi_callback_info,
    body: impl FnOnce(Call<'_>, [sys::napi_value; N]) -> R,
) -> sys::napi_value {
    let mut count = N;
    let mut arguments = [ptr::null_mut(); N];
    let mut data = ptr::null_mut();
    // SAFETY: *scope*, *out*: `count` says how many values fit.
    unsafe {
        sys::napi_get_cb_info(raw, info, &mut count, arguments.as_mut_ptr(), ptr::null_mut(), &mut data);
    }
    // SAFETY: *alive*: every function is made with its environment's address as data.
    let env = unsafe { &*data.cast::<Env>() };
    let run = || body(Call { raw, env }, arguments).reply(raw);
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let what = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        throw(raw, &format!("millrace: internal error: {}", what.unwrap_or("no message")))
    })
}

pub(crate) fn throw(raw: sys::napi_env, message: &str) -> sys::napi_value {
    let code = c"ERR_CHANNEL_INTERNAL";
    let message = std::ffi::CString::new(message).unwrap_or_default();
    // SAFETY: *scope*; both strings are terminated and live until the call returns.
    unsafe { sys::napi_throw_error(raw, code.as_ptr(), message.as_ptr()) };
    ptr::null_mut()
}

pub(crate) fn string(raw: sys::napi_env, text: &str) -> sys::napi_value {
    let mut value = ptr::null_mut();
    // SAFETY: *scope*, *out*; the text's bytes live until the call returns.
    unsafe { sys::napi_create_string_utf8(raw, text.as_ptr().cast(), text.len() as isize, &mut value) };
    value
}

impl Call<'_> {
    /// A handle's name; anything else names nothing.
    #[inline(always)]
    pub(crate) fn handle(self, value: sys::napi_value) -> u64 {
        let number = self.number(value);
        let name = number as u64;
        if name as f64 == number { name } else { u64::MAX }
    }

    /// Another small integer; the largest where it is none.
    pub(crate) fn index(self, value: sys::napi_value) -> u32 {
        let mut number = 0;
        // SAFETY: *scope*, *out*.
        let status = unsafe { sys::napi_get_value_uint32(self.raw, value, &mut number) };
        if status == sys::Status::napi_ok { number } else { u32::MAX }
    }

    /// A small integer that may be something else. Where the runtime makes a number of whatever it is given,
    /// the value's type is asked first.
    pub(crate) fn small(self, value: sys::napi_value) -> Option<u32> {
        if self.env.coerces.get() && !self.is_number(value) {
            return None;
        }
        let mut number = 0;
        // SAFETY: *scope*, *out*.
        let status = unsafe { sys::napi_get_value_uint32(self.raw, value, &mut number) };
        (status == sys::Status::napi_ok).then_some(number)
    }

    fn is_number(self, value: sys::napi_value) -> bool {
        self.kind(value) == sys::ValueType::napi_number
    }

    pub(crate) fn is_function(self, value: sys::napi_value) -> bool {
        self.kind(value) == sys::ValueType::napi_function
    }

    fn kind(self, value: sys::napi_value) -> sys::napi_valuetype {
        let mut kind = sys::ValueType::napi_undefined;
        // SAFETY: *scope*, *out*; on failure the local keeps its value.
        unsafe { sys::napi_typeof(self.raw, value, &mut kind) };
        kind
    }

    pub(crate) fn number(self, value: sys::napi_value) -> f64 {
        let mut number = f64::NAN;
        // SAFETY: *scope*, *out*; on failure the local keeps its value.
        unsafe { sys::napi_get_value_double(self.raw, value, &mut number) };
        number
    }

    pub(crate) fn boolean(self, value: sys::napi_value) -> bool {
        let mut truth = false;
        // SAFETY: *scope*, *out*; on failure the local keeps its value.
        unsafe { sys::napi_get_value_bool(self.raw, value, &mut truth) };
        truth
    }

    /// A string's text; `None` when it is not one, an error when there is no memory for it.
    pub(crate) fn text(self, value: sys::napi_value) -> Result<Option<String>, Answer> {
        let mut len = 0;
        // SAFETY: *scope*, *out*: no buffer, so only the length is written.
        let status =
            unsafe { sys::napi_get_value_string_utf8(self.raw, value, ptr::null_mut(), 0, &mut len) };
        if status != sys::Status::napi_ok {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(len + 1).map_err(|_| NO_MEMORY)?;
        bytes.resize(len + 1, 0_u8);
        // SAFETY: *scope*, *out*: the buffer has room for the text and its terminator.
        unsafe {
            sys::napi_get_value_string_utf8(
                self.raw,
                value,
                bytes.as_mut_ptr().cast(),
                bytes.len(),
                &mut len,
            );
        }
        bytes.truncate(len);
        // The engine writes UTF-8, and nothing else.
        Ok(String::from_utf8(bytes).ok())
    }

    pub(crate) fn undefined(self) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: *scope*, *out*.
        unsafe { sys::napi_get_undefined(self.raw, &mut value) };
        value
    }

    /// An array of what `values` yields.
    pub(crate) fn array(self, values: impl ExactSizeIterator<Item = sys::napi_value>) -> sys::napi_value {
        let mut array = ptr::null_mut();
        // SAFETY: *scope*, *out*.
        unsafe { sys::napi_create_array_with_length(self.raw, values.len(), &mut array) };
        for (index, value) in (0..).zip(values) {
            // SAFETY: *scope*.
            unsafe { sys::napi_set_element(self.raw, array, index, value) };
        }
        array
    }
}
