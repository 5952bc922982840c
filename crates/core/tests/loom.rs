//! The interleavings of two or three threads, all of them up to a bound, over the queue of
//! `flavors/model.rs`. Run by `RUSTFLAGS="--cfg loom" cargo test -p millrace-core --release --test loom`.
//!
//! Each line below was taken out by hand, was seen to fail at least the models named beside it, and was
//! put back. Do so again after a change to any of them.
//!
//! | taken out | fails |
//! | --- | --- |
//! | the fence in `End::enter` | send against end, cancel and the last receiver; waiting against end |
//! | the fence in `Channel::quiet` | send against cancel, and against the last receiver |
//! | the wait for busy ends in `Channel::quiet`; Release in `End::leave`; Acquire in `await_quiet` | send against end, cancel and the last receiver; waiting against end |
//! | the look at the phase in `Sender::try_send` | send against end, cancel and the last receiver; the last ticket |
//! | `Receiver::last_message`, or its `quiet` | send against end |
//! | `quiet`, or the second `hand_messages`, in `finish_receives` | waiting against end |
//! | `quiet` in `discard_refused` | send against cancel, and against the last receiver |
//! | counting before `End::leave` in `Sender::try_send` | the figures once cancel answers |
//! | the fence in `Channel::pushed` | push reaches, and rings for, a receive being registered |
//! | the fence in `Channel::popped` | pop makes room; drained hears of the last pop |
//! | the fence, or the first `show_waits`, in `Channel::change` | push reaches and rings; pop makes room; drained |
//! | the take in `Waiter::listen` | push rings for a wait being registered; drained hears of the last pop |
//! | "and nothing claimed it" in `Waiter::cancel` | every model of an abort, teardown, wake passed on |
//! | giving back in `Pending::drop` | a wake is passed on |
//! | `put_first` of what a gone wait would have got, in `hand_messages` | message against a teardown |
//! | looking at what was returned, in `hand_messages` | message against a teardown; a wake is passed on |
//! | the unpark in `Waiter::wake`; `wake: !quiet` in `Waiter::claim` | every model with a blocked thread |
//! | one lock over look and removal in `Tickets::redeem`; the removal in `revoke` | the last ticket |
//! | the store before the look in `Environment::set_polling` | what settles while polling ends |
//! | the clearing in `Environment::answer` | what is posted while the bell is answered |
//! | waiting for busy ends in `settle_drains` | drained counts the pushes under way |
//!
//! Not to be caught here: the answer of `Environment::post` (a wait that was let go gives its message
//! back either way; the laws see it), and AcqRel on `rung` (the ready list's lock orders the same).
#![cfg(loom)]
#![expect(clippy::unwrap_used, reason = "a model that cannot go on is broken")]

#[path = "loom/latest.rs"]
mod latest;

use std::sync::Arc;

use loom::thread;
use millrace_core::{
    AnyEnd, Environment, Flavor, Message, Outcome, Patience, Pending, Pool, Received, Receiver, RecvError,
    SendError, Sender, Sent, Settings, Stats, Tickets, TryRecvError, TrySendError, channel,
};

/// Explores every interleaving that takes a processor away from a thread at most so often.
fn explore(preemptions: usize, model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(model);
}

/// A channel with its sender in one environment and its receiver in another.
fn stage(flavor: Flavor) -> (Arc<Environment>, Sender, Arc<Environment>, Receiver) {
    let (near, far) = (Environment::new(|| ()), Environment::new(|| ()));
    let (tx, rx) = channel(flavor, Settings::default(), &near).unwrap();
    let tickets = Tickets::new();
    let name = tickets.make(AnyEnd::Receiver(rx), near.id(), false);
    let rx = receiver(tickets.redeem(&[name], &far).unwrap().remove(0));
    (near, tx, far, rx)
}

fn receiver(end: AnyEnd) -> Receiver {
    match end {
        AnyEnd::Receiver(receiver) => receiver,
        _ => unreachable!("a receiver's ticket makes a receiver"),
    }
}

fn message(number: u8) -> Message {
    Message::new(&Pool::new(), &[number][..]).unwrap()
}

fn number(message: &Message) -> u8 {
    message.as_slice()[0]
}

fn get(rx: &Receiver) -> Result<u8, TryRecvError> {
    rx.try_recv().map(|message| number(&message))
}

