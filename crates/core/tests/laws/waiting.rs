//! Laws of waiting for a message: places in the list, aborts, and waits that end before their turn.

use std::thread;

use millrace_core::{Case, Flavor, Outcome, Pending, Selected, TryRecvError, select_or_wait};

use super::stage::{
    EventLoop, Stage, assert_balanced, block_recv, drain, get, move_receiver, put, received, until_stats,
    wait_recv,
};

pub(crate) fn waits_are_served_in_the_order_they_began(flavor: Flavor) {
    const WAITS: u64 = 8;
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    thread::scope(|scope| {
        let (mut blocked, mut awaited) = (Vec::new(), Vec::new());
        for place in 0..WAITS {
            if place % 2 == 0 {
                let home = EventLoop::new();
                let receiver = move_receiver(rx.another(), &far, &home);
                blocked.push((place, scope.spawn(move || block_recv(&receiver))));
            } else {
                awaited.push((place, wait_recv(&rx, place as u32)));
            }
            until_stats(|| rx.snapshot().stats(), |stats| stats.waiting_receivers == place as usize + 1);
        }
        for number in 0..WAITS {
            put(&tx, number).unwrap();
        }
        for (place, thread) in blocked {
            assert_eq!(thread.join().unwrap(), place);
        }
        for (place, pending) in awaited {
            assert_eq!(received(&pending), place);
        }
    });
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn receives_of_one_end_never_overtake(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    let waits: Vec<_> = (0..3).map(|token| wait_recv(&rx, token)).collect();
    for number in 0..3 {
        put(&tx, number).unwrap();
    }
    // Claimed but not told yet: one more goes behind them although a message is there.
    put(&tx, 3).unwrap();
    let fourth = wait_recv(&rx, 3);
    assert_eq!(far.settled(), [0, 1, 2, 3]);
    assert_eq!(waits.iter().chain([&fourth]).map(received).collect::<Vec<_>>(), [0, 1, 2, 3]);
}

pub(crate) fn an_abort_in_time_consumes_nothing(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    let (aborted, kept) = (wait_recv(&rx, 1), wait_recv(&rx, 2));
    assert!(aborted.cancel());
    assert!(aborted.take().is_none());
    assert_eq!(rx.snapshot().stats().waiting_receivers, 1);
    put(&tx, 1).unwrap();
    assert_eq!(far.settled(), [2]);
    assert_eq!(received(&kept), 1);
    assert!(!aborted.cancel());
}

pub(crate) fn an_abort_after_the_claim_loses(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let pending = wait_recv(&rx, 1);
    put(&tx, 1).unwrap();
    assert!(!pending.cancel());
    assert_eq!(received(&pending), 1);
    assert!(pending.take().is_none());
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn a_dropped_wait_gives_its_message_to_the_next(flavor: Flavor) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    let dropped = wait_recv(&rx, 1);
    put(&tx, 1).unwrap();
    put(&tx, 2).unwrap();
    drop(dropped);
    assert_eq!(drain(&rx), [1, 2]);

    let elsewhere = move_receiver(rx.another(), &far, &near);
    let (dropped, next) = (wait_recv(&rx, 3), wait_recv(&elsewhere, 4));
    put(&tx, 3).unwrap();
    assert_eq!(near.settled(), []);
    drop(dropped);
    assert_eq!(near.settled(), [4]);
    assert_eq!(received(&next), 3);
    let stats = rx.snapshot().stats();
    assert_eq!((stats.sent, stats.received), (3, 3));
    assert_balanced(&stats);
}

pub(crate) fn waits_let_go_together_keep_their_order(flavor: Flavor) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    let (mut waits, mut selects) = (Vec::new(), Vec::new());
    for token in [0, 2] {
        waits.push(wait_recv(&rx, token));
        let case = vec![Case::Recv(&rx)];
        let Selected::Pending(select) = select_or_wait(case, &[0], &far.environment, token + 1) else {
            panic!("nothing is there to be selected");
        };
        selects.push(select);
    }
    for number in 0..3 {
        put(&tx, number).unwrap();
    }
    let elsewhere = move_receiver(rx.another(), &far, &near);
    let next = wait_recv(&elsewhere, 9);
    Pending::let_go(waits, selects);
    assert_eq!(received(&next), 0);
    assert_eq!(drain(&rx), [1, 2]);
    assert_eq!(get(&rx), Err(TryRecvError::Empty));
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn a_blocked_thread_does_not_hold_up_its_pending_receive(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    thread::scope(|scope| {
        let waiting = rx.another();
        let stats = || waiting.snapshot().stats();
        let far = &far;
        let answer = scope.spawn(move || {
            let pending = wait_recv(&rx, 1);
            let second = block_recv(&rx);
            assert_eq!(far.settled(), [1]);
            let Some(Outcome::Received(first)) = pending.take() else { panic!("not served while blocked") };
            (super::stage::number(&first), second)
        });
        until_stats(stats, |stats| stats.waiting_receivers == 2);
        put(&tx, 1).unwrap();
        put(&tx, 2).unwrap();
        assert_eq!(answer.join().unwrap(), (1, 2));
    });
}
