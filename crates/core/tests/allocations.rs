//! A channel whose slots are made up front allocates nothing for a message: counted by an allocator, in each
//! thread by itself, so that nothing but the channel is counted.
#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::VecDeque;
use std::thread;

use millrace_core::{
    AnyEnd, Case, Environment, Flavor, Message, Overflow, Receiver, Sender, Sent, Settings, Tickets,
    TrySendError, channel, try_select,
};

struct Counting;

thread_local! {
    /// What this thread allocated so far. It needs no destructor and no memory of its own.
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller's duties are the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(start, layout) };
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many allocations of this thread `work` takes.
fn allocations(work: impl FnOnce()) -> u64 {
    let before = COUNT.get();
    work();
    COUNT.get() - before
}

const CAPACITY: usize = 64;
const SLOT: usize = 4096;
/// How many messages a receiver holds.
const HELD: usize = 16;
const MESSAGES: usize = 20_000;
const LENGTHS: [usize; 6] = [0, 64, 65, 1000, SLOT - 1, SLOT];

fn slots(overflow: Overflow) -> (Sender, Receiver) {
    let settings = Settings { slot_bytes: Some(SLOT), overflow, ..Settings::default() };
    channel(Flavor::Bounded(CAPACITY), settings, &Environment::new(|| ())).unwrap()
}

fn message(sender: &Sender, bytes: &[u8; SLOT], index: usize) -> Message {
    Message::new(sender.pool(), &bytes[..LENGTHS[index % LENGTHS.len()]]).unwrap()
}

/// Fills and empties the channel over and over; the last `HELD` messages received are held back.
fn rounds(tx: &Sender, rx: &Receiver, held: &mut VecDeque<Message>) {
    let bytes = [7; SLOT];
    for round in 0..MESSAGES / CAPACITY {
        for index in 0..CAPACITY {
            tx.try_send(message(tx, &bytes, round + index)).unwrap();
        }
        assert!(tx.try_send(message(tx, &bytes, round)).is_err());
        for index in 0..CAPACITY {
            held.push_back(rx.try_recv().unwrap());
            assert_eq!(held.back().unwrap().len(), LENGTHS[(round + index) % LENGTHS.len()]);
            if held.len() > HELD {
                rx.recycle(held.pop_front().unwrap());
            }
        }
    }
}

#[test]
fn a_message_allocates_nothing_even_while_receivers_hold_some() {
    let (tx, rx) = slots(Overflow::Wait);
    let mut held = VecDeque::with_capacity(HELD + 1);
    rounds(&tx, &rx, &mut held);
    assert_eq!(allocations(|| rounds(&tx, &rx, &mut held)), 0);
}

#[test]
fn what_is_dropped_to_make_room_allocates_nothing() {
    for overflow in [Overflow::DropOldest, Overflow::DropNewest] {
        let (tx, rx) = slots(overflow);
        let flood = || {
            for index in 0..MESSAGES {
                tx.try_send(message(&tx, &[7; SLOT], index)).unwrap();
            }
        };
        flood();
        assert_eq!(allocations(flood), 0);
        drop(rx);
    }
}

#[test]
fn from_thread_to_thread_a_message_allocates_nothing() {
    let (tx, rx) = slots(Overflow::Wait);
    let tickets = Tickets::new();
    let name = tickets.make(AnyEnd::Sender(tx), 0, false);
    let sender = thread::spawn(move || {
        let environment = Environment::new(|| ());
        let AnyEnd::Sender(tx) = tickets.redeem(&[name], &environment).unwrap().remove(0) else {
            unreachable!("a sender came back as another end")
        };
        allocations(|| {
            for index in 0..MESSAGES {
                let mut next = message(&tx, &[7; SLOT], index);
                while let Err(TrySendError::Full(full)) = tx.try_send(next) {
                    thread::yield_now();
                    next = full;
                }
            }
        })
    });
    let mut held = VecDeque::with_capacity(HELD + 1);
    let received = allocations(|| {
        for index in 0..MESSAGES {
            let next = loop {
                match rx.try_recv() {
                    Ok(next) => break next,
                    Err(_) => thread::yield_now(),
                }
            };
            assert_eq!(next.len(), LENGTHS[index % LENGTHS.len()]);
            held.push_back(next);
            if held.len() > HELD {
                rx.recycle(held.pop_front().unwrap());
            }
        }
    });
    assert_eq!(received, 0);
    // At most a spare for each message that is held, and for the one that found the channel full; each takes
    // two allocations, and there may be two more for the list of the free.
    assert!(sender.join().unwrap() <= 2 * (HELD as u64 + 1) + 2);
}

/// What messages of 1 KiB allocate on a channel without slots once it is warm, so many queued at a time: each one is sent
/// from what the sender keeps at hand, and goes back to what the receiver keeps.
fn of_a_kibibyte(flavor: Flavor, ahead: usize) -> u64 {
    let (tx, rx) = channel(flavor, Settings::default(), &Environment::new(|| ())).unwrap();
    let bytes = [7; 1024];
    let go = |count: usize| {
        for sent in 0..count / ahead * ahead {
            tx.try_send(tx.message(&bytes[..]).unwrap()).unwrap();
            if (sent + 1) % ahead == 0 {
                (0..ahead).for_each(|_| rx.recycle(rx.try_recv().unwrap()));
            }
        }
    };
    go(MESSAGES);
    allocations(|| go(MESSAGES))
}

#[test]
fn without_slots_messages_of_a_kibibyte_recycle_their_blocks() {
    for ahead in [1, 8, CAPACITY] {
        assert_eq!(of_a_kibibyte(Flavor::Bounded(CAPACITY), ahead), 0, "{ahead} at a time");
    }
}

#[test]
fn without_slots_the_counter_does_count() {
    let (tx, rx) = channel(Flavor::Bounded(1), Settings::default(), &Environment::new(|| ())).unwrap();
    let counted = allocations(|| {
        for _ in 0..10 {
            tx.try_send(Message::new(tx.pool(), &[7; SLOT][..]).unwrap()).unwrap();
            drop(rx.try_recv().unwrap());
        }
    });
    assert!(counted >= 10, "{counted} allocations");
}

#[test]
fn a_select_or_an_abort_that_drops_its_message_gives_the_slot_back() {
    let (tx, rx) = slots(Overflow::Wait);
    let full = || message(&tx, &[7; SLOT], 5);
    (0..CAPACITY).for_each(|_| tx.try_send(full()).unwrap());
    assert_eq!(tx.pool().free_bytes(), 0);
    drop(full());
    assert_eq!(tx.pool().free_bytes(), SLOT);
    for _ in 0..10 {
        assert!(try_select(vec![Case::Send(&tx, full())], &[0], true).is_none());
        assert_eq!(tx.pool().free_bytes(), SLOT);
        let Ok(Sent::Pending(pending)) = tx.send_or_wait(full(), 0) else { panic!("there was room") };
        assert_eq!(tx.pool().free_bytes(), 0);
        drop(pending);
        assert_eq!(tx.pool().free_bytes(), SLOT);
    }
    drop(rx);
}
