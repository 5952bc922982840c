//! The memory of messages: native blocks, and the pool of a channel that recycles them. All of the
//! core's `unsafe` lies here.
//!
//! ```text
//!            copy                    recycle
//!   Source -------> Block ... Block ---------> shelf of its size class --(next copy)--> Block
//! ```
//! The shelves are stacks, so the block touched last, which is still in the cache, is used next. They
//! hold a bounded number of blocks, and are emptied when the channel has been idle for a second.
//!
//! Duties, by name, that the SAFETY comments answer:
//! * **readable**: a source pointer is valid for reads of its length for the whole call;
//! * **owned**: a block's pointer comes from `alloc` with the block's layout, and is freed once;
//! * **filled**: a block's first `len` bytes have been written.
//!
//! `memory/room.rs` is the memory of triple buffers.

mod room;

use std::alloc::{Layout, alloc, dealloc};
use std::marker::PhantomData;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::error::NoMemory;
use crate::janitor;
use crate::message::{INLINE, Message, Short};

pub use room::{Room, Slot};

/// Bytes to copy from: a slice, or memory that another thread may be writing meanwhile, of which no
/// Rust reference may be made.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    start: *const u8,
    len: usize,
    lifetime: PhantomData<&'a [u8]>,
}

impl Source<'_> {
    /// # Safety
    /// *readable*: `start` is valid for reads of `len` bytes while the source is used.
    #[must_use]
    pub unsafe fn from_raw(start: *const u8, len: usize) -> Self {
        Self { start, len, lifetime: PhantomData }
    }

    /// How many bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Where they start; to be read with the care that the type's description asks for.
    #[must_use]
    pub fn as_ptr(&self) -> *const u8 {
        self.start
    }

    /// The bytes in an array, padded with zeros, when they fit.
    #[inline]
    pub(crate) fn copy_short(&self) -> Option<Short> {
        let mut bytes = Short([0; INLINE]);
        if self.len > INLINE {
            return None;
        }
        if self.len > 0 {
            // SAFETY: *readable* by construction; `bytes` is a fresh local of at least that length.
            unsafe { ptr::copy_nonoverlapping(self.start, bytes.0.as_mut_ptr(), self.len) };
        }
        Some(bytes)
    }
}

impl<'a> From<&'a [u8]> for Source<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self { start: bytes.as_ptr(), len: bytes.len(), lifetime: PhantomData }
    }
}

/// A native block with a message's bytes at its start. Dropping it frees it; see [`Pool::recycle`].
#[derive(Debug)]
pub struct Block {
    start: NonNull<u8>,
    room: usize,
    len: usize,
}

// SAFETY: *owned*: a block is the only owner of its memory, which belongs to no thread.
unsafe impl Send for Block {}
// SAFETY: *owned*, and a shared block gives out shared slices only.
unsafe impl Sync for Block {}

/// Blocks start on a cache line, which also suits every typed array.
const ALIGN: usize = 64;

impl Block {
    fn layout(room: usize) -> Result<Layout, NoMemory> {
        Layout::from_size_align(room, ALIGN).map_err(|_| NoMemory { bytes: room })
    }

    /// Memory for `room` bytes, more than none, of which none are filled yet.
    fn allocate(room: usize) -> Result<Self, NoMemory> {
        let layout = Self::layout(room)?;
        // SAFETY: the layout is not empty: `room` is the size of a class or longer than `INLINE`.
        let start = unsafe { alloc(layout) };
        NonNull::new(start).map(|start| Self { start, room, len: 0 }).ok_or(NoMemory { bytes: room })
    }

    fn fill(&mut self, source: Source<'_>) {
        self.len = source.len;
        // SAFETY: *readable* by construction; the pool chose a block with at least that much room.
        unsafe { ptr::copy_nonoverlapping(source.start, self.start.as_ptr(), source.len) };
    }

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: *filled*: `fill` set `len` and wrote as many bytes.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }

    /// Where the bytes start; for lending them out.
    #[must_use]
    pub fn as_mut_ptr(&mut self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// How many bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        if let Ok(layout) = Self::layout(self.room) {
            // SAFETY: *owned*: allocated with this very layout, and nobody else frees it.
            unsafe { dealloc(self.start.as_ptr(), layout) };
        }
    }
}

