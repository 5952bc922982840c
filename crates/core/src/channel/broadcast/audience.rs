//! The receivers of a broadcast: where each stands in the ring, what was put back for it, and which of its
//! waits comes next. Under the channel's lock.
//!
//! ```text
//!   a receiver's end --seat--> [ next | put back | waits ]      waiting: seats with waits and nothing to get
//!                                                               ready: seats to look at, after a push or a wait
//! ```
//! So a push looks at those who wait and at nobody else, and a wait at its own receiver alone.

use std::collections::{BTreeSet, VecDeque};

use crate::flavors::{Got, Ring};
use crate::message::Message;
use crate::wait::Place;

/// What a receiver is shown of its next messages.
#[derive(Default)]
pub(crate) struct Shown {
    pub(crate) messages: Vec<Message>,
    /// How many of them were put back.
    returned: usize,
    /// The number of the first that was not.
    first: u64,
}

/// A receiver's seat, by number.
pub(crate) type SeatNumber = usize;
/// The seat of an end that has none: it sends, gets nothing more, or is a ticket that marks no place.
pub(crate) const NO_SEAT: SeatNumber = usize::MAX;

struct Seat {
    /// The number of the message that it gets next; it may be gone by then.
    next: u64,
    /// What goes ahead of that, oldest first.
    returned: VecDeque<Message>,
    /// The places of its waits in the channel's list.
    waits: BTreeSet<Place>,
    /// Where it is in the list of those that wait.
    listed: Option<usize>,
}

pub(crate) struct Audience {
    pub(crate) ring: Ring,
    seats: Vec<Option<Seat>>,
    free: Vec<SeatNumber>,
    waiting: Vec<SeatNumber>,
    ready: Vec<SeatNumber>,
    /// Waits of receivers that have no seat.
    pub(crate) in_vain: Vec<Place>,
    /// What was put back, in all.
    returned: usize,
    /// To be freed, or used again, once the lock is released.
    pub(crate) freed: Vec<Message>,
}

impl Audience {
    pub(crate) fn new(ring: Ring) -> Self {
        Self {
            ring,
            seats: Vec::new(),
            free: Vec::new(),
            waiting: Vec::new(),
            ready: Vec::new(),
            in_vain: Vec::new(),
            returned: 0,
            freed: Vec::new(),
        }
    }

    /// Whether nobody is there.
    pub(crate) fn is_empty(&self) -> bool {
        self.free.len() == self.seats.len()
    }

    /// Takes out what everybody has, at most so much; whether there is more.
    pub(crate) fn free_passed(&mut self, most: usize) -> bool {
        self.ring.free_passed(most, &mut self.freed)
    }

    /// How many messages were put back and not taken again.
    pub(crate) fn returned(&self) -> usize {
        self.returned
    }

    /// A seat for one who comes now: the last messages are replayed.
    pub(crate) fn subscribe(&mut self) -> SeatNumber {
        let from = self.ring.replayed();
        self.sit(from, VecDeque::new())
    }

    /// A seat for one who goes on where another is.
    pub(crate) fn sit_like(&mut self, other: SeatNumber) -> SeatNumber {
        let Some(seat) = self.seat(other) else { return NO_SEAT };
        let next = seat.next;
        let returned: VecDeque<_> = seat.returned.iter().filter_map(Message::share).collect();
        self.sit(next, returned)
    }

    fn sit(&mut self, next: u64, returned: VecDeque<Message>) -> SeatNumber {
        self.returned += returned.len();
        let next = self.ring.stand(next);
        let seat = Seat { next, returned, waits: BTreeSet::new(), listed: None };
        let number = self.free.pop().unwrap_or(self.seats.len());
        match self.seats.get_mut(number) {
            Some(place) => *place = Some(seat),
            None => self.seats.push(Some(seat)),
        }
        number
    }

    /// Its receiver goes: how many messages it had yet to get, and how many it has missed.
    pub(crate) fn leave(&mut self, number: SeatNumber) -> (u64, u64) {
        let Some(seat) = self.seats.get_mut(number).and_then(Option::take) else { return (0, 0) };
        self.free.push(number);
        self.unlist(seat.listed);
        let (left, missed) = self.ring.left(seat.next);
        let returned = seat.returned.len();
        self.returned -= returned;
        self.freed.extend(seat.returned);
        self.ring.move_on(seat.next, None);
        (left + returned as u64, missed)
    }

    /// The next message of a receiver.
    pub(crate) fn take(&mut self, number: SeatNumber) -> Option<Got> {
        let Self { seats, ring, returned, .. } = self;
        let seat = seats.get_mut(number)?.as_mut()?;
        if let Some(message) = seat.returned.pop_front() {
            *returned -= 1;
            return Some(Got { message, missed: 0, passed: true });
        }
        let got = ring.take(seat.next)?;
        seat.next += got.missed + 1;
        Some(got)
    }

    /// As `take`, of the newest: the older ones count with those that were missed.
    pub(crate) fn take_newest(&mut self, number: SeatNumber) -> Option<Got> {
        let (left, missed) = self.left(number)?;
        let Self { seats, ring, returned, freed, .. } = self;
        let seat = seats.get_mut(number)?.as_mut()?;
        *returned -= seat.returned.len();
        let older = missed + left.checked_sub(1)?;
        if ring.left(seat.next).0 == 0 {
            let message = seat.returned.pop_back()?;
            freed.extend(seat.returned.drain(..));
            return Some(Got { message, missed: older, passed: true });
        }
        freed.extend(seat.returned.drain(..));
        let last = ring.end() - 1;
        ring.move_on(seat.next, Some(last));
        seat.next = last + 1;
        ring.take(last).map(|got| Got { missed: older, passed: true, ..got })
    }

