//! What a wait waits for against the wait's registering, and settling against the bell.

use std::sync::Arc;

use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;
use millrace_core::{Environment, Flavor, Message, Outcome, Received, Sent, Settings, Taken, channel};

use crate::{drain, endless, explore, get, got, message, number, stage, wait};

#[test]
fn a_push_reaches_a_receive_that_is_being_registered() {
    explore(5, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let sending = thread::spawn(move || {
            tx.try_send(message(1)).unwrap();
            tx
        });
        assert_eq!(number(&rx.recv(endless(&mut || true)).unwrap()), 1);
        drop(sending.join().unwrap());
    });
}

#[test]
fn a_push_rings_for_a_wait_that_is_being_registered() {
    explore(5, || {
        let (_, tx, far, rx) = stage(Flavor::Bounded(2));
        let sending = thread::spawn(move || {
            tx.try_send(message(1)).unwrap();
            tx
        });
        let answer = rx.recv_or_wait(0, false).unwrap();
        let tx = sending.join().unwrap();
        match answer {
            Received::Now(message) => assert_eq!(number(&message), 1),
            Received::Pending(pending) => {
                assert!(far.next_settled().is_some(), "settled, and told");
                assert_eq!(got(&pending), Some(1));
            }
        }
        drop(tx);
    });
}

#[test]
fn a_pop_makes_room_for_a_send_that_is_being_registered() {
    explore(5, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(1));
        tx.try_send(message(1)).unwrap();
        let receiving = thread::spawn(move || {
            assert_eq!(get(&rx), Ok(1));
            rx
        });
        tx.send(message(2), endless(&mut || true)).unwrap();
        let rx = receiving.join().unwrap();
        assert_eq!(drain(&rx), [2]);
    });
}

#[test]
fn pops_of_many_make_room_for_a_send_that_is_being_registered() {
    explore(5, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(1));
        tx.try_send(message(1)).unwrap();
        let receiving = thread::spawn(move || {
            let mut taken = Vec::new();
            rx.try_take_many(true, 2, &mut |message: &Message| {
                taken.push(number(message));
                Taken::More
            })
            .unwrap();
            (rx, taken)
        });
        tx.send(message(2), endless(&mut || true)).unwrap();
        let (rx, mut taken) = receiving.join().unwrap();
        taken.extend(drain(&rx));
        assert_eq!(taken, [1, 2]);
    });
}

#[test]
fn drained_hears_of_the_last_pop() {
    explore(5, || {
        let (near, tx, _, rx) = stage(Flavor::Bounded(2));
        tx.try_send(message(1)).unwrap();
        let receiving = thread::spawn(move || {
            assert_eq!(get(&rx), Ok(1));
            rx
        });
        let answer = tx.drained(0).unwrap();
        let rx = receiving.join().unwrap();
        if let Sent::Pending(pending) = answer {
            assert!(near.next_settled().is_some());
            assert!(matches!(pending.take(), Some(Outcome::Drained)));
        }
        drop(rx);
    });
}

#[test]
fn drained_counts_the_pushes_that_are_under_way() {
    explore(3, || {
        let (near, tx, _, rx) = stage(Flavor::Bounded(2));
        let other = tx.another();
        let sending = thread::spawn(move || {
            other.try_send(message(1)).unwrap();
            other
        });
        let receiving = thread::spawn(move || (get(&rx), rx));
        tx.try_send(message(2)).unwrap();
        let drained = tx.drained(0).unwrap();
        let (received, rx) = receiving.join().unwrap();
        let other = sending.join().unwrap();
        let settled = match drained {
            Sent::Now => true,
            Sent::Pending(pending) => pending.take().is_some(),
        };
        assert!(!settled || received == Ok(2), "its own message is still queued");
        drop((near, other, rx));
    });
}

#[test]
fn what_settles_while_polling_ends_is_told_or_rings() {
    explore(5, || {
        let rung = Arc::new(AtomicUsize::new(0));
        let bell = Arc::clone(&rung);
        let far = Environment::new(move || {
            bell.fetch_add(1, Ordering::SeqCst);
        });
        let (tx, rx) = channel(Flavor::Bounded(2), Settings::default(), &far).unwrap();
        far.set_polling(true);
        let pending = wait(&rx);
        let sending = thread::spawn(move || {
            tx.try_send(message(1)).unwrap();
            tx
        });
        let told = far.set_polling(false);
        let tx = sending.join().unwrap();
        assert!(told || rung.load(Ordering::SeqCst) == 1);
        assert_eq!(got(&pending), Some(1));
        drop(tx);
    });
}

/// A message is there, another one comes while `hear` tells how many have settled: it is seen, or rings again.
fn comes_while_the_bell(hear: fn(&Environment) -> usize) {
    explore(5, move || {
        let rung = Arc::new(AtomicUsize::new(0));
        let bell = Arc::clone(&rung);
        let far = Environment::new(move || {
            bell.fetch_add(1, Ordering::SeqCst);
        });
        let (tx, rx) = channel(Flavor::Bounded(2), Settings::default(), &far).unwrap();
        let waits = [wait(&rx), wait(&rx)];
        tx.try_send(message(1)).unwrap();
        let sending = thread::spawn(move || {
            tx.try_send(message(2)).unwrap();
            tx
        });
        let seen = hear(&far);
        let tx = sending.join().unwrap();
        assert!(seen == 2 || rung.load(Ordering::SeqCst) == 2);
        assert_eq!(waits.iter().filter_map(got).collect::<Vec<_>>(), [1, 2]);
        drop(tx);
    });
}

fn settled(environment: &Environment) -> usize {
    std::iter::from_fn(|| environment.next_settled()).count()
}

#[test]
fn what_is_posted_while_the_bell_is_heard_is_seen_or_rings_again() {
    comes_while_the_bell(|far| {
        let mut seen = settled(far);
        while far.answer_or_go_on() {
            seen += settled(far);
        }
        seen
    });
}

#[test]
fn what_is_posted_while_the_bell_is_answered_is_seen_or_rings_again() {
    comes_while_the_bell(|far| {
        far.answer();
        settled(far)
    });
}
