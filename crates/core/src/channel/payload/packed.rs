//! The second queue, of a channel that takes packs: many messages in one block, accepted in one step.
//!
//! ```text
//!   queue (flavor)   a b c ........ only drains, once the channel is packed: all in it is older
//!   packed           d [ e | f | g ] h [ i | j ]     under the lock: single messages, and packs
//!                      ^ next          each message of a pack at the next multiple of 8
//! ```
//! A channel becomes packed at its first batch, for good. The bit in its phase sends every push here;
//! who goes packed waits for the pushes that did not see it, as who closes does. One queue cannot do
//! both: a pack in one slot of the flavor's queue would be one message to its capacity.

use std::collections::VecDeque;

use crate::channel::{Channel, Inner, Overflow, PACKED};
use crate::error::NoMemory;
use crate::memory::{Block, Pool, Source};
use crate::message::Message;
use crate::primitives::Ordering;

/// Messages of a pack begin at multiples of this, as in a receiver's memory.
pub const PACKED_ALIGN: usize = 8;

/// Several messages in one block; those before `next` are gone.
#[derive(Debug)]
pub(crate) struct Pack {
    block: Block,
    lengths: Vec<u32>,
    next: usize,
    /// Where the next one begins.
    at: usize,
    /// Payload bytes of those that are left.
    bytes: usize,
}

/// Messages that lie one behind the other, each at the next multiple of 8.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// From the first one's begin to the last one's end.
    pub bytes: &'a [u8],
    /// How long they are.
    pub lengths: &'a [u32],
}

/// How many bytes messages of these lengths take, each at the next multiple of 8; more than an address can tell is
/// the largest number of them, which no memory is as long as.
#[must_use]
pub fn span(lengths: &[u32]) -> usize {
    let Some((last, others)) = lengths.split_last() else { return 0 };
    let before: u64 =
        others.iter().map(|length| u64::from(*length).next_multiple_of(PACKED_ALIGN as u64)).sum();
    usize::try_from(before + u64::from(*last)).unwrap_or(usize::MAX)
}

/// Each of the messages of these lengths that lie in `source`, one behind the other.
pub(crate) fn parts<'a>(source: Source<'a>, lengths: &[u32]) -> impl Iterator<Item = Source<'a>> {
    let mut at = 0_usize;
    lengths.iter().filter_map(move |length| {
        let begin = at.next_multiple_of(PACKED_ALIGN);
        at = begin + *length as usize;
        source.part(begin, *length as usize)
    })
}

impl Pack {
    /// A copy of `source`, which is as long as the `span` of its messages' `lengths`; their sum is `bytes`.
    pub(crate) fn new(
        pool: &Pool,
        source: Source<'_>,
        lengths: Vec<u32>,
        bytes: usize,
    ) -> Result<Self, NoMemory> {
        Ok(Self { block: pool.copy_to_pass(source)?, lengths, next: 0, at: 0, bytes })
    }

    /// How many messages are left.
    pub(crate) fn len(&self) -> usize {
        self.lengths.len() - self.next
    }

    /// Their payload bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn into_block(self) -> Block {
        self.block
    }

    /// Takes the first one out, into memory of its own.
    pub(crate) fn take_first(&mut self, pool: &Pool) -> Result<Message, NoMemory> {
        let message = Message::new(pool, self.run(1, usize::MAX).bytes)?;
        self.advance(1, message.len());
        Ok(message)
    }

    /// What is left of it.
    pub(crate) fn rest(&self) -> Run<'_> {
        Run { bytes: &self.block.as_slice()[self.at..], lengths: &self.lengths[self.next..] }
    }

    /// As `rest`, up to `max` messages that take up to `room` bytes.
    fn run(&self, max: usize, room: usize) -> Run<'_> {
        let left = &self.lengths[self.next..];
        if left.len() <= max && self.block.len() - self.at <= room {
            return self.rest();
        }
        let (mut count, mut end) = (0, self.at);
        for length in left.iter().take(max) {
            let next_end = end.next_multiple_of(PACKED_ALIGN) + *length as usize;
            if next_end - self.at > room {
                break;
            }
            (count, end) = (count + 1, next_end);
        }
        Run { bytes: &self.block.as_slice()[self.at..end], lengths: &left[..count] }
    }

    fn advance(&mut self, count: usize, bytes: usize) {
        let gone = &self.lengths[self.next..][..count];
        self.at = (self.at + span(gone)).next_multiple_of(PACKED_ALIGN);
        self.next += count;
        self.bytes -= bytes;
    }
}

/// Messages that were taken together.
pub(crate) enum TakenRun {
    /// The next message lies by itself, or is not there.
    None,
    /// So many, with so many bytes.
    Some(usize, usize),
    /// All that was left of a pack.
    Rest(Pack),
}

/// What lies in the second queue.
pub(crate) enum Entry {
    Single(Message),
    Pack(Pack),
}

/// What the channel's lock guards of it.
#[derive(Default)]
pub(crate) struct Packed {
    entries: VecDeque<Entry>,
    /// Messages in all entries.
    len: usize,
}

impl Channel {
    /// From here on pushes go to the second queue, where that is worth it: a rendezvous queues nothing,
    /// what overflows drops single messages, slots made up front hold one each, and leases are given for one each.
    pub(crate) fn go_packed(&self) {
        let queues = !self.queue.is_rendezvous() && self.queue.is_plain();
        let single = self.settings.slot_bytes.is_some() || self.leases.is_some();
        let whole = self.settings.overflow == Overflow::Wait && !single;
        if !queues || !whole || self.is_packed() {
            return;
        }
        let mut inner = self.lock();
        // AcqRel: as when closing. `quiet` fences before it looks for sends that did not see it.
        self.flags.phase.fetch_or(PACKED, Ordering::AcqRel);
        self.quiet(&mut inner);
    }

