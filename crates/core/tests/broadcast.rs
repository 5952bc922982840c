//! The laws of a broadcast: every receiver gets every message, once kept.
#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a law that cannot go on is broken")]

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use millrace_core::{
    AnyEnd, Broadcast, Environment, Flavor, Message, Outcome, Patience, Received, Receiver, RecvError,
    SendError, Sender, Sent, Settings, Source, Taken, Tickets, TryRecvError, TrySendError, channel,
};

struct Stage {
    near: Arc<Environment>,
    far: Arc<Environment>,
    tx: Sender,
    rx: Receiver,
}

fn stage(capacity: usize, skips: bool, replay: usize) -> Stage {
    let (near, far) = (Environment::new(|| ()), Environment::new(|| ()));
    let made = Broadcast { capacity, skips, replay };
    let (tx, rx) = channel(Flavor::Broadcast(made), Settings::default(), &near).unwrap();
    let rx = carried(rx, &near, &far);
    Stage { near, far, tx, rx }
}

fn carried(rx: Receiver, from: &Arc<Environment>, to: &Arc<Environment>) -> Receiver {
    let tickets = Tickets::new();
    let name = tickets.make(AnyEnd::Receiver(rx), from.id(), false);
    redeemed(&tickets, name, to)
}

fn redeemed(tickets: &Tickets, name: u128, by: &Arc<Environment>) -> Receiver {
    match tickets.redeem(&[name], by).unwrap().remove(0) {
        AnyEnd::Receiver(receiver) => receiver,
        _ => panic!("a receiver's ticket made another end"),
    }
}

fn message(tx: &Sender, number: u64) -> Message {
    tx.message(&number.to_le_bytes()[..]).unwrap()
}

fn put(tx: &Sender, number: u64) -> Result<(), TrySendError> {
    tx.try_send(message(tx, number))
}

fn number(message: &Message) -> u64 {
    u64::from_le_bytes(message.as_slice()[..8].try_into().unwrap())
}

fn get(rx: &Receiver) -> Result<u64, TryRecvError> {
    rx.try_recv().map(|message| number(&message))
}

fn drain(rx: &Receiver) -> Vec<u64> {
    std::iter::from_fn(|| get(rx).ok()).collect()
}

fn wait(rx: &Receiver) -> millrace_core::Pending {
    match rx.recv_or_wait(0, true) {
        Ok(Received::Pending(pending)) => pending,
        _ => panic!("a receive that must be told was not registered"),
    }
}

fn got(pending: &millrace_core::Pending) -> Option<u64> {
    pending.take().map(|outcome| match outcome {
        Outcome::Received(message) => number(&message),
        other => panic!("a receive settled with {other:?}"),
    })
}

fn wait_send(tx: &Sender, number: u64) -> millrace_core::Pending {
    match tx.send_or_wait(message(tx, number), 0) {
        Ok(Sent::Pending(pending)) => pending,
        _ => panic!("there was room"),
    }
}

#[test]
fn every_receiver_gets_every_message_in_one_order() {
    let Stage { tx, rx, .. } = stage(8, false, 0);
    let others = [rx.another(), tx.subscribe()];
    for number in 0..5 {
        put(&tx, number).unwrap();
    }
    for receiver in others.iter().chain([&rx]) {
        assert_eq!(receiver.snapshot().len(), 5);
        assert_eq!(drain(receiver), [0, 1, 2, 3, 4]);
        assert_eq!(receiver.snapshot().len(), 0);
    }
    let stats = tx.snapshot().stats();
    assert_eq!((stats.sent, stats.received, stats.length, stats.bytes), (5, 15, 0, 0));
}

#[test]
fn a_send_waits_for_the_slowest() {
    let Stage { tx, rx, .. } = stage(2, false, 0);
    let quick = rx.another();
    put(&tx, 0).unwrap();
    put(&tx, 1).unwrap();
    assert_eq!(drain(&quick), [0, 1]);
    assert!(tx.snapshot().is_full());
    assert!(matches!(put(&tx, 2), Err(TrySendError::Full(_))));
    let pending = wait_send(&tx, 2);
    let settled = || pending.take().is_some();
    assert!(!settled());
    assert_eq!(get(&rx), Ok(0));
    assert!(settled(), "the slowest made room");
    assert_eq!((drain(&rx), drain(&quick)), (vec![1, 2], vec![2]));
}