fn drain(rx: &Receiver) -> Vec<u8> {
    std::iter::from_fn(|| get(rx).ok()).collect()
}

fn wait(rx: &Receiver) -> Pending {
    match rx.recv_or_wait(0, true) {
        Ok(Received::Pending(pending)) => pending,
        _ => unreachable!("a receive that must be told is registered"),
    }
}

fn got(pending: &Pending) -> Option<u8> {
    pending.take().map(|outcome| match outcome {
        Outcome::Received(message) => number(&message),
        other => panic!("a receive settled with {other:?}"),
    })
}

fn endless(pulse: &mut dyn FnMut() -> bool) -> Patience<'_> {
    Patience { deadline: None, pulse }
}

fn assert_balanced(stats: &Stats) {
    assert_eq!(stats.sent, stats.received + stats.discarded + stats.length as u64, "{stats:?}");
}

#[test]
fn a_send_against_end_is_received_or_fails() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let closer = tx.another();
        let sending = thread::spawn(move || tx.try_send(message(1)).is_ok());
        let closing = thread::spawn(move || closer.end());
        // Asks until closed, from the middle of it all.
        let mut came = Vec::new();
        loop {
            match get(&rx) {
                Ok(number) => came.push(number),
                Err(TryRecvError::Closed) => break,
                Err(TryRecvError::Empty) => thread::yield_now(),
            }
        }
        closing.join().unwrap();
        let accepted = sending.join().unwrap();
        assert_eq!(came, if accepted { vec![1] } else { vec![] });
    });
}

#[test]
fn a_waiting_receive_hears_of_end_after_what_was_accepted() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let closer = tx.another();
        let sending = thread::spawn(move || tx.try_send(message(1)).is_ok());
        let closing = thread::spawn(move || closer.end());
        let first = rx.recv(endless(&mut || true));
        let accepted = {
            closing.join().unwrap();
            sending.join().unwrap()
        };
        match first {
            Ok(message) => assert!(accepted && number(&message) == 1),
            Err(error) => assert!(!accepted && error == RecvError::Closed),
        }
        assert_eq!(get(&rx), Err(TryRecvError::Closed));
    });
}

#[test]
fn a_send_against_cancel_is_counted_or_fails() {
    explore(4, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let other = rx.another();
        let sending = thread::spawn(move || {
            let accepted = tx.try_send(message(1)).is_ok();
            (tx, accepted)
        });
        let receiving = thread::spawn(move || get(&other).is_ok());
        let discarded = rx.cancel();
        let received = u64::from(receiving.join().unwrap());
        let (tx, accepted) = sending.join().unwrap();
        assert_eq!(u64::from(accepted), discarded + received);
        let stats = tx.snapshot().stats();
        assert_eq!((stats.sent, stats.discarded, stats.length), (u64::from(accepted), discarded, 0));
        assert_balanced(&stats);
        assert!(matches!(tx.try_send(message(2)), Err(TrySendError::Closed(_))));
    });
}

#[test]
fn the_figures_are_exact_once_cancel_answers() {
    explore(5, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let sending = thread::spawn(move || {
            let accepted = tx.try_send(message(1)).is_ok();
            (tx, accepted)
        });
        let discarded = rx.cancel();
        let stats = rx.snapshot().stats();
        let (_tx, accepted) = sending.join().unwrap();
        assert_eq!((stats.sent, stats.discarded), (u64::from(accepted), discarded));
        assert_balanced(&stats);
    });
}

#[test]
fn a_send_against_the_last_receiver_is_counted_or_fails() {
    explore(5, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let closing = thread::spawn(move || drop(rx));
        let accepted = tx.try_send(message(1)).is_ok();
        closing.join().unwrap();
        let stats = tx.snapshot().stats();
        assert_eq!((stats.sent, stats.discarded), (u64::from(accepted), u64::from(accepted)));
        assert_balanced(&stats);
    });
}

