//! The verbs of ends: arguments become core calls, and what these answer becomes numbers.

pub(crate) mod broadcast;
pub(crate) mod calls;
pub(crate) mod handles;
pub(crate) mod latest;
pub(crate) mod leases;
pub(crate) mod many;
pub(crate) mod packs;
pub(crate) mod receiver;
pub(crate) mod refs;
pub(crate) mod select;
pub(crate) mod sender;
pub(crate) mod tickets;
pub(crate) mod watch;