#[test]
fn one_who_goes_holds_nobody_up() {
    for goes in ["dropped", "cancelled"] {
        let Stage { tx, rx, .. } = stage(2, false, 0);
        let slow = rx.another();
        put(&tx, 0).unwrap();
        put(&tx, 1).unwrap();
        assert_eq!(drain(&rx), [0, 1]);
        let pending = wait_send(&tx, 2);
        assert!(pending.take().is_none());
        if goes == "dropped" {
            drop(slow);
        } else {
            assert_eq!(slow.cancel(), 2);
            assert_eq!(slow.cancel(), 0);
            assert_eq!(slow.try_recv().err(), Some(TryRecvError::Closed));
            assert!(slow.snapshot().is_closed());
            assert!(matches!(slow.recv_or_wait(0, false), Err(TryRecvError::Closed)));
            assert!(matches!(wait(&slow).take(), Some(Outcome::Closed)), "it does not wait for ever");
        }
        assert!(pending.take().is_some());
        assert_eq!(get(&rx), Ok(2));
        assert!(!rx.snapshot().is_closed(), "it concerns one receiver alone");
        let stats = tx.snapshot().stats();
        assert_eq!((stats.sent, stats.received, stats.discarded, stats.length), (3, 3, 2, 0));
    }
}

#[test]
fn one_who_lags_goes_on_with_the_oldest_and_counts() {
    let Stage { tx, rx, .. } = stage(3, true, 0);
    let quick = rx.another();
    for number in 0..10 {
        put(&tx, number).unwrap();
        assert_eq!(get(&quick), Ok(number));
    }
    assert_eq!((rx.snapshot().len(), rx.snapshot().lost()), (3, 7));
    assert_eq!(tx.snapshot().stats().skipped, 7);
    assert_eq!(drain(&rx), [7, 8, 9]);
    assert_eq!((rx.snapshot().lost(), quick.snapshot().lost()), (7, 0));
    put(&tx, 10).unwrap();
    put(&tx, 11).unwrap();
    let twin = rx.another();
    assert_eq!(number(&rx.latest().unwrap()), 11);
    assert_eq!((rx.snapshot().lost(), twin.snapshot().lost()), (8, 0));
    assert_eq!(drain(&twin), [10, 11]);
    let stats = tx.snapshot().stats();
    assert_eq!((stats.sent, stats.received, stats.skipped, stats.length), (12, 16, 8, 2));
}

#[test]
fn one_who_waits_is_not_behind() {
    let Stage { tx, rx, .. } = stage(1, true, 0);
    let waits: Vec<_> = (0..5).map(|_| wait(&rx)).collect();
    for number in 0..5 {
        put(&tx, number).unwrap();
    }
    let got: Vec<_> = waits.iter().filter_map(got).collect();
    assert_eq!((got, rx.snapshot().lost()), (vec![0, 1, 2, 3, 4], 0));
}

#[test]
fn a_clone_goes_on_from_the_same_place_and_a_subscriber_from_now_on() {
    let Stage { tx, rx, .. } = stage(8, false, 2);
    for number in 0..4 {
        put(&tx, number).unwrap();
    }
    assert_eq!(get(&rx), Ok(0));
    let (clone, subscriber) = (rx.another(), tx.subscribe());
    put(&tx, 4).unwrap();
    assert_eq!(drain(&clone), [1, 2, 3, 4]);
    assert_eq!(drain(&subscriber), [2, 3, 4], "the last two first");
    drop((rx, clone, subscriber));
    assert_eq!(drain(&tx.subscribe()), [3, 4], "whoever was there");
}

#[test]
fn without_receivers_sends_are_accepted_and_discarded() {
    let Stage { tx, rx, .. } = stage(2, false, 0);
    drop(rx);
    for number in 0..10 {
        put(&tx, number).unwrap();
    }
    assert!(!tx.snapshot().is_closed());
    let stats = tx.snapshot().stats();
    assert_eq!((stats.sent, stats.discarded, stats.length, stats.bytes), (10, 10, 0, 0));
    assert!(matches!(tx.drained(0), Some(Sent::Now)));
    let late = tx.subscribe();
    put(&tx, 10).unwrap();
    assert_eq!(drain(&late), [10]);
}

#[test]
fn receivers_drain_and_then_are_closed() {
    let Stage { tx, rx, .. } = stage(4, false, 1);
    let (twin, other) = (rx.another(), tx.another());
    put(&tx, 1).unwrap();
    drop(tx);
    put(&other, 2).unwrap();
    other.end();
    assert!(matches!(put(&other, 3), Err(TrySendError::Closed(_))));
    let late = other.subscribe();
    drop(other);
    assert_eq!(drain(&rx), [1, 2]);
    assert_eq!(rx.try_recv().err(), Some(TryRecvError::Closed));
    assert!(rx.snapshot().is_closed() && !twin.snapshot().is_closed());
    assert_eq!((drain(&twin), drain(&late)), (vec![1, 2], vec![2]));
    assert!(matches!(wait(&late).take(), Some(Outcome::Closed)));
}

