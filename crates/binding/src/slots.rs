//! What JavaScript names by a number: a slot's number and its generation, so that a name kept too long means nothing
//! instead of the slot's next owner.
//!
//! ```text
//!   name = generation << 20 | index      up to 2^30: one of V8's small integers     up to 2^53: a double tells them apart
//!   lasting:  free --insert--> in use --remove--> free      no name is ever given twice:
//!                                        \--1,024th--> worn: rests while others are fresh, then goes on under longer
//!                                                      names, until a double holds no more of them
//!   passing:  the 1,024th generation is followed by the first
//! ```

use std::collections::VecDeque;

use millrace_numbers::size::MOST_HANDLES;

/// Slots of one environment. `LASTING`: a name is never given twice; passing names come again after 1,024 uses of
/// their slot, which is enough where whoever uses a name knows whether it is live.
pub(crate) struct Slots<T, const LASTING: bool = false> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
    /// Those whose small names are used up, longest first.
    worn: VecDeque<u32>,
}

struct Slot<T> {
    generation: u64,
    content: Option<T>,
}

const INDEX_BITS: u32 = 20;
const INDEXES: u64 = 1 << INDEX_BITS;
const _: () = assert!(INDEXES == MOST_HANDLES as u64);
/// Generations of names that are small integers in every V8.
const SMALL: u64 = 1 << (30 - INDEX_BITS);
/// Generations of names that a double tells apart.
const ALL: u64 = 1 << (53 - INDEX_BITS);
/// So many worn slots rest before one of them is used again: four million names are small, and little memory rests.
const RESTING: usize = if cfg!(test) { 4 } else { 1 << 12 };

impl<T, const LASTING: bool> Slots<T, LASTING> {
    pub(crate) fn new() -> Self {
        Self { slots: Vec::new(), free: Vec::new(), worn: VecDeque::new() }
    }

    pub(crate) fn get(&self, named: impl Into<u64>) -> Option<&T> {
        let (index, generation) = parts(named.into());
        let slot = self.slots.get(index)?;
        if slot.generation == generation { slot.content.as_ref() } else { None }
    }

    pub(crate) fn get_mut(&mut self, named: impl Into<u64>) -> Option<&mut T> {
        let (index, generation) = parts(named.into());
        let slot = self.slots.get_mut(index)?;
        if slot.generation == generation { slot.content.as_mut() } else { None }
    }

    pub(crate) fn remove(&mut self, named: impl Into<u64>) -> Option<T> {
        let (index, generation) = parts(named.into());
        let slot = self.slots.get_mut(index)?;
        if slot.generation != generation {
            return None;
        }
        let content = slot.content.take()?;
        slot.generation = if LASTING { generation + 1 } else { (generation + 1) % SMALL };
        match slot.generation {
            // Used up for good.
            ALL => {}
            generation if LASTING && generation % SMALL == 0 => self.worn.push_back(index as u32),
            _ => self.free.push(index as u32),
        }
        Some(content)
    }

    /// Takes everything out.
    pub(crate) fn drain(&mut self) -> Vec<T> {
        self.free.clear();
        self.worn.clear();
        std::mem::take(&mut self.slots).into_iter().filter_map(|slot| slot.content).collect()
    }

    /// Whether `count` more things can be named. Room for them is had beforehand.
    pub(crate) fn has_room(&mut self, count: usize) -> bool {
        let fresh = count.saturating_sub(self.free.len() + self.worn.len());
        self.slots.len() + fresh <= INDEXES as usize && self.slots.try_reserve(fresh).is_ok()
    }

    /// The slot that the next thing gets; `None`: all are taken.
    fn next_index(&self) -> Option<u32> {
        let rested = || self.worn.front().copied();
        let fresh = || u32::try_from(self.slots.len()).ok().filter(|&index| u64::from(index) < INDEXES);
        self.free
            .last()
            .copied()
            .or_else(|| if self.worn.len() >= RESTING { rested() } else { None })
            .or_else(fresh)
            .or_else(rested)
    }

    fn name_of(&self, index: u32) -> u64 {
        let generation = self.slots.get(index as usize).map_or(0, |slot| slot.generation);
        generation << INDEX_BITS | u64::from(index)
    }

