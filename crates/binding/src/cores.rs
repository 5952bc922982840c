//! Which core the calling thread runs on, as the system says.

#[cfg(target_os = "linux")]
pub(crate) fn here() -> Option<u32> {
    unsafe extern "C" {
        fn sched_getcpu() -> std::ffi::c_int;
    }
    // SAFETY: *named*: it takes nothing, and answers -1 where the system does not say.
    u32::try_from(unsafe { sched_getcpu() }).ok()
}

#[cfg(windows)]
pub(crate) fn here() -> Option<u32> {
    unsafe extern "system" {
        fn GetCurrentProcessorNumber() -> u32;
    }
    // SAFETY: *named*: it takes nothing. Numbers are of one processor group; threads of two are rarely taken for one.
    Some(unsafe { GetCurrentProcessorNumber() })
}

#[cfg(not(any(target_os = "linux", windows)))]
pub(crate) fn here() -> Option<u32> {
    None
}