#[test]
fn waiting_receivers_each_get_it_and_waits_of_one_keep_their_order() {
    let Stage { tx, rx, .. } = stage(4, false, 0);
    let twin = rx.another();
    let (first, given_up, second, other) = (wait(&rx), wait(&rx), wait(&rx), wait(&twin));
    assert!(given_up.cancel());
    put(&tx, 1).unwrap();
    assert_eq!((got(&first), got(&second), got(&other)), (Some(1), None, Some(1)));
    put(&tx, 2).unwrap();
    assert_eq!(got(&second), Some(2));
    assert_eq!((get(&twin), get(&rx)), (Ok(2), Err(TryRecvError::Empty)));
    drop(tx);
}

#[test]
fn what_comes_back_is_the_next_message_of_its_receiver() {
    let Stage { tx, rx, .. } = stage(4, false, 0);
    let twin = rx.another();
    for number in [1, 2] {
        put(&tx, number).unwrap();
    }
    let first = rx.try_recv().unwrap();
    rx.origin().give_back(first);
    assert_eq!((rx.snapshot().len(), twin.snapshot().len()), (2, 2));
    let clone = rx.another();
    assert_eq!((drain(&rx), drain(&twin), drain(&clone)), (vec![1, 2], vec![1, 2], vec![1, 2]));
    // A wait that is let go gives its message back to nobody else.
    let pending = wait(&rx);
    put(&tx, 3).unwrap();
    drop(pending);
    assert_eq!((drain(&rx), drain(&twin)), (vec![3], vec![3]));
    let stats = tx.snapshot().stats();
    assert_eq!((stats.sent, stats.received, stats.length), (3, 8, 1));
}

#[test]
fn what_comes_back_to_one_who_has_gone_is_discarded() {
    let Stage { tx, rx, .. } = stage(4, false, 0);
    put(&tx, 1).unwrap();
    let (origin, message) = (rx.origin(), rx.try_recv().unwrap());
    drop(rx);
    origin.give_back(message);
    let stats = tx.snapshot().stats();
    assert_eq!((stats.received, stats.discarded, stats.length), (0, 1, 0));
}

#[test]
fn drained_waits_for_the_slowest() {
    let Stage { tx, rx, .. } = stage(4, false, 4);
    let slow = rx.another();
    put(&tx, 1).unwrap();
    let Some(Sent::Pending(drained)) = tx.drained(0) else { panic!("somebody has yet to get it") };
    assert_eq!(get(&rx), Ok(1));
    put(&tx, 2).unwrap();
    assert!(drained.take().is_none());
    assert_eq!(get(&slow), Ok(1));
    assert!(matches!(drained.take(), Some(Outcome::Drained)));
}

#[test]
fn many_are_shown_and_taken_as_far_as_they_fit() {
    let Stage { tx, rx, .. } = stage(200, false, 0);
    let twin = rx.another();
    for number in 0..150 {
        put(&tx, number).unwrap();
    }
    let mut seen = Vec::new();
    let mut until = |last: u64| {
        let many = rx.try_take_many(true, 1000, &mut |message: &Message| {
            seen.push(number(message));
            if number(message) == last { Taken::Last } else { Taken::More }
        });
        many.unwrap().count
    };
    assert_eq!((until(9), until(1000)), (10, 140));
    assert_eq!(seen, (0..150).collect::<Vec<_>>());
    let many = twin.try_take_many(true, 3, &mut |message: &Message| {
        if number(message) == 1 { Taken::Held } else { Taken::More }
    });
    let many = many.unwrap();
    assert_eq!((many.count, many.held.as_ref().map(number)), (2, Some(1)));
    assert_eq!(get(&twin), Ok(2));
}

#[test]
fn a_long_message_is_kept_once_and_its_memory_goes_back_with_the_last() {
    let Stage { tx, rx, .. } = stage(64, false, 0);
    let receivers: Vec<_> = (0..8).map(|_| rx.another()).collect();
    drop(rx);
    let bytes = vec![7; 65_536];
    for _ in 0..64 {
        tx.try_send(tx.message(Source::from(&bytes[..])).unwrap()).unwrap();
    }
    assert_eq!(tx.snapshot().stats().bytes, 64 * 65_536);
    for (index, receiver) in receivers.iter().enumerate() {
        assert_eq!(tx.pool().free_bytes(), 0, "before the last");
        while let Ok(taken) = receiver.try_take(true, |message| (message.len() == 65_536).then_some(())) {
            assert!(taken.is_ok());
        }
        let left = if index == 7 { 0 } else { 64 * 65_536 };
        assert_eq!(tx.snapshot().stats().bytes, left);
    }
    assert!(tx.pool().free_bytes() >= 64 * 65_536, "{}", tx.pool().free_bytes());
}

