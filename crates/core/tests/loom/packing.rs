//! A channel that goes packed against whatever is under way.

use loom::thread;
use millrace_core::{Batch, Flavor, Sender, Source};

use crate::{assert_balanced, drain, endless, explore, get, message, number, stage};

/// A batch of one-byte messages.
fn pack(tx: &Sender, number: u8) -> Batch {
    tx.pack(Source::from(&[number][..]), vec![1]).unwrap()
}

#[test]
fn a_send_in_flight_and_a_pack_share_one_capacity() {
    explore(4, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(1));
        let batcher = tx.another();
        let sending = thread::spawn(move || tx.try_send(message(1)).is_ok());
        batcher.begin_batches();
        let packed = batcher.try_send_batch(pack(&batcher, 2)) == Ok(1);
        let sent = sending.join().unwrap();
        assert!(sent != packed, "there was room for one");
        assert_eq!(drain(&rx), if sent { [1] } else { [2] });
        assert_balanced(&rx.snapshot().stats());
    });
}

#[test]
fn what_was_sent_before_going_packed_is_received_before() {
    explore(4, || {
        let (_, tx, _, rx) = stage(Flavor::Unbounded);
        let sending = thread::spawn(move || {
            tx.try_send(message(1)).unwrap();
            tx.begin_batches();
            tx.try_send_batch(pack(&tx, 2)).unwrap();
            tx
        });
        let early: Vec<_> = [get(&rx), get(&rx)].into_iter().flatten().collect();
        let tx = sending.join().unwrap();
        let late = drain(&rx);
        assert_eq!([early, late].concat(), [1, 2]);
        drop(tx);
    });
}

#[test]
fn a_pack_reaches_a_receive_being_registered() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        tx.begin_batches();
        let sending = thread::spawn(move || {
            tx.try_send_batch(pack(&tx, 1)).unwrap();
            tx
        });
        assert_eq!(number(&rx.recv(endless(&mut || true)).unwrap()), 1);
        let tx = sending.join().unwrap();
        assert_balanced(&tx.snapshot().stats());
    });
}

#[test]
fn a_pack_against_cancel_is_counted_or_fails() {
    explore(3, || {
        let (_, tx, _, rx) = stage(Flavor::Bounded(2));
        let sending = thread::spawn(move || {
            tx.begin_batches();
            let accepted = tx.try_send_batch(pack(&tx, 1)).is_ok();
            (tx, accepted)
        });
        let discarded = rx.cancel();
        let (tx, accepted) = sending.join().unwrap();
        assert_eq!(u64::from(accepted), discarded);
        assert_balanced(&tx.snapshot().stats());
    });
}
