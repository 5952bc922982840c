//! The waits of one kind of one channel, each in its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::channel::end::End;
use crate::wait::Waiter;

/// A place in a list: lower is earlier.
pub(crate) type Place = u64;

/// Which of a select's cases.
pub(crate) type Case = u32;

/// A wait with what it brings along: the pending message of a send, the goal of a `drained`.
pub(crate) struct Entry<T> {
    pub(crate) waiter: Arc<Waiter>,
    pub(crate) end: Arc<End>,
    pub(crate) case: Case,
    pub(crate) brings: T,
}

/// The waits of one kind of one channel, in the order in which they began; under the channel's lock.
pub(crate) struct WaitList<T> {
    entries: BTreeMap<Place, Entry<T>>,
    next: Place,
}

impl<T> WaitList<T> {
    pub(crate) fn new() -> Self {
        Self { entries: BTreeMap::new(), next: 0 }
    }

    pub(crate) fn push(&mut self, entry: Entry<T>) -> Place {
        let place = self.next;
        self.next += 1;
        self.entries.insert(place, entry);
        place
    }

    pub(crate) fn pop_first(&mut self) -> Option<(Place, Entry<T>)> {
        self.entries.pop_first()
    }

    /// Puts an entry back where it was.
    pub(crate) fn put_back(&mut self, place: Place, entry: Entry<T>) {
        self.entries.insert(place, entry);
    }

    /// The place that the next wait will take.
    pub(crate) fn next_place(&self) -> Place {
        self.next
    }

    pub(crate) fn remove(&mut self, place: Place) -> Option<Entry<T>> {
        self.entries.remove(&place)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
