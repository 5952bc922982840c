//! Bytes in flight. A short message lies inside the queue slot, a longer one in a recycled block:
//!
//! ```text
//!   length <= 64   caller's bytes --copy--> [ slot: len, 64 bytes ] --copy--> receiver's bytes
//!   longer         caller's bytes --copy--> ( block ) <-- pointer in the slot --copy or lend--> receiver
//! ```
//! What several receivers get (a broadcast, a watch) is shared: a longer message's block is counted, and copied
//! out by each.
//!
//! A message owns plain native bytes and no JavaScript value, so it may cross any thread.

use std::sync::Arc;

use crate::calls::Call;
use crate::calls::request::Request;
use crate::error::NoMemory;
use crate::memory::{Block, Pool, Source};

/// Longest message that lies inside the queue slot, in bytes.
pub const INLINE: usize = 64;

/// Bytes in flight, owned.
#[derive(Debug)]
pub struct Message(Body);

// Whole words throughout, so that moving a message moves words: a processor stalls when it reads
// across what it has just written in pieces (seen: a third of the core's cost of a message).
#[derive(Debug)]
#[repr(u64)]
enum Body {
    Inline {
        len: usize,
        bytes: Short,
    },
    Block(Block),
    /// Several have it: see `into_shared`.
    Shared(Arc<Block>),
    /// Bytes that want an answer.
    Request(Box<Request>),
    /// Bytes that are to be settled.
    Leased(Box<Leased>),
}

/// A message that a lease was given for: its place among those that were, and how often that was.
#[derive(Debug)]
pub(crate) struct Leased {
    pub(crate) message: Message,
    pub(crate) number: u64,
    pub(crate) attempt: u32,
}

/// Bytes inside a slot.
#[derive(Debug)]
#[repr(align(8))]
pub(crate) struct Short(pub(crate) [u8; INLINE]);

