//! The newest value of a watch, for any number of writers and readers.
//!
//! ```text
//!   writers, one after the other --write--> [place] [place] [place] ...     current: number and place of the newest
//!   readers, all at once ---------read-------------^
//! ```
//! A writer writes to a place that is not the current one, and passes over those at which somebody still
//! reads; a reader that finds its place taken by a later value looks again at which is current. So neither
//! ever waits for the other, and each reader has a whole value, the newest when it looked.

use crate::message::Message;
use crate::primitives::{AtomicU64, Backoff, Mutex, Ordering, RwLock, lock};

/// More than one for each reader that is just copying a pointer while it is put to sleep.
const PLACES: usize = if cfg!(loom) { 3 } else { 16 };

struct Value {
    number: u64,
    /// Can be copied: see [`Message::share`].
    message: Message,
}

pub(crate) struct Newest {
    places: [RwLock<Option<Value>>; PLACES],
    /// The newest value's number times `PLACES`, and its place. Numbers begin at 1; 0: there is none.
    current: AtomicU64,
    /// One writer at a time. Which other places may still hold a value, a bit each.
    writing: Mutex<u32>,
}

impl Newest {
    pub(crate) fn new() -> Self {
        Self {
            places: std::array::from_fn(|_| RwLock::new(None)),
            current: AtomicU64::new(0),
            writing: Mutex::new(0),
        }
    }

    /// The newest value's number; 0: there is none.
    pub(crate) fn number(&self) -> u64 {
        // Acquire: whoever sees the number finds that value, or a later one.
        self.current.load(Ordering::Acquire) / PLACES as u64
    }

    /// Makes `message` the newest; older ones that nobody reads any more go to `free`.
    pub(crate) fn set(&self, message: Message, free: impl FnMut(Message)) {
        let mut leftover = lock(&self.writing);
        // Relaxed: written by writers only, whose lock this is.
        let current = self.current.load(Ordering::Relaxed);
        let (number, place) = (current / PLACES as u64 + 1, current as usize % PLACES);
        let before = self.write(place, Value { number, message: message.into_shared() }, number);
        *leftover |= 1 << place;
        let older = (0..PLACES).filter(|older| *leftover & (1 << older) != 0).collect::<Vec<_>>();
        let cleared = older.into_iter().filter_map(|older| {
            let mut value = self.places[older].try_write().ok()?;
            *leftover &= !(1 << older);
            value.take()
        });
        before.into_iter().chain(cleared).map(|value| value.message).for_each(free);
    }

    /// Writes to some place but `current`, which is the newest then; what lay there before.
    fn write(&self, current: usize, value: Value, number: u64) -> Option<Value> {
        let backoff = Backoff::new();
        loop {
            for step in 1..PLACES {
                let place = (current + step) % PLACES;
                let Ok(mut free) = self.places[place].try_write() else { continue };
                let before = free.replace(value);
                drop(free);
                // Release, after the write: see `number`.
                self.current.store(number * PLACES as u64 + place as u64, Ordering::Release);
                return before;
            }
            backoff.snooze();
        }
    }

    /// The newest value, and its number.
    pub(crate) fn get(&self) -> Option<(u64, Message)> {
        loop {
            // Acquire: as in `number`.
            let current = self.current.load(Ordering::Acquire);
            if current == 0 {
                return None;
            }
            let (number, place) = (current / PLACES as u64, current as usize % PLACES);
            // Not there any more, or being written: then another one is current.
            if let Ok(value) = self.places[place].try_read()
                && let Some(value) = value.as_ref().filter(|value| value.number == number)
                && let Some(message) = value.message.share()
            {
                return Some((number, message));
            }
            #[cfg(loom)]
            loom::thread::yield_now();
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::memory::Pool;

    fn message(byte: u8, len: usize) -> Message {
        Message::new(&Pool::new(), &vec![byte; len][..]).expect("a little memory")
    }

    #[test]
    fn the_newest_is_seen_and_older_ones_are_freed() {
        let newest = Newest::new();
        assert!(newest.get().is_none());
        let mut freed = Vec::new();
        for (number, byte) in (1..=40).zip(0..) {
            newest.set(message(byte, 100), |old| freed.push(old.as_slice()[0]));
            let (seen, value) = newest.get().unwrap();
            assert_eq!((seen, newest.number(), value.as_slice()), (number, number, &[byte; 100][..]));
        }
        assert_eq!(freed, (0..39).collect::<Vec<_>>());
    }

    #[test]
    fn a_writer_passes_over_those_who_read() {
        let newest = Newest::new();
        let mut freed = 0;
        newest.set(message(1, 10), |_| freed += 1);
        let reads: Vec<_> =
            newest.places.iter().take(PLACES - 2).map(|place| place.read().unwrap()).collect();
        for byte in 2..5 {
            newest.set(message(byte, 10), |_| freed += 1);
            assert_eq!(newest.get().unwrap().1.as_slice(), &[byte; 10]);
        }
        drop(reads);
        newest.set(message(5, 10), |_| freed += 1);
        assert_eq!(freed, 4, "what was being read is freed by the next one");
    }
}