    /// Shows a receiver its next messages, and leaves it where it is: at most so many, and not beyond so many
    /// bytes but for the first.
    pub(crate) fn show(&self, number: SeatNumber, most: usize, bytes: usize) -> Shown {
        let Some(seat) = self.seat(number) else { return Shown::default() };
        let first = seat.next.max(self.ring.oldest());
        let queued = (first..self.ring.end()).map_while(|number| self.ring.copy(number));
        let mut messages = Vec::new();
        let mut left = bytes;
        for message in seat.returned.iter().filter_map(Message::share).chain(queued).take(most) {
            if !messages.is_empty() && message.len() > left {
                break;
            }
            left = left.saturating_sub(message.len());
            messages.push(message);
        }
        Shown { messages, returned: seat.returned.len(), first }
    }

    /// A receiver has taken the first `count` of what it was shown: how many it has missed before, and whether
    /// that made room.
    pub(crate) fn took(&mut self, number: SeatNumber, shown: &Shown, count: usize) -> (u64, bool) {
        let Self { seats, ring, returned, freed, .. } = self;
        let Some(seat) = seats.get_mut(number).and_then(Option::as_mut) else { return (0, false) };
        let put_back = shown.returned.min(count);
        *returned -= put_back;
        freed.extend(seat.returned.drain(..put_back));
        let to = shown.first + (count - put_back) as u64;
        if put_back == count {
            return (0, true);
        }
        let before = ring.slowest();
        ring.move_on(seat.next, Some(to));
        let missed = shown.first - std::mem::replace(&mut seat.next, to);
        (missed, ring.slowest() != before)
    }

    /// How many messages a receiver has yet to get, and how many it has missed.
    pub(crate) fn left(&self, number: SeatNumber) -> Option<(u64, u64)> {
        let seat = self.seat(number)?;
        let (left, missed) = self.ring.left(seat.next);
        Some((left + seat.returned.len() as u64, missed))
    }

    /// How many messages were missed by receivers that have not been told yet.
    pub(crate) fn missed(&self) -> u64 {
        self.seats.iter().flatten().map(|seat| self.ring.left(seat.next).1).sum()
    }

    /// Puts a message back, for its receiver alone: it is the next one. `Err`: the receiver is gone.
    pub(crate) fn give_back(&mut self, number: SeatNumber, message: Message) -> Result<(), Message> {
        let Some(seat) = self.seats.get_mut(number).and_then(Option::as_mut) else { return Err(message) };
        seat.returned.push_front(message.into_shared());
        self.returned += 1;
        self.ready.push(number);
        Ok(())
    }

    /// A receiver waits, at that place of the channel's list.
    pub(crate) fn wait(&mut self, number: SeatNumber, place: Place) {
        match self.seats.get_mut(number).and_then(Option::as_mut) {
            Some(seat) => {
                seat.waits.insert(place);
                self.ready.push(number);
            }
            None => self.in_vain.push(place),
        }
    }

    /// The wait at that place is over.
    pub(crate) fn wait_over(&mut self, number: SeatNumber, place: Place) {
        if let Some(seat) = self.seats.get_mut(number).and_then(Option::as_mut) {
            seat.waits.remove(&place);
        }
    }

    /// The first wait of a receiver that has something to get.
    pub(crate) fn first_wait(&self, number: SeatNumber) -> Option<Place> {
        let (left, _) = self.left(number)?;
        if left == 0 { None } else { self.seat(number)?.waits.first().copied() }
    }

    /// All waits of a receiver.
    pub(crate) fn waits(&self, number: SeatNumber) -> Vec<Place> {
        self.seat(number).map_or_else(Vec::new, |seat| seat.waits.iter().copied().collect())
    }

    /// Something was appended: whoever waits is to be looked at.
    pub(crate) fn appended(&mut self) {
        for number in &self.waiting {
            if let Some(seat) = &mut self.seats[*number] {
                seat.listed = None;
            }
        }
        self.ready.append(&mut self.waiting);
    }

    /// The next seat to look at; when that is done, `looked_at` is to be called.
    pub(crate) fn next_ready(&mut self) -> Option<SeatNumber> {
        self.ready.pop()
    }

    /// What a receiver waits for is not there: it is looked at again when something is appended.
    pub(crate) fn looked_at(&mut self, number: SeatNumber) {
        let Self { seats, waiting, .. } = self;
        if let Some(seat) = seats.get_mut(number).and_then(Option::as_mut)
            && seat.listed.is_none()
            && !seat.waits.is_empty()
        {
            seat.listed = Some(waiting.len());
            waiting.push(number);
        }
    }

    fn unlist(&mut self, listed: Option<usize>) {
        let Some(at) = listed else { return };
        self.waiting.swap_remove(at);
        if let Some(moved) = self.waiting.get(at)
            && let Some(seat) = &mut self.seats[*moved]
        {
            seat.listed = Some(at);
        }
    }

    fn seat(&self, number: SeatNumber) -> Option<&Seat> {
        self.seats.get(number)?.as_ref()
    }
}
