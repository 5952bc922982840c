//! The laws of leases: a message is acknowledged once, or goes back, in whatever way its lease ends.
#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a law that cannot go on is broken")]

#[expect(dead_code, reason = "a part of the laws' stage")]
#[path = "laws/stage.rs"]
mod stage;

use std::time::Duration;

use millrace_core::{
    Flavor, Lease, Leasing, Outcome, Pending, Receiver, RecvError, Sender, Settings, TryRecvError,
    TrySendError, channel,
};
use stage::{
    EventLoop, assert_balanced, drain, endless, fill, message, move_receiver, move_sender, number, pack, put,
    until_stats, wait_recv, wait_send, within,
};

const FLAVORS: [Flavor; 2] = [Flavor::Bounded(4), Flavor::Unbounded];

fn made(flavor: Flavor, max_attempts: u32, home: &EventLoop) -> (Sender, Receiver) {
    let settings = Settings { leasing: Some(Leasing { max_attempts }), ..Settings::default() };
    channel(flavor, settings, &home.environment).unwrap()
}

fn each(law: impl Fn(Sender, Receiver, &EventLoop)) {
    for flavor in FLAVORS {
        let home = EventLoop::new();
        let (tx, rx) = made(flavor, 0, &home);
        law(tx, rx, &home);
    }
}

fn lease(rx: &Receiver) -> Lease {
    Lease::new(rx.try_recv().unwrap(), rx.origin()).unwrap()
}

/// What a settled receive leased.
fn leased(wait: &Pending) -> Lease {
    match wait.take() {
        Some(Outcome::Received(message)) => Lease::new(message, wait.origin()).unwrap(),
        other => panic!("a receive settled with {other:?}"),
    }
}

fn of(lease: &Lease) -> (u64, u32) {
    (number(lease.message()), lease.attempt())
}

/// Sends 0, 1, ... and leases them.
fn lease_many(tx: &Sender, rx: &Receiver, count: u64) -> Vec<Lease> {
    (0..count).for_each(|number| put(tx, number).unwrap());
    (0..count).map(|_| lease(rx)).collect()
}

#[test]
fn what_is_acknowledged_is_gone() {
    each(|tx, rx, _| {
        put(&tx, 7).unwrap();
        let one = lease(&rx);
        assert_eq!(of(&one), (7, 1));
        let stats = tx.snapshot().stats();
        assert_eq!((stats.length, stats.leased, stats.received), (0, Some(1), 1));
        assert_balanced(&stats);
        one.acknowledge();
        let stats = tx.snapshot().stats();
        assert_eq!((stats.length, stats.leased, stats.received), (0, Some(0), 1));
        assert_eq!(rx.try_recv().err(), Some(TryRecvError::Empty));
    });
}

#[test]
fn what_comes_back_goes_ahead_in_its_old_order_with_an_attempt_more() {
    each(|tx, rx, _| {
        let mut leases = lease_many(&tx, &rx, 3);
        put(&tx, 3).unwrap();
        for at in [1, 1, 0] {
            drop(leases.remove(at));
            assert_balanced(&tx.snapshot().stats());
        }
        let all: Vec<_> = (0..4).map(|_| lease(&rx)).collect();
        assert_eq!(all.iter().map(of).collect::<Vec<_>>(), [(0, 2), (1, 2), (2, 2), (3, 1)]);
        // What one had before the others goes ahead of them again, and of nobody else.
        let mut all = all.into_iter();
        let (first, second) = (all.next().unwrap(), all.next().unwrap());
        drop(second);
        drop(first);
        assert_eq!([lease(&rx), lease(&rx)].iter().map(of).collect::<Vec<_>>(), [(0, 3), (1, 3)]);
    });
}

#[test]
fn what_is_put_back_counts_no_attempt() {
    each(|tx, rx, _| {
        put(&tx, 7).unwrap();
        lease(&rx).put_back();
        assert_eq!(of(&lease(&rx)), (7, 1));
        assert_eq!(of(&lease(&rx)), (7, 2));
    });
}

#[test]
fn leases_take_up_room_until_they_are_settled() {
    let home = EventLoop::new();
    let (tx, rx) = made(Flavor::Bounded(4), 0, &home);
    assert_eq!(fill(&tx), 4);
    let (one, two) = (lease(&rx), lease(&rx));
    assert!(matches!(put(&tx, 9), Err(TrySendError::Full(_))));
    assert!(tx.snapshot().is_full());
    drop(one);
    assert!(tx.snapshot().is_full());
    let waiting = wait_send(&tx, 4, 1);
    two.acknowledge();
    assert!(matches!(waiting.take(), Some(Outcome::Sent(1))));
    assert!(tx.snapshot().is_full());
    assert_eq!([lease(&rx), lease(&rx)].iter().map(of).collect::<Vec<_>>(), [(0, 2), (2, 1)]);
}

