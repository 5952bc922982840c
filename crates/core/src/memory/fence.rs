//! A full fence in the cheapest form that x86-64 has, written down as the instruction itself: a compiler may leave out
//! what touches only a variable of its own, however it is ordered.

use std::arch::asm;

/// No read or write moves across it, by compiler or processor.
#[inline(always)]
pub(crate) fn locked_instruction() {
    // SAFETY: *owned*: the top of the running function's stack, which keeps its value. What is not promised to be left
    // alone (memory, flags) is taken to be changed.
    unsafe { asm!("lock or dword ptr [rsp], 0", options(nostack)) };
}
