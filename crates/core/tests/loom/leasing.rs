//! Leases that end against closing, waiting for room, and waiting to be drained.

use std::sync::Arc;

use loom::thread;
use millrace_core::{
    AnyEnd, Environment, Flavor, Lease, Leasing, Receiver, RecvError, Sender, Settings, Tickets,
    TryRecvError, channel,
};

use crate::{endless, explore, message, number, receiver};

/// A channel of leases with one message leased, its receiver in another environment than its sender.
fn stage() -> (Arc<Environment>, Sender, Receiver, Lease) {
    let (near, far) = (Environment::new(|| ()), Environment::new(|| ()));
    let settings = Settings { leasing: Some(Leasing::default()), ..Settings::default() };
    let (tx, rx) = channel(Flavor::Bounded(1), settings, &near).unwrap();
    // Another thread's: who waits for it is not alone.
    tx.try_send(message(1)).unwrap();
    let theirs = rx.another();
    let held = lease(&theirs).unwrap();
    drop(theirs);
    let tickets = Tickets::new();
    let name = tickets.make(AnyEnd::Receiver(rx), far.id(), false);
    let rx = receiver(tickets.redeem(&[name], &far).unwrap().remove(0));
    (near, tx, rx, held)
}

fn lease(rx: &Receiver) -> Result<Lease, RecvError> {
    rx.recv(endless(&mut || true)).map(|message| Lease::new(message, rx.origin()).unwrap())
}

#[test]
fn a_waiting_receive_hears_of_the_end_once_the_last_lease_is_acknowledged() {
    explore(2, || {
        let (_near, tx, rx, held) = stage();
        let acknowledging = thread::spawn(move || held.acknowledge());
        let closing = thread::spawn(move || tx.end());
        assert_eq!(lease(&rx).err(), Some(RecvError::Closed));
        closing.join().unwrap();
        acknowledging.join().unwrap();
    });
}

#[test]
fn what_comes_back_is_received_before_the_end() {
    explore(2, || {
        let (_near, tx, rx, held) = stage();
        let returning = thread::spawn(move || drop(held));
        let closing = thread::spawn(move || tx.end());
        let again = lease(&rx).unwrap();
        assert_eq!((number(again.message()), again.attempt()), (1, 2));
        closing.join().unwrap();
        returning.join().unwrap();
        again.acknowledge();
        assert_eq!(lease(&rx).err(), Some(RecvError::Closed));
    });
}

#[test]
fn a_receive_that_does_not_wait_is_not_told_of_the_end_too_early() {
    explore(2, || {
        let (_near, tx, rx, held) = stage();
        tx.end();
        let returning = thread::spawn(move || drop(held));
        let again = loop {
            match rx.try_recv() {
                Ok(message) => break Lease::new(message, rx.origin()).unwrap(),
                Err(TryRecvError::Empty) => thread::yield_now(),
                Err(TryRecvError::Closed) => panic!("closed while a message was leased"),
            }
        };
        again.acknowledge();
        returning.join().unwrap();
    });
}

#[test]
fn a_waiting_send_gets_the_room_of_what_is_acknowledged() {
    explore(2, || {
        let (_near, tx, rx, held) = stage();
        let acknowledging = thread::spawn(move || held.acknowledge());
        tx.send(message(2), endless(&mut || true)).unwrap();
        acknowledging.join().unwrap();
        assert_eq!(lease(&rx).map(|lease| number(lease.message())), Ok(2));
    });
}

#[test]
fn drained_hears_of_the_last_acknowledgement() {
    explore(2, || {
        let (_near, tx, rx, held) = stage();
        let acknowledging = thread::spawn(move || held.acknowledge());
        tx.drained_within(endless(&mut || true)).unwrap();
        assert_eq!(tx.snapshot().stats().leased, Some(0));
        acknowledging.join().unwrap();
        drop(rx);
    });
}

#[test]
fn what_is_discarded_with_the_last_receiver_is_counted_once() {
    explore(2, || {
        let (_near, tx, rx, held) = stage();
        let closing = thread::spawn(move || drop(rx));
        drop(held);
        closing.join().unwrap();
        let stats = tx.snapshot().stats();
        assert_eq!((stats.discarded, stats.received, stats.length, stats.leased), (1, 0, 0, Some(0)));
    });
}