/// Size classes: powers of two, 128 bytes to 64 KiB.
const CLASSES: usize = 10;
const SMALLEST: usize = 128;
const LARGEST: usize = SMALLEST << (CLASSES - 1);
/// The free blocks of one class take at most this many bytes.
const CLASS_LIMIT: usize = 8 << 20;
/// The free blocks above the classes take at most this many bytes.
const LARGE_LIMIT: usize = 32 << 20;
const PAGE: usize = 4096;
/// A channel idle for this long gives its free blocks back.
const IDLE: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Shelf {
    blocks: Vec<Block>,
    bytes: usize,
}

/// A channel's free blocks.
pub struct Pool {
    classes: [Mutex<Shelf>; CLASSES],
    large: Mutex<Shelf>,
    /// A block was shelved since the last look of the trimming job.
    touched: AtomicBool,
    /// A trimming job is on its way.
    watched: AtomicBool,
}

impl Pool {
    /// An empty pool.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            classes: std::array::from_fn(|_| Mutex::default()),
            large: Mutex::default(),
            touched: AtomicBool::new(false),
            watched: AtomicBool::new(false),
        })
    }

    /// A block with a copy of `source`.
    pub(crate) fn copy(&self, source: Source<'_>) -> Result<Block, NoMemory> {
        let mut block = match class_of(source.len) {
            Some(class) => match pop(&self.classes[class]) {
                Some(block) => block,
                None => Block::allocate(SMALLEST << class)?,
            },
            None => match self.pop_large(source.len) {
                Some(block) => block,
                None => {
                    let pages = source.len.checked_next_multiple_of(PAGE);
                    Block::allocate(pages.ok_or(NoMemory { bytes: source.len })?)?
                }
            },
        };
        block.fill(source);
        Ok(block)
    }

    /// Gives a block back to its channel.
    pub fn recycle(self: &Arc<Self>, block: Block) {
        let (shelf, limit) = match class_of(block.room) {
            Some(class) => (&self.classes[class], CLASS_LIMIT),
            None => (&self.large, LARGE_LIMIT),
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
        if let Ok(block) = message.into_block() {
            self.recycle(block);
        }
    }

    /// How many bytes the free blocks take.
    #[must_use]
    pub fn free_bytes(&self) -> usize {
        self.classes.iter().chain([&self.large]).map(|shelf| guard(shelf).bytes).sum()
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
mod tests {
    use super::*;

    #[test]
    fn a_recycled_block_is_the_next_one_used() {
        let pool = Pool::new();
        let mut first = pool.copy(Source::from(&[7; 1000][..])).unwrap();
        let place = first.as_mut_ptr();
        pool.recycle(first);
        let mut second = pool.copy(Source::from(&[8; 700][..])).unwrap();
        assert_eq!(second.as_mut_ptr(), place);
        assert_eq!(second.as_slice(), &[8; 700]);
        assert_eq!(pool.free_bytes(), 0);
    }

    #[test]
    fn a_large_block_serves_lengths_down_to_half_of_its_own() {
        let pool = Pool::new();
        pool.recycle(pool.copy(Source::from(&vec![1; 1 << 20][..])).unwrap());
        let small = pool.copy(Source::from(&vec![2; 200_000][..])).unwrap();
        assert_eq!(pool.free_bytes(), 1 << 20);
        let fitting = pool.copy(Source::from(&vec![3; 600_000][..])).unwrap();
        assert_eq!(pool.free_bytes(), 0);
        assert_eq!((small.len(), fitting.len()), (200_000, 600_000));
    }

    #[test]
    fn free_blocks_are_bounded_in_bytes() {
        let pool = Pool::new();
        let blocks: Vec<_> =
            (0..10).map(|_| pool.copy(Source::from(&vec![0; 6 << 20][..])).unwrap()).collect();
        for block in blocks {
            pool.recycle(block);
        }
        assert!(pool.free_bytes() <= LARGE_LIMIT);
        assert!(pool.free_bytes() >= LARGE_LIMIT / 2);
    }

    #[test]
    fn every_length_has_a_class_that_holds_it() {
        for len in 1..=LARGEST {
            assert!(SMALLEST << class_of(len).unwrap() >= len, "length {len}");
        }
        assert_eq!(class_of(LARGEST + 1), None);
    }

    #[test]
    fn a_length_that_no_memory_holds_is_an_error() {
        let refused = Block::allocate(usize::MAX / 2).unwrap_err();
        assert_eq!(refused.bytes, usize::MAX / 2);
    }
}
