//! Waits that end against their claim: an abort, a teardown, a wake that is passed on.

use loom::thread;
use millrace_core::{AnyEnd, Flavor, Outcome, Pending, Sent, Tickets};

use crate::{assert_balanced, drain, endless, explore, get, got, message, number, receiver, stage, wait};

#[test]
fn a_message_against_an_abort_is_received_or_stays() {
    explore(5, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let pending = wait(&rx);
        let sending = thread::spawn(move || {
            tx.try_send(message(1)).unwrap();
            tx
        });
        let aborted = pending.cancel();
        let taken = got(&pending);
        assert_eq!(aborted, taken.is_none());
        let tx = sending.join().unwrap();
        assert_eq!(drain(&rx), if aborted { vec![1] } else { vec![] });
        assert_eq!(tx.snapshot().stats().received, 1);
    });
}

#[test]
fn a_pending_send_against_an_abort_is_accepted_or_stays_out() {
    explore(5, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(1));
        tx.try_send(message(1)).unwrap();
        let Sent::Pending(pending) = tx.send_or_wait(message(2), 0).unwrap() else {
            panic!("there was room")
        };
        let receiving = thread::spawn(move || {
            assert_eq!(get(&rx), Ok(1));
            rx
        });
        let aborted = pending.cancel();
        let rx = receiving.join().unwrap();
        assert_eq!(matches!(pending.take(), Some(Outcome::Sent(_))), !aborted);
        assert_eq!(drain(&rx), if aborted { vec![] } else { vec![2] });
        assert_balanced(&rx.snapshot().stats());
    });
}

#[test]
fn a_message_against_a_teardown_reaches_the_next_wait() {
    explore(3, || {
        let (near, tx, far, rx) = stage(Flavor::Bounded(2));
        let tickets = Tickets::new();
        let name = tickets.make(AnyEnd::Receiver(rx.another()), far.id(), false);
        let survivor = receiver(tickets.redeem(&[name], &near).unwrap().remove(0));
        let dying = vec![wait(&rx)];
        let next = wait(&survivor);
        let ending = thread::spawn(move || {
            far.shut();
            Pending::let_go(dying, Vec::new());
            drop(rx);
        });
        tx.try_send(message(1)).unwrap();
        ending.join().unwrap();
        assert_eq!(got(&next), Some(1));
        assert_eq!(near.next_settled().map(|waiter| waiter.token()), Some(0));
        let stats = tx.snapshot().stats();
        assert_eq!((stats.received, stats.receivers), (1, 1));
        assert_balanced(&stats);
    });
}

#[test]
fn a_wake_is_passed_on_to_a_thread_that_sleeps() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let dying = wait(&rx);
        let sleeper = rx.another();
        let sleeping = thread::spawn(move || number(&sleeper.recv(endless(&mut || true)).unwrap()));
        tx.try_send(message(1)).unwrap();
        drop(dying);
        assert_eq!(sleeping.join().unwrap(), 1);
        assert_balanced(&tx.snapshot().stats());
    });
}
