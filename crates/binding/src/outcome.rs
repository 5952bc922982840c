//! What a call answers: a length, a handle or a count (>= 0), or one of these codes, which
//! `src/border/binding.ts` names alike. Expected outcomes are numbers; nothing is thrown for them.

pub(crate) type Answer = i64;

pub(crate) const OK: Answer = 0;
/// Full, empty, timed out.
pub(crate) const NOTHING: Answer = -1;
pub(crate) const CLOSED: Answer = -2;
/// The handle is not live in this environment.
pub(crate) const SPENT: Answer = -3;
/// A message was taken and waits in the environment's hand.
pub(crate) const HELD: Answer = -4;
/// The message is longer than the target, and still the next one.
pub(crate) const TOO_LONG: Answer = -5;
/// A blocking wait that could never end.
pub(crate) const STUCK: Answer = -6;
/// The environment is being stopped.
pub(crate) const STOPPING: Answer = -7;
/// Not bytes, or detached.
pub(crate) const NOT_BYTES: Answer = -8;
pub(crate) const NO_MEMORY: Answer = -9;
/// Too many pending sends.
pub(crate) const TOO_MANY: Answer = -10;
pub(crate) const UNKNOWN_TICKET: Answer = -11;
/// This environment has as many handles as it can name.
pub(crate) const NO_NAMES: Answer = -12;
/// The caller moved a ref's memory away.
pub(crate) const MOVED: Answer = -13;

/// The bytes are not memory that the caller was lent.
pub(crate) const FOREIGN: Answer = -14;

/// The answer that names a registered wait.
pub(crate) fn pending(wait: u32) -> Answer {
    -16 - Answer::from(wait)
}
