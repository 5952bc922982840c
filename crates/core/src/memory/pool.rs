//! A channel's free blocks, in stacks by size class, or its slots where their memory is made up front.

use std::ops::RangeInclusive;
#[cfg(not(loom))]
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::{Block, Slots, Source};
use crate::error::NoMemory;
use crate::janitor;
use crate::message::Message;

/// Size classes: powers of two, 128 bytes to 64 KiB.
const CLASSES: usize = 10;
const SMALLEST: usize = 128;
const LARGEST: usize = SMALLEST << (CLASSES - 1);
/// Classes of which ends keep free blocks at hand: up to 8 KiB. Copying longer ones takes longer than a lock.
pub(super) const SHORT_CLASSES: usize = 7;
/// The free blocks of one class take at most this many bytes.
const CLASS_LIMIT: usize = 8 << 20;
/// The free blocks above the classes take at most this many bytes, or eight of the largest that is used in place.
const LARGE_LIMIT: usize = 32 << 20;
const PAGE: usize = 4096;
/// Lengths for which a copy past the caches pays: what is shorter waits for memory longer than it takes to copy, what is
/// longer is read sooner from a cache that it would lie in.
const PAST_CACHES: RangeInclusive<usize> = 8 << 10..=32 << 10;
/// A channel idle for this long gives its free blocks back.
const IDLE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
struct Shelf {
    blocks: Vec<Block>,
    bytes: usize,
}

/// A channel's free blocks.
#[derive(Debug)]
pub struct Pool {
    /// All of its memory, where it is made up front: nothing else is used then, and nothing trimmed.
    slots: Option<Arc<Slots>>,
    classes: [Mutex<Shelf>; CLASSES],
    large: Mutex<Shelf>,
    /// The largest block that was used in place since the last trimming, in bytes.
    in_place: AtomicUsize,
    /// A block was shelved since the last look of the trimming job.
    touched: AtomicBool,
    /// A trimming job is on its way.
    watched: AtomicBool,
}

