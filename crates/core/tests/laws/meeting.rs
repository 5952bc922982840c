//! Laws of a rendezvous: nothing is queued, a send and a receive meet, however either of them waits.

use std::collections::VecDeque;
use std::thread;

use millrace_core::{Flavor, Message, Outcome, Receiver, Sender, Sent, Taken, TryRecvError, TrySendError};

use super::stage::{
    EventLoop, Stage, assert_balanced, block_recv, drain, endless, get, message, move_receiver, move_sender,
    number, put, received, wait_recv, wait_send,
};

pub(crate) fn a_try_meets_only_a_wait(flavor: Flavor) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    assert!(matches!(put(&tx, 1), Err(TrySendError::Full(back)) if number(&back) == 1));
    assert_eq!(get(&rx), Err(TryRecvError::Empty));
    let receive = wait_recv(&rx, 1);
    put(&tx, 2).unwrap();
    assert!(put(&tx, 3).is_err());
    assert_eq!((far.settled(), received(&receive)), (vec![1], 2));
    let send = wait_send(&tx, 4, 2);
    assert_eq!(get(&rx), Ok(4));
    assert_eq!(near.settled(), [2]);
    assert!(matches!(send.take(), Some(Outcome::Sent(1))));
    assert_eq!(get(&rx), Err(TryRecvError::Empty));
    let snapshot = rx.snapshot();
    assert!(snapshot.is_full() && snapshot.len() == 0);
    assert_balanced(&snapshot.stats());
}

/// Sends a number; `home` is the event loop of those who await.
type Give = fn(&EventLoop, &Sender, u64);
/// Receives one; `None` when closed.
type Take = fn(&EventLoop, &Receiver) -> Option<u64>;

pub(crate) fn every_mix_of_waits_meets(flavor: Flavor) {
    const EACH: u64 = 2_000;
    let gives: [Give; 2] = [
        |_, tx, value| tx.send(message(tx, value), endless(&mut || true)).unwrap(),
        |home, tx, value| home.send(tx, message(tx, value)),
    ];
    let takes: [Take; 2] = [
        |_, rx| rx.recv(endless(&mut || true)).ok().map(|message| number(&message)),
        |home, rx| home.recv(rx).map(|message| number(&message)),
    ];
    for give in gives {
        for take in takes {
            let Stage { near, far, tx, rx } = Stage::new(flavor);
            thread::scope(|scope| {
                for producer in 0..2 {
                    let home = EventLoop::new();
                    let sender = move_sender(tx.another(), &near, &home);
                    scope.spawn(move || {
                        (0..EACH).for_each(|value| give(&home, &sender, producer * EACH + value));
                    });
                }
                drop(tx);
                let home = EventLoop::new();
                let receiver = move_receiver(rx, &far, &home);
                let mut came: Vec<_> = std::iter::from_fn(|| take(&home, &receiver)).collect();
                for producer in 0..2 {
                    let own = came.iter().filter(|value| **value / EACH == producer);
                    assert!(own.is_sorted(), "a sender's messages came out of order");
                }
                came.sort_unstable();
                assert_eq!(came, (0..2 * EACH).collect::<Vec<_>>());
                assert_balanced(&receiver.snapshot().stats());
            });
        }
    }
}

pub(crate) fn a_wait_that_was_given_up_meets_nobody(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    assert!(wait_recv(&rx, 1).cancel());
    assert!(put(&tx, 1).is_err());
    let (aborted, kept) = (wait_send(&tx, 2, 2), wait_send(&tx, 3, 3));
    assert!(aborted.cancel());
    assert_eq!(drain(&rx), [3]);
    assert!(matches!(kept.take(), Some(Outcome::Sent(_))));
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn a_send_of_an_end_does_not_pass_its_earlier_one(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let first = wait_send(&tx, 1, 1);
    assert!(matches!(put(&tx, 2), Err(TrySendError::Full(_))));
    assert_eq!(block_recv(&rx), 1);
    assert!(matches!(first.take(), Some(Outcome::Sent(_))));
}

pub(crate) fn several_messages_keep_their_one_place(flavor: Flavor) {
    let Stage { near, tx, rx, .. } = Stage::new(flavor);
    let several: VecDeque<_> = (0..4).map(|value| message(&tx, value)).collect();
    let Ok(Sent::Pending(pending)) = tx.send_many_or_wait(several, 1) else { panic!("nobody was there") };
    let behind = wait_send(&tx, 4, 2);
    let (waiting, mut taken) = (wait_recv(&rx, 3), Vec::new());
    assert_eq!(received(&waiting), 0);
    let count = rx.try_take_many(true, 9, &mut |message: &Message| {
        taken.push(number(message));
        Taken::More
    });
    assert_eq!((count.map(|many| many.count), taken), (Ok(4), vec![1, 2, 3, 4]));
    assert_eq!(near.settled(), [1, 2]);
    assert!(matches!(pending.take(), Some(Outcome::Sent(4))));
    assert!(matches!(behind.take(), Some(Outcome::Sent(1))));
    assert_balanced(&rx.snapshot().stats());

    // The last one by a waiting receive: what is told is all of them.
    let several: VecDeque<_> = (0..2).map(|value| message(&tx, value)).collect();
    let Ok(Sent::Pending(pending)) = tx.send_many_or_wait(several, 4) else { panic!("nobody was there") };
    let receives = [wait_recv(&rx, 5), wait_recv(&rx, 6)];
    assert_eq!(receives.map(|receive| received(&receive)), [0, 1]);
    assert!(matches!(pending.take(), Some(Outcome::Sent(2))));
}

pub(crate) fn a_send_that_outlives_its_end_is_counted(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    for take in [|rx: &Receiver| get(rx).unwrap(), block_recv] {
        let other = tx.another();
        let pending = wait_send(&other, 7, 1);
        drop(other);
        assert_eq!(take(&rx), 7);
        assert!(matches!(pending.take(), Some(Outcome::Sent(1))));
        let stats = rx.snapshot().stats();
        assert_eq!((stats.sent, stats.senders), (stats.received, 1));
    }
}
