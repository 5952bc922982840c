//! The waits for a queue's emptying (`drained`), and for an end's own pending sends. Each message that leaves, and
//! each send that is over, costs what it settles, however many wait.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::channel::end::End;
use crate::wait::{Entry, Place};

/// What such a wait waits for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    /// Its end's own sends that were pending when it began.
    Settled,
    /// And that what was accepted by then has left the queue.
    Drained,
}

/// An end, by its address: it is listed only while somebody has it.
type Key = usize;

/// Where a wait is.
#[derive(Debug, Clone, Copy)]
enum Spot {
    Settling(Key, Place),
    Leaving(u64),
}

/// All of one channel; under its lock.
pub(crate) struct Drains {
    /// The places of the pending sends, by their ends.
    pending: BTreeSet<(Key, Place)>,
    /// Those whose own sends are pending: by their ends, and by the place before which these sends are.
    settling: BTreeMap<(Key, Place, Place), Entry<Goal>>,
    /// The others, by how many messages in all must have left the queue.
    leaving: BTreeMap<(u64, Place), Entry<Goal>>,
    /// Those that are new, or whose own sends are over, and that wait for nothing or for the queue from now on.
    fresh: Vec<(Place, Entry<Goal>)>,
    spots: BTreeMap<Place, Spot>,
    next: Place,
}

impl Drains {
    pub(crate) fn new() -> Self {
        Self {
            pending: BTreeSet::new(),
            settling: BTreeMap::new(),
            leaving: BTreeMap::new(),
            fresh: Vec::new(),
            spots: BTreeMap::new(),
            next: 0,
        }
    }

    /// A wait begins; the next send takes the place `before`.
    pub(crate) fn push(&mut self, entry: Entry<Goal>, before: Place) -> Place {
        let place = self.next;
        self.next += 1;
        let end = key(&entry.end);
        if self.pending.range((end, 0)..(end, before)).next().is_none() {
            self.fresh.push((place, entry));
        } else {
            self.spots.insert(place, Spot::Settling(end, before));
            self.settling.insert((end, before, place), entry);
        }
        place
    }

    /// A wait ends. A fresh one does not count: whoever makes it settles it before the lock is released.
    pub(crate) fn remove(&mut self, place: Place) {
        match self.spots.remove(&place) {
            Some(Spot::Settling(end, before)) => drop(self.settling.remove(&(end, before, place))),
            Some(Spot::Leaving(goal)) => drop(self.leaving.remove(&(goal, place))),
            None => {}
        }
    }

    /// The place that the next wait will take.
    pub(crate) fn next_place(&self) -> Place {
        self.next
    }

    pub(crate) fn len(&self) -> usize {
        self.settling.len() + self.leaving.len() + self.fresh.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A send of `end` took a place.
    pub(crate) fn send_began(&mut self, end: &Arc<End>, place: Place) {
        self.pending.insert((key(end), place));
    }

    /// It is over: accepted, refused or aborted.
    pub(crate) fn send_settled(&mut self, end: &Arc<End>, place: Place) {
        let end = key(end);
        self.pending.remove(&(end, place));
        let first = self.pending.range((end, 0)..=(end, Place::MAX)).next().map_or(Place::MAX, |&(_, at)| at);
        while let Some((&at, _)) = self.settling.range((end, 0, 0)..=(end, first, Place::MAX)).next() {
            let Some(entry) = self.settling.remove(&at) else { return };
            self.spots.remove(&at.2);
            self.fresh.push((at.2, entry));
        }
    }

    /// Whether there are fresh ones, so that [`Drains::accepted`] is to be told.
    pub(crate) fn has_fresh(&self) -> bool {
        !self.fresh.is_empty()
    }

    /// `sent` messages in all were accepted by now: the fresh ones wait for those.
    pub(crate) fn accepted(&mut self, sent: u64) {
        for (place, entry) in self.fresh.drain(..) {
            let goal = match entry.brings {
                Goal::Settled => 0,
                Goal::Drained => sent,
            };
            self.spots.insert(place, Spot::Leaving(goal));
            self.leaving.insert((goal, place), entry);
        }
    }

    /// The next of those that are done once `left` messages in all have left the queue.
    pub(crate) fn pop_done(&mut self, left: u64) -> Option<Entry<Goal>> {
        let first = self.leaving.first_entry().filter(|first| first.key().0 <= left)?;
        let ((_, place), entry) = first.remove_entry();
        self.spots.remove(&place);
        Some(entry)
    }

    /// The next of all, whatever it waits for.
    pub(crate) fn pop(&mut self) -> Option<Entry<Goal>> {
        if let Some(((_, _, place), entry)) = self.settling.pop_first() {
            self.spots.remove(&place);
            return Some(entry);
        }
        self.fresh.pop().map(|(_, entry)| entry).or_else(|| self.pop_done(u64::MAX))
    }
}

fn key(end: &Arc<End>) -> Key {
    Arc::as_ptr(end).addr()
}
