//! Closing against whatever is under way: accepted means received or counted.

use std::sync::Arc;

use loom::thread;
use millrace_core::{AnyEnd, Flavor, RecvError, SendError, Tickets, TryRecvError, TrySendError};

use crate::{assert_balanced, drain, endless, explore, get, message, number, receiver, stage};

#[test]
fn a_send_against_end_is_received_or_fails() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let closer = tx.another();
        let sending = thread::spawn(move || tx.try_send(message(1)).is_ok());
        let closing = thread::spawn(move || closer.end());
        // Asks until closed, from the middle of it all.
        let mut came = Vec::new();
        loop {
            match get(&rx) {
                Ok(number) => came.push(number),
                Err(TryRecvError::Closed) => break,
                Err(TryRecvError::Empty) => thread::yield_now(),
            }
        }
        closing.join().unwrap();
        let accepted = sending.join().unwrap();
        assert_eq!(came, if accepted { vec![1] } else { vec![] });
    });
}

#[test]
fn a_waiting_receive_hears_of_end_after_what_was_accepted() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let closer = tx.another();
        let sending = thread::spawn(move || tx.try_send(message(1)).is_ok());
        let closing = thread::spawn(move || closer.end());
        let first = rx.recv(endless(&mut || true));
        let accepted = {
            closing.join().unwrap();
            sending.join().unwrap()
        };
        match first {
            Ok(message) => assert!(accepted && number(&message) == 1),
            Err(error) => assert!(!accepted && error == RecvError::Closed),
        }
        assert_eq!(get(&rx), Err(TryRecvError::Closed));
    });
}

#[test]
fn a_send_against_cancel_is_counted_or_fails() {
    explore(4, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let other = rx.another();
        let sending = thread::spawn(move || {
            let accepted = tx.try_send(message(1)).is_ok();
            (tx, accepted)
        });
        let receiving = thread::spawn(move || get(&other).is_ok());
        let discarded = rx.cancel();
        let received = u64::from(receiving.join().unwrap());
        let (tx, accepted) = sending.join().unwrap();
        assert_eq!(u64::from(accepted), discarded + received);
        let stats = tx.snapshot().stats();
        assert_eq!((stats.sent, stats.discarded, stats.length), (u64::from(accepted), discarded, 0));
        assert_balanced(&stats);
        assert!(matches!(tx.try_send(message(2)), Err(TrySendError::Closed(_))));
    });
}

#[test]
fn the_figures_are_exact_once_cancel_answers() {
    explore(5, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let sending = thread::spawn(move || {
            let accepted = tx.try_send(message(1)).is_ok();
            (tx, accepted)
        });
        let discarded = rx.cancel();
        let stats = rx.snapshot().stats();
        let (_tx, accepted) = sending.join().unwrap();
        assert_eq!((stats.sent, stats.discarded), (u64::from(accepted), discarded));
        assert_balanced(&stats);
    });
}

#[test]
fn a_send_against_the_last_receiver_is_counted_or_fails() {
    explore(5, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let closing = thread::spawn(move || drop(rx));
        let accepted = tx.try_send(message(1)).is_ok();
        closing.join().unwrap();
        let stats = tx.snapshot().stats();
        assert_eq!((stats.sent, stats.discarded), (u64::from(accepted), u64::from(accepted)));
        assert_balanced(&stats);
    });
}

#[test]
fn the_last_ticket_is_attached_or_released() {
    explore(5, || {
        let (near, tx, far, rx) = stage(Flavor::Bounded(2));
        let tickets = Arc::new(Tickets::new());
        let name = tickets.make(AnyEnd::Receiver(rx), far.id(), false);
        let release = Arc::clone(&tickets);
        let revoking = thread::spawn(move || release.revoke(&[name]));
        let attached = tickets.redeem(&[name], &near).ok().map(|mut ends| receiver(ends.remove(0)));
        let revoked = revoking.join().unwrap();
        assert_eq!(revoked == 1, attached.is_none());
        let sent = tx.try_send(message(1));
        match attached {
            Some(rx) => {
                sent.unwrap();
                assert_eq!(get(&rx), Ok(1));
            }
            None => assert!(matches!(sent, Err(TrySendError::Closed(_)))),
        }
    });
}

#[test]
fn a_pending_send_against_end_is_accepted_or_comes_back() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(1));
        tx.try_send(message(1)).unwrap();
        let closer = tx.another();
        let closing = thread::spawn(move || closer.end());
        let sending = thread::spawn(move || match tx.send(message(2), endless(&mut || true)) {
            Ok(()) => true,
            Err(SendError::Closed(back)) => number(back.first().unwrap()) != 2,
            Err(other) => panic!("{other}"),
        });
        assert_eq!(get(&rx), Ok(1));
        closing.join().unwrap();
        let accepted = sending.join().unwrap();
        assert_eq!(drain(&rx), if accepted { vec![2] } else { vec![] });
    });
}
