//! Laws of `drained`: it answers once all that was accepted before it has left the queue.

use millrace_core::{Flavor, Outcome, Pending, Sender, Sent};

use super::stage::{Stage, get, move_sender, offer, pass, put, wait_recv};

fn wait_drained(sender: &Sender, token: u32) -> Pending {
    match sender.drained(token) {
        Some(Sent::Pending(pending)) => pending,
        Some(Sent::Now) => panic!("it was drained"),
        None => panic!("it was refused"),
    }
}

pub(crate) fn an_empty_channel_is_drained(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    assert!(matches!(tx.drained(1), Some(Sent::Now)));
    pass(&tx, &rx, 1);
    assert!(matches!(tx.drained(1), Some(Sent::Now)));
    assert_eq!(tx.snapshot().stats().waiting_senders, 0);
}

pub(crate) fn drained_waits_for_all_that_was_accepted_before(flavor: Flavor) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    let other = move_sender(tx.another(), &near, &far);
    put(&other, 1).unwrap();
    let first = wait_drained(&tx, 1);
    let aborted = wait_drained(&tx, 2);
    assert!(aborted.cancel());
    assert_eq!(get(&rx), Ok(1));
    assert_eq!(near.settled(), [1]);
    assert!(matches!(first.take(), Some(Outcome::Drained)));

    // What is accepted later does not concern it, and a message handed to a wait has left.
    put(&tx, 2).unwrap();
    let second = wait_drained(&tx, 3);
    let pending = wait_recv(&rx, 4);
    put(&other, 3).unwrap();
    assert_eq!(near.settled(), [3]);
    assert!(matches!(second.take(), Some(Outcome::Drained)));
    drop(pending);
}

pub(crate) fn drained_is_refused_when_the_receivers_go(flavor: Flavor) {
    let Stage { near, tx, rx, .. } = Stage::new(flavor);
    let offered = offer(&tx, 1);
    let pending = wait_drained(&tx, 1);
    drop(rx);
    assert!(near.settled().contains(&1));
    assert!(matches!(pending.take(), Some(Outcome::Closed)));
    assert!(tx.drained(2).is_none());
    drop(offered);

    let Stage { near, tx, rx, .. } = Stage::new(flavor);
    let offered = offer(&tx, 1);
    let pending = wait_drained(&tx, 1);
    assert_eq!(rx.cancel(), u64::from(offered.is_none()));
    assert!(near.settled().contains(&1));
    assert!(matches!(pending.take(), Some(Outcome::Closed)));
}

pub(crate) fn drained_outlives_the_end_of_sending(flavor: Flavor) {
    let Stage { near, tx, rx, .. } = Stage::new(flavor);
    put(&tx, 1).unwrap();
    let pending = wait_drained(&tx, 1);
    tx.end();
    assert_eq!(near.settled(), []);
    assert_eq!(get(&rx), Ok(1));
    assert_eq!(near.settled(), [1]);
    assert!(matches!(pending.take(), Some(Outcome::Drained)));
    assert!(matches!(tx.drained(2), Some(Sent::Now)));
}