#[test]
fn the_last_ticket_is_attached_or_released() {
    explore(5, || {
        let (near, tx, far, rx) = stage(Flavor::Bounded(2));
        let tickets = Arc::new(Tickets::new());
        let name = tickets.make(AnyEnd::Receiver(rx), far.id(), false);
        let release = Arc::clone(&tickets);
        let revoking = thread::spawn(move || release.revoke(&[name]));
        let attached = tickets.redeem(&[name], &near).ok().map(|mut ends| receiver(ends.remove(0)));
        let revoked = revoking.join().unwrap();
        assert_eq!(revoked == 1, attached.is_none());
        let sent = tx.try_send(message(1));
        match attached {
            Some(rx) => {
                sent.unwrap();
                assert_eq!(get(&rx), Ok(1));
            }
            None => assert!(matches!(sent, Err(TrySendError::Closed(_)))),
        }
    });
}

#[test]
fn a_message_against_an_abort_is_received_or_stays() {
    explore(5, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let pending = wait(&rx);
        let sending = thread::spawn(move || {
            tx.try_send(message(1)).unwrap();
            tx
        });
        let aborted = pending.cancel();
        let taken = got(&pending);
        assert_eq!(aborted, taken.is_none());
        let tx = sending.join().unwrap();
        assert_eq!(drain(&rx), if aborted { vec![1] } else { vec![] });
        assert_eq!(tx.snapshot().stats().received, 1);
    });
}

#[test]
fn a_pending_send_against_an_abort_is_accepted_or_stays_out() {
    explore(5, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(1));
        tx.try_send(message(1)).unwrap();
        let Sent::Pending(pending) = tx.send_or_wait(message(2), 0).unwrap() else {
            panic!("there was room")
        };
        let receiving = thread::spawn(move || {
            assert_eq!(get(&rx), Ok(1));
            rx
        });
        let aborted = pending.cancel();
        let rx = receiving.join().unwrap();
        assert_eq!(matches!(pending.take(), Some(Outcome::Sent(_))), !aborted);
        assert_eq!(drain(&rx), if aborted { vec![] } else { vec![2] });
        assert_balanced(&rx.snapshot().stats());
    });
}

#[test]
fn a_message_against_a_teardown_reaches_the_next_wait() {
    explore(3, || {
        let (near, tx, far, rx) = stage(Flavor::Bounded(2));
        let tickets = Tickets::new();
        let name = tickets.make(AnyEnd::Receiver(rx.another()), far.id(), false);
        let survivor = receiver(tickets.redeem(&[name], &near).unwrap().remove(0));
        let dying = vec![wait(&rx)];
        let next = wait(&survivor);
        let ending = thread::spawn(move || {
            far.shut();
            Pending::let_go(dying);
            drop(rx);
        });
        tx.try_send(message(1)).unwrap();
        ending.join().unwrap();
        assert_eq!(got(&next), Some(1));
        assert_eq!(near.next_settled().map(|waiter| waiter.token()), Some(0));
        let stats = tx.snapshot().stats();
        assert_eq!((stats.received, stats.receivers), (1, 1));
        assert_balanced(&stats);
    });
}

#[test]
fn a_wake_is_passed_on_to_a_thread_that_sleeps() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let dying = wait(&rx);
        let sleeper = rx.another();
        let sleeping = thread::spawn(move || number(&sleeper.recv(endless(&mut || true)).unwrap()));
        tx.try_send(message(1)).unwrap();
        drop(dying);
        assert_eq!(sleeping.join().unwrap(), 1);
        assert_balanced(&tx.snapshot().stats());
    });
}

#[test]
fn a_push_reaches_a_receive_that_is_being_registered() {
    explore(5, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let sending = thread::spawn(move || {
            tx.try_send(message(1)).unwrap();
            tx
        });
        assert_eq!(number(&rx.recv(endless(&mut || true)).unwrap()), 1);
        drop(sending.join().unwrap());
    });
}

#[test]
fn a_push_rings_for_a_wait_that_is_being_registered() {
    explore(5, || {
        let (_, tx, far, rx) = stage(Flavor::Bounded(2));
        let sending = thread::spawn(move || {
            tx.try_send(message(1)).unwrap();
            tx
        });
        let answer = rx.recv_or_wait(0, false).unwrap();
        let tx = sending.join().unwrap();
        match answer {
            Received::Now(message) => assert_eq!(number(&message), 1),
            Received::Pending(pending) => {
                assert!(far.next_settled().is_some(), "settled, and told");
                assert_eq!(got(&pending), Some(1));
            }
        }
        drop(tx);
    });
}

