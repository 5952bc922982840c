//! The laws of a watch: the newest value, for every reader, and nobody waits for anybody.
#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a law that cannot go on is broken")]

use std::sync::Arc;
use std::thread;

use millrace_core::{
    AnyEnd, Changed, Closed, Environment, Message, Outcome, Patience, Pending, RecvError, Settings, Source,
    Tickets, WatchReceiver, WatchSender, watch_channel,
};

fn stage() -> (Arc<Environment>, Arc<Environment>, WatchSender, WatchReceiver) {
    let (near, far) = (Environment::new(|| ()), Environment::new(|| ()));
    let (tx, rx) = watch_channel(Settings::default(), &near).unwrap();
    let tickets = Tickets::new();
    let name = tickets.make(AnyEnd::WatchReceiver(rx), near.id(), false);
    let rx = receiver(tickets.redeem(&[name], &far).unwrap().remove(0));
    (near, far, tx, rx)
}

fn receiver(end: AnyEnd) -> WatchReceiver {
    match end {
        AnyEnd::WatchReceiver(receiver) => receiver,
        _ => panic!("a receiver's ticket made another end"),
    }
}

fn set(tx: &WatchSender, number: u64) {
    tx.set(Source::from(&number.to_le_bytes()[..])).unwrap();
}

fn number(message: &Message) -> u64 {
    u64::from_le_bytes(message.as_slice()[..8].try_into().unwrap())
}

fn get(rx: &WatchReceiver) -> Option<u64> {
    rx.get_new().map(|message| number(&message))
}

fn wait(rx: &WatchReceiver) -> Pending {
    match rx.changed_or_wait(0) {
        Ok(Changed::Pending(pending)) => pending,
        _ => panic!("nothing was to be waited for"),
    }
}

fn told(pending: &Pending) -> bool {
    match pending.take() {
        None => false,
        Some(Outcome::Changed) => true,
        Some(other) => panic!("it settled with {other:?}"),
    }
}

fn endless(rx: &WatchReceiver) -> Result<(), RecvError> {
    rx.changed(Patience { deadline: None, pulse: &mut || true })
}

#[test]
fn every_reader_gets_the_newest_once() {
    let (.., tx, rx) = stage();
    let twin = rx.another();
    assert_eq!((get(&rx), rx.has_changed(), rx.get_again().is_none()), (None, false, true));
    for number in 1..=5 {
        set(&tx, number);
    }
    assert!(rx.has_changed());
    assert_eq!((get(&rx), get(&rx), get(&twin)), (Some(5), None, Some(5)));
    assert_eq!(rx.get_again().as_ref().map(number), Some(5));
    let late = tx.subscribe();
    assert_eq!((late.has_changed(), get(&late)), (true, Some(5)));
    let stats = tx.snapshot().stats();
    assert_eq!((stats.sent, stats.received, stats.skipped, stats.length), (5, 3, 8, 0));
}

#[test]
fn what_a_reader_passes_over_is_skipped_and_what_it_leaves_discarded() {
    let (.., tx, rx) = stage();
    set(&tx, 1);
    assert_eq!(get(&rx), Some(1));
    for number in 2..5 {
        set(&tx, number);
    }
    let stats = tx.snapshot().stats();
    assert_eq!((stats.received, stats.skipped, stats.length), (1, 2, 1));
    drop(rx);
    set(&tx, 5);
    let stats = tx.snapshot().stats();
    assert_eq!((stats.sent, stats.received, stats.skipped, stats.discarded, stats.length), (5, 1, 2, 1, 0));
}

#[test]
fn changed_is_told_once_to_each_who_has_not_seen_it() {
    let (.., tx, rx) = stage();
    let (twin, third) = (rx.another(), rx.another());
    let waits = [wait(&rx), wait(&rx), wait(&twin)];
    let given_up = wait(&third);
    assert!(given_up.cancel());
    set(&tx, 1);
    assert!(waits.iter().all(told));
    assert!(matches!(rx.changed_or_wait(0), Ok(Changed::Now)), "nobody has got it yet");
    assert_eq!(get(&rx), Some(1));
    let again = wait(&rx);
    assert!(matches!(twin.changed_or_wait(0), Ok(Changed::Now)));
    assert!(!told(&again));
    set(&tx, 2);
    assert!(told(&again));
}

