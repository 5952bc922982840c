//! The laws of waking several at once: whoever has one to wake does so itself, whoever has more leaves it to the ringer.
#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a law that cannot go on is broken")]

use std::sync::Arc;
use std::sync::mpsc::{Receiver as Heard, channel as heard};
use std::thread;
use std::time::Duration;

use millrace_core::{
    AnyEnd, Changed, Environment, Pending, Settings, Source, Tickets, WatchReceiver, WatchSender,
    watch_channel,
};

/// Which of them was rung, and by which thread.
type Ring = (usize, Option<String>);

struct Stage {
    tx: WatchSender,
    readers: Vec<(Arc<Environment>, WatchReceiver)>,
    rings: Heard<Ring>,
}

/// A watch with a reader in each of so many environments.
fn stage(readers: usize) -> Stage {
    let near = Environment::new(|| ());
    let (tx, rx) = watch_channel(Settings::default(), &near).unwrap();
    let tickets = Tickets::new();
    let (told, rings) = heard();
    let readers = (0..readers)
        .map(|index| {
            let told = told.clone();
            let far = Environment::new(move || {
                told.send((index, thread::current().name().map(str::to_owned))).unwrap();
            });
            let name = tickets.make(AnyEnd::WatchReceiver(rx.another()), near.id(), false);
            match tickets.redeem(&[name], &far).unwrap().remove(0) {
                AnyEnd::WatchReceiver(receiver) => (far, receiver),
                _ => panic!("a receiver's ticket made another end"),
            }
        })
        .collect();
    Stage { tx, readers, rings }
}

impl Stage {
    fn wait(&self) -> Vec<Pending> {
        let wait = |(_, rx): &(_, WatchReceiver)| match rx.changed_or_wait(0) {
            Ok(Changed::Pending(pending)) => pending,
            _ => panic!("nothing was to be waited for"),
        };
        self.readers.iter().map(wait).collect()
    }

    fn set(&self) {
        self.tx.set(Source::from(&[1][..])).unwrap();
    }

    /// Who was rung, by whom; each of so many.
    fn rung(&self, count: usize) -> Vec<Ring> {
        let mut rings: Vec<_> =
            (0..count).map(|_| self.rings.recv_timeout(Duration::from_secs(60)).unwrap()).collect();
        rings.sort();
        rings
    }

    /// Nobody is rung any more: the ringer goes through its list in order, and has rung for what came later.
    fn is_quiet(&self) -> bool {
        let later = stage(2);
        let waits = later.wait();
        later.set();
        let rung = later.rung(2) == [0, 1].map(by_ringer);
        drop(waits);
        rung && self.rings.try_recv().is_err()
    }
}

fn by_ringer(index: usize) -> Ring {
    (index, Some("millrace-ringer".to_owned()))
}

#[test]
fn one_that_sleeps_is_rung_by_whoever_has_something_for_it() {
    let stage = stage(1);
    let waits = stage.wait();
    stage.set();
    let own = thread::current().name().map(str::to_owned);
    assert!(stage.rings.try_recv().is_ok_and(|ring| ring == (0, own)), "before `set` returns");
    drop(waits);
}

#[test]
fn several_that_sleep_are_each_rung_once_by_the_ringer() {
    let stage = stage(4);
    for _ in 0..100 {
        let waits = stage.wait();
        stage.set();
        assert_eq!(stage.rung(4), (0..4).map(by_ringer).collect::<Vec<_>>());
        assert!(stage.is_quiet());
        for (pending, (environment, rx)) in waits.iter().zip(&stage.readers) {
            assert!(pending.take().is_some(), "it was claimed before it was rung");
            environment.answer();
            assert!(environment.next_settled().is_some_and(|waiter| pending.is(&waiter)));
            assert!(rx.get_new().is_some());
        }
    }
}

#[test]
fn who_looks_by_itself_or_has_a_ring_coming_is_not_rung() {
    let stage = stage(4);
    assert!(!stage.readers[1].0.set_polling(true));
    let waits = stage.wait();
    stage.set();
    assert_eq!(stage.rung(3), [0, 2, 3].map(by_ringer));
    // Nobody has answered: their rings are still to come, as far as anybody knows.
    for (_, rx) in &stage.readers {
        assert!(rx.get_new().is_some());
    }
    let again = stage.wait();
    stage.set();
    assert!(stage.is_quiet());
    drop((waits, again));
}