#[test]
fn bytes_are_bounded_while_they_are_leased() {
    let home = EventLoop::new();
    let settings = Settings { leasing: Some(Leasing::default()), max_bytes: Some(16), ..Settings::default() };
    let (tx, rx) = channel(Flavor::Unbounded, settings, &home.environment).unwrap();
    assert_eq!(fill(&tx), 2);
    let one = lease(&rx);
    assert!(put(&tx, 9).is_err());
    one.acknowledge();
    put(&tx, 9).unwrap();
}

#[test]
fn a_batch_goes_one_by_one() {
    each(|tx, rx, _| {
        tx.begin_batches();
        assert_eq!(tx.try_send_batch(pack(&tx, 0..3)), Ok(3));
        let _leases: Vec<_> = (0..3).map(|at| (of(&lease(&rx)), at)).collect();
    });
}

#[test]
fn drained_means_processed() {
    each(|tx, rx, home| {
        put(&tx, 1).unwrap();
        let Some(millrace_core::Sent::Pending(drained)) = tx.drained(3) else { panic!("nothing is queued") };
        let one = lease(&rx);
        assert!(home.settled().is_empty());
        drop(one);
        let one = lease(&rx);
        assert!(home.settled().is_empty());
        one.acknowledge();
        assert_eq!(home.settled(), [3]);
        assert!(matches!(drained.take(), Some(Outcome::Drained)));
    });
}

#[test]
fn receivers_are_closed_only_when_nothing_is_queued_or_leased() {
    each(|tx, rx, home| {
        let mut leases = lease_many(&tx, &rx, 2);
        tx.end();
        assert_eq!(rx.try_recv().err(), Some(TryRecvError::Empty));
        assert!(!rx.snapshot().is_closed());
        let (first, second) = (wait_recv(&rx, 1), wait_recv(&rx, 2));
        drop(leases.remove(0));
        assert_eq!(home.settled(), [1]);
        let again = leased(&first);
        assert_eq!(of(&again), (0, 2));
        leases.remove(0).acknowledge();
        assert!(home.settled().is_empty());
        again.acknowledge();
        assert_eq!(home.settled(), [2]);
        assert!(matches!(second.take(), Some(Outcome::Closed)));
        assert_eq!(rx.try_recv().err(), Some(TryRecvError::Closed));
        assert!(rx.snapshot().is_closed());
    });
}

#[test]
fn a_lease_outlives_its_receiver() {
    each(|tx, rx, home| {
        let other = rx.another();
        let leases = lease_many(&tx, &rx, 2);
        drop(rx);
        let [first, second] = <[Lease; 2]>::try_from(leases).ok().unwrap();
        drop(first);
        assert_eq!(of(&lease(&other)), (0, 2));
        drop(other);
        // Nobody is left to receive it.
        drop(second);
        let stats = tx.snapshot().stats();
        assert_eq!((stats.discarded, stats.leased), (2, Some(0)), "{stats:?}");
        assert_balanced(&stats);
        assert!(home.settled().is_empty());
    });
}

#[test]
fn cancel_counts_what_was_queued() {
    each(|tx, rx, _| {
        let leases = lease_many(&tx, &rx, 2);
        put(&tx, 2).unwrap();
        assert_eq!(rx.cancel(), 1);
        assert_eq!(rx.try_recv().err(), Some(TryRecvError::Closed));
        let [first, second] = <[Lease; 2]>::try_from(leases).ok().unwrap();
        first.acknowledge();
        drop(second);
        let stats = tx.snapshot().stats();
        assert_eq!((stats.received, stats.discarded, stats.leased), (1, 2, Some(0)));
    });
}

#[test]
fn what_has_had_its_last_attempt_is_a_dead_letter() {
    for flavor in FLAVORS {
        let home = EventLoop::new();
        let (tx, rx) = made(flavor, 2, &home);
        let (letters, dead) = channel(Flavor::Bounded(1), Settings::default(), &home.environment).unwrap();
        rx.spend_dead_letters(letters);
        for _ in 0..2 {
            let again: Vec<_> = if rx.snapshot().len() == 0 {
                lease_many(&tx, &rx, 3)
            } else {
                (0..3).map(|_| lease(&rx)).collect()
            };
            Lease::let_go(again);
        }
        let stats = tx.snapshot().stats();
        assert_eq!((stats.dropped, stats.received, stats.length), (3, 0, 0), "{stats:?}");
        assert_balanced(&stats);
        assert!(!tx.snapshot().is_full());
        // There was room for one: the others wait there, and block nobody.
        assert_eq!(dead.snapshot().stats().waiting_senders, 2);
        assert_eq!(drain(&dead), [0, 1, 2]);
    }
}

#[test]
fn where_dead_letters_have_nowhere_to_go_they_are_discarded() {
    each(|tx, rx, home| {
        drop((tx, rx));
        let (tx, rx) = made(Flavor::Unbounded, 1, home);
        drop(lease_many(&tx, &rx, 1));
        assert_eq!(tx.snapshot().stats().discarded, 1);
        let (letters, dead) = channel(Flavor::Bounded(1), Settings::default(), &home.environment).unwrap();
        rx.spend_dead_letters(letters);
        drop(dead);
        drop(lease_many(&tx, &rx, 1));
        let stats = tx.snapshot().stats();
        assert_eq!((stats.discarded, stats.dropped), (2, 0));
        assert_balanced(&stats);
    });
}

