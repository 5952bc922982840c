//! A send and a receive that meet, and a select that one channel alone may claim.

use loom::thread;
use millrace_core::{
    Case, Chosen, Environment, Flavor, Outcome, PendingSelect, Selected, Sent, Settings, channel,
    select_or_wait, try_select,
};

use crate::{assert_balanced, drain, endless, explore, get, got, message, number, stage, wait};

pub(crate) fn took(chosen: Chosen) -> (usize, u8) {
    match chosen.outcome {
        Outcome::Received(message) => (chosen.case, number(&message)),
        other => panic!("case {} ended with {other:?}", chosen.case),
    }
}

pub(crate) fn pending(selected: Selected) -> PendingSelect {
    match selected {
        Selected::Pending(pending) => pending,
        Selected::Now(chosen) => panic!("case {} was ready", chosen.case),
    }
}

#[test]
fn a_blocking_send_meets_an_awaiting_receive() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(0));
        let sending = thread::spawn(move || {
            tx.send(message(1), endless(&mut || true)).unwrap();
            tx
        });
        let pending = wait(&rx);
        let tx = sending.join().unwrap();
        assert_eq!(got(&pending), Some(1));
        assert_balanced(&tx.snapshot().stats());
    });
}

#[test]
fn a_blocking_receive_meets_an_awaiting_send() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(0));
        let receiving = thread::spawn(move || number(&rx.recv(endless(&mut || true)).unwrap()));
        let sent = match tx.send_or_wait(message(1), 0).unwrap() {
            Sent::Now => None,
            Sent::Pending(pending) => Some(pending),
        };
        assert_eq!(receiving.join().unwrap(), 1);
        assert!(sent.is_none_or(|pending| matches!(pending.take(), Some(Outcome::Sent(1)))));
    });
}

#[test]
fn an_awaiting_receive_meets_an_awaiting_send() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(0));
        let receiving = thread::spawn(move || (wait(&rx), rx));
        let sent = match tx.send_or_wait(message(1), 0).unwrap() {
            Sent::Now => None,
            Sent::Pending(pending) => Some(pending),
        };
        let (received, rx) = receiving.join().unwrap();
        assert_eq!(got(&received), Some(1));
        assert_balanced(&rx.snapshot().stats());
        assert!(sent.is_none_or(|pending| matches!(pending.take(), Some(Outcome::Sent(1)))));
    });
}

#[test]
fn a_try_against_a_wait_that_is_given_up_meets_it_or_nobody() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(0));
        let pending = wait(&rx);
        let sending = thread::spawn(move || tx.try_send(message(1)).is_ok());
        let cancelled = pending.cancel();
        let sent = sending.join().unwrap();
        assert_eq!(sent, !cancelled);
        assert_eq!(got(&pending), sent.then_some(1));
    });
}

#[test]
fn a_pending_send_that_is_given_up_is_received_or_comes_back() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(0));
        let Ok(Sent::Pending(pending)) = tx.send_or_wait(message(1), 0) else { panic!("nobody was there") };
        let receiving = thread::spawn(move || (get(&rx).ok(), rx));
        let back = pending.cancel_send().is_some();
        let (came, rx) = receiving.join().unwrap();
        assert_eq!(came, (!back).then_some(1));
        assert_balanced(&rx.snapshot().stats());
    });
}

#[test]
fn a_rendezvous_send_against_end_is_received_or_fails() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(0));
        let closer = tx.another();
        let pending = wait(&rx);
        let sending = thread::spawn(move || tx.try_send(message(1)).is_ok());
        closer.end();
        let sent = sending.join().unwrap();
        match pending.take() {
            Some(Outcome::Received(message)) => assert!(sent && number(&message) == 1),
            Some(Outcome::Closed) => assert!(!sent),
            other => panic!("the receive settled with {other:?}"),
        }
    });
}

