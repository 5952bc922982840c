//! Channels of very many ends: figures stay exact, and what is done with one end takes no longer for the others.
#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a law that cannot go on is broken")]

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use millrace_core::{AnyEnd, Environment, Flavor, Sender, Settings, Tickets, channel};

fn put(tx: &Sender) {
    tx.try_send(tx.message(&[1, 2, 3][..]).unwrap()).unwrap();
}

#[test]
fn figures_are_exact_however_many_ends_count_and_are_looked_at_in_between() {
    let environment = Environment::new(|| ());
    let (tx, rx) = channel(Flavor::Unbounded, Settings::default(), &environment).unwrap();
    let mut senders: Vec<_> = (0..100).map(|_| tx.another()).collect();
    let receivers: Vec<_> = (0..100).map(|_| rx.another()).collect();
    let mut sent = 0;
    for round in 0..20 {
        for sender in senders.iter().skip(round % 7).step_by(3) {
            put(sender);
            sent += 1;
        }
        let stats = tx.snapshot().stats();
        assert_eq!((stats.sent, stats.bytes, stats.length), (sent, 3 * sent, sent as usize));
        if round % 5 == 0 {
            drop(senders.pop());
            assert_eq!(tx.snapshot().stats().sent, sent);
        }
    }
    for receiver in receivers.iter().cycle().take(sent as usize) {
        receiver.try_recv().unwrap();
    }
    let stats = tx.snapshot().stats();
    assert_eq!((stats.received, stats.bytes, stats.length), (sent, 0, 0));
    assert_eq!((stats.senders, stats.receivers), (senders.len() + 1, 101));
    drop((senders, receivers));
    let stats = tx.snapshot().stats();
    assert_eq!((stats.sent, stats.received, stats.senders, stats.receivers), (sent, sent, 1, 1));
}

#[test]
fn figures_are_exact_at_rest_while_other_threads_looked_at_them() {
    const THREADS: u64 = 3;
    const EACH: u64 = 20_000;
    let environment = Environment::new(|| ());
    let (tx, rx) = channel(Flavor::Unbounded, Settings::default(), &environment).unwrap();
    // So many that they do not all stay listed.
    let idle: Vec<_> = (0..50).map(|_| tx.another()).collect();
    let begin = Barrier::new(THREADS as usize + 1);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            let (ends, receiver, begin) =
                ((0..4).map(|_| tx.another()).collect::<Vec<_>>(), rx.another(), &begin);
            scope.spawn(move || {
                begin.wait();
                for number in 0..EACH {
                    put(&ends[number as usize % ends.len()]);
                    receiver.try_recv().unwrap();
                }
            });
        }
        begin.wait();
        let mut seen = 0;
        while seen < THREADS * EACH {
            // Each look takes those that have counted off the list, which they must find their way back to.
            for end in &idle {
                put(end);
                rx.try_recv().unwrap();
            }
            seen = tx.snapshot().stats().sent;
        }
    });
    let stats = tx.snapshot().stats();
    assert_eq!(stats.sent, stats.received);
    assert_eq!(stats.sent % idle.len() as u64, THREADS * EACH % idle.len() as u64);
    assert_eq!((stats.length, stats.bytes), (0, 0));
}

#[test]
fn what_is_done_with_one_of_very_many_ends_takes_no_longer_than_with_one_of_few() {
    let environment = Environment::new(|| ());
    let tickets = Tickets::new();
    let least = |ends: usize| {
        let (tx, _rx) = channel(Flavor::Bounded(8), Settings::default(), &environment).unwrap();
        let _others: Vec<_> = (0..ends).map(|_| tx.another()).collect();
        let once = || {
            let start = Instant::now();
            let one = tx.another();
            let stats = one.snapshot().stats();
            assert_eq!(stats.senders, ends + 2);
            let name = tickets.make(AnyEnd::Sender(one), environment.id(), false);
            tickets.revoke(&[name]);
            start.elapsed()
        };
        (0..200).map(|_| once()).min().unwrap_or(Duration::MAX)
    };
    let (few, many) = (least(10), least(30_000));
    assert!(many < few * 4 + Duration::from_micros(5), "{few:?} of 10, {many:?} of 30,000");
}
