//! Laws of an environment: how it hears of its settled waits, and what becomes of them when it ends.

use millrace_core::{Flavor, Pending, TryRecvError};

use super::stage::{Stage, assert_balanced, drain, get, move_receiver, put, received, wait_recv};

pub(crate) fn the_bell_rings_once_until_it_is_answered(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    let waits: Vec<_> = (0..3).map(|token| wait_recv(&rx, token)).collect();
    assert_eq!(far.rings(), 0);
    put(&tx, 0).unwrap();
    put(&tx, 1).unwrap();
    assert_eq!(far.rings(), 1);
    assert_eq!(far.settled(), [0, 1]);
    put(&tx, 2).unwrap();
    assert_eq!(far.rings(), 2);
    assert_eq!(far.settled(), [2]);
    assert_eq!(waits.iter().map(received).collect::<Vec<_>>(), [0, 1, 2]);
}

pub(crate) fn what_settles_while_the_bell_is_heard_is_told_without_a_ring(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    let waits: Vec<_> = (0..4).map(|token| wait_recv(&rx, token)).collect();
    put(&tx, 0).unwrap();
    assert_eq!((far.rings(), far.told()), (1, vec![0]));
    put(&tx, 1).unwrap();
    put(&tx, 2).unwrap();
    assert!(far.environment.answer_or_go_on(), "two have settled meanwhile");
    assert_eq!((far.rings(), far.told()), (1, vec![1, 2]));
    assert!(!far.environment.answer_or_go_on());
    put(&tx, 3).unwrap();
    assert_eq!((far.rings(), far.told()), (2, vec![3]));
    assert_eq!(waits.iter().map(received).collect::<Vec<_>>(), [0, 1, 2, 3]);
}

pub(crate) fn polling_silences_the_bell(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    let waits: Vec<_> = (0..3).map(|token| wait_recv(&rx, token)).collect();
    assert!(!far.environment.set_polling(true));
    put(&tx, 0).unwrap();
    assert_eq!(far.rings(), 0);
    assert_eq!(far.settled(), [0]);
    assert!(!far.environment.set_polling(false));
    far.environment.set_polling(true);
    put(&tx, 1).unwrap();
    assert!(far.environment.set_polling(false), "what settled in silence is told");
    assert_eq!((far.rings(), far.settled()), (0, vec![1]));
    put(&tx, 2).unwrap();
    assert_eq!((far.rings(), far.settled()), (1, vec![2]));
    assert_eq!(waits.iter().map(received).collect::<Vec<_>>(), [0, 1, 2]);
}

pub(crate) fn waits_settle_in_the_order_of_their_claims(flavor: Flavor) {
    let (first, second) = (Stage::new(flavor), Stage::new(flavor));
    let moved = move_receiver(second.rx.another(), &second.far, &first.far);
    let waits = [wait_recv(&first.rx, 0), wait_recv(&moved, 1), wait_recv(&first.rx, 2)];
    put(&second.tx, 10).unwrap();
    put(&first.tx, 11).unwrap();
    put(&first.tx, 12).unwrap();
    assert_eq!(first.far.settled(), [1, 0, 2]);
    assert_eq!(waits.iter().map(received).collect::<Vec<_>>(), [11, 10, 12]);
}

pub(crate) fn what_was_there_is_told_when_asked(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    put(&tx, 1).unwrap();
    let pending = wait_recv(&rx, 4);
    assert_eq!((far.rings(), far.settled()), (1, vec![4]));
    assert_eq!(received(&pending), 1);
    drop(tx);
    let closed = wait_recv(&rx, 5);
    assert_eq!((far.rings(), far.settled()), (2, vec![5]));
    assert!(matches!(closed.take(), Some(millrace_core::Outcome::Closed)));
}

pub(crate) fn a_shut_environment_passes_its_waits_on(flavor: Flavor) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    let survivor = move_receiver(rx.another(), &far, &near);
    let (gone, next) = (wait_recv(&rx, 1), wait_recv(&survivor, 2));
    far.environment.shut();
    put(&tx, 1).unwrap();
    assert_eq!((far.rings(), near.settled()), (0, vec![2]));
    assert_eq!(received(&next), 1);
    assert!(gone.take().is_none());
    // The wait found gone has left the list: the next message stays queued.
    put(&tx, 2).unwrap();
    drop(gone);
    assert_eq!(drain(&survivor), [2]);
    assert_balanced(&survivor.snapshot().stats());
}

pub(crate) fn a_thread_that_ends_loses_no_message(flavor: Flavor) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    let survivor = move_receiver(rx.another(), &far, &near);
    // Two were claimed and not told, one still waits.
    let waits: Vec<_> = (0..3).map(|token| wait_recv(&rx, token)).collect();
    put(&tx, 0).unwrap();
    put(&tx, 1).unwrap();
    drop(tx);
    far.environment.shut();
    Pending::let_go(waits, Vec::new());
    drop(rx);
    assert_eq!(far.settled(), []);
    assert_eq!(drain(&survivor), [0, 1]);
    assert_eq!(get(&survivor), Err(TryRecvError::Closed));
    assert_balanced(&survivor.snapshot().stats());
}