    fn put(&mut self, content: T) -> Result<u64, T> {
        let Some(index) = self.next_index() else { return Err(content) };
        if index as usize == self.slots.len() {
            if self.slots.try_reserve(1).is_err() {
                return Err(content);
            }
            self.slots.push(Slot { generation: 0, content: None });
        } else if self.free.pop().is_none() {
            self.worn.pop_front();
        }
        self.slots[index as usize].content = Some(content);
        Ok(self.name_of(index))
    }
}

impl<T> Slots<T, true> {
    /// Names a new thing, or gives it back when all names are taken.
    pub(crate) fn insert(&mut self, content: T) -> Result<u64, T> {
        self.put(content)
    }
}

impl<T> Slots<T> {
    /// The name that the next `insert` gives; `None`: all are taken.
    pub(crate) fn next_name(&self) -> Option<u32> {
        self.next_index().map(|index| self.name_of(index) as u32)
    }

    /// Names a new thing, or gives it back when all names are taken.
    pub(crate) fn insert(&mut self, content: T) -> Result<u32, T> {
        self.put(content).map(|named| named as u32)
    }
}

fn parts(named: u64) -> (usize, u64) {
    ((named % INDEXES) as usize, named >> INDEX_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn lasting() -> Slots<u64, true> {
        Slots::new()
    }

    fn renamed<const LASTING: bool>(slots: &mut Slots<u64, LASTING>) -> u64 {
        let named = slots.put(7).unwrap_or_default();
        assert_eq!(slots.get(named), Some(&7));
        assert_eq!(slots.remove(named), Some(7));
        named
    }

    #[test]
    fn a_name_kept_too_long_means_nothing() {
        let mut slots = Slots::<char>::new();
        let first = slots.insert('a').unwrap_or_default();
        assert_eq!(slots.remove(first), Some('a'));
        let second = slots.insert('b').unwrap_or_default();
        assert_ne!(first, second);
        assert_eq!((slots.get(first), slots.get(second)), (None, Some(&'b')));
        assert_eq!(slots.remove(first), None);
    }

    #[test]
    fn the_next_name_is_foretold() {
        let mut slots = Slots::<u64>::new();
        for content in 0..3 {
            let foretold = slots.next_name();
            assert_eq!(slots.insert(content).ok(), foretold);
        }
        slots.remove(1_u32);
        let foretold = slots.next_name();
        assert_eq!(slots.insert(9).ok(), foretold);
    }

    #[test]
    fn a_lasting_name_is_never_given_twice() {
        let mut slots = lasting();
        let mut given = HashSet::new();
        // Beyond the small names of all the slots that rest, so that some go on under longer ones.
        for _ in 0..(RESTING as u64 + 2) * SMALL {
            assert!(given.insert(renamed(&mut slots)));
        }
        assert!(given.iter().any(|named| *named >= INDEXES * SMALL), "longer names");
        assert!(given.iter().all(|named| *named < 1 << 53));
        assert_eq!(slots.slots.len(), RESTING, "slots that rest are used again");
        assert!(given.iter().all(|named| slots.get(*named).is_none()));
    }

    #[test]
    fn a_slot_is_never_used_again_once_a_double_holds_no_more_of_its_names() {
        let mut slots = lasting();
        let first = renamed(&mut slots);
        // 2^32 reuses and as many again are behind it.
        slots.slots[0].generation = ALL - 2;
        slots.free = vec![0];
        let last = [renamed(&mut slots), renamed(&mut slots)];
        assert_eq!(last, [(ALL - 2) << INDEX_BITS, (ALL - 1) << INDEX_BITS]);
        assert!(last.iter().all(|named| (*named as f64) as u64 == *named && *named < 1 << 53));
        assert_eq!(renamed(&mut slots), 1, "another slot");
        assert!([first, last[0], last[1]].iter().all(|named| slots.get(*named).is_none()));
    }

    #[test]
    fn room_is_told_before_it_is_taken() {
        let mut slots = lasting();
        assert!(slots.has_room(INDEXES as usize));
        assert!(!slots.has_room(INDEXES as usize + 1));
        let _ = slots.insert(1);
        assert!(!slots.has_room(INDEXES as usize));
    }
}
