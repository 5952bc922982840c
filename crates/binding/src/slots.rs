//! What JavaScript names by a small integer: a slot's number and its generation, so that a name kept
//! too long means nothing instead of the slot's next owner.

/// Slots of one environment. A name is `generation << 20 | index`, and fits V8's small integers.
pub(crate) struct Slots<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

struct Slot<T> {
    generation: u32,
    content: Option<T>,
}

const INDEX_BITS: u32 = 20;
const INDEXES: u32 = 1 << INDEX_BITS;
const GENERATIONS: u32 = 1 << (30 - INDEX_BITS);

impl<T> Slots<T> {
    pub(crate) fn new() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }

    /// The name that the next `insert` gives; `None`: all are taken.
    pub(crate) fn next_name(&self) -> Option<u32> {
        match self.free.last() {
            Some(&index) => Some(name(self.slots[index as usize].generation, index)),
            None => u32::try_from(self.slots.len()).ok().filter(|&index| index < INDEXES),
        }
    }

    /// Names a new thing, or gives it back when all names are taken.
    pub(crate) fn insert(&mut self, content: T) -> Result<u32, T> {
        let Some(named) = self.next_name() else { return Err(content) };
        if self.free.pop().is_none() {
            self.slots.push(Slot { generation: 0, content: None });
        }
        self.slots[(named % INDEXES) as usize].content = Some(content);
        Ok(named)
    }

    pub(crate) fn get(&self, named: u32) -> Option<&T> {
        let slot = self.slots.get((named % INDEXES) as usize)?;
        if slot.generation == named >> INDEX_BITS { slot.content.as_ref() } else { None }
    }

    pub(crate) fn get_mut(&mut self, named: u32) -> Option<&mut T> {
        let slot = self.slots.get_mut((named % INDEXES) as usize)?;
        if slot.generation == named >> INDEX_BITS { slot.content.as_mut() } else { None }
    }

    pub(crate) fn remove(&mut self, named: u32) -> Option<T> {
        let index = named % INDEXES;
        let slot = self.slots.get_mut(index as usize)?;
        if slot.generation != named >> INDEX_BITS {
            return None;
        }
        let content = slot.content.take()?;
        slot.generation = (slot.generation + 1) % GENERATIONS;
        self.free.push(index);
        Some(content)
    }

    /// Takes everything out.
    pub(crate) fn drain(&mut self) -> Vec<T> {
        self.free.clear();
        std::mem::take(&mut self.slots).into_iter().filter_map(|slot| slot.content).collect()
    }
}

fn name(generation: u32, index: u32) -> u32 {
    generation << INDEX_BITS | index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_kept_too_long_means_nothing() {
        let mut slots = Slots::new();
        let first = slots.insert('a').unwrap_or_default();
        assert_eq!(slots.remove(first), Some('a'));
        let second = slots.insert('b').unwrap_or_default();
        assert_ne!(first, second);
        assert_eq!((slots.get(first), slots.get(second)), (None, Some(&'b')));
        assert_eq!(slots.remove(first), None);
    }

    #[test]
    fn the_next_name_is_foretold() {
        let mut slots = Slots::new();
        for content in 0..3 {
            let foretold = slots.next_name();
            assert_eq!(slots.insert(content).ok(), foretold);
        }
        slots.remove(1);
        let foretold = slots.next_name();
        assert_eq!(slots.insert(9).ok(), foretold);
    }
}
