//! What can be seen of channels from outside: figures, lists, traces, and what has closed.

pub(crate) mod closed;
pub(crate) mod counts;
pub(crate) mod growth;
pub(crate) mod inspect;
pub(crate) mod snapshot;
pub(crate) mod stats;
pub(crate) mod timing;
pub(crate) mod trace;
