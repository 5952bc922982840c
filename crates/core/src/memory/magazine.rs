//! The free blocks that one end keeps at hand, so that it asks its channel's pool once for many messages:
//! a lock for each would be the two threads' to fight over.
//!
//! ```text
//!   receiver: block -> magazine --(full: all of it, one lock)--> shelf --(empty: a round, one lock)--> magazine -> block :sender
//! ```

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::pool::{self, SHORT_CLASSES};
use super::{Block, Pool, Source};
use crate::error::NoMemory;
use crate::message::Message;

/// An end keeps at most this many bytes of free blocks.
const MOST_BYTES: usize = 32 << 10;
/// And at most this many blocks.
const MOST_BLOCKS: usize = 32;

/// One end's free blocks, all of one size class: the last one that it used.
#[derive(Debug)]
pub(crate) struct Magazine {
    pool: Arc<Pool>,
    class: Cell<usize>,
    blocks: RefCell<Vec<Block>>,
}

impl Magazine {
    /// An empty one, filled from `pool` as it is used.
    pub(crate) fn new(pool: &Arc<Pool>) -> Self {
        Self { pool: Arc::clone(pool), class: Cell::new(0), blocks: RefCell::default() }
    }

    /// A block with a copy of `source`.
    pub(crate) fn copy(&self, source: Source<'_>) -> Result<Block, NoMemory> {
        let mut block = match self.class_for(source.len) {
            Some(class) => self.take(class)?,
            None => return self.pool.copy(source),
        };
        block.fill(source);
        Ok(block)
    }

    /// Gives a message's memory back, if it has any of its own.
    #[inline]
    pub(crate) fn recycle(&self, message: Message) {
        if let Some(block) = message.reclaim() {
            self.put(block);
        }
    }

    /// Gives all of them back to the pool.
    fn empty(&self) {
        self.pool.shelve_all(self.class.get(), &mut self.blocks.borrow_mut());
    }

    fn take(&self, class: usize) -> Result<Block, NoMemory> {
        let mut blocks = self.blocks.borrow_mut();
        if blocks.is_empty() {
            self.pool.take_round(class, round(class), &mut blocks);
        }
        blocks.pop().map_or_else(|| pool::new_block(class), Ok)
    }

    fn put(&self, block: Block) {
        let own = !block.is_slot() && !block.has_home();
        let class = if own { self.class_for(block.room) } else { None };
        let Some(class) = class else { return self.pool.recycle(block) };
        let mut blocks = self.blocks.borrow_mut();
        if blocks.len() == round(class) {
            self.pool.shelve_all(class, &mut blocks);
        }
        // Room for a round is made once; where there is no memory for it the pool finds a place.
        if blocks.capacity() == 0 && blocks.try_reserve_exact(MOST_BLOCKS).is_err() {
            drop(blocks);
            return self.pool.recycle(block);
        }
        blocks.push(block);
    }

    /// The class of `len` bytes, if its blocks are kept here; those of another class are given back.
    fn class_for(&self, len: usize) -> Option<usize> {
        let class = self.pool.class_of(len).filter(|class| *class < SHORT_CLASSES)?;
        if class != self.class.get() {
            self.empty();
            self.class.set(class);
        }
        Some(class)
    }
}

impl Drop for Magazine {
    fn drop(&mut self) {
        self.empty();
    }
}

/// How many blocks of a class are moved at once, and kept at most.
fn round(class: usize) -> usize {
    (MOST_BYTES / pool::room_of(class)).min(MOST_BLOCKS)
}
