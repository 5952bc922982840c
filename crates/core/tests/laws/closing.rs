//! Laws of closing: ends that go, `end` for all senders, `cancel` for all receivers.

use std::sync::mpsc;
use std::thread;

use millrace_core::{Flavor, Outcome, Receiver, RecvError, Sender, TryRecvError, TrySendError};

use super::stage::{
    EventLoop, Stage, assert_balanced, drain, endless, get, hand_over, move_receiver, number, offer, pass,
    put, until_stats, wait_recv,
};

/// Queues 0, 1, ... up to 40 of them, as many as there is room for: on a rendezvous none.
fn queue(tx: &Sender) -> u64 {
    let queued = (0..40).take_while(|number| put(tx, *number).is_ok()).count();
    assert_eq!(queued, tx.snapshot().capacity().unwrap_or(40).min(40));
    queued as u64
}

pub(crate) fn the_last_sender_gone_closes_once_drained(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let offered = offer(&tx, 1);
    drop(tx);
    assert!(!rx.snapshot().is_closed());
    assert_eq!(get(&rx), Ok(1));
    drop(offered);
    assert!(rx.snapshot().is_closed());
    assert_eq!(get(&rx), Err(TryRecvError::Closed));
    assert_eq!(rx.recv(endless(&mut || true)).err(), Some(RecvError::Closed));
    assert_eq!(rx.recv_or_wait(0, false).err(), Some(TryRecvError::Closed));
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn a_side_is_open_while_a_clone_is(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let ends = || {
        let stats = rx.snapshot().stats();
        (stats.senders, stats.receivers)
    };
    assert_eq!(ends(), (1, 1));
    let (second_tx, second_rx) = (tx.another(), rx.another());
    assert_eq!(ends(), (2, 2));
    assert!(second_tx.snapshot().is_same(&second_rx.snapshot()));
    drop(tx);
    drop(second_rx);
    assert_eq!(ends(), (1, 1));
    pass(&second_tx, &rx, 1);
    assert_eq!(get(&rx), Err(TryRecvError::Empty));
    drop(second_tx);
    assert_eq!(ends(), (0, 1));
    assert_eq!(get(&rx), Err(TryRecvError::Closed));
}

pub(crate) fn the_last_receiver_gone_fails_senders(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let second = rx.another();
    let queued = queue(&tx);
    drop(rx);
    assert!(!tx.snapshot().is_closed());
    drop(second);
    assert!(tx.snapshot().is_closed());
    let Err(TrySendError::Closed(back)) = put(&tx, 77) else { panic!("a send nobody will receive") };
    assert_eq!(number(&back), 77);
    let stats = tx.snapshot().stats();
    assert_eq!((stats.sent, stats.discarded, stats.length), (queued, queued, 0));
    assert_balanced(&stats);
}

pub(crate) fn end_drains_and_then_closes(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let other = tx.another();
    let queued = queue(&tx);
    tx.end();
    for sender in [&tx, &other] {
        assert!(sender.snapshot().is_closed());
        assert!(matches!(put(sender, 77), Err(TrySendError::Closed(back)) if number(&back) == 77));
    }
    assert_eq!(rx.snapshot().is_closed(), queued == 0);
    assert_eq!(drain(&rx), (0..queued).collect::<Vec<_>>());
    assert_eq!(get(&rx), Err(TryRecvError::Closed));
    tx.end();
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn cancel_counts_exactly_what_it_discards(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let other = rx.another();
    pass(&tx, &rx, 77);
    let queued = queue(&tx);
    assert_eq!(rx.cancel(), queued);
    assert_eq!(rx.cancel(), 0);
    assert!(tx.snapshot().is_closed() && other.snapshot().is_closed());
    assert!(matches!(put(&tx, 0), Err(TrySendError::Closed(_))));
    assert_eq!(get(&other), Err(TryRecvError::Closed));
    let stats = rx.snapshot().stats();
    assert_eq!((stats.received, stats.discarded), (1, queued));
    assert_balanced(&stats);
}

/// Long enough to be freed by the janitor.
const LONG: u64 = 20_000;

pub(crate) fn a_long_queue_is_discarded_at_once_and_to_the_last(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    for number in 0..LONG {
        put(&tx, number).unwrap();
    }
    assert_eq!(get(&rx), Ok(0));
    assert_eq!(rx.cancel(), LONG - 1);
    assert_eq!(rx.cancel(), 0);
    assert_eq!(get(&rx), Err(TryRecvError::Closed));
    assert!(rx.snapshot().is_closed() && !tx.snapshot().is_full());
    let stats = tx.snapshot().stats();
    assert_eq!((stats.length, stats.bytes, stats.discarded), (0, 0, LONG - 1));
    assert_balanced(&stats);
}

pub(crate) fn the_last_receiver_discards_a_long_queue(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    for number in 0..LONG {
        put(&tx, number).unwrap();
    }
    drop(rx);
    let stats = tx.snapshot().stats();
    assert_eq!((stats.length, stats.bytes, stats.discarded), (0, 0, LONG));
    assert!(matches!(put(&tx, 0), Err(TrySendError::Closed(_))));
    assert_balanced(&stats);
}

pub(crate) fn a_cancel_beside_another_receiver_discards_what_that_one_does_not_take(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    for number in 0..LONG {
        put(&tx, number).unwrap();
    }
    let elsewhere = EventLoop::new();
    let other = move_receiver(rx.another(), &far, &elsewhere);
    let (begun, began) = mpsc::channel();
    thread::scope(|scope| {
        let taken = scope.spawn(move || {
            let mut taken = 0;
            while get(&other).is_ok() {
                taken += 1;
                begun.send(()).unwrap();
            }
            taken
        });
        began.recv().unwrap();
        let discarded = rx.cancel();
        assert_eq!(rx.cancel(), 0);
        assert_eq!(discarded + taken.join().unwrap(), LONG);
    });
    assert_balanced(&tx.snapshot().stats());
}

pub(crate) fn what_comes_back_to_a_cancelled_channel_is_discarded(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let (message, origin) = (hand_over(&tx, &rx, 77), rx.origin());
    let queued = queue(&tx);
    assert_eq!(rx.cancel(), queued);
    origin.give_back(message);
    let stats = rx.snapshot().stats();
    let all = queued + 1;
    assert_eq!((stats.sent, stats.received, stats.discarded, stats.length), (all, 0, all, 0));
    assert_balanced(&stats);
}

pub(crate) fn waiting_receives_hear_of_the_close(flavor: Flavor) {
    type Close = fn(Sender, &Receiver);
    let ways: [Close; 3] = [
        |tx, _| drop(tx),
        |tx, _| tx.end(),
        |tx, rx| {
            assert_eq!(rx.cancel(), 0);
            drop(tx);
        },
    ];
    for close in ways {
        let Stage { far, tx, rx, .. } = Stage::new(flavor);
        let pending = wait_recv(&rx, 5);
        thread::scope(|scope| {
            let blocked = rx.another();
            let answer = scope.spawn(move || blocked.recv(endless(&mut || true)).err());
            until_stats(|| rx.snapshot().stats(), |stats| stats.waiting_receivers == 2);
            assert_eq!(far.settled(), []);
            close(tx, &rx);
            assert_eq!(answer.join().unwrap(), Some(RecvError::Closed));
        });
        assert_eq!(far.settled(), [5]);
        assert!(matches!(pending.take(), Some(Outcome::Closed)));
        assert_eq!(rx.snapshot().stats().waiting_receivers, 0);
    }
}
