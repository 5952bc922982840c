//! The ends that hold a channel: a file for each kind, with its verbs, and the tickets that carry them between threads.

pub(crate) mod batch;
pub(crate) mod broadcast;
pub(crate) mod caller;
pub(crate) mod changes;
pub(crate) mod drain;
pub(crate) mod latest;
pub(crate) mod lease;
pub(crate) mod receiver;
pub(crate) mod select;
pub(crate) mod sender;
pub(crate) mod ticket;
pub(crate) mod watch;
