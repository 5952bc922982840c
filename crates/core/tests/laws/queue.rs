//! Laws of the queue itself: order, emptiness, whole messages, and what the figures say of it.

use millrace_core::{Flavor, Message, TryRecvError};

use super::stage::{Stage, assert_balanced, drain, get, put, received, wait_recv};

pub(crate) fn messages_arrive_in_the_order_they_were_sent(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let (mut next_in, mut next_out) = (0, 0);
    for round in 0..200 {
        for _ in 0..=round % 70 {
            if put(&tx, next_in).is_ok() {
                next_in += 1;
            }
        }
        for _ in 0..=round % 67 {
            if let Ok(number) = get(&rx) {
                assert_eq!(number, next_out);
                next_out += 1;
            }
        }
    }
    assert_eq!(drain(&rx), (next_out..next_in).collect::<Vec<_>>());
    assert!(next_in >= 200);
}

pub(crate) fn an_empty_channel_gives_nothing(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    assert_eq!(get(&rx), Err(TryRecvError::Empty));
    assert_eq!(rx.snapshot().len(), 0);
    put(&tx, 1).unwrap();
    assert_eq!(rx.snapshot().len(), 1);
    assert_eq!(get(&rx), Ok(1));
    assert_eq!(get(&rx), Err(TryRecvError::Empty));
    assert!(!rx.snapshot().is_closed());
}

pub(crate) fn messages_of_every_length_arrive_intact(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    // Twice, so that recycled blocks are seen too, and with other bytes.
    for seed in [1, 2] {
        for length in [0, 1, 63, 64, 65, 127, 128, 129, 4096, 65_535, 65_536, 65_537, 1 << 20] {
            let bytes: Vec<_> = (0..length).map(|at: usize| (at * 31 + at / 251 + seed) as u8).collect();
            tx.try_send(Message::new(tx.pool(), &bytes[..]).unwrap()).unwrap();
            assert_eq!(rx.snapshot().stats().bytes, length as u64);
            let message = rx.try_recv().unwrap();
            assert_eq!((message.len(), message.is_empty()), (length, length == 0));
            assert!(message.as_slice() == bytes, "length {length} arrived changed");
            rx.recycle(message);
        }
    }
    assert_balanced(&tx.snapshot().stats());
}

pub(crate) fn what_is_given_back_is_the_next_message(flavor: Flavor) {
    let Stage { far, tx, rx, .. } = Stage::new(flavor);
    put(&tx, 1).unwrap();
    let first = rx.try_recv().unwrap();
    put(&tx, 2).unwrap();
    rx.origin().give_back(first);
    let stats = rx.snapshot().stats();
    assert_eq!((stats.length, stats.received, stats.bytes), (2, 0, 16));
    assert_balanced(&stats);
    assert_eq!(drain(&rx), [1, 2]);

    // To a wait, if there is one.
    put(&tx, 3).unwrap();
    let third = rx.try_recv().unwrap();
    let pending = wait_recv(&rx, 7);
    rx.origin().give_back(third);
    assert_eq!(far.settled(), [7]);
    assert_eq!(received(&pending), 3);
    assert_balanced(&rx.snapshot().stats());
}

pub(crate) fn sent_is_received_and_discarded_and_queued(flavor: Flavor) {
    let Stage { tx, rx, .. } = Stage::new(flavor);
    let (other_tx, other_rx) = (tx.another(), rx.another());
    for number in 0..1000 {
        put(if number % 3 == 0 { &other_tx } else { &tx }, number).unwrap();
        let stats = rx.snapshot().stats();
        assert_balanced(&stats);
        assert_eq!((stats.length, stats.bytes), (1, 8));
        get(if number % 2 == 0 { &other_rx } else { &rx }).unwrap();
    }
    // What an end counted outlives it.
    drop((other_tx, other_rx));
    put(&tx, 1000).unwrap();
    assert_eq!(rx.cancel(), 1);
    let stats = rx.snapshot().stats();
    assert_eq!((stats.sent, stats.received, stats.discarded, stats.length), (1001, 1000, 1, 0));
    assert_eq!((stats.bytes, stats.senders, stats.receivers), (0, 1, 1));
    assert!(stats.high_water >= 1);
}
