//! What `slot_bytes` promises: bounds, recycling, and memory that is given back.
#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use millrace_core::{Environment, Flavor, Message, NoMemory, Receiver, Sender, Settings, channel};

fn made(flavor: Flavor, settings: Settings) -> (Sender, Receiver) {
    channel(flavor, settings, &Environment::new(|| ())).unwrap()
}

fn slots(slot_bytes: usize) -> Settings {
    Settings { slot_bytes: Some(slot_bytes), ..Settings::default() }
}

fn put(tx: &Sender, len: usize) {
    tx.try_send(Message::new(tx.pool(), &vec![len as u8; len][..]).unwrap()).unwrap();
}

#[test]
fn memory_is_made_up_front_and_for_what_is_held_once() {
    let (tx, rx) = made(Flavor::Bounded(8), slots(1000));
    let free = || tx.pool().free_bytes() / 1024;
    assert_eq!(free(), 8);
    for _ in 0..100 {
        (0..8).for_each(|_| put(&tx, 1000));
        assert_eq!(free(), 0);
        (0..8).for_each(|_| rx.recycle(rx.try_recv().unwrap()));
        assert_eq!(free(), 8);
    }
    for round in 0..100 {
        let held: Vec<_> = (0..16)
            .map(|_| {
                put(&tx, 900);
                rx.try_recv().unwrap()
            })
            .collect();
        assert_eq!(free(), 0, "round {round}");
        assert!(held.iter().all(|message| message.as_slice() == [900_usize as u8; 900]));
        held.into_iter().for_each(|message| rx.recycle(message));
        assert_eq!(free(), 16);
    }
}

#[test]
fn short_slots_lie_inside_the_queue() {
    let (tx, rx) = made(Flavor::Bounded(8), Settings { prefault: true, ..slots(64) });
    put(&tx, 64);
    assert_eq!((tx.pool().free_bytes(), tx.longest()), (0, Some(64)));
    assert_eq!(rx.try_recv().unwrap().len(), 64);
}

#[test]
fn an_unbounded_channel_keeps_as_many_as_were_ever_queued() {
    let (tx, rx) = made(Flavor::Unbounded, slots(1000));
    for _ in 0..10 {
        (0..20).for_each(|_| put(&tx, 500));
        (0..20).for_each(|_| rx.recycle(rx.try_recv().unwrap()));
        assert_eq!(tx.pool().free_bytes(), 20 * 1024);
    }
}

#[test]
fn the_shorter_bound_is_the_longest_message() {
    let longest = |max_bytes, slot_bytes| {
        let settings = Settings { max_bytes, slot_bytes, ..Settings::default() };
        made(Flavor::Bounded(2), settings).0.longest()
    };
    assert_eq!(longest(None, None), None);
    assert_eq!(longest(Some(100), None), Some(100));
    assert_eq!(longest(None, Some(200)), Some(200));
    assert_eq!(longest(Some(100), Some(200)), Some(100));
    assert_eq!(longest(Some(300), Some(200)), Some(200));
}

#[test]
fn a_message_longer_than_a_slot_has_no_memory() {
    let (tx, _rx) = made(Flavor::Bounded(2), slots(1000));
    let refused = Message::new(tx.pool(), &[0; 1001][..]).unwrap_err();
    assert_eq!(refused, NoMemory { bytes: 1001 });
}

#[test]
fn slots_that_memory_cannot_hold_are_an_error() {
    for slot_bytes in [usize::MAX, usize::MAX / 2, 1 << 60] {
        assert!(channel(Flavor::Bounded(1), slots(slot_bytes), &Environment::new(|| ())).is_err());
    }
}

#[test]
fn a_message_outlives_its_channel_and_the_slots_do_not() {
    let (tx, rx) = made(Flavor::Bounded(4), slots(1000));
    put(&tx, 1000);
    let message = rx.try_recv().unwrap();
    let pool = Arc::clone(tx.pool());
    assert_eq!(pool.free_bytes(), 3 * 1024);
    drop((tx, rx));
    assert_eq!(pool.free_bytes(), 0);
    assert_eq!(message.as_slice(), [1000_usize as u8; 1000]);
    drop(message);
    assert_eq!(pool.free_bytes(), 0);
}

#[test]
fn what_is_given_back_or_discarded_keeps_its_slot_in_the_channel() {
    let (tx, rx) = made(Flavor::Bounded(4), slots(1000));
    (0..4).for_each(|_| put(&tx, 1000));
    rx.origin().give_back(rx.try_recv().unwrap());
    assert_eq!(tx.pool().free_bytes(), 0);
    assert_eq!(rx.cancel(), 4);
    assert_eq!(tx.pool().free_bytes(), 4 * 1024);
}
