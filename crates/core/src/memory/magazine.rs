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

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// A class of short blocks by the room of each, and how many of them are a round.
    const ROUNDS: [(usize, usize); 3] = [(128, 32), (1 << 10, 32), (8 << 10, 4)];

    fn blocks(pool: &Pool, room: usize, count: usize) -> Vec<Block> {
        (0..count).map(|_| pool.copy(Source::from(&vec![7; room][..])).expect("a little memory")).collect()
    }

    #[test]
    fn what_an_end_gives_back_is_what_it_uses_next() {
        let pool = Pool::new();
        let magazine = Magazine::new(&pool);
        let mut first = magazine.copy(Source::from(&[7; 100][..])).unwrap();
        let place = first.as_mut_ptr();
        magazine.put(first);
        assert_eq!(pool.free_bytes(), 0, "the end keeps it");
        let mut second = magazine.copy(Source::from(&[8; 120][..])).unwrap();
        assert_eq!((second.as_mut_ptr(), second.as_slice()), (place, &[8; 120][..]));
    }

    #[test]
    fn the_memory_of_a_message_is_kept() {
        let pool = Pool::new();
        let magazine = Magazine::new(&pool);
        magazine.recycle(Message::copy(Source::from(&[7; 100][..]), |long| pool.copy(long)).unwrap());
        drop(magazine);
        assert_eq!(pool.free_bytes(), 128);
    }

    #[test]
    fn a_round_is_kept_and_the_next_block_sends_it_to_the_shelf() {
        for (room, round) in ROUNDS {
            let pool = Pool::new();
            let magazine = Magazine::new(&pool);
            let mut blocks = blocks(&pool, room, round + 1);
            let last = blocks.pop().unwrap();
            for block in blocks {
                magazine.put(block);
                assert_eq!(pool.free_bytes(), 0, "blocks of {room}");
            }
            magazine.put(last);
            assert_eq!(pool.free_bytes(), round * room);
        }
    }

    #[test]
    fn a_round_is_taken_from_the_shelf_at_once() {
        for (room, round) in ROUNDS {
            let pool = Pool::new();
            for block in blocks(&pool, room, round + 1) {
                pool.recycle(block);
            }
            let magazine = Magazine::new(&pool);
            let first = magazine.copy(Source::from(&vec![8; room][..])).unwrap();
            assert_eq!(pool.free_bytes(), room, "one is left of {room}");
            drop((first, magazine));
            assert_eq!(pool.free_bytes(), round * room, "what was used is not given back");
        }
    }

    #[test]
    fn blocks_of_another_class_go_back_to_the_shelf() {
        let pool = Pool::new();
        let magazine = Magazine::new(&pool);
        for block in blocks(&pool, 128, 3) {
            magazine.put(block);
        }
        let long = magazine.copy(Source::from(&[7; 200][..])).unwrap();
        assert_eq!(pool.free_bytes(), 3 * 128);
        magazine.put(long);
        drop(magazine);
        assert_eq!(pool.free_bytes(), 3 * 128 + 256);
    }

    #[test]
    fn an_end_that_goes_gives_its_blocks_back() {
        let pool = Pool::new();
        let magazine = Magazine::new(&pool);
        for block in blocks(&pool, 128, 3) {
            magazine.put(block);
        }
        drop(magazine);
        assert_eq!(pool.free_bytes(), 3 * 128);
    }

    #[test]
    fn long_blocks_are_not_kept() {
        let pool = Pool::new();
        let magazine = Magazine::new(&pool);
        let longest = pool::room_of(SHORT_CLASSES - 1);
        magazine.put(magazine.copy(Source::from(&vec![7; longest][..])).unwrap());
        assert_eq!(pool.free_bytes(), 0);
        magazine.put(magazine.copy(Source::from(&vec![7; longest + 1][..])).unwrap());
        assert_eq!(pool.free_bytes(), 2 * longest, "the longer one, at once");
    }

    #[test]
    fn what_is_another_pools_goes_there() {
        let (pool, home) = (Pool::new(), Pool::new());
        let slots = Pool::of_slots(1, 100, false).unwrap();
        let magazine = Magazine::new(&pool);
        let mut forwarded = home.blank(100).unwrap();
        forwarded.belongs_to(&home);
        magazine.put(forwarded);
        assert_eq!((home.free_bytes(), pool.free_bytes()), (128, 0));
        magazine.put(slots.copy(Source::from(&[7; 100][..])).unwrap());
        assert_eq!((slots.free_bytes(), pool.free_bytes()), (128, 0));
        drop(magazine);
        assert_eq!(pool.free_bytes(), 0);
    }
}
