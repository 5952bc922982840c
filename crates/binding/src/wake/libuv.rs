//! libuv's functions, and Node's own that go with them, looked up in the running program: Node and what is built on it
//! has them, other runtimes do not, or have some that only look like them.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::NonNull;
use std::sync::OnceLock;

use napi::sys::{
    napi_async_cleanup_hook, napi_async_cleanup_hook_handle, napi_async_context, napi_callback_scope,
    napi_env, napi_status, napi_value,
};

/// An `uv_handle_t`, or what begins with one.
pub(crate) type Handle = c_void;
/// What libuv calls: a handle that was rung, or one that was closed.
pub(crate) type HandleCallback = unsafe extern "C" fn(*mut Handle);

/// `UV_ASYNC` of `uv_handle_type`.
pub(crate) const ASYNC: c_int = 1;

macro_rules! functions {
    ($($name:ident: fn($($argument:ty),*) $(-> $result:ty)?;)*) => {
        /// The functions, by their C names.
        pub(crate) struct Libuv {
            $(pub(crate) $name: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*
        }

        impl Libuv {
            fn find() -> Option<Self> {
                Some(Self { $($name: {
                    let place = symbol(CStr::from_bytes_with_nul(concat!(stringify!($name), "\0").as_bytes()).ok()?)?;
                    // SAFETY: *named*: the function of that name has these arguments in every libuv 1.x, and in
                    // every Node-API from version 8 on.
                    unsafe { std::mem::transmute::<NonNull<c_void>, unsafe extern "C" fn($($argument),*) $(-> $result)?>(place) }
                },)* })
            }
        }
    };
}

functions! {
    uv_version_string: fn() -> *const c_char;
    uv_handle_size: fn(c_int) -> usize;
    uv_handle_set_data: fn(*mut Handle, *mut c_void);
    uv_handle_get_data: fn(*const Handle) -> *mut c_void;
    uv_async_init: fn(*mut c_void, *mut Handle, HandleCallback) -> c_int;
    uv_async_send: fn(*mut Handle) -> c_int;
    uv_ref: fn(*mut Handle);
    uv_unref: fn(*mut Handle);
    uv_close: fn(*mut Handle, HandleCallback);
    napi_get_uv_event_loop: fn(napi_env, *mut *mut c_void) -> napi_status;
    napi_async_init: fn(napi_env, napi_value, napi_value, *mut napi_async_context) -> napi_status;
    napi_async_destroy: fn(napi_env, napi_async_context) -> napi_status;
    napi_open_callback_scope:
        fn(napi_env, napi_value, napi_async_context, *mut napi_callback_scope) -> napi_status;
    napi_close_callback_scope: fn(napi_env, napi_callback_scope) -> napi_status;
    napi_fatal_exception: fn(napi_env, napi_value) -> napi_status;
    napi_add_async_cleanup_hook:
        fn(napi_env, napi_async_cleanup_hook, *mut c_void, *mut napi_async_cleanup_hook_handle) -> napi_status;
    napi_remove_async_cleanup_hook: fn(napi_async_cleanup_hook_handle) -> napi_status;
}

impl Libuv {
    /// The running program's, if it has all of them.
    pub(crate) fn found() -> Option<&'static Self> {
        static FOUND: OnceLock<Option<Libuv>> = OnceLock::new();
        FOUND.get_or_init(Self::find).as_ref()
    }

    /// As `found`, if it is of `version`, the one that the runtime says it runs on.
    pub(crate) fn of(version: &str) -> Option<&'static Self> {
        let found = Self::found()?;
        // SAFETY: *named*.
        let text = unsafe { (found.uv_version_string)() };
        // SAFETY: libuv's version is a constant of its own, terminated.
        let text = unsafe { CStr::from_ptr(text) };
        // Another copy of libuv in the process is not the one whose loop it is.
        (text.to_bytes() == version.as_bytes()).then_some(found)
    }
}

/// Where the running program has what is called so.
#[cfg(unix)]
fn symbol(name: &CStr) -> Option<NonNull<c_void>> {
    unsafe extern "C" {
        fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
    }
    /// `RTLD_DEFAULT`: the program first, then the libraries that it was started with.
    const EVERYWHERE: isize = if cfg!(target_vendor = "apple") { -2 } else { 0 };
    // SAFETY: *named*: POSIX's function; the name is terminated.
    NonNull::new(unsafe {
        dlsym(std::ptr::without_provenance_mut(EVERYWHERE.cast_unsigned()), name.as_ptr())
    })
}

/// Where the running program has what is called so.
#[cfg(windows)]
fn symbol(name: &CStr) -> Option<NonNull<c_void>> {
    unsafe extern "system" {
        fn GetModuleHandleW(name: *const u16) -> *mut c_void;
        fn GetProcAddress(module: *mut c_void, name: *const c_char) -> *mut c_void;
    }
    // SAFETY: *named*: Windows' function; no name stands for the program itself.
    let program = unsafe { GetModuleHandleW(std::ptr::null()) };
    // SAFETY: *named*: Windows' function; the module is loaded for good, and the name is terminated.
    NonNull::new(unsafe { GetProcAddress(program, name.as_ptr()) })
}

#[cfg(not(any(unix, windows)))]
fn symbol(_: &CStr) -> Option<NonNull<c_void>> {
    None
}
