//! The triple buffer: not a queue but the newest value, over the crate of that name.
//!
//! ```text
//!   Input --writes--> [slot]  --publish: swap-->  [slot]  <--swap: update--  [slot] --reads--> Output
//!                                              back, unread or not
//! ```
//! Each side has its slot to itself, and both swap with the back one: neither ever waits. The crate's
//! halves are owned by the ends that use them, and lie here only while an end is a ticket. What other
//! threads want to know, whether a value is unread, follows from two counters.

use std::sync::Arc;

use crossbeam_utils::CachePadded;
use triple_buffer::TripleBuffer;

use crate::channel::end::Sum;
use crate::error::NoMemory;
use crate::memory::Slot;
use crate::primitives::{AtomicU64, Mutex, Ordering, lock};

pub(crate) type Writing = triple_buffer::Input<Slot>;
pub(crate) type Reading = triple_buffer::Output<Slot>;

pub(crate) struct Latest {
    byte_length: usize,
    written: CachePadded<Written>,
    /// The number of the newest value that was read; the reader's alone to write.
    seen: CachePadded<AtomicU64>,
    halves: Mutex<Halves>,
}

/// The writer's alone to write.
#[derive(Default)]
struct Written {
    /// How many values were published, which is the newest one's number.
    count: AtomicU64,
    /// The newest one's length in bytes.
    len: AtomicU64,
}

/// What no end holds.
struct Halves {
    writing: Option<Writing>,
    reading: Option<Reading>,
}

impl Latest {
    pub(crate) fn new(byte_length: usize) -> Result<Arc<Self>, NoMemory> {
        let (writing, reading) = halves(byte_length)?;
        Ok(Arc::new(Self {
            byte_length,
            written: CachePadded::default(),
            seen: CachePadded::default(),
            halves: Mutex::new(Halves { writing: Some(writing), reading: Some(reading) }),
        }))
    }

    pub(crate) fn byte_length(&self) -> usize {
        self.byte_length
    }

    /// The writing half, for the only end that writes; `None` when one has it.
    pub(crate) fn take_writing(&self) -> Option<Writing> {
        lock(&self.halves).writing.take()
    }

    /// The reading half, for the only end that reads; `None` when one has it.
    pub(crate) fn take_reading(&self) -> Option<Reading> {
        lock(&self.halves).reading.take()
    }

    pub(crate) fn put_writing(&self, half: Writing) {
        lock(&self.halves).writing = Some(half);
    }

    pub(crate) fn put_reading(&self, half: Reading) {
        lock(&self.halves).reading = Some(half);
    }

    /// Publishes the first `len` bytes of the writer's slot. True: they replaced a value nobody read.
    pub(crate) fn publish(&self, half: &mut Writing, len: usize) -> bool {
        // Relaxed, both: written by this thread only.
        let number = self.written.count.load(Ordering::Relaxed) + 1;
        let slot = half.input_buffer_mut();
        (slot.len, slot.number) = (len, number);
        let replaced = half.publish();
        self.written.len.store(len as u64, Ordering::Relaxed);
        // Release, after the swap: whoever sees the count finds the value.
        self.written.count.store(number, Ordering::Release);
        replaced
    }

    /// Makes the newest value the reader's; false when it is already, or there is none.
    pub(crate) fn update(&self, half: &mut Reading) -> bool {
        let updated = half.update();
        if updated {
            // Release: what the reader did with the value before is not after it was replaced.
            self.seen.store(half.output_buffer().number, Ordering::Release);
        }
        updated
    }

    /// Whether a value was published that nobody read. Between a swap and its counter it is late by that
    /// store: a publish that nobody was told of is looked at again, by its own writer (`Channel::pushed`).
    pub(crate) fn is_unread(&self) -> bool {
        // Acquire, `seen` first: a value read in between is unread or not, never a negative number of them.
        let seen = self.seen.load(Ordering::Acquire);
        self.written.count.load(Ordering::Acquire) > seen
    }

    /// The unread value, counted.
    pub(crate) fn unread(&self) -> Sum {
        match self.is_unread() {
            true => Sum { messages: 1, bytes: self.written.len.load(Ordering::Relaxed) },
            false => Sum::default(),
        }
    }
}

/// The crate makes three equal slots; here each gets memory of its own.
fn halves(byte_length: usize) -> Result<(Writing, Reading), NoMemory> {
    let (mut writing, mut reading) = TripleBuffer::<Slot>::default().split();
    *writing.input_buffer_mut() = Slot::new(0, byte_length)?;
    // Swaps the first slot to the back and the one that lay there to the writer.
    writing.publish();
    *writing.input_buffer_mut() = Slot::new(1, byte_length)?;
    *reading.output_buffer_mut() = Slot::new(2, byte_length)?;
    // Swaps the first slot to the reader, and says that nothing is unread.
    reading.update();
    Ok((writing, reading))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn each_slot_has_memory_of_its_own_and_nothing_is_unread() {
        let (mut writing, mut reading) = halves(8).unwrap();
        assert!(!reading.updated());
        let mut indices = vec![reading.output_buffer().index(), writing.input_buffer().index()];
        writing.publish();
        indices.push(writing.input_buffer().index());
        reading.update();
        indices.sort_unstable();
        assert_eq!(indices, [0, 1, 2]);
        assert_eq!(reading.output_buffer().room().len(), 8);
    }

    #[test]
    fn memory_that_cannot_be_had_is_an_error() {
        assert!(Latest::new(usize::MAX / 2).is_err());
    }
}
