//! Laws of select: exactly one operation takes effect, and the others leave no trace.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use millrace_core::{
    Case, Chosen, Flavor, Outcome, PendingSelect, Receiver, RecvError, Selected, Sender, select,
    select_or_wait, try_select,
};

use super::stage::{
    EventLoop, Stage, assert_balanced, endless, message, move_receiver, move_sender, number, put, received,
    wait_recv, within,
};

fn recv_cases<'a>(receivers: &[&'a Receiver]) -> Vec<Case<'a>> {
    receivers.iter().map(|receiver| Case::Recv(receiver)).collect()
}

/// The case that was chosen and the number that it received.
fn chosen(chosen: Chosen) -> (usize, u64) {
    match chosen.outcome {
        Outcome::Received(message) => (chosen.case, number(&message)),
        other => panic!("case {} ended with {other:?}", chosen.case),
    }
}

fn pending(selected: Selected) -> PendingSelect {
    match selected {
        Selected::Pending(pending) => pending,
        Selected::Now(chosen) => panic!("case {} was ready", chosen.case),
    }
}

pub(crate) fn one_of_several_waits_is_claimed(flavor: Flavor) {
    let (one, other) = (Stage::new(flavor), Stage::new(flavor));
    let home = EventLoop::new();
    let receivers = [move_receiver(one.rx, &one.far, &home), move_receiver(other.rx, &other.far, &home)];
    let cases = recv_cases(&[&receivers[0], &receivers[1]]);
    let waiting = pending(select_or_wait(cases, &[0, 1], &home.environment, 1));
    let next = wait_recv(&receivers[0], 2);
    put(&other.tx, 7).unwrap();
    // The wake that comes for the losing case is passed on.
    put(&one.tx, 8).unwrap();
    assert_eq!(home.settled(), [1, 2]);
    assert_eq!(chosen(waiting.take().unwrap()), (1, 7));
    assert_eq!(received(&next), 8);
    for receiver in &receivers {
        assert_eq!(receiver.snapshot().stats().waiting_receivers, 0);
        assert_balanced(&receiver.snapshot().stats());
    }
}

pub(crate) fn a_select_given_up_or_dropped_loses_nothing(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    let given_up = pending(select_or_wait(recv_cases(&[&rx]), &[0], &far.environment, 1));
    assert!(given_up.cancel());
    assert_eq!(rx.snapshot().stats().waiting_receivers, 0);
    let dropped = pending(select_or_wait(recv_cases(&[&rx]), &[0], &far.environment, 2));
    put(&tx, 1).unwrap();
    let next = wait_recv(&rx, 3);
    drop(dropped);
    assert_eq!(received(&next), 1);
    let timed = select(recv_cases(&[&rx]), &[0], within(Duration::from_millis(1), &mut || true));
    assert_eq!(timed.err(), Some(RecvError::TimedOut));
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn a_select_never_pairs_with_itself(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    let both = |value| vec![Case::Recv(&rx), Case::Send(&tx, message(&tx, value))];
    assert!(try_select(both(1), &[0, 1], true).is_none());
    let first = pending(select_or_wait(both(2), &[0, 1], &far.environment, 1));
    let Selected::Now(second) = select_or_wait(both(3), &[0, 1], &far.environment, 2) else {
        panic!("two selects of both sides meet")
    };
    assert_eq!(chosen(second), (0, 2));
    assert!(matches!(first.take(), Some(Chosen { case: 1, outcome: Outcome::Sent(1), .. })));
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn a_closed_channel_is_a_ready_case(flavor: Flavor) {
    let (one, other) = (Stage::new(flavor), Stage::new(flavor));
    let cases = recv_cases(&[&one.rx, &other.rx]);
    let waiting = pending(select_or_wait(cases, &[0, 1], &one.far.environment, 1));
    drop(one.tx);
    assert!(matches!(waiting.take(), Some(Chosen { case: 0, outcome: Outcome::Closed, .. })));
    drop(other.rx);
    let refused = try_select(vec![Case::Send(&other.tx, message(&other.tx, 1))], &[0], true);
    assert!(matches!(refused.map(|chosen| chosen.outcome), Some(Outcome::Refused(_))));
}

/// Threads that select over the same channels, some waits given up: each message comes once.
pub(crate) fn selects_of_many_threads_lose_nothing(flavor: Flavor) {
    const CHANNELS: usize = 4;
    const EACH: u64 = 1_500;
    let stages: Vec<_> = (0..CHANNELS).map(|_| Stage::new(flavor)).collect();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let producers: Vec<_> = (0..3u64)
            .map(|producer| {
                let home = EventLoop::new();
                let senders: Vec<Sender> =
                    stages.iter().map(|stage| move_sender(stage.tx.another(), &stage.near, &home)).collect();
                scope.spawn(move || {
                    for sequence in 0..EACH {
                        let sender = &senders[(sequence as usize * 7 + producer as usize) % CHANNELS];
                        let own = message(sender, producer * EACH + sequence);
                        sender.send(own, endless(&mut || true)).unwrap();
                    }
                })
            })
            .collect();
        let consumers: Vec<_> = (0..3)
            .map(|consumer| {
                let home = EventLoop::new();
                let receivers: Vec<_> =
                    stages.iter().map(|stage| move_receiver(stage.rx.another(), &stage.far, &home)).collect();
                let over = &over;
                scope.spawn(move || consume(&home, &receivers, consumer, over))
            })
            .collect();
        producers.into_iter().for_each(|producer| producer.join().unwrap());
        over.store(true, Ordering::SeqCst);
        let mut came = BTreeSet::new();
        for value in consumers.into_iter().flat_map(|consumer| consumer.join().unwrap()) {
            assert!(came.insert(value), "{value} came twice");
        }
        for stage in &stages {
            while let Ok(message) = stage.rx.try_recv() {
                assert!(came.insert(number(&message)), "{} came twice", number(&message));
            }
            assert_balanced(&stage.rx.snapshot().stats());
        }
        assert_eq!(came.len() as u64, 3 * EACH, "a message was lost");
    });
}

fn consume(home: &EventLoop, receivers: &[Receiver], consumer: usize, over: &AtomicBool) -> Vec<u64> {
    let cases = || receivers.iter().map(Case::Recv).collect::<Vec<_>>();
    let mut came = Vec::new();
    for round in consumer.. {
        let ended = over.load(Ordering::SeqCst);
        let order: Vec<_> = (0..receivers.len()).map(|at| (at + round) % receivers.len()).collect();
        let selected = match round % 3 {
            0 => try_select(cases(), &order, true),
            1 => select(cases(), &order, within(Duration::from_micros(50), &mut || true)).ok(),
            _ => match select_or_wait(cases(), &order, &home.environment, 1) {
                Selected::Now(chosen) => Some(chosen),
                Selected::Pending(pending) if pending.cancel() => None,
                Selected::Pending(pending) => pending.take(),
            },
        };
        match selected {
            Some(one) => came.push(chosen(one).1),
            None if ended => break,
            None => thread::yield_now(),
        }
    }
    came
}
