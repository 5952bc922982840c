//! The interleavings of a broadcast's ends, and of a watch's.

use std::sync::Arc;

use loom::thread;
use millrace_core::{
    AnyEnd, Broadcast, Environment, Flavor, Outcome, Settings, Source, Tickets, TryRecvError, WatchReceiver,
    WatchSender, bury, channel, note_death, watch_channel,
};

use super::{endless, explore, get, message, number, receiver, wait};

fn far(end: AnyEnd, near: &Arc<Environment>) -> AnyEnd {
    let tickets = Tickets::new();
    let name = tickets.make(end, near.id(), false);
    tickets.redeem(&[name], &Environment::new(|| ())).unwrap().remove(0)
}

fn stage(capacity: usize) -> (millrace_core::Sender, millrace_core::Receiver, Arc<Environment>) {
    let near = Environment::new(|| ());
    let made = Broadcast { capacity, skips: false, replay: 0 };
    let (tx, rx) = channel(Flavor::Broadcast(made), Settings::default(), &near).unwrap();
    (tx, rx, near)
}

#[test]
fn the_last_reader_of_a_message_meets_the_end_of_its_sender() {
    explore(2, || {
        let (tx, rx, near) = stage(2);
        let other = receiver(far(AnyEnd::Receiver(rx.another()), &near));
        tx.try_send(message(1)).unwrap();
        let reader = thread::spawn(move || {
            assert_eq!(get(&other), Ok(1));
            other.try_recv().err()
        });
        let sender = thread::spawn(move || drop(tx));
        assert_eq!(get(&rx), Ok(1));
        let left = reader.join().unwrap();
        sender.join().unwrap();
        assert!(matches!(left, Some(TryRecvError::Empty | TryRecvError::Closed)));
        assert_eq!(get(&rx), Err(TryRecvError::Closed));
        assert_eq!(rx.snapshot().stats().bytes, 0);
    });
}

#[test]
fn a_send_reaches_a_receive_that_is_being_registered() {
    explore(3, || {
        let (tx, rx, near) = stage(1);
        let other = receiver(far(AnyEnd::Receiver(rx.another()), &near));
        let reader = thread::spawn(move || number(&other.recv(endless(&mut || true)).unwrap()));
        let pending = wait(&rx);
        tx.try_send(message(1)).unwrap();
        assert!(matches!(pending.take(), Some(Outcome::Received(_))));
        assert_eq!(reader.join().unwrap(), 1);
    });
}

#[test]
fn a_receiver_that_goes_lets_a_pending_send_in() {
    explore(2, || {
        let (tx, rx, near) = stage(1);
        let slow = receiver(far(AnyEnd::Receiver(rx.another()), &near));
        tx.try_send(message(1)).unwrap();
        assert_eq!(get(&rx), Ok(1));
        let goes = thread::spawn(move || drop(slow));
        tx.send(message(2), endless(&mut || true)).unwrap();
        goes.join().unwrap();
        assert_eq!(get(&rx), Ok(2));
    });
}

fn watched() -> (WatchSender, WatchReceiver) {
    watched_with(Settings::default())
}

fn watched_with(settings: Settings) -> (WatchSender, WatchReceiver) {
    let near = Environment::new(|| ());
    let (tx, rx) = watch_channel(settings, &near).unwrap();
    match far(AnyEnd::WatchReceiver(rx), &near) {
        AnyEnd::WatchReceiver(rx) => (tx, rx),
        _ => unreachable!("a receiver's ticket makes a receiver"),
    }
}

fn set(tx: &WatchSender, number: u8) {
    tx.set(Source::from(&[number, number][..])).unwrap();
}

#[test]
fn a_get_beside_sets_sees_whole_values_in_their_order() {
    explore(2, || {
        let (tx, rx) = watched();
        let second = tx.another();
        set(&tx, 1);
        // One more than there are places: a place is written again while its first value is looked for.
        let writer = thread::spawn(move || (2..5).for_each(|number| set(&tx, number)));
        let mut last = 0;
        for _ in 0..2 {
            if let Some(message) = rx.get_new() {
                let bytes = message.as_slice();
                assert!(bytes[0] == bytes[1] && bytes[0] > last);
                last = bytes[0];
            }
        }
        writer.join().unwrap();
        set(&second, 5);
        assert_eq!(rx.get_new().map(|message| number(&message)), Some(5));
    });
}

#[test]
fn a_set_rings_a_wait_being_registered_and_the_last_is_told_before_the_close() {
    explore(3, || {
        let (tx, rx) = watched();
        let reader = thread::spawn(move || {
            assert!(rx.changed(endless(&mut || true)).is_ok());
            assert!(rx.get_new().is_some());
            assert!(rx.changed(endless(&mut || true)).is_err());
            assert!(rx.get_new().is_none(), "nothing was left unseen");
        });
        set(&tx, 1);
        drop(tx);
        reader.join().unwrap();
    });
}

#[test]
fn a_set_against_a_death_that_fails_the_watch_is_seen_or_refused() {
    explore(2, || {
        let (tx, rx) = watched_with(Settings { death_fails: true, ..Settings::default() });
        let home = Environment::new(|| ());
        let tickets = Tickets::new();
        let name = tickets.make(AnyEnd::WatchSender(tx.another()), 0, false);
        let dying = tickets.redeem(&[name], &home).unwrap().remove(0);
        let leaving = thread::spawn(move || {
            note_death(home.id(), Some(7), None);
            drop(dying);
            bury(home.id());
        });
        let setting = thread::spawn(move || {
            let accepted = tx.set(Source::from(&[1, 1][..])).is_ok();
            (accepted, tx)
        });
        let mut seen = false;
        while rx.changed(endless(&mut || true)).is_ok() {
            seen |= rx.get_new().is_some();
        }
        assert!(!rx.has_changed(), "told of the end, it has seen the last");
        leaving.join().unwrap();
        let (accepted, tx) = setting.join().unwrap();
        assert_eq!(seen, accepted);
        assert!(!rx.has_changed());
        drop(tx);
    });
}