#[test]
fn the_last_receiver_of_a_message_has_its_block_and_the_others_a_copy() {
    let Stage { tx, rx, .. } = stage(4, false, 0);
    let twin = rx.another();
    tx.try_send(tx.message(Source::from(&[7; 1000][..])).unwrap()).unwrap();
    let first = rx.try_recv().unwrap().into_block().unwrap_err();
    let second = twin.try_recv().unwrap().into_block().unwrap_err();
    let own = first.into_own_block(tx.pool()).unwrap();
    assert_eq!((own.as_slice(), second.as_slice()), (&[7; 1000][..], &[7; 1000][..]));
    assert_eq!(second.into_block().unwrap().as_slice(), &[7; 1000]);
}

#[test]
fn a_ticket_keeps_its_place_and_a_reusable_one_marks_none() {
    let Stage { near, far, tx, rx } = stage(2, false, 1);
    let tickets = Tickets::new();
    let once = tickets.make(AnyEnd::Receiver(rx), near.id(), false);
    put(&tx, 1).unwrap();
    put(&tx, 2).unwrap();
    assert!(matches!(put(&tx, 3), Err(TrySendError::Full(_))), "its messages wait for who redeems it");
    let rx = redeemed(&tickets, once, &far);
    assert_eq!(drain(&rx), [1, 2]);
    let reusable = tickets.make(AnyEnd::Receiver(rx), far.id(), true);
    for number in 3..10 {
        put(&tx, number).unwrap();
    }
    let (one, other) = (redeemed(&tickets, reusable, &near), redeemed(&tickets, reusable, &far));
    put(&tx, 10).unwrap();
    assert_eq!((drain(&one), drain(&other)), (vec![9, 10], vec![9, 10]));
    let stats = tx.snapshot().stats();
    assert_eq!((stats.receivers, stats.tickets), (3, 1));
}

#[test]
fn a_blocked_send_is_alone_when_all_receivers_are_here() {
    let Stage { near, tx, rx, far } = stage(1, false, 0);
    put(&tx, 1).unwrap();
    let mut pulse = || true;
    let mut soon = || true;
    let deadline = std::time::Instant::now() + Duration::from_millis(5);
    let timed = tx.send(message(&tx, 2), Patience { deadline: Some(deadline), pulse: &mut soon });
    assert!(matches!(timed, Err(SendError::TimedOut(_))));
    let here = carried(rx, &far, &near);
    let stuck = tx.send(message(&tx, 2), Patience { deadline: None, pulse: &mut pulse });
    assert!(matches!(stuck, Err(SendError::Stuck(_))));
    assert_eq!(get(&here), Ok(1));
    let alone = here.recv(Patience { deadline: None, pulse: &mut pulse });
    assert_eq!(alone.err(), Some(RecvError::Stuck));
}

#[test]
fn a_capacity_that_memory_cannot_hold_is_an_error() {
    let made = Broadcast { capacity: usize::MAX / 8, skips: false, replay: 0 };
    assert!(channel(Flavor::Broadcast(made), Settings::default(), &Environment::new(|| ())).is_err());
}

#[test]
fn threads_that_come_and_go_see_contiguous_runs_or_counted_gaps() {
    for (skips, messages) in [(false, 20_000), (true, 40_000)] {
        let Stage { tx, rx, .. } = stage(16, skips, 4);
        let listeners: Vec<_> = (0..6)
            .map(|index| {
                let receiver = rx.another();
                thread::spawn(move || listen(receiver, index, skips))
            })
            .collect();
        drop(rx);
        let second = tx.another();
        let sender = thread::spawn(move || {
            for number in 0..messages {
                second
                    .send(message(&second, number), Patience { deadline: None, pulse: &mut || true })
                    .unwrap();
            }
        });
        sender.join().unwrap();
        drop(tx);
        let ends: Vec<_> = listeners.into_iter().map(|listener| listener.join().unwrap()).collect();
        assert!(ends.iter().all(|last| *last == messages - 1), "{ends:?}");
    }
}

/// Receives to the end, some of them now and then as another receiver; what it got last.
fn listen(mut receiver: Receiver, index: u64, skips: bool) -> u64 {
    let (mut last, mut gaps) = (None, 0);
    for turn in 1.. {
        match receiver.recv(Patience { deadline: None, pulse: &mut || true }) {
            Ok(message) => {
                let number = number(&message);
                let next = last.map_or(0, |last: u64| last + 1);
                assert!(number >= next, "{number} came after {last:?}");
                gaps += number - next;
                last = Some(number);
                receiver.recycle(message);
            }
            Err(RecvError::Closed) => break,
            Err(error) => panic!("{error}"),
        }
        if index % 2 == 1 && turn % (100 + index) == 0 {
            receiver = receiver.another();
        }
        if turn % 1000 == index {
            thread::yield_now();
        }
    }
    match (skips, index % 2) {
        (false, _) => assert_eq!(gaps, 0, "a contiguous run"),
        (true, 0) => assert_eq!(receiver.snapshot().lost(), gaps, "each gap is counted"),
        (true, _) => {}
    }
    last.unwrap()
}