#[test]
fn the_last_value_is_told_before_the_close_and_stays() {
    let (.., tx, rx) = stage();
    let twin = rx.another();
    let second = tx.another();
    set(&tx, 1);
    drop(tx);
    assert_eq!(get(&twin), Some(1));
    let pending = wait(&twin);
    drop(second);
    assert!(matches!(pending.take(), Some(Outcome::Closed)));
    assert!(!rx.snapshot().is_closed());
    assert!(matches!(rx.changed_or_wait(0), Ok(Changed::Now)));
    assert_eq!(get(&rx), Some(1));
    assert!(matches!(rx.changed_or_wait(0), Err(Closed)));
    assert_eq!(endless(&rx), Err(RecvError::Closed));
    assert!(rx.snapshot().is_closed());
    assert_eq!(rx.get_again().as_ref().map(number), Some(1));
}

#[test]
fn without_readers_set_goes_on_working() {
    let (.., tx, rx) = stage();
    drop(rx);
    set(&tx, 1);
    set(&tx, 2);
    assert!(!tx.snapshot().is_closed());
    assert_eq!(get(&tx.subscribe()), Some(2));
}

#[test]
fn a_wait_alone_is_stuck_and_one_for_a_thread_that_sets_is_not() {
    let (near, _, tx, rx) = stage();
    drop(rx);
    let here = tx.subscribe();
    assert_eq!(endless(&here), Err(RecvError::Stuck));
    let tickets = Tickets::new();
    let name = tickets.make(AnyEnd::WatchSender(tx), near.id(), true);
    let setter = thread::spawn(move || {
        let there = Environment::new(|| ());
        let AnyEnd::WatchSender(tx) = tickets.redeem(&[name], &there).unwrap().remove(0) else {
            panic!("a sender's ticket made another end")
        };
        set(&tx, 7);
    });
    assert_eq!(endless(&here), Ok(()));
    assert_eq!(get(&here), Some(7));
    setter.join().unwrap();
}

#[test]
fn replaced_values_give_their_memory_back() {
    let (.., tx, rx) = stage();
    for _ in 0..10 {
        tx.set(Source::from(&vec![1; 1 << 20][..])).unwrap();
        drop(rx.get_new());
    }
    assert_eq!(tx.snapshot().stats().bytes, 1 << 20);
}

#[test]
fn no_reader_sees_an_older_or_a_torn_value() {
    let (.., tx, rx) = stage();
    let readers: Vec<_> = (0..3)
        .map(|index| {
            let receiver = rx.another();
            thread::spawn(move || read(&receiver, index))
        })
        .collect();
    drop(rx);
    let writers: Vec<_> = (0..2).map(|writer| (writer, tx.another())).collect();
    drop(tx);
    let writers: Vec<_> = writers
        .into_iter()
        .map(|(writer, tx)| {
            thread::spawn(move || {
                for number in 1..=20_000_u64 {
                    let len = 8 + (number % 40) as usize * 8;
                    let value = (number * 2 + writer).to_le_bytes().repeat(len / 8);
                    tx.set(Source::from(&value[..])).unwrap();
                }
            })
        })
        .collect();
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    readers.into_iter().for_each(|reader| reader.join().unwrap());
}

fn read(receiver: &WatchReceiver, index: u64) {
    let mut newest = [0; 2];
    for turn in 0.. {
        if turn % (index + 2) == 0 && endless(receiver).is_err() {
            break;
        }
        let Some(message) = receiver.get_new() else { continue };
        let value = number(&message);
        let bytes = value.to_le_bytes();
        assert!(message.as_slice().chunks(8).all(|chunk| chunk == bytes), "it is whole");
        let seen = &mut newest[(value % 2) as usize];
        assert!(value > *seen, "{value} came after {seen}");
        *seen = value;
        receiver.recycle(message);
    }
    assert_eq!(newest.iter().max(), Some(&40_001).filter(|_| newest[1] == 40_001).or(Some(&40_000)));
}