#[test]
fn dead_letters_end_when_no_more_can_come() {
    for flavor in FLAVORS {
        let home = EventLoop::new();
        let (tx, rx) = made(flavor, 1, &home);
        let (letters, dead) = channel(Flavor::Bounded(1), Settings::default(), &home.environment).unwrap();
        rx.spend_dead_letters(letters);
        let mut leases = lease_many(&tx, &rx, 3);
        tx.end();
        leases.remove(0).acknowledge();
        drop(leases);
        assert_eq!(drain(&dead), [1, 2]);
        assert_eq!(dead.try_recv().err(), Some(TryRecvError::Closed));
    }
}

#[test]
fn what_a_thread_had_goes_back_together() {
    each(|tx, rx, home| {
        let leases = lease_many(&tx, &rx, 3);
        let waits: Vec<_> = (0..3).map(|token| wait_recv(&rx, token)).collect();
        Lease::let_go(leases.into_iter().rev().collect());
        assert_eq!(home.settled(), [0, 1, 2]);
        let again: Vec<_> = waits.iter().map(leased).collect();
        assert_eq!(again.iter().map(of).collect::<Vec<_>>(), [(0, 2), (1, 2), (2, 2)]);
    });
}

#[test]
fn a_message_on_its_way_to_a_wait_that_ends_first_counts_no_attempt() {
    each(|tx, rx, _| {
        let wait = wait_recv(&rx, 1);
        put(&tx, 7).unwrap();
        assert_eq!(tx.snapshot().stats().leased, Some(1));
        drop(wait);
        assert_eq!(tx.snapshot().stats().leased, Some(0));
        let one = lease(&rx);
        assert_eq!(of(&one), (7, 1));
        one.acknowledge();
        assert_balanced(&tx.snapshot().stats());
    });
}

#[test]
fn the_newest_is_leased_and_the_older_ones_are_passed_over() {
    each(|tx, rx, _| {
        (0..4).for_each(|number| put(&tx, number).unwrap());
        let newest = Lease::new(rx.latest().unwrap(), rx.origin()).unwrap();
        assert_eq!(of(&newest), (3, 1));
        let stats = tx.snapshot().stats();
        assert_eq!((stats.skipped, stats.leased, stats.length), (3, Some(1), 0));
        assert_balanced(&stats);
        (0..3).for_each(|number| put(&tx, number).unwrap());
    });
}

#[test]
fn a_thread_that_waits_for_its_own_lease_is_stuck() {
    each(|tx, rx, _| {
        let _own = lease_many(&tx, &rx, 1);
        tx.end();
        assert_eq!(rx.recv(endless(&mut || true)).err(), Some(RecvError::Stuck));
    });
}

#[test]
fn a_thread_that_waits_for_anothers_lease_is_not() {
    for flavor in FLAVORS {
        let (home, other) = (EventLoop::new(), EventLoop::new());
        let (tx, rx) = made(flavor, 0, &home);
        let theirs = move_receiver(rx.another(), &home, &other);
        put(&tx, 1).unwrap();
        let one = lease(&theirs);
        drop(theirs);
        let waited = rx.recv(within(Duration::from_millis(20), &mut || true));
        assert_eq!(waited.err(), Some(RecvError::TimedOut));
        drop(one);
        assert_eq!(of(&lease(&rx)), (1, 2));
    }
}

#[test]
fn each_message_is_acknowledged_once_whatever_becomes_of_its_leases() {
    const MESSAGES: u64 = 20_000;
    for flavor in FLAVORS {
        let home = EventLoop::new();
        let (tx, rx) = made(flavor, 0, &home);
        let workers: Vec<_> = (0..3_u64)
            .map(|worker| {
                let loop_ = EventLoop::new();
                let rx = move_receiver(rx.another(), &home, &loop_);
                std::thread::spawn(move || {
                    let (mut acknowledged, mut dice) = (Vec::new(), worker + 1);
                    while let Ok(message) = rx.recv(endless(&mut || true)) {
                        let one = Lease::new(message, rx.origin()).unwrap();
                        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                        if dice >> 62 == 0 {
                            drop(one);
                        } else {
                            acknowledged.push(number(one.message()));
                            one.acknowledge();
                        }
                    }
                    (loop_, acknowledged)
                })
            })
            .collect();
        let far = EventLoop::new();
        let tx = move_sender(tx, &home, &far);
        for number in 0..MESSAGES {
            tx.send(message(&tx, number), endless(&mut || true)).unwrap();
        }
        tx.drained_within(endless(&mut || true)).unwrap();
        until_stats(|| tx.snapshot().stats(), |stats| stats.leased == Some(0) && stats.length == 0);
        tx.end();
        let mut all: Vec<_> = workers.into_iter().flat_map(|worker| worker.join().unwrap().1).collect();
        all.sort_unstable();
        assert_eq!(all, (0..MESSAGES).collect::<Vec<_>>());
        drop(rx);
    }
}