    /// Whether pushes go to the second queue.
    pub(crate) fn is_packed(&self) -> bool {
        self.flags.phase.load(Ordering::Acquire) & PACKED != 0
    }

    /// Whether so many messages could ever be accepted together.
    pub(crate) fn takes_packs_of(&self, count: usize, bytes: usize) -> bool {
        self.is_packed()
            && self.capacity().is_none_or(|capacity| count <= capacity)
            && self.settings.max_bytes.is_none_or(|most| bytes <= most)
    }

    /// Appends to the second queue, or gives the message back when there is no room.
    pub(crate) fn append(&self, inner: &mut Inner, message: Message) -> Result<(), Message> {
        if !self.reserve(1, message.len()) {
            return Err(message);
        }
        inner.packed.entries.push_back(Entry::Single(message));
        self.grow(inner, 1);
        Ok(())
    }

    /// Appends all of a pack, or gives it back when there is no room for all.
    pub(crate) fn append_pack(&self, inner: &mut Inner, pack: Pack) -> Result<(), Pack> {
        let count = pack.len();
        if !self.reserve(count, pack.bytes()) {
            return Err(pack);
        }
        inner.packed.entries.push_back(Entry::Pack(pack));
        self.grow(inner, count);
        Ok(())
    }

    /// Takes the next message: what was returned first, then the flavor's oldest, then the second queue's.
    pub(crate) fn take_next(&self, inner: &mut Inner) -> Option<Message> {
        if self.is_cut_off() {
            return None;
        }
        let older = self.take_returned(inner).or_else(|| self.queue.try_pop().ok());
        let message = older.or_else(|| self.take_packed(inner))?;
        Some(match &self.leases {
            Some(leases) => leases.lease(inner, message),
            None => message,
        })
    }

    /// As `take_next`, for several that lie together, up to `max` that take up to `room` bytes. All that is left of
    /// a pack is taken as it is, to be copied while others use the channel; some of it is copied here.
    pub(crate) fn take_run(&self, (max, room): (usize, usize), copy: &mut impl FnMut(Run<'_>)) -> TakenRun {
        let mut inner = self.lock();
        let none_older = inner.returned.is_empty() && self.queue.is_empty();
        let Some(Entry::Pack(pack)) = inner.packed.entries.front_mut() else { return TakenRun::None };
        let run = pack.run(max, room);
        let (count, all) = (run.lengths.len(), pack.len());
        if !none_older || count == 0 {
            return TakenRun::None;
        }
        if count < all {
            let bytes = run.lengths.iter().map(|length| *length as usize).sum();
            copy(run);
            pack.advance(count, bytes);
            self.took(&mut inner, count, bytes);
            return TakenRun::Some(count, bytes);
        }
        let Some(Entry::Pack(pack)) = inner.packed.entries.pop_front() else { return TakenRun::None };
        self.took(&mut inner, count, pack.bytes());
        TakenRun::Rest(pack)
    }

    /// All of the second queue, and how many messages it is. Their bytes stay reserved: nothing comes after them.
    pub(crate) fn take_packs(&self, inner: &mut Inner) -> (usize, VecDeque<Entry>) {
        let Packed { entries, len } = std::mem::take(&mut inner.packed);
        if let Some(timing) = self.queue.timing() {
            timing.left(len);
        }
        self.show_packed(inner);
        (len, entries)
    }

    fn take_packed(&self, inner: &mut Inner) -> Option<Message> {
        let message = match inner.packed.entries.pop_front()? {
            Entry::Single(message) => message,
            Entry::Pack(mut pack) => {
                let made = pack.take_first(&self.pool).ok();
                // Without memory for it now, it stays where it is.
                inner.packed.entries.push_front(Entry::Pack(pack));
                made?
            }
        };
        self.shrink(inner, message.len());
        Some(message)
    }

    /// Whether there is room, which is the caller's then: it holds the lock, and only takes in while it does.
    fn reserve(&self, count: usize, bytes: usize) -> bool {
        let fits = |capacity| self.queue_len() + count <= capacity;
        self.capacity().is_none_or(fits) && self.queue.reserve(bytes)
    }

    fn grow(&self, inner: &mut Inner, count: usize) {
        inner.packed.len += count;
        if let Some(timing) = self.queue.timing() {
            timing.entered(count);
        }
        self.show_packed(inner);
    }

    /// A message of the first entry went; the entry goes with its last one.
    fn shrink(&self, inner: &mut Inner, bytes: usize) {
        if let Some(Entry::Pack(pack)) = inner.packed.entries.front()
            && pack.len() == 0
            && let Some(Entry::Pack(pack)) = inner.packed.entries.pop_front()
        {
            self.pool.recycle(pack.into_block());
        }
        self.took(inner, 1, bytes);
    }

    /// Messages went.
    fn took(&self, inner: &mut Inner, count: usize, bytes: usize) {
        inner.packed.len -= count;
        if let Some(timing) = self.queue.timing() {
            timing.left(count);
        }
        self.queue.release(bytes);
        self.show_packed(inner);
    }

    fn show_packed(&self, inner: &Inner) {
        // Release: who sees them finds the flavor's queue as it is from now on, with nothing to come.
        self.flags.packed.store(inner.packed.len, Ordering::Release);
    }
}