#[test]
fn a_pop_makes_room_for_a_send_that_is_being_registered() {
    explore(5, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(1));
        tx.try_send(message(1)).unwrap();
        let receiving = thread::spawn(move || {
            assert_eq!(get(&rx), Ok(1));
            rx
        });
        tx.send(message(2), endless(&mut || true)).unwrap();
        let rx = receiving.join().unwrap();
        assert_eq!(drain(&rx), [2]);
    });
}

#[test]
fn a_pending_send_against_end_is_accepted_or_comes_back() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(1));
        tx.try_send(message(1)).unwrap();
        let closer = tx.another();
        let closing = thread::spawn(move || closer.end());
        let sending = thread::spawn(move || match tx.send(message(2), endless(&mut || true)) {
            Ok(()) => true,
            Err(SendError::Closed(back)) => number(back.first().unwrap()) != 2,
            Err(other) => panic!("{other}"),
        });
        assert_eq!(get(&rx), Ok(1));
        closing.join().unwrap();
        let accepted = sending.join().unwrap();
        assert_eq!(drain(&rx), if accepted { vec![2] } else { vec![] });
    });
}

#[test]
fn drained_hears_of_the_last_pop() {
    explore(5, || {
        let (near, tx, _, rx) = stage(Flavor::Bounded(2));
        tx.try_send(message(1)).unwrap();
        let receiving = thread::spawn(move || {
            assert_eq!(get(&rx), Ok(1));
            rx
        });
        let answer = tx.drained(0).unwrap();
        let rx = receiving.join().unwrap();
        if let Sent::Pending(pending) = answer {
            assert!(near.next_settled().is_some());
            assert!(matches!(pending.take(), Some(Outcome::Drained)));
        }
        drop(rx);
    });
}

#[test]
fn drained_counts_the_pushes_that_are_under_way() {
    explore(3, || {
        let (near, tx, _, rx) = stage(Flavor::Bounded(2));
        let other = tx.another();
        let sending = thread::spawn(move || {
            other.try_send(message(1)).unwrap();
            other
        });
        let receiving = thread::spawn(move || (get(&rx), rx));
        tx.try_send(message(2)).unwrap();
        let drained = tx.drained(0).unwrap();
        let (received, rx) = receiving.join().unwrap();
        let other = sending.join().unwrap();
        let settled = match drained {
            Sent::Now => true,
            Sent::Pending(pending) => pending.take().is_some(),
        };
        assert!(!settled || received == Ok(2), "its own message is still queued");
        drop((near, other, rx));
    });
}

#[test]
fn what_settles_while_polling_ends_is_told_or_rings() {
    explore(5, || {
        let rung = Arc::new(loom::sync::atomic::AtomicUsize::new(0));
        let bell = Arc::clone(&rung);
        let far = Environment::new(move || {
            bell.fetch_add(1, loom::sync::atomic::Ordering::SeqCst);
        });
        let (tx, rx) = channel(Flavor::Bounded(2), Settings::default(), &far).unwrap();
        far.set_polling(true);
        let pending = wait(&rx);
        let sending = thread::spawn(move || {
            tx.try_send(message(1)).unwrap();
            tx
        });
        let told = far.set_polling(false);
        let tx = sending.join().unwrap();
        assert!(told || rung.load(loom::sync::atomic::Ordering::SeqCst) == 1);
        assert_eq!(got(&pending), Some(1));
        drop(tx);
    });
}

#[test]
fn what_is_posted_while_the_bell_is_answered_is_seen_or_rings_again() {
    explore(5, || {
        let rung = Arc::new(loom::sync::atomic::AtomicUsize::new(0));
        let bell = Arc::clone(&rung);
        let far = Environment::new(move || {
            bell.fetch_add(1, loom::sync::atomic::Ordering::SeqCst);
        });
        let (tx, rx) = channel(Flavor::Bounded(2), Settings::default(), &far).unwrap();
        let waits = [wait(&rx), wait(&rx)];
        tx.try_send(message(1)).unwrap();
        let sending = thread::spawn(move || {
            tx.try_send(message(2)).unwrap();
            tx
        });
        far.answer();
        let seen = std::iter::from_fn(|| far.next_settled()).count();
        let tx = sending.join().unwrap();
        assert!(seen == 2 || rung.load(loom::sync::atomic::Ordering::SeqCst) == 2);
        assert_eq!(waits.iter().filter_map(got).collect::<Vec<_>>(), [1, 2]);
        drop(tx);
    });
}
