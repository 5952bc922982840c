//! The laws, by idea: each is one function, named as a sentence, that takes the flavor it must hold for.

pub(crate) mod batches;
pub(crate) mod blocking;
pub(crate) mod calls;
pub(crate) mod closing;
pub(crate) mod drained;
pub(crate) mod environments;
pub(crate) mod full;
pub(crate) mod meeting;
pub(crate) mod queue;
pub(crate) mod select;
mod stage;
pub(crate) mod tickets;
pub(crate) mod traffic;
pub(crate) mod waiting;

pub(crate) use stage::{batched, plain};
