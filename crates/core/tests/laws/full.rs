//! Laws of a channel without room: what `try` says, how sends wait, and how such waits end.

use std::thread;
use std::time::Duration;

use millrace_core::{Flavor, MAX_PENDING, Message, Outcome, SendError, Settings, TrySendError, channel};

use super::stage::{
    EventLoop, Stage, assert_balanced, drain, endless, fill, get, message, move_receiver, move_sender,
    number, put, until_stats, wait_send, within,
};

pub(crate) fn an_unlimited_channel_is_never_full(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    assert_eq!(tx.snapshot().capacity(), None);
    for number in 0..100_000 {
        put(&tx, number).unwrap();
    }
    assert!(!tx.snapshot().is_full());
    assert_eq!(tx.snapshot().stats().high_water, 100_000);
    assert_eq!(rx.cancel(), 100_000);
}

pub(crate) fn a_full_channel_takes_no_more(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let capacity = tx.snapshot().capacity().unwrap() as u64;
    assert!(!tx.snapshot().is_full());
    assert_eq!(fill(&tx), capacity);
    assert!(tx.snapshot().is_full());
    let Err(TrySendError::Full(back)) = put(&tx, 77) else { panic!("there was room") };
    assert_eq!(number(&back), 77);
    assert_eq!(get(&rx), Ok(0));
    assert!(!tx.snapshot().is_full());
    tx.try_send(back).unwrap();
    assert_eq!(drain(&rx), (1..capacity).chain([77]).collect::<Vec<_>>());
}

pub(crate) fn a_send_that_timed_out_keeps_its_message(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let filled = fill(&tx);
    for limit in [0, 1, 25].map(Duration::from_millis) {
        match tx.send(message(&tx, 77), within(limit, &mut || true)) {
            Err(SendError::TimedOut(back)) => assert_eq!(number(back.first().unwrap()), 77),
            other => panic!("a send without room ended with {other:?}"),
        }
        assert_eq!(tx.snapshot().stats().waiting_senders, 0);
    }
    assert_eq!(drain(&rx), (0..filled).collect::<Vec<_>>());
    tx.send(message(&tx, 78), within(Duration::ZERO, &mut || true)).unwrap();
    assert_eq!(drain(&rx), [78]);
}