#[test]
fn one_channel_alone_claims_a_select() {
    explore(3, || {
        let far = Environment::new(|| ());
        let (tx, rx) = channel(Flavor::Bounded(1), Settings::default(), &far).unwrap();
        let (other_tx, other_rx) = channel(Flavor::Bounded(1), Settings::default(), &far).unwrap();
        let cases = vec![Case::Recv(&rx), Case::Recv(&other_rx)];
        let pending = pending(select_or_wait(cases, &[0, 1], &far, 0));
        let sending = thread::spawn(move || {
            tx.try_send(message(0)).unwrap();
            tx
        });
        other_tx.try_send(message(1)).unwrap();
        let tx = sending.join().unwrap();
        let (case, value) = took(pending.take().unwrap());
        assert_eq!(case, usize::from(value));
        // The loser's message is still there.
        let left = [drain(&rx), drain(&other_rx)].concat();
        assert_eq!(left, [1 - value]);
        drop((tx, other_tx));
    });
}

#[test]
fn a_push_reaches_a_select_that_is_being_registered() {
    explore(3, || {
        let far = Environment::new(|| ());
        let (tx, rx) = channel(Flavor::Bounded(1), Settings::default(), &far).unwrap();
        let (idle_tx, idle_rx) = channel(Flavor::Bounded(1), Settings::default(), &far).unwrap();
        let sending = thread::spawn(move || {
            tx.try_send(message(1)).unwrap();
            tx
        });
        let cases = vec![Case::Recv(&rx), Case::Recv(&idle_rx)];
        let selected = select_or_wait(cases, &[0, 1], &far, 0);
        let tx = sending.join().unwrap();
        let chosen = match selected {
            Selected::Now(chosen) => chosen,
            Selected::Pending(pending) => pending.take().unwrap(),
        };
        assert_eq!(took(chosen), (0, 1));
        drop((tx, idle_tx));
    });
}

#[test]
fn a_select_that_is_given_up_loses_nothing() {
    explore(3, || {
        let far = Environment::new(|| ());
        let (tx, rx) = channel(Flavor::Bounded(1), Settings::default(), &far).unwrap();
        let pending = pending(select_or_wait(vec![Case::Recv(&rx)], &[0], &far, 0));
        let sending = thread::spawn(move || {
            tx.try_send(message(1)).unwrap();
            tx
        });
        let cancelled = pending.cancel();
        let tx = sending.join().unwrap();
        let came = if cancelled { drain(&rx) } else { vec![took(pending.take().unwrap()).1] };
        assert_eq!(came, [1]);
        assert_balanced(&tx.snapshot().stats());
    });
}

#[test]
fn selects_of_two_threads_over_two_rendezvous_cross_without_waiting_for_each_other() {
    explore(2, || {
        let (near, far) = (Environment::new(|| ()), Environment::new(|| ()));
        let (tx, rx) = channel(Flavor::Bounded(0), Settings::default(), &near).unwrap();
        let (other_tx, other_rx) = channel(Flavor::Bounded(0), Settings::default(), &near).unwrap();
        let theirs = thread::spawn(move || {
            let cases = vec![Case::Recv(&other_rx), Case::Send(&tx, message(1))];
            match select_or_wait(cases, &[0, 1], &far, 0) {
                Selected::Now(chosen) => (Some(chosen.case), None, other_rx, tx),
                Selected::Pending(pending) => (None, Some(pending), other_rx, tx),
            }
        });
        let cases = vec![Case::Recv(&rx), Case::Send(&other_tx, message(2))];
        let mine = select_or_wait(cases, &[0, 1], &near, 0);
        let (case, waiting, other_rx, tx) = theirs.join().unwrap();
        let mine = match mine {
            Selected::Now(chosen) => chosen.case,
            Selected::Pending(pending) => pending.take().unwrap().case,
        };
        let theirs = case.or_else(|| waiting.and_then(|pending| pending.take()).map(|chosen| chosen.case));
        // One receives what the other sends.
        assert_eq!(theirs, Some(1 - mine));
        assert!(try_select(vec![Case::Recv(&rx), Case::Recv(&other_rx)], &[0, 1], true).is_none());
        assert_balanced(&tx.snapshot().stats());
        assert_balanced(&other_tx.snapshot().stats());
    });
}
