//! Finding channels that nothing bounds, and that hold more than anybody means them to.

use crate::channel::Channel;
use crate::observe::snapshot::Snapshot;

/// More messages than these are too many.
const MOST_MESSAGES: usize = 100_000;
/// More payload bytes than these are too many.
const MOST_BYTES: u64 = 256_000_000;

/// How far a channel without a bound has grown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// It holds 100,000 messages at most, of 256 MB at most.
    Within,
    /// It holds more, which nobody has been told.
    Beyond,
    /// Somebody has been told.
    Known,
}

impl Snapshot<'_> {
    /// How far the channel has grown; `Beyond` is answered once.
    #[must_use]
    pub fn growth(&self) -> Growth {
        self.channel().growth()
    }
}

impl Channel {
    fn growth(&self) -> Growth {
        let mut inner = self.lock();
        if inner.growth_is_told {
            return Growth::Known;
        }
        let stats = self.stats(&mut inner);
        if stats.length <= MOST_MESSAGES && stats.bytes <= MOST_BYTES {
            return Growth::Within;
        }
        inner.growth_is_told = true;
        Growth::Beyond
    }
}