pub(crate) fn a_stopped_send_keeps_its_message(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let filled = fill(&tx);
    match tx.send(message(&tx, 77), endless(&mut || false)) {
        Err(SendError::Stopped(back)) => assert_eq!(number(back.first().unwrap()), 77),
        other => panic!("a stopped send ended with {other:?}"),
    }
    // Accepted in the very moment of the stop: that counts.
    let all: Vec<_> = (0..filled).chain([78]).collect();
    let mut pulse = || {
        assert_eq!(get(&rx), Ok(all[0]));
        false
    };
    tx.send(message(&tx, 78), endless(&mut pulse)).unwrap();
    assert_eq!(drain(&rx), all[1..]);
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn a_send_alone_is_stuck(flavor: Flavor) {
    let home = EventLoop::new();
    let (tx, rx) = channel(flavor, Settings::default(), &home.environment).unwrap();
    let filled = fill(&tx);
    match tx.send(message(&tx, 77), endless(&mut || true)) {
        Err(SendError::Stuck(back)) => assert_eq!(number(back.first().unwrap()), 77),
        other => panic!("a send that could never return ended with {other:?}"),
    }
    // A receiver that goes while the send is blocked leaves it alone too.
    let far = EventLoop::new();
    let elsewhere = move_receiver(rx.another(), &home, &far);
    thread::scope(|scope| {
        let waiting = tx.another();
        let answer = scope.spawn(move || tx.send(message(&tx, 78), endless(&mut || true)));
        until_stats(|| waiting.snapshot().stats(), |stats| stats.waiting_senders == 1);
        drop(elsewhere);
        assert!(
            matches!(answer.join().unwrap(), Err(SendError::Stuck(back)) if number(back.first().unwrap()) == 78)
        );
    });
    assert_eq!(drain(&rx).len() as u64, filled);
}

pub(crate) fn pending_sends_are_accepted_in_the_order_they_began(flavor: Flavor) {
    const WAITS: u64 = 8;
    let Stage { near, tx, rx, .. } = Stage::new(flavor);
    let filled = fill(&tx);
    thread::scope(|scope| {
        let (mut blocked, mut awaited) = (Vec::new(), Vec::new());
        for place in 0..WAITS {
            if place % 2 == 0 {
                let home = EventLoop::new();
                let sender = move_sender(tx.another(), &near, &home);
                let own = message(&tx, filled + place);
                blocked.push(scope.spawn(move || sender.send(own, endless(&mut || true)).unwrap()));
            } else {
                awaited.push(wait_send(&tx, filled + place, place as u32));
            }
            until_stats(|| tx.snapshot().stats(), |stats| stats.waiting_senders == place as usize + 1);
        }
        assert_eq!(drain(&rx), (0..filled + WAITS).collect::<Vec<_>>());
        for thread in blocked {
            thread.join().unwrap();
        }
        assert_eq!(near.settled(), [1, 3, 5, 7]);
        for pending in awaited {
            assert!(matches!(pending.take(), Some(Outcome::Sent(_))));
        }
    });
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn a_try_send_behind_a_pending_send_of_its_end_is_full(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let filled = fill(&tx);
    let pending = wait_send(&tx, filled, 1);
    assert!(matches!(put(&tx, 99), Err(TrySendError::Full(_))));
    assert_eq!(get(&rx), Ok(0));
    assert!(matches!(pending.take(), Some(Outcome::Sent(_))));
    assert_eq!(get(&rx), Ok(1));
    put(&tx, 99).unwrap();
    assert_eq!(drain(&rx).last(), Some(&99));
}

pub(crate) fn an_aborted_send_is_not_accepted(flavor: Flavor) {
    let Stage { near, tx, rx, .. } = Stage::new(flavor);
    let filled = fill(&tx);
    let (aborted, dropped) = (wait_send(&tx, 77, 1), wait_send(&tx, 78, 2));
    let kept = wait_send(&tx, filled, 3);
    assert!(aborted.cancel());
    drop(dropped);
    assert_eq!(tx.snapshot().stats().waiting_senders, 1);
    assert_eq!(drain(&rx), (0..=filled).collect::<Vec<_>>());
    assert_eq!(near.settled(), [3]);
    assert!(matches!(kept.take(), Some(Outcome::Sent(_))));
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn an_abort_after_the_acceptance_loses(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let filled = fill(&tx);
    let (pending, dropped) = (wait_send(&tx, filled, 1), wait_send(&tx, filled + 1, 2));
    assert_eq!(get(&rx), Ok(0));
    assert!(!pending.cancel());
    assert!(matches!(pending.take(), Some(Outcome::Sent(_))));
    assert_eq!(get(&rx), Ok(1));
    drop(dropped);
    assert_eq!(drain(&rx), (2..filled + 2).collect::<Vec<_>>());
}

pub(crate) fn ending_gives_pending_sends_back(flavor: Flavor) {
    gives_pending_sends_back(flavor, |stage| stage.tx.end(), |filled| filled);
}

pub(crate) fn cancelling_gives_pending_sends_back(flavor: Flavor) {
    let cancel = |stage: &Stage| {
        let queued = stage.tx.snapshot().len() as u64;
        assert_eq!(stage.rx.cancel(), queued);
    };
    gives_pending_sends_back(flavor, cancel, |_| 0);
}

fn gives_pending_sends_back(flavor: Flavor, close: impl FnOnce(&Stage), left: impl FnOnce(u64) -> u64) {
    let stage = Stage::new(flavor);
    let (tx, rx) = (&stage.tx, &stage.rx);
    let filled = fill(tx);
    let pending = wait_send(tx, 77, 1);
    thread::scope(|scope| {
        let home = EventLoop::new();
        let blocked = move_sender(tx.another(), &stage.near, &home);
        let answer = scope.spawn(move || blocked.send(message(&blocked, 78), endless(&mut || true)));
        until_stats(|| tx.snapshot().stats(), |stats| stats.waiting_senders == 2);
        close(&stage);
        assert!(
            matches!(answer.join().unwrap(), Err(SendError::Closed(back)) if number(back.first().unwrap()) == 78)
        );
    });
    assert_eq!(stage.near.settled(), [1]);
    assert!(matches!(pending.take(), Some(Outcome::Refused(back)) if number(back.first().unwrap()) == 77));
    assert_eq!(drain(rx), (0..left(filled)).collect::<Vec<_>>());
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn an_end_stays_for_its_pending_sends(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let filled = fill(&tx);
    let pending = wait_send(&tx, filled, 1);
    let aborted = wait_send(&tx, 99, 2);
    drop(tx);
    assert_eq!(rx.snapshot().stats().senders, 1);
    assert_eq!(get(&rx), Ok(0));
    assert!(matches!(pending.take(), Some(Outcome::Sent(_))));
    assert_eq!(rx.snapshot().stats().senders, 1);
    assert!(aborted.cancel());
    assert_eq!(rx.snapshot().stats().senders, 0);
    assert_eq!(drain(&rx), (1..=filled).collect::<Vec<_>>());
    assert!(rx.snapshot().is_closed());
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn drained_waits_for_pending_sends_of_its_end(flavor: Flavor) {
    let Stage { near, tx, rx, .. } = Stage::new(flavor);
    let filled = fill(&tx);
    let sends = [wait_send(&tx, filled, 1), wait_send(&tx, filled + 1, 2)];
    let Some(millrace_core::Sent::Pending(drained)) = tx.drained(3) else { panic!("nothing has left yet") };
    for _ in 0..=filled {
        get(&rx).unwrap();
    }
    // Both are accepted, or on a rendezvous one of them.
    let mut settled = near.settled();
    assert!(drained.take().is_none());
    assert_eq!(get(&rx), Ok(filled + 1));
    settled.extend(near.settled());
    assert_eq!(settled, [1, 2, 3]);
    assert!(matches!(drained.take(), Some(Outcome::Drained)));
    drop(sends);
}

pub(crate) fn drained_does_not_count_sends_aborted_after_it(flavor: Flavor) {
    let Stage { near, tx, rx, .. } = Stage::new(flavor);
    let filled = fill(&tx);
    let first = [wait_send(&tx, filled, 1), wait_send(&tx, filled + 1, 2)];
    let Some(millrace_core::Sent::Pending(drained)) = tx.drained(3) else { panic!("nothing has left yet") };
    let later = [wait_send(&tx, 98, 4), wait_send(&tx, 99, 5)];
    assert!(later.iter().all(millrace_core::Pending::cancel));
    for _ in 0..=filled {
        get(&rx).unwrap();
    }
    let mut settled = near.settled();
    assert!(!settled.contains(&3));
    assert_eq!(get(&rx), Ok(filled + 1));
    settled.extend(near.settled());
    assert_eq!(settled, [1, 2, 3]);
    assert!(matches!(drained.take(), Some(Outcome::Drained)));
    drop(first);
}

pub(crate) fn too_many_pending_sends_are_refused(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    fill(&tx);
    let empty = || Message::new(tx.pool(), &[][..]).unwrap();
    let pending: Vec<_> = (0..MAX_PENDING).map(|_| tx.send_or_wait(empty(), 0).unwrap()).collect();
    assert_eq!(tx.snapshot().stats().waiting_senders, MAX_PENDING);
    assert!(matches!(tx.send_or_wait(empty(), 0), Err(SendError::TooMany(_))));
    let late = tx.send(message(&tx, 77), within(Duration::ZERO, &mut || true));
    assert!(matches!(late, Err(SendError::TooMany(back)) if number(back.first().unwrap()) == 77));
    // It is a limit of one end.
    drop(wait_send(&tx.another(), 0, 0));
    drop(pending);
    assert_eq!(rx.snapshot().stats().waiting_senders, 0);
}

pub(crate) fn a_blocked_thread_does_not_hold_up_its_pending_send(flavor: Flavor) {
    let Stage { near, tx, rx, .. } = Stage::new(flavor);
    let filled = fill(&tx);
    thread::scope(|scope| {
        let near = &near;
        let answer = scope.spawn(move || {
            let pending = wait_send(&tx, filled, 1);
            tx.send(message(&tx, filled + 1), endless(&mut || true)).unwrap();
            assert_eq!(near.settled(), [1]);
            assert!(matches!(pending.take(), Some(Outcome::Sent(_))));
        });
        until_stats(|| rx.snapshot().stats(), |stats| stats.waiting_senders == 2);
        assert_eq!(drain(&rx), (0..filled + 2).collect::<Vec<_>>());
        answer.join().unwrap();
    });
}