impl Pool {
    /// An empty pool.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Self::over(None)
    }

    /// The pool of memory that belongs to no channel.
    #[cfg(not(loom))]
    #[must_use]
    pub fn of_the_process() -> &'static Arc<Self> {
        static POOL: LazyLock<Arc<Pool>> = LazyLock::new(Pool::new);
        &POOL
    }

    /// A pool of `capacity` slots for messages of up to `slot_bytes` bytes, one at least, and of the spares
    /// that are asked for beyond them. `prefault` touches the slots now.
    ///
    /// # Errors
    /// [`NoMemory`] when there is not enough memory for the slots.
    pub fn of_slots(capacity: usize, slot_bytes: usize, prefault: bool) -> Result<Arc<Self>, NoMemory> {
        Slots::new(capacity, slot_bytes, prefault).map(|slots| Self::over(Some(slots)))
    }

    fn over(slots: Option<Arc<Slots>>) -> Arc<Self> {
        Arc::new(Self {
            slots,
            classes: std::array::from_fn(|_| Mutex::default()),
            large: Mutex::default(),
            in_place: AtomicUsize::new(0),
            touched: AtomicBool::new(false),
            watched: AtomicBool::new(false),
        })
    }

    /// A block with a copy of `source`.
    pub(crate) fn copy(&self, source: Source<'_>) -> Result<Block, NoMemory> {
        let mut block = self.take(source.len, Block::allocate)?;
        block.fill(source);
        Ok(block)
    }

    /// As `copy`, for what goes from core to core again and again, and is read all of it.
    pub(crate) fn copy_to_pass(&self, source: Source<'_>) -> Result<Block, NoMemory> {
        if !PAST_CACHES.contains(&source.len) {
            return self.copy(source);
        }
        let mut block = self.take(source.len, Block::allocate)?;
        block.fill_past_caches(source);
        Ok(block)
    }

    /// A block of `len` bytes to be written in place: what they are is not said, but all were written before.
    ///
    /// # Errors
    /// [`NoMemory`] when there is not enough memory for a block that long.
    pub fn blank(&self, len: usize) -> Result<Block, NoMemory> {
        let mut block = self.take(len, Block::zeroed)?;
        block.set_len(len);
        self.used_in_place(&block);
        Ok(block)
    }

    /// Such a block is worth keeping however large it is: allocating it again costs more.
    pub fn used_in_place(&self, block: &Block) {
        // Relaxed: a bound, not a lock.
        self.in_place.fetch_max(block.room, Ordering::Relaxed);
    }

    /// A free block with room for `len` bytes, or a new one.
    fn take(&self, len: usize, new: fn(usize) -> Result<Block, NoMemory>) -> Result<Block, NoMemory> {
        if let Some(slots) = &self.slots {
            return slots.take(len);
        }
        match class_of(len) {
            Some(class) => match pop(&self.classes[class]) {
                Some(block) => Ok(block),
                None => new(room_of(class)),
            },
            None => match self.pop_large(len) {
                Some(block) => Ok(block),
                None => new(len.checked_next_multiple_of(PAGE).ok_or(NoMemory { bytes: len })?),
            },
        }
    }

    /// Gives a block back to its channel, or to the one that it was forwarded from.
    pub fn recycle(self: &Arc<Self>, mut block: Block) {
        match block.take_home() {
            Some(home) => home.shelve(block),
            None => self.shelve(block),
        }
    }

    fn shelve(self: &Arc<Self>, block: Block) {
        // A slot finds its way back by itself, also from another channel's pool.
        if block.is_slot() || self.slots.is_some() {
            return;
        }
        let (shelf, limit) = match class_of(block.room) {
            Some(class) => (&self.classes[class], CLASS_LIMIT),
            None => (&self.large, LARGE_LIMIT.max(8 * self.in_place.load(Ordering::Relaxed))),
        };
        let mut shelf = guard(shelf);
        if shelf.bytes + block.room > limit || shelf.blocks.try_reserve(1).is_err() {
            drop(shelf);
            drop(block);
            return;
        }
        shelf.bytes += block.room;
        shelf.blocks.push(block);
        drop(shelf);
        self.touch();
    }

    /// The class of blocks with room for `len` bytes; `None` where they are not shelved by class.
    pub(super) fn class_of(&self, len: usize) -> Option<usize> {
        if self.slots.is_some() { None } else { class_of(len) }
    }

    /// Moves up to `count` free blocks of a class, those used last, to `into`.
    pub(super) fn take_round(&self, class: usize, count: usize, into: &mut Vec<Block>) {
        if into.try_reserve_exact(count).is_err() {
            return;
        }
        let mut shelf = guard(&self.classes[class]);
        let first = shelf.blocks.len().saturating_sub(count);
        into.extend(shelf.blocks.drain(first..));
        shelf.bytes -= into.len() * room_of(class);
    }

    /// Takes blocks of a class back, all of them.
    pub(super) fn shelve_all(self: &Arc<Self>, class: usize, blocks: &mut Vec<Block>) {
        if blocks.is_empty() {
            return;
        }
        let mut shelf = guard(&self.classes[class]);
        let fit = (CLASS_LIMIT - shelf.bytes) / room_of(class);
        let count = if shelf.blocks.try_reserve(blocks.len()).is_ok() { fit.min(blocks.len()) } else { 0 };
        shelf.bytes += count * room_of(class);
        shelf.blocks.extend(blocks.drain(..count));
        drop(shelf);
        // What does not fit is freed after the lock is released.
        blocks.clear();
        self.touch();
    }

    /// Tells the trimming job that blocks were shelved lately.
    fn touch(self: &Arc<Self>) {
        // Relaxed: only says "used lately"; a missed mark trims one second early or late.
        if !self.touched.load(Ordering::Relaxed) {
            self.touched.store(true, Ordering::Relaxed);
            if !self.watched.swap(true, Ordering::Relaxed) {
                watch(Arc::downgrade(self));
            }
        }
    }

    /// Gives a message's memory back, if it has any of its own.
    pub fn recycle_message(self: &Arc<Self>, message: Message) {
        if let Some(block) = message.reclaim() {
            self.recycle(block);
        }
    }

    /// How many bytes the free blocks take.
    #[must_use]
    pub fn free_bytes(&self) -> usize {
        let shelves: usize = self.classes.iter().chain([&self.large]).map(|shelf| guard(shelf).bytes).sum();
        shelves + self.slots.as_ref().map_or(0, |slots| slots.free_bytes())
    }

    /// The channel is gone: slots are freed now, or with the last block in them. The rest is trimmed.
    pub(crate) fn give_up(&self) {
        if let Some(slots) = &self.slots {
            slots.give_up();
        }
    }

    fn pop_large(&self, len: usize) -> Option<Block> {
        let mut shelf = guard(&self.large);
        // A block more than twice as long would waste more than it saves.
        let fitting = shelf.blocks.iter().rposition(|block| block.room >= len && block.room / 2 <= len)?;
        let block = shelf.blocks.remove(fitting);
        shelf.bytes -= block.room;
        Some(block)
    }

    fn trim(&self) {
        self.in_place.store(0, Ordering::Relaxed);
        for shelf in self.classes.iter().chain([&self.large]) {
            let taken = std::mem::take(&mut *guard(shelf));
            drop(taken);
        }
    }
}

fn guard(shelf: &Mutex<Shelf>) -> MutexGuard<'_, Shelf> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pop(shelf: &Mutex<Shelf>) -> Option<Block> {
    let mut shelf = guard(shelf);
    let block = shelf.blocks.pop()?;
    shelf.bytes -= block.room;
    Some(block)
}

/// A new block of a class.
pub(super) fn new_block(class: usize) -> Result<Block, NoMemory> {
    Block::allocate(room_of(class))
}

/// How long the blocks of a class are, in bytes.
pub(super) fn room_of(class: usize) -> usize {
    SMALLEST << class
}

fn class_of(len: usize) -> Option<usize> {
    match len {
        0..=SMALLEST => Some(0),
        _ if len <= LARGEST => Some((len.next_power_of_two() / SMALLEST).trailing_zeros() as usize),
        _ => None,
    }
}

/// Looks at the pool once a second until a second passed without use, then empties it.
fn watch(pool: Weak<Pool>) {
    janitor::schedule(
        Instant::now() + IDLE,
        Box::new(move || {
            let Some(strong) = pool.upgrade() else { return };
            if strong.touched.swap(false, Ordering::Relaxed) {
                drop(strong);
                watch(pool);
                return;
            }
            strong.watched.store(false, Ordering::Relaxed);
            strong.trim();
        }),
    );
}

#[cfg(all(test, not(loom)))]
mod tests;
