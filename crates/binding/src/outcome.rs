//! What a call answers: a length, a handle or a count (>= 0), or one of the codes of `crates/numbers`. Expected outcomes
//! are numbers; nothing is thrown for them.

pub(crate) use millrace_numbers::code::{
    CLOSED, FOREIGN, HELD, MOVED, NO_MEMORY, NO_NAMES, NOT_BYTES, NOTHING, OK, SPENT, STOPPING, STUCK,
    TOO_LONG, TOO_MANY, UNKNOWN_TICKET,
};
use millrace_numbers::{code, size};

pub(crate) type Answer = i64;

// The core's own limits are those that JavaScript is told of.
const _: () = assert!(size::MOST_CAPACITY == millrace_core::MAX_CAPACITY);
const _: () = assert!(size::MOST_PENDING == millrace_core::MAX_PENDING);
const _: () = assert!(size::ALIGNMENT == millrace_core::PACKED_ALIGN);

/// The answer that names a registered wait.
pub(crate) fn pending(wait: u32) -> Answer {
    code::PENDING - Answer::from(wait)
}
