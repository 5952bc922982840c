//! What no caller may bring the core to: a loop that never ends, a panic, or memory beyond its bounds, whatever the code
//! before it has let through.
#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a law that cannot go on is broken")]

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use millrace_core::{
    Environment, Flavor, Growth, MAX_CAPACITY, Overflow, Patience, Receiver, SendError, Sender, Settings,
    Source, channel, span,
};

fn made(flavor: Flavor, settings: Settings) -> (Sender, Receiver, Arc<Environment>) {
    let environment = Environment::new(|| ());
    let (tx, rx) = channel(flavor, settings, &environment).unwrap();
    (tx, rx, environment)
}

fn bytes_of(len: usize) -> Vec<u8> {
    vec![7; len]
}

fn soon(pulse: &mut dyn FnMut() -> bool) -> Patience<'_> {
    Patience { deadline: Some(Instant::now() + Duration::from_secs(60)), pulse }
}

/// Ten bytes are the most that each of these may queue.
fn narrow(overflow: Overflow) -> Settings {
    Settings { max_bytes: Some(10), overflow, ..Settings::default() }
}

#[test]
fn what_could_never_fit_is_what_a_channel_that_drops_loses() {
    for overflow in [Overflow::DropOldest, Overflow::DropNewest] {
        for flavor in [Flavor::Bounded(4), Flavor::Unbounded, Flavor::Bounded(0), Flavor::Sync(0)] {
            let (tx, rx, _environment) = made(flavor, narrow(overflow));
            let long = bytes_of(11);
            tx.try_send(tx.message(&long[..]).unwrap()).unwrap();
            let many: VecDeque<_> = (0..3).map(|_| tx.message(&long[..]).unwrap()).collect();
            tx.send_many(many, soon(&mut || true)).unwrap();
            let packed = bytes_of(24 + 16 + 11);
            let lengths = vec![17, 11, 11];
            tx.begin_batches();
            let batch = tx.pack(Source::from(&packed[..span(&lengths)]), lengths).unwrap();
            tx.send_batch(batch, soon(&mut || true)).unwrap();
            let stats = rx.snapshot().stats();
            assert_eq!((stats.sent, stats.dropped, stats.length), (7, 7, 0), "{flavor:?} {overflow:?}");
        }
    }
}

#[test]
fn a_rendezvous_that_drops_the_oldest_loses_what_nobody_takes() {
    let (tx, rx, _environment) =
        made(Flavor::Bounded(0), Settings { overflow: Overflow::DropOldest, ..Settings::default() });
    tx.try_send(tx.message(&[1][..]).unwrap()).unwrap();
    assert_eq!(rx.snapshot().stats().dropped, 1);
}

#[test]
fn what_could_never_fit_is_refused_where_it_would_wait_for_ever() {
    for flavor in [Flavor::Bounded(4), Flavor::Unbounded, Flavor::Bounded(0)] {
        let (tx, _rx, _environment) = made(flavor, narrow(Overflow::Wait));
        let long = bytes_of(11);
        let message = || tx.message(&long[..]).unwrap();
        let refused = |sent: Result<(), SendError>| matches!(sent, Err(SendError::TooLong(_)));
        assert!(refused(tx.send(message(), Patience { deadline: None, pulse: &mut || true })));
        assert!(matches!(tx.send_or_wait(message(), 1), Err(SendError::TooLong(_))));
        let many = [tx.message(&[1][..]).unwrap(), message()].into();
        let sent = tx.send_many(many, soon(&mut || true));
        assert!(refused(sent), "{flavor:?}");
    }
}

#[test]
fn a_batch_of_nothing_is_sent_at_once_and_leaves_nothing_behind() {
    for flavor in [Flavor::Bounded(4), Flavor::Unbounded] {
        let (tx, rx, _environment) = made(flavor, Settings::default());
        tx.begin_batches();
        let empty = || tx.pack(Source::from(&[][..]), Vec::new()).unwrap();
        assert_eq!(tx.try_send_batch(empty()), Ok(0));
        tx.send_batch(empty(), soon(&mut || true)).unwrap();
        tx.send_batch_or_wait(empty(), 1).map(drop).unwrap();
        assert_eq!(rx.try_recv_run(8, 4096, true, |_| panic!("there is nothing")), 0);
        assert!(rx.try_recv().is_err());
        tx.try_send(tx.message(&[5][..]).unwrap()).unwrap();
        assert_eq!(rx.try_recv().unwrap().as_slice(), [5]);
    }
}

#[test]
fn the_span_of_many_long_messages_is_no_small_number() {
    // On 32 bits, one of these and a half are all addresses; their sum must not begin again at 0.
    let lengths = vec![u32::MAX; 3];
    let expected = 2 * (u64::from(u32::MAX) + 1) + u64::from(u32::MAX);
    assert_eq!(span(&lengths), usize::try_from(expected).unwrap_or(usize::MAX));
    assert!(span(&lengths) >= u32::MAX as usize);
}

#[test]
fn more_than_100_000_queued_messages_are_told_of_once() {
    for flavor in [Flavor::Unbounded, Flavor::Channel] {
        let (tx, rx, _environment) = made(flavor, Settings::default());
        for _ in 0..100_000 {
            tx.try_send(tx.message(&[1][..]).unwrap()).unwrap();
        }
        assert_eq!(rx.snapshot().growth(), Growth::Within);
        tx.try_send(tx.message(&[1][..]).unwrap()).unwrap();
        assert_eq!(rx.snapshot().growth(), Growth::Beyond);
        assert_eq!(tx.snapshot().growth(), Growth::Known);
    }
}

#[test]
fn no_channel_is_made_beyond_its_bounds() {
    let environment = Environment::new(|| ());
    let refused = |flavor, settings| channel(flavor, settings, &environment).is_err();
    for capacity in [MAX_CAPACITY + 1, u32::MAX as usize] {
        assert!(refused(Flavor::Bounded(capacity), Settings::default()));
        assert!(refused(Flavor::Sync(capacity), Settings::default()));
    }
    for (capacity, slot_bytes) in [(2, 1 << 30), (1 << 20, 1 << 20), (MAX_CAPACITY, usize::MAX)] {
        let settings = Settings { slot_bytes: Some(slot_bytes), prefault: true, ..Settings::default() };
        assert!(refused(Flavor::Bounded(capacity), settings));
    }
}