impl Message {
    /// A message with a copy of `source`.
    ///
    /// # Errors
    /// [`NoMemory`] when there is not enough memory for a block that long.
    pub fn new<'a>(pool: &Pool, source: impl Into<Source<'a>>) -> Result<Self, NoMemory> {
        Self::copy(source.into(), |long| pool.copy(long))
    }

    /// As `new`, a long one's block made by `block`.
    pub(crate) fn copy<'a>(
        source: Source<'a>,
        block: impl FnOnce(Source<'a>) -> Result<Block, NoMemory>,
    ) -> Result<Self, NoMemory> {
        match Self::short(source) {
            Some(message) => Ok(message),
            None => block(source).map(Self::from),
        }
    }

    /// One whose bytes lie inside it; `None` when they are too many.
    #[inline(always)]
    pub(crate) fn short(source: Source<'_>) -> Option<Self> {
        source.copy_short().map(|bytes| Self(Body::Inline { len: source.len(), bytes }))
    }

    /// One without bytes.
    #[must_use]
    pub fn empty() -> Self {
        Self(Body::Inline { len: 0, bytes: Short([0; INLINE]) })
    }

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        match &self.0 {
            Body::Inline { len, bytes } => &bytes.0[..*len],
            Body::Block(block) => block.as_slice(),
            Body::Shared(block) => block.as_slice(),
            Body::Request(request) => request.body().map_or(&[], Self::as_slice),
            Body::Leased(leased) => leased.message.as_slice(),
        }
    }

    /// How many bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Body::Inline { len, .. } => *len,
            Body::Block(block) => block.len(),
            Body::Shared(block) => block.len(),
            Body::Request(request) => request.body().map_or(0, Self::len),
            Body::Leased(leased) => leased.message.len(),
        }
    }

    /// Whether it has no bytes; such a message is a message all the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether its bytes lie in a block.
    pub(crate) fn has_block(&self) -> bool {
        !matches!(self.0, Body::Inline { .. })
    }

    /// Its block, when it has one to itself: what can be lent out.
    ///
    /// # Errors
    /// The message itself when its bytes lie inside it, or are shared.
    pub fn into_block(self) -> Result<Block, Self> {
        match self.0 {
            Body::Block(block) => Ok(block),
            Body::Shared(block) => Arc::try_unwrap(block).map_err(|shared| Self(Body::Shared(shared))),
            Body::Inline { .. } | Body::Request(_) | Body::Leased(_) => Err(self),
        }
    }

    /// Its block, to be used again: that of a shared message goes to whoever is the last to ask.
    pub(crate) fn reclaim(self) -> Option<Block> {
        match self.0 {
            Body::Block(block) => Some(block),
            Body::Shared(block) => Arc::into_inner(block),
            Body::Leased(leased) => leased.message.reclaim(),
            Body::Inline { .. } | Body::Request(_) => None,
        }
    }

    /// The same message, of which others can be made that share its block.
    pub(crate) fn into_shared(self) -> Self {
        match self.0 {
            Body::Block(block) => Self(Body::Shared(Arc::new(block))),
            Body::Inline { .. } | Body::Shared(_) | Body::Request(_) | Body::Leased(_) => self,
        }
    }

    /// Another message of the same bytes: it has a copy of a short one, and a longer one's block in common.
    /// `None` where the block is not shared.
    pub(crate) fn share(&self) -> Option<Self> {
        match &self.0 {
            Body::Inline { len, bytes } => Some(Self(Body::Inline { len: *len, bytes: Short(bytes.0) })),
            Body::Shared(block) => Some(Self(Body::Shared(Arc::clone(block)))),
            Body::Block(_) | Body::Request(_) | Body::Leased(_) => None,
        }
    }

    /// The request that it is, where it is one.
    ///
    /// # Errors
    /// The message itself, where it is anything else.
    pub fn into_request(self) -> Result<Box<Request>, Self> {
        match self.0 {
            Body::Request(request) => Ok(request),
            Body::Inline { .. } | Body::Block(_) | Body::Shared(_) | Body::Leased(_) => Err(self),
        }
    }

    pub(crate) fn as_request(&self) -> Option<&Request> {
        match &self.0 {
            Body::Request(request) => Some(request),
            Body::Inline { .. } | Body::Block(_) | Body::Shared(_) | Body::Leased(_) => None,
        }
    }

    /// Whether it is leased.
    #[must_use]
    pub fn is_leased(&self) -> bool {
        self.as_leased().is_some()
    }

    /// What it is leased as, where it is.
    pub(crate) fn as_leased(&self) -> Option<&Leased> {
        match &self.0 {
            Body::Leased(leased) => Some(leased),
            _ => None,
        }
    }

    pub(crate) fn as_leased_mut(&mut self) -> Option<&mut Leased> {
        match &mut self.0 {
            Body::Leased(leased) => Some(leased),
            _ => None,
        }
    }

    /// What it is leased as.
    ///
    /// # Errors
    /// The message itself, where it is not leased.
    pub(crate) fn into_leased(self) -> Result<Box<Leased>, Self> {
        match self.0 {
            Body::Leased(leased) => Ok(leased),
            _ => Err(self),
        }
    }

    /// The message as it was sent.
    pub(crate) fn into_sent(self) -> Self {
        match self.0 {
            Body::Leased(leased) => leased.message,
            _ => self,
        }
    }

    /// Whether it is that call's request.
    pub(crate) fn is_of(&self, call: &Arc<Call>) -> bool {
        self.as_request().is_some_and(|request| Arc::ptr_eq(request.call(), call))
    }

    /// Whether it is a request for which nobody waits any more.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.as_request().is_some_and(|request| !request.is_wanted())
    }

    /// Its block, or one of its own with a copy of a short message: what is read in place.
    ///
    /// # Errors
    /// The message itself when there is no memory for that.
    pub fn into_own_block(self, pool: &Pool) -> Result<Block, Self> {
        self.into_block().or_else(|short| pool.copy(Source::from(short.as_slice())).map_err(|_| short))
    }
}

impl From<Request> for Message {
    fn from(request: Request) -> Self {
        Self(Body::Request(Box::new(request)))
    }
}

impl From<Box<Leased>> for Message {
    fn from(leased: Box<Leased>) -> Self {
        Self(Body::Leased(leased))
    }
}

impl From<Block> for Message {
    fn from(block: Block) -> Self {
        Self(Body::Block(block))
    }
}
