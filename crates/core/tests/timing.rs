//! How long messages wait, over every queue, packed and not: a stamp for each that is queued, a wait for each that left.
#![cfg(not(loom))]

use std::sync::Arc;
use std::time::{Duration, Instant};

use millrace_core::{Environment, Flavor, Overflow, Receiver, Sender, Settings, Waits, channel};

const QUEUES: [Flavor; 4] = [Flavor::Bounded(8), Flavor::Unbounded, Flavor::Sync(8), Flavor::Channel];

fn made(flavor: Flavor, overflow: Overflow, environment: &Arc<Environment>) -> (Sender, Receiver) {
    let settings = Settings { timing: true, overflow, ..Settings::default() };
    channel(flavor, settings, environment).expect("memory and room")
}

fn send(tx: &Sender, bytes: &[u8]) {
    tx.try_send(tx.message(bytes).expect("memory")).expect("open");
}

fn waits(tx: &Sender) -> Waits {
    tx.snapshot().stats().waits.expect("it was asked for")
}

#[test]
fn a_channel_that_was_not_asked_to_keeps_none() {
    let environment = Environment::new(|| {});
    let (tx, _rx) = channel(Flavor::Unbounded, Settings::default(), &environment).expect("memory and room");
    send(&tx, b"one");
    assert_eq!(tx.snapshot().stats().waits, None);
    environment.shut();
}

#[test]
fn the_oldest_has_waited_since_it_was_sent_and_what_left_is_counted() {
    let environment = Environment::new(|| {});
    for flavor in QUEUES {
        for is_packed in [false, true] {
            let (tx, rx) = made(flavor, Overflow::Wait, &environment);
            if is_packed {
                tx.begin_batches();
            }
            assert_eq!((waits(&tx).oldest, waits(&tx).left), (Duration::ZERO, 0), "{flavor:?}");
            let before = Instant::now();
            send(&tx, b"first");
            let sent = Instant::now();
            send(&tx, &[7; 200]);
            let least = sent.elapsed();
            let oldest = waits(&tx).oldest;
            assert!(oldest >= least && oldest <= before.elapsed(), "{flavor:?}: {oldest:?}");

            assert!(rx.try_recv().is_ok());
            let (second, most) = (waits(&tx), before.elapsed());
            assert_eq!(second.left, 1);
            assert!(second.total >= least && second.total <= most, "{flavor:?}: {second:?}");
            assert!(second.p50 <= second.p99 && second.p99.as_nanos() * 15 / 16 <= most.as_nanos());
            assert!(second.oldest < before.elapsed());

            assert!(rx.try_recv().is_ok());
            assert_eq!((waits(&tx).oldest, waits(&tx).left), (Duration::ZERO, 2), "{flavor:?}");
        }
    }
    environment.shut();
}

#[test]
fn what_is_dropped_or_discarded_waits_no_longer() {
    let environment = Environment::new(|| {});
    let (tx, rx) = made(Flavor::Bounded(1), Overflow::DropOldest, &environment);
    send(&tx, b"one");
    let between = Instant::now();
    send(&tx, b"two");
    let oldest = waits(&tx).oldest;
    assert!(oldest <= between.elapsed());
    assert_eq!(waits(&tx).left, 1);
    drop(rx);
    assert_eq!((waits(&tx).oldest, waits(&tx).left), (Duration::ZERO, 2));
    environment.shut();
}
