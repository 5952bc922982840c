//! A caller's memory, and the memory that callers are lent.

pub(crate) mod arrays;
pub(crate) mod bytes;
pub(crate) mod external;
pub(crate) mod lend;
pub(crate) mod loans;
pub(crate) mod moves;
pub(crate) mod places;
