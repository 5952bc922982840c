//! Selects that are claimed by one channel in the moment in which they meet somebody on another.

use loom::thread;
use millrace_core::{
    Case, Environment, Flavor, Outcome, Receiver, Selected, Sender, Sent, Settings, channel, select_or_wait,
};

use crate::pairing::{pending, took};
use crate::{assert_balanced, drain, explore, get, got, message, wait};

/// A rendezvous, and a queue beside it.
fn rendezvous_and_queue() -> ((Sender, Receiver), (Sender, Receiver)) {
    let near = Environment::new(|| ());
    let open = |flavor| channel(flavor, Settings::default(), &near).unwrap();
    (open(Flavor::Bounded(0)), open(Flavor::Bounded(1)))
}

#[test]
fn a_receive_claimed_elsewhere_leaves_the_send_that_it_meets() {
    explore(3, || {
        let far = Environment::new(|| ());
        let ((tx, rx), (other_tx, other_rx)) = rendezvous_and_queue();
        let sending = thread::spawn(move || {
            let sent = tx.send_or_wait(message(0), 0).unwrap();
            other_tx.try_send(message(1)).unwrap();
            (sent, tx, other_tx)
        });
        let cases = vec![Case::Recv(&rx), Case::Recv(&other_rx)];
        let selected = select_or_wait(cases, &[1, 0], &far, 0);
        let (sent, tx, _other_tx) = sending.join().unwrap();
        let (case, value) = took(match selected {
            Selected::Now(chosen) => chosen,
            Selected::Pending(pending) => pending.take().unwrap(),
        });
        assert_eq!(case, usize::from(value));
        let left = [drain(&rx), drain(&other_rx)].concat();
        assert_eq!(left, [1 - value]);
        if let Sent::Pending(sent) = sent {
            assert!(matches!(sent.take(), Some(Outcome::Sent(1))));
        }
        assert_balanced(&tx.snapshot().stats());
    });
}

#[test]
fn a_send_claimed_elsewhere_leaves_the_receive_that_it_meets() {
    explore(3, || {
        let far = Environment::new(|| ());
        let ((tx, rx), (other_tx, other_rx)) = rendezvous_and_queue();
        let waiting = thread::spawn(move || {
            let receive = wait(&rx);
            other_tx.try_send(message(1)).unwrap();
            (receive, rx, other_tx)
        });
        let cases = vec![Case::Send(&tx, message(0)), Case::Recv(&other_rx)];
        let selected = select_or_wait(cases, &[1, 0], &far, 0);
        let (receive, _rx, _other_tx) = waiting.join().unwrap();
        let chosen = match selected {
            Selected::Now(chosen) => chosen,
            Selected::Pending(pending) => pending.take().unwrap(),
        };
        let sent = chosen.case == 0;
        assert_eq!(got(&receive), sent.then_some(0));
        assert_eq!(get(&other_rx).is_ok(), sent);
        assert_balanced(&tx.snapshot().stats());
    });
}

#[test]
fn a_message_for_a_select_claimed_elsewhere_goes_to_the_next_receive() {
    explore(3, || {
        let far = Environment::new(|| ());
        let ((tx, rx), (other_tx, other_rx)) = rendezvous_and_queue();
        let cases = vec![Case::Recv(&rx), Case::Recv(&other_rx)];
        let select = pending(select_or_wait(cases, &[0, 1], &far, 0));
        let next = wait(&rx);
        let sending = thread::spawn(move || {
            other_tx.try_send(message(1)).unwrap();
            other_tx
        });
        assert!(tx.try_send(message(0)).is_ok(), "two wait, and one of them at most is claimed elsewhere");
        let _other_tx = sending.join().unwrap();
        let (case, _) = took(select.take().unwrap());
        assert_eq!(got(&next), (case == 1).then_some(0));
    });
}

#[test]
fn a_select_of_both_sides_meets_others_and_never_itself() {
    explore(3, || {
        let far = Environment::new(|| ());
        let ((tx, rx), _) = rendezvous_and_queue();
        let other = rx.another();
        let receiving = thread::spawn(move || (get(&other).ok(), other));
        let cases = vec![Case::Recv(&rx), Case::Send(&tx, message(1))];
        let selected = select_or_wait(cases, &[0, 1], &far, 0);
        let (came, _other) = receiving.join().unwrap();
        let sent = match selected {
            Selected::Now(chosen) => Some(chosen.case),
            Selected::Pending(pending) => pending.take().map(|chosen| chosen.case),
        };
        assert_eq!(sent, came.map(usize::from), "the send is case 1, and sends a 1");
    });
}
