//! Laws of blocking receives: how they end without a message, and that they consume nothing then.

use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use millrace_core::{AnyEnd, Flavor, RecvError, Settings, Tickets, channel};

use super::stage::{
    EventLoop, Stage, block_recv, drain, endless, move_sender, number, offer, pass, put, until_stats, within,
};

pub(crate) fn a_receive_that_timed_out_consumed_nothing(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    for limit in [0, 1, 25].map(Duration::from_millis) {
        let start = Instant::now();
        assert_eq!(rx.recv(within(limit, &mut || true)).err(), Some(RecvError::TimedOut));
        assert!(start.elapsed() >= limit);
        assert_eq!(rx.snapshot().stats().waiting_receivers, 0);
    }
    let _offered = offer(&tx, 1);
    assert_eq!(number(&rx.recv(within(Duration::ZERO, &mut || true)).unwrap()), 1);
}

pub(crate) fn a_receive_alone_is_stuck(flavor: Flavor) {
    let home = EventLoop::new();
    let (tx, rx) = channel(flavor, Settings::default(), &home.environment).unwrap();
    assert_eq!(rx.recv(endless(&mut || true)).err(), Some(RecvError::Stuck));
    // With a time limit it is only late.
    assert_eq!(rx.recv(within(Duration::ZERO, &mut || true)).err(), Some(RecvError::TimedOut));
    let _offered = offer(&tx, 1);
    assert_eq!(block_recv(&rx), 1);
}

pub(crate) fn an_end_elsewhere_keeps_a_receive_waiting(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    keeps_waiting(&rx, move || put(&tx, 1).unwrap());
}

pub(crate) fn a_ticket_keeps_a_receive_waiting(flavor: Flavor) {
    let home = EventLoop::new();
    let (tx, rx) = channel(flavor, Settings::default(), &home.environment).unwrap();
    let tickets = Tickets::new();
    let name = tickets.make(AnyEnd::Sender(tx), home.environment.id(), false);
    keeps_waiting(&rx, || {
        let far = EventLoop::new();
        let AnyEnd::Sender(tx) = tickets.redeem(&[name], &far.environment).unwrap().remove(0) else {
            unreachable!("a sender's ticket makes a sender")
        };
        put(&tx, 1).unwrap();
    });
}

/// Blocks until a whole slice has passed without the receive being called stuck, and lets `act` send.
fn keeps_waiting(rx: &millrace_core::Receiver, act: impl FnOnce() + Send) {
    let (pulses, slept) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            slept.recv().unwrap();
            act();
        });
        let mut pulse = || {
            // Only the first one is heard.
            let _ = pulses.send(());
            true
        };
        assert_eq!(number(&rx.recv(endless(&mut pulse)).unwrap()), 1);
    });
}

pub(crate) fn a_blocked_receive_notices_that_it_is_alone(flavor: Flavor) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    let own = move_sender(tx.another(), &near, &far);
    thread::scope(|scope| {
        let stats = own.another();
        let answer = scope.spawn(move || {
            let answer = rx.recv(endless(&mut || true)).err();
            drop(own);
            answer
        });
        until_stats(|| stats.snapshot().stats(), |stats| stats.waiting_receivers == 1);
        drop(tx);
        assert_eq!(answer.join().unwrap(), Some(RecvError::Stuck));
    });
}

pub(crate) fn a_stopped_receive_consumed_nothing(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    assert_eq!(rx.recv(endless(&mut || false)).err(), Some(RecvError::Stopped));
    assert_eq!(rx.snapshot().stats().waiting_receivers, 0);
    pass(&tx, &rx, 1);

    // The message comes in the very moment of the stop: it is the next one again.
    let other = rx.another();
    let mut pulse = || {
        put(&tx, 2).unwrap();
        assert_eq!(other.snapshot().len(), 0, "the wait was handed the message");
        false
    };
    assert_eq!(rx.recv(endless(&mut pulse)).err(), Some(RecvError::Stopped));
    assert_eq!(drain(&other), [2]);
    super::stage::assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn what_comes_to_a_thread_that_is_being_stopped_goes_to_the_next(flavor: Flavor) {
    // A message that comes before the thread sleeps is received: then once more.
    while !comes_while_being_stopped(flavor) {}
}

/// Whether the thread slept when it was stopped and the message came.
fn comes_while_being_stopped(flavor: Flavor) -> bool {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let (next, stopping) = (rx.another(), Mutex::new(false));
    let slept = thread::scope(|scope| {
        let mut runs_on = || !*stopping.lock().unwrap();
        let answer = scope.spawn(move || rx.recv(endless(&mut runs_on)).err());
        until_stats(|| next.snapshot().stats(), |stats| stats.waiting_receivers == 1);
        // Both in one for the other thread, which asks whether it runs on when the message has woken it.
        let mut told = stopping.lock().unwrap();
        *told = true;
        put(&tx, 1).unwrap();
        drop(told);
        let error = answer.join().unwrap();
        assert!(matches!(error, None | Some(RecvError::Stopped)), "{error:?}");
        error.is_some()
    });
    let left: &[u64] = if slept { &[1] } else { &[] };
    assert_eq!(drain(&next), left);
    super::stage::assert_balanced(&next.snapshot().stats());
    slept
}

pub(crate) fn a_long_spin_ends_in_time(flavor: Flavor) {
    let (near, far) = (EventLoop::new(), EventLoop::new());
    let settings = Settings { spin_micros: Some(60_000_000), ..Settings::default() };
    let (tx, rx) = channel(flavor, settings, &near.environment).unwrap();
    let tx = move_sender(tx, &near, &far);
    let start = Instant::now();
    assert_eq!(rx.recv(within(Duration::from_millis(5), &mut || true)).err(), Some(RecvError::TimedOut));
    assert_eq!(rx.recv(endless(&mut || false)).err(), Some(RecvError::Stopped));
    let own = move_sender(tx, &far, &near);
    assert_eq!(rx.recv(endless(&mut || true)).err(), Some(RecvError::Stuck));
    assert!(start.elapsed() < Duration::from_secs(50));
    drop(own);
}
