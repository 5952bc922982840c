//! The interleavings of a call: its request on its way, taken and answered, against its abort and against the end of
//! whoever would have answered.

use std::sync::Arc;

use loom::thread;
use millrace_core::{
    Answer, AnyEnd, Asked, CallError, Environment, Flavor, Outcome, Receiver, Request, Sender, Tickets,
};

use super::{assert_balanced, endless, explore, message, number, receiver, stage, wait};

fn ask(tx: &Sender, body: u8) -> Asked {
    tx.ask(message(body), 0).unwrap()
}

/// Takes the next request for a responder in `home`; whether somebody waits for its answer.
fn take(rx: &Receiver, home: &Arc<Environment>) -> Option<(Box<Request>, bool)> {
    let mut request = rx.try_recv().ok()?.into_request().unwrap();
    let (_, wanted) = request.take(home.id());
    Some((request, wanted))
}

fn replied(answer: Option<Answer>) -> Option<u8> {
    answer.map(|answer| match answer {
        Answer::Reply(message) => number(&message),
        other => panic!("a call settled with {other:?}"),
    })
}

fn is_lost(answer: Option<&Answer>) -> Option<bool> {
    match answer {
        Some(Answer::Lost { taken }) => Some(*taken),
        _ => None,
    }
}

#[test]
fn a_reply_against_an_abort_settles_once() {
    explore(5, || {
        let (_, tx, far, rx) = stage(Flavor::Calls(2));
        let asked = ask(&tx, 1);
        let answering = thread::spawn(move || {
            let Some((request, wanted)) = take(&rx, &far) else { return (false, rx) };
            let heard = request.reply(message(2));
            assert!(wanted || !heard, "an answer for which nobody waited is not heard");
            (heard, rx)
        });
        let aborted = asked.cancel();
        let answer = if aborted { None } else { replied(asked.take()) };
        let (heard, rx) = answering.join().unwrap();
        assert_eq!((heard, answer), (!aborted, (!aborted).then_some(2)));
        assert!(asked.take().is_none(), "it is told once");
        let stats = rx.snapshot().stats();
        assert_eq!((stats.length, stats.in_flight), (0, 0));
        assert_balanced(&stats);
    });
}

#[test]
fn a_reply_wakes_a_thread_that_blocks_in_its_call() {
    explore(3, || {
        let (_, tx, far, rx) = stage(Flavor::Calls(1));
        let pending = wait(&rx);
        let calling = thread::spawn(move || {
            tx.call(message(1), endless(&mut || true)).map(|answer| replied(Some(answer)))
        });
        let taken = loop {
            match pending.take() {
                Some(Outcome::Received(message)) => break message,
                Some(other) => panic!("a receive settled with {other:?}"),
                None => thread::yield_now(),
            }
        };
        let mut request = taken.into_request().unwrap();
        assert_eq!(number(&request.take(far.id()).0), 1);
        assert!(request.reply(message(2)));
        assert_eq!(calling.join().unwrap(), Ok(Some(2)));
    });
}

#[test]
fn a_call_against_the_end_of_its_last_responder_is_lost_or_refused() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Calls(1));
        let leaving = thread::spawn(move || drop(rx));
        let asked = tx.ask(message(1), 0);
        leaving.join().unwrap();
        match asked {
            Ok(asked) => assert_eq!(is_lost(asked.take().as_ref()), Some(false), "nobody had it"),
            Err(error) => assert_eq!(error, CallError::Closed),
        }
        assert_balanced(&tx.snapshot().stats());
    });
}

#[test]
fn a_reply_against_the_end_of_its_responder_is_heard_and_what_was_queued_is_lost() {
    explore(3, || {
        let (_, tx, far, rx) = stage(Flavor::Calls(2));
        let (taken, queued) = (ask(&tx, 1), ask(&tx, 2));
        let (request, _) = take(&rx, &far).unwrap();
        let leaving = thread::spawn(move || drop(rx));
        assert!(request.reply(message(3)), "its caller waits");
        leaving.join().unwrap();
        assert_eq!(replied(taken.take()), Some(3));
        assert_eq!(is_lost(queued.take().as_ref()), Some(false), "nobody had it");
        assert!(taken.take().is_none() && queued.take().is_none(), "each is told once");
        let stats = tx.snapshot().stats();
        assert_eq!((stats.length, stats.in_flight), (0, 0));
        assert_balanced(&stats);
    });
}

#[test]
fn a_request_is_dropped_against_its_abort_and_settles_once() {
    explore(5, || {
        let (_, tx, far, rx) = stage(Flavor::Calls(1));
        let asked = ask(&tx, 1);
        let (request, _) = take(&rx, &far).unwrap();
        let dropping = thread::spawn(move || drop(request));
        let aborted = asked.cancel();
        let lost = if aborted { None } else { is_lost(asked.take().as_ref()) };
        dropping.join().unwrap();
        assert_eq!(lost, (!aborted).then_some(true), "somebody had it");
        assert_eq!(tx.snapshot().stats().in_flight, 0);
    });
}

#[test]
fn a_request_against_the_end_of_one_responder_is_the_other_ones() {
    explore(2, || {
        let (near, tx, far, rx) = stage(Flavor::Calls(1));
        let tickets = Tickets::new();
        let name = tickets.make(AnyEnd::Receiver(rx.another()), far.id(), false);
        let survivor = receiver(tickets.redeem(&[name], &near).unwrap().remove(0));
        // It would be handed to a wait of the one that goes.
        let pending = wait(&rx);
        let leaving = thread::spawn(move || {
            drop(pending);
            drop(rx);
        });
        let asked = ask(&tx, 1);
        leaving.join().unwrap();
        let (request, wanted) = take(&survivor, &near).unwrap();
        assert!(wanted && request.reply(message(2)));
        assert_eq!(replied(asked.take()), Some(2));
    });
}
